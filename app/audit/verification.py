"""Proves that the sealed history of a customer is as it was: nothing altered, removed or inserted since it was sealed.

The chain is walked seal by seal, each with its rows in one snapshot, and every digest is made anew. Then rows are counted: when
all that is sealed was found and there are no more rows than sealed and waiting ones, none was inserted.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from app.audit.counting import Tally, count_rows, is_backdated
from app.audit.sealing import AT_ONCE, HISTORIES
from app.db.database import TenantDatabase
from app.db.record import seals
from app.db.record.digests import (
    Entry,
    Parts,
    Recorded,
    are_names_erased,
    chained,
    entries_of,
    is_content_erased,
    mark_digest,
    parts,
    unpack_marks,
)
from app.db.record.seals import BEGINNING, End, kind_of
from app.db.record.tables import Event, Seal, ThingVersion
from app.db.work import Reading

# Told after every seal: how many changes were looked at, of how many.
Progress = Callable[[int, int], None]
ERASURE = "erasure"


class Broken(Struct, frozen=True):
    """The first thing that is not as it was sealed. `since` and `until` bound the time of the seal in question."""

    problem: str
    seal: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    act_id: UUID | None = None
    thing_type: str | None = None
    thing_id: UUID | None = None
    version: int | None = None


class Verified(Struct, frozen=True):
    """What was found. `head` is the hash of the newest seal in hexadecimal, to be kept elsewhere; `unsealed` counts waiting changes."""

    seals: int
    changes: int
    sealed_until: datetime | None
    head: str | None
    unsealed: int
    broken: Broken | None


async def verify(database: TenantDatabase, *, expect: bytes | None = None, progress: Progress = lambda done, total: None) -> Verified:
    """Verify one customer's history. `expect` is the hash of a seal that was noted earlier."""
    walk = Walk(expect, await database.read(lambda reading: seals.end_of(reading.session, reading.customer_id)))
    while walk.broken is None and await database.read(walk.step):
        progress(walk.done, max(walk.done, walk.known.last_number))
    unsealed = 0
    if walk.broken is None:
        unsealed, walk.broken = await database.read(walk.finish)
    at, head = (walk.end.at, walk.end.hash.hex()) if walk.end.number else (None, None)
    return Verified(walk.end.number, walk.done, at, head, unsealed, walk.broken)


