"""Reads of the chain and of what it seals, alike for the worker, who writes the chain, and for whoever verifies it.

Every read is bounded, by rows or by a range of ids, and names its customer, so that all roles may ask it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.record.digests import GENESIS, Key, Recorded, unpack_marks
from app.db.record.leases import Held
from app.db.record.tables import Change, ChangeHead, ChangeIn, ChangeSet, ChangeSetMark, Event, Lease, Seal, SealHead, ThingVersion, Version

# The tables of versions by kind of thing; every other kind has `ThingVersion`.
Histories = Mapping[str, type[Version]]
Kind = tuple[str, UUID, int]
EVERYWHERE = (UUID(int=0), UUID(int=2**128 - 1))


class End(NamedTuple):
    """Where a chain ends: the newest seal, the last change under it, its hash, when it was made, and how many marks are sealed."""

    number: int
    last_number: int
    hash: bytes
    at: datetime | None
    marks: int = 0


class Numbered(NamedTuple):
    """A change that has its number. `now` is the database's time of asking."""

    number: int
    thing_type: str
    thing_id: UUID
    version: int
    at: datetime
    now: datetime

    @property
    def key(self) -> Key:
        """The thing and its version."""
        return self.thing_id, self.version


BEGINNING = End(0, 0, GENESIS, None)


async def customers_with_news(session: AsyncSession, after: UUID, limit: int = 500) -> list[UUID]:
    """Customers above an id whose changes reach further than their seals; one statement however many are idle."""
    statement = (
        select(ChangeHead.customer_id)
        .outerjoin(SealHead, SealHead.customer_id == ChangeHead.customer_id)
        .where(ChangeHead.customer_id > after, ChangeHead.number > func.coalesce(SealHead.last_number, 0))
        .order_by(ChangeHead.customer_id)
        .limit(limit)
    )
    return list((await session.execute(statement)).scalars())


async def customers_with_marks(session: AsyncSession) -> list[UUID]:
    """Customers who have more marks than sealed ones; one statement, and marks are few: imports and undone acts set them."""
    counted = select(ChangeSetMark.customer_id, func.count().label("marks")).group_by(ChangeSetMark.customer_id).subquery()
    statement = select(counted.c.customer_id).outerjoin(SealHead, SealHead.customer_id == counted.c.customer_id)
    return list((await session.execute(statement.where(counted.c.marks > func.coalesce(SealHead.marks, 0)))).scalars())


async def end_of(session: AsyncSession, customer_id: UUID) -> End:
    """Where the customer's chain ends by its head."""
    columns = (SealHead.number, SealHead.last_number, SealHead.hash, SealHead.at, SealHead.marks)
    row = (await session.execute(select(*columns).where(SealHead.customer_id == customer_id))).one_or_none()
    return End(*row) if row else BEGINNING


async def moment(session: AsyncSession) -> datetime:
    """The database's time."""
    now: datetime = (await session.execute(select(func.now()))).scalar_one()
    return now


async def is_held(session: AsyncSession, held: Held) -> bool:
    """Whether a lease is still in our hands, as this transaction sees it."""
    statement = select(Lease.fence).where(Lease.name == held.name, Lease.owner == held.owner, Lease.fence == held.fence)
    return (await session.execute(statement)).first() is not None


async def numbered_after(session: AsyncSession, customer_id: UUID, number: int, limit: int) -> list[Numbered]:
    """The changes above a number, in order."""
    statement = select(Change.number, Change.thing_type, Change.thing_id, Change.version, Change.at, func.now())
    statement = statement.where(Change.customer_id == customer_id, Change.number > number).order_by(Change.number).limit(limit)
    return [Numbered(*row) for row in await session.execute(statement)]


async def unnumbered(session: AsyncSession, customer_id: UUID) -> list[Kind]:
    """What waits for its number."""
    statement = select(ChangeIn.thing_type, ChangeIn.thing_id, ChangeIn.version)
    statement = statement.where(ChangeIn.customer_id == customer_id, ChangeIn.shard.between(0, 15))
    return [(kind, thing, version) for kind, thing, version in await session.execute(statement)]


async def recorded(session: AsyncSession, customer_id: UUID, keys: Sequence[Key], histories: Histories) -> dict[Key, Recorded]:
    """What is written down of some changes; the caller asks for a few dozen at a time, because payloads may be large."""
    events = await events_of(session, customer_id, keys)
    versions = await versions_of(session, customer_id, {kind_of(events.get(key), histories) for key in keys}, keys)
    acts = await acts_of(session, customer_id, {event.change_set_id for event in events.values()})
    found = {}
    for key in keys:
        event = events.get(key)
        version = versions.get((kind_of(event, histories), key))
        found[key] = Recorded(event, version, acts.get(event.change_set_id) if event else None)
    return found


def kind_of(event: Event | None, histories: Histories) -> type[Version]:
    """The table of versions to which an event leads."""
    return ThingVersion if event is None else histories.get(event.thing_type, ThingVersion)


async def events_of(session: AsyncSession, customer_id: UUID, keys: Sequence[Key]) -> dict[Key, Event]:
    """Events by thing and version. A second one of the same key is found by counting."""
    statement = select(Event).where(Event.customer_id == customer_id, tuple_(Event.thing_id, Event.to_version).in_(keys))
    rows = (await session.execute(statement.order_by(Event.at.desc(), Event.change_set_id.desc()))).scalars()
    return {(row.thing_id, row.to_version): row for row in rows}


async def versions_of(
    session: AsyncSession, customer_id: UUID, models: Collection[type[Version]], keys: Sequence[Key]
) -> dict[tuple[type[Version], Key], Version]:
    """Versions by table, thing and number."""
    found: dict[tuple[type[Version], Key], Version] = {}
    for model in models:
        statement = select(model).where(model.customer_id == customer_id, tuple_(model.thing_id, model.version).in_(keys))
        found |= {(model, (row.thing_id, row.version)): row for row in (await session.execute(statement)).scalars()}
    return found


