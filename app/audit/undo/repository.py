"""Reads of the undo: what an act touched, what happened since, what versions hold, and who uses what."""

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import and_, or_, select

from app.catalog.models import ProductPost
from app.catalog.repository import PRODUCTS
from app.content.repository import POSTS
from app.db.functions import NO_ID
from app.db.record.tables import ChangeSet, ChangeSetMark, Event
from app.db.repository import REPOSITORIES, RETURNED_TO, Repository
from app.db.returning import references_of
from app.db.work import Reading

T = TypeVar("T")
# How many events are read at once; the things of one page are whole, so no thing may have more of them.
EVENTS = 2_000


class Ask(Protocol):
    """One look at the customer's rows: within a unit of work, or in a snapshot of its own."""

    async def __call__(self, fn: Callable[[Reading], Awaitable[T]]) -> T:
        """Run the read."""


class Happened(NamedTuple):
    """An event, as far as it says what became of a thing."""

    thing_id: UUID
    thing_type: str
    label: str
    from_version: int
    to_version: int
    kind: str
    change_set_id: UUID


class Doer(NamedTuple):
    """Who did an act, and when."""

    id: UUID
    at: datetime
    verb: str
    actor_name: str


class Used(NamedTuple):
    """A thing that names another one."""

    used: UUID
    by: UUID
    said: str


_HAPPENED = [getattr(Event, name) for name in Happened._fields]


async def events_of_act(ask: Ask, act_id: UUID) -> AsyncIterator[list[Happened]]:
    """What an act did, page by page; the events of one thing are on one page, in order."""
    after = NO_ID
    while True:
        page = await ask(lambda reading, after=after: _events_after(reading, act_id, after))  # type: ignore[misc]
        if len(page) < EVENTS:
            yield page
            return
        whole = [event for event in page if event.thing_id != page[-1].thing_id]
        yield whole or page
        after = (whole or page)[-1].thing_id


async def _events_after(reading: Reading, act_id: UUID, after: UUID) -> list[Happened]:
    statement = select(*_HAPPENED).where(Event.customer_id == reading.customer_id, Event.change_set_id == act_id, Event.thing_id > after)
    rows = await reading.session.execute(statement.order_by(Event.thing_id, Event.to_version).limit(EVENTS))
    return [Happened(*row) for row in rows]


async def history_since(reading: Reading, since: Mapping[UUID, int]) -> dict[UUID, list[Happened]]:
    """The events of things from a version of each on, in order."""
    found: dict[UUID, list[Happened]] = {thing_id: [] for thing_id in since}
    statement = select(*_HAPPENED).where(
        Event.customer_id == reading.customer_id, Event.thing_id.in_(list(since)), Event.to_version >= min(since.values(), default=0)
    )
    for row in await reading.session.execute(statement.order_by(Event.thing_id, Event.to_version)):
        if row.to_version >= since[row.thing_id]:
            found[row.thing_id].append(Happened(*row))
    return found


async def doers(reading: Reading, act_ids: Collection[UUID]) -> dict[UUID, Doer]:
    """Who did acts."""
    columns = [getattr(ChangeSet, name) for name in Doer._fields]
    statement = select(*columns).where(ChangeSet.customer_id == reading.customer_id, ChangeSet.id.in_(list(act_ids)))
    return {row.id: Doer(*row) for row in await reading.session.execute(statement)}


async def returns_of(reading: Reading, repository: Repository[Any], thing_ids: Collection[UUID]) -> dict[tuple[UUID, int], int]:
    """Which versions of things only brought back an earlier one, and which: (thing, version) to version, 0 for none."""
    history: Any = repository.history
    statement = select(history.thing_id, history.version, history.payload[RETURNED_TO].as_integer()).where(
        history.customer_id == reading.customer_id, history.thing_id.in_(list(thing_ids)), history.payload.has_key(RETURNED_TO)
    )
    return {(thing_id, version): before for thing_id, version, before in await reading.session.execute(statement)}