class Walk:
    """One walk along a chain: where it is, what it has counted, and what it met that is wrong."""

    def __init__(self, expect: bytes | None, known: End) -> None:
        self.expect, self.known, self.end = expect, known, BEGINNING
        self.is_met = expect is None
        self.done = 0
        self.tally = Tally()
        self.broken: Broken | None = None

    async def step(self, reading: Reading) -> bool:
        """Verify the next seal; False at the end of the chain or when something is wrong."""
        found = await seals.seals_after(reading.session, reading.customer_id, self.end.number, 1)
        if not found:
            return False
        (seal,) = found
        problem = self.link_problem(seal)
        self.broken = self.about(problem, seal) if problem else await self.content_problem(reading, seal)
        if self.broken is None:
            self.end = End(seal.number, seal.last_number, seal.hash, seal.at)
            self.is_met = self.is_met or seal.hash == self.expect
        return self.broken is None

    def link_problem(self, seal: Seal) -> str | None:
        """What is wrong with a seal by itself and with its place in the chain."""
        if seal.number != self.end.number + 1:
            return f"seal {self.end.number + 1} was removed"
        if seal.previous != self.end.hash or seal.first_number != self.end.last_number + 1:
            return f"seal {seal.number} does not follow the seal before it"
        if chained(seal) != seal.hash:
            return f"seal {seal.number} was altered"
        try:
            list(entries_of(seal)), unpack_marks(seal.marks)
        except ValueError:
            return f"the salts of seal {seal.number} were altered"
        return None

    async def content_problem(self, reading: Reading, seal: Seal) -> Broken | None:
        """What is wrong with the history under a seal."""
        entries = list(entries_of(seal))
        for start in range(0, len(entries), AT_ONCE):
            some = entries[start : start + AT_ONCE]
            rows = await seals.recorded(reading.session, reading.customer_id, [entry.key for entry in some], HISTORIES)
            for entry in some:
                problem = await self.entry_problem(reading, entry, rows[entry.key])
                if problem is not None:
                    return self.about(problem, seal, entry, rows[entry.key])
        return await self.mark_problem(reading, seal)

    async def entry_problem(self, reading: Reading, entry: Entry, found: Recorded) -> str | None:
        """What is wrong with one change; when nothing is, it is counted."""
        for name, row in (("event", found.event), ("version", found.version), ("act", found.act)):
            if row is None:
                return f"the {name} was removed"
        proven = parts(found, entry.names_salt, entry.content_salt)
        if proven.whole != entry.digest and (await with_erasures(reading, entry, found, proven)).whole != entry.digest:
            return "it was altered"
        self.done += 1
        self.tally.add(Event, entry.thing_id)
        self.tally.add(kind_of(found.event, HISTORIES), entry.thing_id)
        return None

    async def mark_problem(self, reading: Reading, seal: Seal) -> Broken | None:
        """What is wrong with the marks under a seal."""
        wanted = unpack_marks(seal.marks)
        if not wanted:
            return None
        rows = await seals.marks_by_key(reading.session, reading.customer_id, [mark.key for mark in wanted])
        for mark in wanted:
            row = rows.get(mark.key)
            if row is None or mark_digest(row) != mark.digest or is_backdated(row, self.end):
                said = "removed" if row is None else "altered" if mark_digest(row) != mark.digest else "inserted"
                return Broken(f"a mark of the act was {said}", seal.number, self.end.at, seal.at, mark.change_set_id)
            self.tally.marks.add(mark.key)
        return None

    def about(self, problem: str, seal: Seal, entry: Entry | None = None, found: Recorded | None = None) -> Broken:
        """A problem with its place."""
        if entry is None or found is None:
            return Broken(problem, seal.number, self.end.at, seal.at)
        act_id, kind = (found.event.change_set_id, found.event.thing_type) if found.event else (None, None)
        return Broken(problem, seal.number, self.end.at, seal.at, act_id, kind, entry.thing_id, entry.version)

    async def finish(self, reading: Reading) -> tuple[int, Broken | None]:
        """What is wrong with the end of the chain, and with the number of rows. Gives how many changes wait for a seal, too."""
        head, newest = (
            await seals.end_of(reading.session, reading.customer_id),
            await seals.newest_seal(reading.session, reading.customer_id),
        )
        if head.number > (newest.number if newest else 0):
            return 0, Broken(f"seal {head.number} was removed", head.number, newest.at if newest else None, head.at)
        if newest is not None and (head.number, head.hash) != (newest.number, newest.hash):
            return 0, Broken("the head of the chain was altered", newest.number, None, newest.at)
        if not self.is_met:
            return 0, Broken("no seal has the expected hash; the chain was written anew, or the hash is another customer's")
        found = await count_rows(reading, self.end, self.tally)
        return found.unsealed, None if found.problem is None else Broken(found.problem, **found.place)


async def with_erasures(reading: Reading, entry: Entry, found: Recorded, proven: Parts) -> Parts:
    """The digests of a change with those of erased parts as their erasure, an act of the operator, has kept them."""
    names, content = proven.names, proven.content
    if are_names_erased(found):
        names = await kept_digest(reading, entry, "names", entry.names_salt) or names
    if is_content_erased(found):
        content = await kept_digest(reading, entry, "content", entry.content_salt) or content
    return Parts(proven.fixed, names, content)


async def kept_digest(reading: Reading, entry: Entry, part: str, salt: bytes) -> bytes | None:
    """The digest of an erased part from the erasure whose id stands in the place of the salt."""
    key = (UUID(bytes=salt), 1)
    found = (await seals.recorded(reading.session, reading.customer_id, [key], HISTORIES))[key]
    if not isinstance(found.version, ThingVersion) or found.version.thing_type != ERASURE or found.act is None:
        return None
    if found.act.actor_kind != "operator":
        return None
    kept: Any = found.version.payload["digests"].get(f"{entry.thing_id} {entry.version} {part}")
    return bytes.fromhex(kept) if kept else None
