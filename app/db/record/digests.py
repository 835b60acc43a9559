"""What a seal says of the history: digests of change, version, act and mark, and the hash that chains the seals. Pure.

The digest of a change is made of three: what always stays, the names, and the content. Names and content are salted; an
erasure takes the text and its salt away and keeps the digest in its own record, so that the whole can still be proven.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from struct import Struct as Layout
from typing import Any
from uuid import UUID

from msgspec import Struct

from app.db.record.tables import ChangeSet, ChangeSetMark, Event, Seal, Version

ENTRY = Layout(">16sq32s")
SALTS = Layout(">16s16s")
MARK = Layout(">16s16s32s")
GENESIS = bytes(32)
ERASED = "(erased)"

Key = tuple[UUID, int]


class Recorded(Struct, frozen=True):
    """What is written down of one change: the event, the version and the act. None for a row that is not there."""

    event: Event | None
    version: Version | None
    act: ChangeSet | None


class Parts(Struct, frozen=True):
    """The digests of which the digest of a change is made."""

    fixed: bytes
    names: bytes
    content: bytes

    @property
    def whole(self) -> bytes:
        """The digest that stands in the seal."""
        return sha256(self.fixed + self.names + self.content).digest()


class Entry(Struct, frozen=True):
    """One change as a seal names it: the thing, its version, the digest and the two salts."""

    thing_id: UUID
    version: int
    digest: bytes
    names_salt: bytes
    content_salt: bytes

    @property
    def key(self) -> Key:
        """The thing and its version."""
        return self.thing_id, self.version


class MarkEntry(Struct, frozen=True):
    """One mark of a change set as a seal names it."""

    change_set_id: UUID
    id: UUID
    digest: bytes

    @property
    def key(self) -> tuple[UUID, UUID]:
        """The change set and the id."""
        return self.change_set_id, self.id


def parts(found: Recorded, names_salt: bytes, content_salt: bytes) -> Parts:
    """The three digests of a change."""
    fixed = [columns(found.event, EVENT), columns(found.version, VERSION), columns(found.act, ACT)]
    return Parts(
        sha256(canonical(fixed)).digest(),
        sha256(names_salt + canonical(names_of(found))).digest(),
        sha256(content_salt + canonical(content_of(found))).digest(),
    )


EVENT = ("change_set_id", "thing_id", "to_version", "thing_type", "from_version", "kind", "fields", "at")
VERSION = ("thing_id", "version", "kind", "at", "change_set_id", "actor_kind", "actor_id", "door", "thing_type", "site_id")
ACT = ("id", "at", "verb", "actor_kind", "actor_id", "door")


def names_of(found: Recorded) -> list[Any]:
    """What tells of the person: names, reason, session and request."""
    act = columns(found.act, ("actor_name", "reason", "session_id", "request_id"))
    return [columns(found.version, ("actor_name",)), act]


def content_of(found: Recorded) -> list[Any]:
    """What tells of the thing: its label, its title and the whole of it."""
    return [columns(found.event, ("label",)), columns(found.version, ("title", "payload"))]


def are_names_erased(found: Recorded) -> bool:
    """Whether nothing but the mark of an erasure is left of the names."""
    return names_of(found) == [{"actor_name": ERASED}, {"actor_name": ERASED, "reason": None, "session_id": None, "request_id": None}]


def is_content_erased(found: Recorded) -> bool:
    """Whether nothing but the mark of an erasure is left of the content."""
    label, version = content_of(found)
    return label == {"label": ERASED} and version in ({"payload": {}}, {"title": ERASED, "payload": {}})


def columns(row: object | None, names: tuple[str, ...]) -> dict[str, Any] | None:
    """Those of the columns that the row's table has."""
    return None if row is None else {name: getattr(row, name) for name in names if hasattr(row, name)}


def mark_digest(row: ChangeSetMark) -> bytes:
    """The digest of a mark."""
    return sha256(canonical(columns(row, ("change_set_id", "id", "mark", "at")))).digest()


def canonical(value: Any) -> bytes:
    """The one way to write a value down: keys sorted, times in UTC, no room between."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=plainly).encode()


def plainly(value: Any) -> str:
    """Ids and times as text."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def chained(seal: Seal) -> bytes:
    """The hash of a seal: over all of it but the salts, and over the seal before."""
    said = [1, seal.customer_id, seal.number, seal.first_number, seal.last_number, seal.at]
    bodies = [sha256(part).digest() for part in (seal.entries, seal.marks)]
    return sha256(canonical(said) + seal.previous + b"".join(bodies)).digest()


def entries_of(seal: Seal) -> Iterator[Entry]:
    """The changes that a seal names. Raises ValueError when their columns are of no length that can be."""
    if len(seal.entries) % ENTRY.size or len(seal.salts) * ENTRY.size != len(seal.entries) * SALTS.size:
        raise ValueError("the entries of a seal do not fit its salts")
    for (thing_id, version, digest), salts in zip(ENTRY.iter_unpack(seal.entries), SALTS.iter_unpack(seal.salts), strict=True):
        yield Entry(UUID(bytes=thing_id), version, digest, *salts)


def unpack_marks(packed: bytes) -> list[MarkEntry]:
    """The marks that a seal names. Raises ValueError."""
    if len(packed) % MARK.size:
        raise ValueError("the marks of a seal are of no length that can be")
    return [MarkEntry(UUID(bytes=act), UUID(bytes=mark), digest) for act, mark, digest in MARK.iter_unpack(packed)]


def pack_entry(entry: Entry) -> tuple[bytes, bytes]:
    """An entry and its salts in their fixed widths."""
    return ENTRY.pack(entry.thing_id.bytes, entry.version, entry.digest), SALTS.pack(entry.names_salt, entry.content_salt)


def pack_mark(row: ChangeSetMark) -> bytes:
    """A mark in its fixed width."""
    return MARK.pack(row.change_set_id.bytes, row.id.bytes, mark_digest(row))