async def payloads(reading: Reading, repository: Repository[Any], versions: Mapping[UUID, int]) -> dict[UUID, dict[str, Any]]:
    """What one version of each thing holds."""
    if not versions:
        return {}
    history: Any = repository.history
    named = [and_(history.thing_id == thing_id, history.version == version) for thing_id, version in versions.items()]
    statement = select(history.thing_id, history.payload).where(history.customer_id == reading.customer_id, or_(*named))
    return dict((await reading.session.execute(statement)).tuples().all())


async def present(reading: Reading, repository: Repository[Any], thing_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the things that exist."""
    model: Any = repository.model
    statement = select(model.id).where(model.customer_id == reading.customer_id, model.id.in_(list(thing_ids)))
    return set((await reading.session.execute(statement)).scalars())


async def users_of(reading: Reading, repository: Repository[Any], thing_ids: Collection[UUID], fresh: Collection[UUID]) -> list[Used]:
    """Everything that names one of the things, itself or by a part of it; `fresh` are those that nothing can have named before the act."""
    found: list[Used] = []
    if repository is POSTS:
        # No foreign key leads from the catalogue to the posts beside it, so a product may name a post that was deleted long ago.
        found += await _using(reading, PRODUCTS, ProductPost, "post_id", "product_id", fresh)
    for other in REPOSITORIES:
        for model in (other.model, *other.parts):
            for column in [name for name, thing in references_of(model) if thing == repository.thing]:
                if (owner := _owner_column(other, model)) is not None and (model, other) != (repository.model, repository):
                    found += await _using(reading, other, model, column, owner, thing_ids)
    return found


def _owner_column(repository: Repository[Any], model: Any) -> str | None:
    """The column that says to which thing a row belongs."""
    if model is repository.model:
        return "id"
    named = [name for name, thing in references_of(model) if thing == repository.thing]
    return named[0] if named else f"{repository.thing}_id" if hasattr(model, f"{repository.thing}_id") else None


async def _using(
    reading: Reading, repository: Repository[Any], model: Any, column: str, owner: str, thing_ids: Collection[UUID]
) -> list[Used]:
    used, thing = getattr(model, column), repository.model
    if owner == column:
        return []
    if model is thing:
        statement = select(used, thing).where(model.customer_id == reading.customer_id, used.in_(list(thing_ids)))
    else:
        is_owner = and_(thing.customer_id == model.customer_id, thing.id == getattr(model, owner))
        statement = select(used, thing).join(thing, is_owner).where(model.customer_id == reading.customer_id, used.in_(list(thing_ids)))
    named = repository.thing.replace("_", " ")
    return [
        Used(used_id, row.id, f"The {named} “{repository.label(row)}” uses it now.")
        for used_id, row in await reading.session.execute(statement.limit(1_000))
    ]


async def undoers(reading: Reading, act_id: UUID) -> dict[UUID, set[str]]:
    """The acts that undo an act, and what is marked on each of them."""
    mine = select(ChangeSetMark.id).where(
        ChangeSetMark.customer_id == reading.customer_id, ChangeSetMark.change_set_id == act_id, ChangeSetMark.mark == "undone"
    )
    found: dict[UUID, set[str]] = {undoer: set() for undoer in (await reading.session.execute(mine)).scalars()}
    if found:
        theirs = select(ChangeSetMark.change_set_id, ChangeSetMark.mark).where(
            ChangeSetMark.customer_id == reading.customer_id, ChangeSetMark.change_set_id.in_(list(found))
        )
        for undoer, mark in await reading.session.execute(theirs):
            found[undoer].add(mark)
    return found


def by_type(events: Iterable[Happened]) -> dict[str, list[UUID]]:
    """The things of events by their kinds, each once."""
    found: dict[str, dict[UUID, None]] = defaultdict(dict)
    for event in events:
        found[event.thing_type][event.thing_id] = None
    return {thing: list(ids) for thing, ids in found.items()}
