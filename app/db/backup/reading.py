"""Read a backup from the first byte to the last and say what it holds, or which part of it is the first that is damaged."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from msgspec import DecodeError, Struct, ValidationError, json

from app.db.backup.archive import Damaged, Part, parts
from app.db.backup.manifest import DUMP, FORMAT, MANIFEST, MEDIA, SEAL, TITLE, TITLE_TEXT, Manifest, Member, Step
from app.db.backup.programs import listing
from app.errors import Conflict, Unavailable

ENTRY = re.compile(r"\d+; \d+ \d+ (.+)")
NO_BACKUP = "This is no backup of AGoat Publisher."


class Verified(Struct, frozen=True, kw_only=True):
    """A backup that is whole: what it says about itself, and the table of contents of its dump."""

    bytes: int
    manifest: Manifest
    listed: list[str]


def verify(path: Path, step: Step) -> Verified:
    """Read the whole file. Raises Damaged naming the first part that is wrong, Conflict for a later format, Unavailable."""
    progress, size = step(f"Reading {path.name}"), path.stat().st_size if path.exists() else 0
    with opened(path) as file:
        members, listed, manifest, done = list[Member](), None, None, 0
        for part in in_order(file):
            if part.name == DUMP:
                listed = listing_of(part)
            elif part.name == MANIFEST:
                manifest = part.whole()
            elif part.name == SEAL:
                sealed = part.whole()
            else:
                read_through(part)
            if part.name not in (MANIFEST, SEAL):
                members.append(Member(part.name, part.size, part.sha256))
            progress(done := done + part.size, size)
    assert manifest is not None, "in_order has seen it"
    known = understood(manifest, sealed)
    compare(known, members, listed)
    return Verified(bytes=size, manifest=known, listed=listed or [])


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, for reading. Raises Unavailable."""
    try:
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror or error}.") from None


def in_order(file: BinaryIO) -> Iterator[Part]:
    """The parts of a backup, which come in one order. Raises Damaged."""
    is_first, last, wanted = True, "", [TITLE, DUMP, MANIFEST, SEAL]
    try:
        for part in parts(file):
            if is_first and part.name != TITLE:
                raise Damaged(NO_BACKUP)
            is_next = bool(wanted) and part.name == wanted[0]
            if not is_next and not (part.name.startswith(MEDIA) and last != SEAL and wanted[0] == MANIFEST):
                raise Damaged(f"{part.name} does not belong where it stands.")
            wanted = wanted[1:] if is_next else wanted
            is_first, last = False, part.name
            yield part
    except Damaged as damaged:
        raise Damaged(NO_BACKUP if is_first else damaged.detail) from None
    if wanted:
        raise Damaged(NO_BACKUP if is_first else f"{wanted[0]} is missing.")


def read_through(part: Part) -> None:
    """Read a part for its hash. Raises Damaged for another title than ours."""
    if part.name == TITLE and part.whole() != TITLE_TEXT:
        raise Damaged(f"{TITLE} is damaged.")
    for _ in part.pieces():
        continue


def listing_of(part: Part) -> list[str] | None:
    """What the dump says that it holds, None when it cannot be read."""
    with listing() as contents:
        for piece in part.pieces():
            contents.feed(piece)
        return contents.lines()


def understood(content: bytes, sealed: bytes) -> Manifest:
    """The manifest. Raises Damaged, Conflict for a format that a later release writes."""
    if hashlib.sha256(content).hexdigest().encode() != sealed:
        raise Damaged(f"{MANIFEST} is damaged.")
    try:
        found = json.decode(content)
        if isinstance(found, dict) and found.get("format") != FORMAT:
            raise Conflict(f"The backup is of format {found.get('format')}, this release reads {FORMAT}. Use the release that made it.")
        return json.decode(content, type=Manifest)
    except (DecodeError, ValidationError):
        raise Damaged(f"{MANIFEST} is damaged.") from None


def compare(manifest: Manifest, members: list[Member], listed: list[str] | None) -> None:
    """Raise Damaged for the first part that is not what the manifest says, and for a dump that leaves a table out."""
    for said, found in zip(manifest.members, members, strict=False):
        if said != found:
            raise Damaged(f"{said.name} is damaged.")
    if len(manifest.members) != len(members):
        raise Damaged(f"The file has {len(members)} parts, its manifest names {len(manifest.members)}.")
    if listed is None:
        raise Damaged(f"{DUMP} is damaged: pg_restore cannot read its contents.")
    entries = {match[1].rpartition(" ")[0] for line in listed if (match := ENTRY.fullmatch(line))}
    for table in manifest.rows:
        name = table.replace(".", " ")
        if not {f"TABLE {name}", f"TABLE DATA {name}"} <= entries:
            raise Damaged(f"{DUMP} is damaged: the table {table} is not in it.")
