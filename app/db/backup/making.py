"""Make a backup while the product runs: one snapshot of the database, then the files that may belong to it.

Files of the media library lie under the hash of their bytes and are stored before the rows that name them are written, so
whatever the snapshot names lies in the folder by the time the folder is listed. A file that goes away meanwhile belonged to
something that was erased after the snapshot.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct, json
from sqlalchemy import Connection, create_engine, make_url, text

from app import __version__
from app.db.backup.archive import PIECE, Writer
from app.db.backup.manifest import DUMP, FORMAT, MANIFEST, MEDIA, SEAL, TITLE, TITLE_TEXT, Manifest, Progress, Step
from app.db.backup.programs import dumped
from app.db.base import SCHEMAS
from app.db.embedded import running
from app.db.embedded.folder import settle
from app.db.failures import told_to_the_operator
from app.db.local import DATABASE
from app.db.migrate import current_revision
from app.errors import Conflict, Invalid, Unavailable

# Every stored file, as app/media/storage.py names it.
STORED = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/([0-9a-f]{2})/(\1[0-9a-f]{62})")
TABLES = (
    "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    f"WHERE c.relkind IN ('r', 'p') AND n.nspname IN {SCHEMAS} ORDER BY 1"
)
# While transactions that write overlap, the snapshot waits for one that agrees with some order of all of them.
SNAPSHOT_WAIT = "120s"
Named = Callable[[Connection], set[str]]


class Made(Struct, frozen=True, kw_only=True):
    """A finished backup: where it is, how large, and what it says about itself."""

    path: str
    bytes: int
    manifest: Manifest


@dataclass(frozen=True)
class Library:
    """The media library: its folder, None where it lives elsewhere, its address, and what tells the files that rows name."""

    folder: Path | None
    url: str
    named: Named


def create(data_dir: Path, path: Path, library: Library, step: Step) -> Made:
    """Back an installation up into one file, which appears under its name only when it is whole and on the disk.

    Raises Invalid for a data folder without an installation, Conflict when another backup writes there, Unavailable when
    the disk is full, EngineError.
    """
    if (data_dir / "cockroach").is_dir():
        remedy = "Back it up as an administrator with BACKUP DATABASE agoat INTO 'nodelocal://1/backups', and copy the media library."
        raise Invalid({"AGOAT_DATA_DIR": f"{data_dir} holds CockroachDB, which has a backup of its own. {remedy}"})
    if not (data_dir / "postgres").is_dir():
        raise Invalid({"AGOAT_DATA_DIR": f"There is no installation on PostgreSQL in {data_dir}, so there is nothing to back up."})
    with running(data_dir) as engines:
        address = make_url(engines.database_url).set(database=DATABASE).render_as_string(hide_password=False)
        with told_of(path), drafted(path) as file, told_to_the_operator(), snapshot(address) as (connection, name):
            manifest = written(Writer(file), address, connection, name, library, step)
    return Made(path=str(path.absolute()), bytes=path.stat().st_size, manifest=manifest)


@contextmanager
def told_of(path: Path) -> Iterator[None]:
    """Turns what the file system refuses into one line. Raises Unavailable."""
    try:
        yield
    except OSError as error:
        what = error.strerror or str(error)
        raise Unavailable(f"The backup {path} cannot be written: {what}. See that there is room, or name another place.") from error


@contextmanager
def drafted(path: Path) -> Iterator[BinaryIO]:
    """A file beside the wanted one that takes its name when the block is done, and is gone when it fails. Raises OSError, Conflict."""
    draft = path.with_name(path.name + ".part")
    with open(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"Another process is writing {draft}. Wait until it ends, or name another file.") from None
        file.truncate(0)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    settle(path.parent)


@contextmanager
def snapshot(address: str) -> Iterator[tuple[Connection, str]]:
    """A transaction that only reads, and the name by which others see the database as it does."""
    engine = create_engine(address, connect_args={"connect_timeout": 10, "options": f"-c statement_timeout={SNAPSHOT_WAIT}"})
    try:
        with engine.connect().execution_options(
            isolation_level="SERIALIZABLE", postgresql_readonly=True, postgresql_deferrable=True
        ) as connection:
            name = connection.scalar(text("SELECT pg_export_snapshot()"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            yield connection, str(name)
    finally:
        engine.dispose()


def written(writer: Writer, address: str, connection: Connection, name: str, library: Library, step: Step) -> Manifest:
    """Write all parts; gives the manifest, which is the last of them but for its own hash."""
    schema = current_revision(connection)
    if schema is None:
        raise Conflict("The database has no schema yet, so there is nothing to back up. Run: agoat migrate")
    writer.add(TITLE, [TITLE_TEXT])
    rows = counted(connection)
    writer.add(DUMP, counting(dumped(address, name), step("Copying the database")))
    missing, spoilt = add_files(writer, connection, address, library, step) if library.folder else ([], [])
    manifest = Manifest(
        format=FORMAT, product=__version__, schema=schema, dialect="postgresql", server=str(connection.scalar(text("SHOW server_version"))),
        created_at=datetime.now(UTC), rows=rows, media="here" if library.folder else library.url, missing=missing, spoilt=spoilt,
        members=list(writer.members),
    )  # fmt: skip
    content = json.format(json.encode(manifest), indent=1)
    writer.add(MANIFEST, [content])
    writer.add(SEAL, [hashlib.sha256(content).hexdigest().encode()])
    writer.finish()
    return manifest


def counting(pieces: Iterator[bytes], progress: Progress) -> Iterator[bytes]:
    """The same pieces, with progress told in bytes."""
    done = 0
    for piece in pieces:
        yield piece
        progress(done := done + len(piece), None)


def counted(connection: Connection) -> dict[str, int]:
    """The number of rows of every table."""
    names = connection.scalars(text(TABLES)).all()
    return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in names}


def add_files(writer: Writer, connection: Connection, address: str, library: Library, step: Step) -> tuple[list[str], list[str]]:
    """Copy the media library. Gives the files that the database names but that are not there, and those with other bytes."""
    assert library.folder is not None, "asked before"
    there, gone, spoilt = stored_in(library.folder), set[str](), []
    progress = step("Copying the media library")
    for done, name in enumerate(there, 1):
        with reading(library.folder / name) as pieces:
            member = writer.add(MEDIA + name, pieces) if pieces is not None else None
        if member is None:
            gone.add(name)
        elif member.sha256 != name.rpartition("/")[2]:
            spoilt.append(name)
        progress(done, len(there))
    named = library.named(connection)
    missing = (named - set(there)) | (named & gone)
    return sorted(still_named(address, library, missing)), spoilt


@contextmanager
def reading(path: Path) -> Iterator[Iterator[bytes] | None]:
    """A file in pieces, None when it is not there any more. Raises Unavailable naming it when it cannot be read."""
    try:
        file = open(path, "rb")  # noqa: SIM115  # closed by the block below
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror or error}. See to it, then make the backup again.") from error
    with file:
        yield pieces_of(file, path)


def pieces_of(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """The bytes of an open file. Raises Unavailable naming it."""
    try:
        while piece := file.read(PIECE):
            yield piece
    except OSError as error:
        raise Unavailable(f"{path} cannot be read: {error.strerror or error}. See to it, then make the backup again.") from error


def stored_in(folder: Path) -> list[str]:
    """The names of all stored files; what an interrupted upload left is none."""
    found = (path.relative_to(folder).as_posix() for path in folder.glob("*/*/*"))
    return sorted(name for name in found if STORED.fullmatch(name))


def still_named(address: str, library: Library, missing: set[str]) -> set[str]:
    """Those files that rows name even now: the others went because their rows did, while the backup was being made."""
    if not missing:
        return missing
    engine = create_engine(address, connect_args={"connect_timeout": 10})
    try:
        with engine.connect() as connection:
            return missing & library.named(connection)
    finally:
        engine.dispose()
