"""Every act of the product: done and undone, the state is what it was; the undo undone, it is what the act had made of it."""

import pytest

from app.audit.undo import UndoRefused
from app.audit.undo.restorers import KEPT, REFUSED, RESTORERS
from app.audit.verification import ERASURE
from app.db.database import Shared, Tenancy
from app.db.repository import REPOSITORIES
from app.identity.models import ApiKey
from app.imports.repository import IMPORTS
from tests.audit.undo_acts import ACTS, FINAL, LEFT_TO_THE_WORKER, TRACELESS, acts_of_the_product, furnish
from tests.audit.undo_runs import differences
from tests.audit.undoing import World, make_world
from tests.cast import make_person

SEED = 20261121
# A key that was made by an act and revoked by its undo stays revoked.
NEVER_DONE_AGAIN = {"identity.create_key": "revoked cannot be made valid again"}


@pytest.fixture(scope="module")
async def world(tenancy: Tenancy, backoffice: Tenancy, directory: Shared) -> World:
    """A customer with something of everything."""
    made = await make_world(tenancy, backoffice, directory, SEED)
    for name, role in (("Owner", "owner"), ("Second", "editor"), ("Third", "reader"), ("Fourth", "author")):
        made.people.append((await make_person(directory, backoffice, made.customer_id, name, role)).id)
    await furnish(made)
    await made.settle()
    return made


def test_every_act_is_tried_here() -> None:
    assert acts_of_the_product() == ACTS.keys() | FINAL.keys() | TRACELESS.keys()


def test_every_kind_of_thing_returns_or_says_why_it_does_not() -> None:
    assert IMPORTS in REPOSITORIES
    things = {repository.thing for repository in REPOSITORIES if repository.model.__module__.startswith("app.")}
    assert things | {"customer", ERASURE} == RESTORERS.keys() | REFUSED.keys() | KEPT.keys()
    assert all(RESTORERS[thing].repository.thing == thing for thing in RESTORERS)


async def test_the_state_that_is_compared_has_rows_of_every_table(world: World) -> None:
    state = await world.state()
    assert {"posts", "post_tags", "publications", "publication_tags", "products", "prices", "stock", "product_publications"} <= state.keys()
    assert [name for name, rows in state.items() if not rows] == []


@pytest.mark.parametrize("name", ACTS)
async def test_done_and_undone_all_is_as_it_was(world: World, name: str) -> None:
    unit = await ACTS[name](world)
    await world.settle()
    before = await world.state()
    act_id = await world.act(name, unit)
    await world.settle()
    after = await world.state()
    assert after != before
    undone = await world.undo(act_id)
    if name in LEFT_TO_THE_WORKER:
        await world.settle()
    found = await world.state()
    assert found == before, differences(before, found)
    if name in NEVER_DONE_AGAIN:
        with pytest.raises(UndoRefused) as refused:
            await world.undo(undone.change_set_id)
        assert NEVER_DONE_AGAIN[name] in refused.value.plan.conflicts[0].conflict
        return
    await world.undo(undone.change_set_id)
    if name in LEFT_TO_THE_WORKER:
        await world.settle()
    found = await world.state()
    assert found == after, differences(after, found)


@pytest.mark.parametrize("name", FINAL)
async def test_what_cannot_be_undone_is_said_to_be_so_and_nothing_is_changed(
    world: World, tenancy: Tenancy, backoffice: Tenancy, directory: Shared, name: str
) -> None:
    make, said = FINAL[name]
    if name == "tenancy.create_customer":
        world = await fresh_customer(tenancy, backoffice, directory)
    act_id = await world.act(name, await make(world), office=name.startswith("tenancy."))
    before = await world.state()
    with pytest.raises(UndoRefused) as refused:
        await world.undo(act_id, skip_conflicts=True)
    assert [said in item.conflict for item in refused.value.plan.conflicts] == [True]
    assert await world.state() == before


async def fresh_customer(tenancy: Tenancy, backoffice: Tenancy, directory: Shared) -> World:
    """A customer that does not exist yet."""
    made = await make_world(tenancy, backoffice, directory, SEED)
    unborn = type(made.site_id)(int=made.site_id.int ^ 1)
    return World(tenancy.of(unborn), backoffice.of(unborn), directory, unborn, made.site_id, made.random)


@pytest.mark.parametrize("name", TRACELESS)
async def test_what_changes_nothing_leaves_no_act_to_undo(world: World, name: str) -> None:
    assert not await world.is_recorded(await world.act(name, await TRACELESS[name](world)))


async def test_a_key_that_was_made_is_revoked(world: World) -> None:
    act_id = await world.act("create key", await ACTS["identity.create_key"](world))
    living = len(await world.rows(ApiKey, ApiKey.revoked_at.is_(None)))
    await world.undo(act_id)
    assert len(await world.rows(ApiKey, ApiKey.revoked_at.is_(None))) == living - 1
