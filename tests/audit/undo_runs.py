"""Runs of random acts of which the last are undone, in the order in which they came off; short in `make test`, long in `make proof`."""

from dataclasses import dataclass
from uuid import UUID

from app.catalog import actions as catalog
from app.catalog.models import Product
from app.content import actions as content
from app.content.models import Post, PostVersion
from app.errors import AGoatError
from tests.audit.undo_acts import ACTS, Unit, on_product
from tests.audit.undoing import State, World

# A key that was made and revoked leaves nothing that a later undo could bring back; sites would grow without end.
LEFT_OUT = {"identity.create_key", "tenancy.create_site"}


async def undelete_post(world: World) -> Unit:
    """A post that was deleted earlier."""
    present = {post.id for post in await world.rows(Post)}
    gone = sorted({row.thing_id for row in await world.rows(PostVersion, PostVersion.kind == "deleted")} - present)
    post_id = world.random.choice(gone)
    return lambda work: content.undelete_post(work, world.actor, post_id, world.word())


# Nothing is done before an act, so that every act of a run is known.
ALONE = {
    "content.undelete_post": undelete_post,
    "catalog.delete_product": on_product(catalog.delete_product, Product.state == "archived"),
}
CHOICES = {name: make for name, make in (ACTS | ALONE).items() if name not in LEFT_OUT}


@dataclass
class Done:
    """An act with the state before it."""

    name: str
    act_id: UUID
    before: State


async def random_acts(world: World, count: int, *, remembered: int) -> list[Done]:
    """So many acts by chance, the last ones with the state before them; what does not fit the present state is left out."""
    done: list[Done] = []
    while len(done) < count:
        name = world.random.choice(sorted(CHOICES))
        try:
            unit = await CHOICES[name](world)
        except (AGoatError, IndexError):
            continue
        before: State = {}
        if len(done) >= count - remembered:
            await world.settle()
            before = await world.state()
        try:
            act_id = await world.act(name, unit)
        except AGoatError:
            continue
        if await world.is_recorded(act_id):
            done.append(Done(name, act_id, before))
    return done


async def undo_in_reverse(world: World, done: list[Done], count: int) -> list[UUID]:
    """Undo the last acts, the newest first, and find after each the state before it; gives the acts that did."""
    undoers: list[UUID] = []
    for act in reversed(done[-count:]):
        undoers.append((await world.undo(act.act_id)).change_set_id)
        await world.settle()
        found = await world.state()
        assert found == act.before, f"{act.name} {act.act_id}: {differences(act.before, found)}"
    return undoers


def differences(before: State, after: State) -> dict[str, list[str]]:
    """The rows that differ, for the reader of a failure."""
    return {name: sorted(set(before[name]) ^ set(after[name])) for name in before if before[name] != after[name]}
