"""Random acts after one another: the last ones undone in reverse, and the undo undone."""

import pytest

from app.db.database import Shared, Tenancy
from tests.audit.undo_acts import furnish
from tests.audit.undo_runs import differences, random_acts, undo_in_reverse
from tests.audit.undoing import World, make_world
from tests.cast import make_person

SEED, RUNS = 20261121, 3
ACTS_EACH, UNDONE_EACH = 20, 6


async def peopled(tenancy: Tenancy, backoffice: Tenancy, directory: Shared, seed: int) -> World:
    """A customer with people and something of everything."""
    world = await make_world(tenancy, backoffice, directory, seed)
    for name, role in (("Owner", "owner"), ("Second", "editor"), ("Third", "reader")):
        world.people.append((await make_person(directory, backoffice, world.customer_id, name, role)).id)
    await furnish(world)
    return world


async def prove_a_run(world: World, acts: int, undone: int) -> None:
    """So many acts by chance: the last ones come off in reverse, each to the state before it, and go on again."""
    done = await random_acts(world, acts, remembered=undone)
    await world.settle()
    after = await world.state()
    undoers = await undo_in_reverse(world, done, undone)
    for undoer in reversed(undoers):
        await world.undo(undoer)
    await world.settle()
    found = await world.state()
    assert found == after, differences(after, found)


@pytest.fixture(scope="module")
async def world(tenancy: Tenancy, backoffice: Tenancy, directory: Shared) -> World:
    """The customer of all runs here."""
    return await peopled(tenancy, backoffice, directory, SEED)


@pytest.mark.parametrize("run", range(RUNS))
async def test_the_last_acts_come_off_one_by_one_and_go_on_again(world: World, run: int) -> None:
    world.random.seed(SEED + run)
    await prove_a_run(world, ACTS_EACH, UNDONE_EACH)