async def acts_of(session: AsyncSession, customer_id: UUID, ids: Collection[UUID]) -> dict[UUID, ChangeSet]:
    """Change sets by id."""
    statement = select(ChangeSet).where(ChangeSet.customer_id == customer_id, ChangeSet.id.in_(list(ids)))
    return {row.id: row for row in (await session.execute(statement)).scalars()}


async def keys_of_act(session: AsyncSession, customer_id: UUID, change_set_id: UUID) -> list[Key]:
    """What an act changed."""
    statement = select(Event.thing_id, Event.to_version).where(Event.customer_id == customer_id, Event.change_set_id == change_set_id)
    return [(thing, version) for thing, version in await session.execute(statement)]


async def marks_unsealed(session: AsyncSession, customer_id: UUID, end: End) -> list[ChangeSetMark]:
    """The marks that stand in no seal yet; they are looked for only when there are more marks than sealed ones."""
    statement = select(func.count()).select_from(ChangeSetMark).where(ChangeSetMark.customer_id == customer_id)
    if (await session.execute(statement)).scalar_one() <= end.marks:
        return []
    sealed = select(Seal.marks).where(Seal.customer_id == customer_id, func.octet_length(Seal.marks) > 0)
    known = {mark.key for packed in (await session.execute(sealed)).scalars() for mark in unpack_marks(packed)}
    found, after = list[ChangeSetMark](), (EVERYWHERE[0], EVERYWHERE[0])
    while some := await marks_of_customer(session, customer_id, after):
        found += [mark for mark in some if (mark.change_set_id, mark.id) not in known]
        after = some[-1].change_set_id, some[-1].id
    return found


async def marks_of_customer(session: AsyncSession, customer_id: UUID, after: tuple[UUID, UUID], limit: int = 500) -> list[ChangeSetMark]:
    """Marks above a key, in order."""
    key = tuple_(ChangeSetMark.change_set_id, ChangeSetMark.id)
    statement = select(ChangeSetMark).where(ChangeSetMark.customer_id == customer_id, key > after)
    return list((await session.execute(statement.order_by(ChangeSetMark.change_set_id, ChangeSetMark.id).limit(limit))).scalars())


async def marks_by_key(
    session: AsyncSession, customer_id: UUID, keys: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], ChangeSetMark]:
    """Marks by change set and id."""
    found = tuple_(ChangeSetMark.change_set_id, ChangeSetMark.id).in_(keys)
    rows = (await session.execute(select(ChangeSetMark).where(ChangeSetMark.customer_id == customer_id, found))).scalars()
    return {(row.change_set_id, row.id): row for row in rows}


async def seals_after(session: AsyncSession, customer_id: UUID, number: int, limit: int) -> list[Seal]:
    """The seals above a number, in order."""
    statement = select(Seal).where(Seal.customer_id == customer_id, Seal.number > number).order_by(Seal.number).limit(limit)
    return list((await session.execute(statement)).scalars())


async def newest_seal(session: AsyncSession, customer_id: UUID) -> Seal | None:
    """The seal with the highest number."""
    statement = select(Seal).where(Seal.customer_id == customer_id).order_by(Seal.number.desc()).limit(1)
    return (await session.execute(statement)).scalar_one_or_none()


def place(model: Any) -> tuple[Any, Any]:
    """The columns by which the rows of a kind are counted and walked: the thing and its version."""
    return model.thing_id, model.to_version if model is Event else model.version


async def count_between(session: AsyncSession, model: Any, customer_id: UUID, low: UUID, high: UUID) -> int:
    """How many rows of events or of a table of versions are about things with ids from `low` to `high`."""
    thing, _ = place(model)
    statement = select(func.count()).select_from(model).where(model.customer_id == customer_id, thing.between(low, high))
    return int((await session.execute(statement)).scalar_one())


async def keys_between(session: AsyncSession, model: Any, customer_id: UUID, after: Key, high: UUID, limit: int = 500) -> list[Key]:
    """Thing and version of the rows above a key, in order; two of them are the same where a row stands twice."""
    thing, version = place(model)
    statement = select(thing, version).where(model.customer_id == customer_id, tuple_(thing, version) > after, thing <= high)
    return [(id_, number) for id_, number in await session.execute(statement.order_by(thing, version).limit(limit))]


async def idle_act(session: AsyncSession, customer_id: UUID, low: UUID, high: UUID) -> UUID | None:
    """An act with an id from `low` to `high` that neither changed nor marked anything; the product records no such act."""
    same, marked = Event.customer_id == ChangeSet.customer_id, ChangeSetMark.customer_id == ChangeSet.customer_id
    statement = (
        select(ChangeSet.id)
        .outerjoin(Event, same & (Event.change_set_id == ChangeSet.id))
        .outerjoin(ChangeSetMark, marked & (ChangeSetMark.change_set_id == ChangeSet.id))
        .where(ChangeSet.customer_id == customer_id, ChangeSet.id.between(low, high), Event.thing_id.is_(None), ChangeSetMark.id.is_(None))
    )
    return (await session.execute(statement.limit(1))).scalar_one_or_none()


def ranges(count: int) -> Iterator[tuple[UUID, UUID]]:
    """All ids in ranges, up to 4,096, so that each holds some ten thousand of `count` rows; ids are random."""
    bits = min(12, (count // 10_000).bit_length())
    size = 2 ** (128 - bits)
    for start in range(0, 2**128, size):
        yield UUID(int=start), UUID(int=start + size - 1)
