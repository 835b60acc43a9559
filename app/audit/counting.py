"""Counts a customer's history against what is sealed and what waits, and names a row that neither explains."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from app.audit.sealing import HISTORIES
from app.db.record import seals
from app.db.record.digests import Key, entries_of
from app.db.record.seals import EVERYWHERE, End, Kind
from app.db.record.tables import ChangeSetMark, Event, ThingVersion
from app.db.work import Reading

TABLES: tuple[Any, ...] = (Event, ThingVersion, *HISTORIES.values())
CHANGES_AT_ONCE, SEALS_AT_ONCE = 1_000, 20
# Ids are random, so rows are told apart well enough by their first twelve bits.
SHIFT = 116
# How wrong the clock of a web process may be, by which marks are dated.
WRONG_CLOCK = timedelta(hours=2)


class Tally:
    """How many rows of each table are accounted for, by the beginning of the thing's id, and which marks."""

    def __init__(self) -> None:
        self.rows: Counter[tuple[Any, int]] = Counter()
        self.marks: set[tuple[UUID, UUID]] = set()

    def add(self, table: Any, thing_id: UUID) -> None:
        """Account for one row."""
        self.rows[table, thing_id.int >> SHIFT] += 1

    def between(self, table: Any, low: UUID, high: UUID) -> int:
        """How many rows are accounted for from `low` to `high`, both at the ends of a range."""
        return sum(self.rows[table, beginning] for beginning in range(low.int >> SHIFT, (high.int >> SHIFT) + 1))


class Found(Struct, frozen=True):
    """How many changes wait for a seal, and the row that should not be there or is missing."""

    unsealed: int
    problem: str | None = None
    place: dict[str, Any] = {}


async def count_rows(reading: Reading, end: End, tally: Tally) -> Found:
    """Compare what is there with what was sealed up to `end` and with what waits, in one snapshot."""
    unsealed, waiting_keys = 0, Counter[Key]()
    async for kind, thing_id, version in waiting(reading, end):
        unsealed += 1
        waiting_keys[thing_id, version] += 1
        tally.add(Event, thing_id)
        tally.add(HISTORIES.get(kind, ThingVersion), thing_id)
    for low, high in seals.ranges(sum(tally.rows.values())):
        for table in TABLES:
            there = await seals.count_between(reading.session, table, reading.customer_id, low, high)
            if there != tally.between(table, low, high):
                return Found(unsealed, *await stranger(reading, table, waiting_keys, low, high))
        idle = await seals.idle_act(reading.session, reading.customer_id, low, high)
        if idle is not None:
            return Found(unsealed, "an act that changed nothing was inserted", {"act_id": idle})
    return Found(unsealed, *await strange_mark(reading, tally, end))


async def waiting(reading: Reading, end: End) -> AsyncIterator[Kind]:
    """The changes that stand in no seal: those with higher numbers, and those without."""
    number = end.last_number
    while changes := await seals.numbered_after(reading.session, reading.customer_id, number, CHANGES_AT_ONCE):
        for change in changes:
            yield change.thing_type, change.thing_id, change.version
        number = changes[-1].number
    for kind in await seals.unnumbered(reading.session, reading.customer_id):
        yield kind


async def stranger(reading: Reading, table: Any, waits: Counter[Key], low: UUID, high: UUID) -> tuple[str, dict[str, Any]]:
    """The first row between two ids that nothing accounts for, or the first that is accounted for and gone."""
    known = Counter({key: count for key, count in waits.items() if low <= key[0] <= high})
    number = 0
    while some := await seals.seals_after(reading.session, reading.customer_id, number, SEALS_AT_ONCE):
        known.update(entry.key for seal in some for entry in entries_of(seal) if low <= entry.thing_id <= high)
        number = some[-1].number
    said, after = ("event" if table is Event else "version"), (low, -1)
    while rows := await seals.keys_between(reading.session, table, reading.customer_id, after, high):
        for key in rows:
            known[key] -= 1
            if known[key] < 0:
                return f"an {said} was inserted".replace("an v", "a v"), {"thing_id": key[0], "version": key[1]}
        after = rows[-1]
    gone = next((key for key, count in sorted(known.items()) if count > 0), None) if table is Event else None
    where = {"thing_id": gone[0], "version": gone[1]} if gone else {}
    return f"{table.__table__.fullname} has not as many rows as changes are sealed and waiting", where


async def strange_mark(reading: Reading, tally: Tally, end: End) -> tuple[str | None, dict[str, Any]]:
    """A mark that is not sealed although it says to be much older than the newest seal."""
    after = (EVERYWHERE[0], EVERYWHERE[0])
    while marks := await seals.marks_of_customer(reading.session, reading.customer_id, after):
        for mark in marks:
            if (mark.change_set_id, mark.id) not in tally.marks and is_backdated(mark, end):
                return "a mark of the act was inserted", {"act_id": mark.change_set_id}
        after = marks[-1].change_set_id, marks[-1].id
    return None, {}


def is_backdated(mark: ChangeSetMark, end: End) -> bool:
    """Whether a mark would have been under the seal `end` had it been set when it says. A round seals every mark there is."""
    return end.at is not None and mark.at < end.at - WRONG_CLOCK
