"""Make a new installation from a backup: new engines, roles and secrets, the old rows and files.

Everything is made in a folder inside the data folder and moved to its places when it is whole, the database last, so that a
restore that was killed never looks like an installation. The data folder stays locked meanwhile.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from sqlalchemy import create_engine, make_url, text

from app.db.backup.archive import Damaged, Part
from app.db.backup.making import STORED, counted, counting
from app.db.backup.manifest import DUMP, MEDIA, Manifest, Step
from app.db.backup.programs import load, major
from app.db.backup.reading import Verified, in_order, opened, verify
from app.db.base import SCHEMAS
from app.db.embedded.failure import told_plainly
from app.db.embedded.folder import Folder, open_folder, settle
from app.db.embedded.lifecycle import running
from app.db.embedded.lock import EngineLock
from app.db.embedded.processes import end, engine_account
from app.db.failures import told_to_the_operator
from app.db.install import install
from app.db.local import DATABASE, PREFIX, keep
from app.db.migrate import connected, knows, newest_revision, upgrade
from app.db.schema_rules import check_schema
from app.db.selfcheck import require_sound
from app.errors import Conflict, Invalid

STAGE = "restoring"
# What lies in a data folder without belonging to an installation: the lock, logs, programs copied for another user, sockets.
NO_DATA = {"engine.lock", "logs", "engines", "run", STAGE}
LAST = "postgres"
SCHEMA_ENTRY = re.compile(r"\d+; \d+ \d+ SCHEMA - (\w+) \w+")
KEY_ENTRY = re.compile(r"\d+; \d+ \d+ CONSTRAINT .*")


class Restored(Struct, frozen=True, kw_only=True):
    """What was restored: the backup's manifest, the schema as it is now, and how many migrations led there."""

    manifest: Manifest
    schema: str
    migrations: int


def restore(path: Path, data_dir: Path, media_folder: Path | None, step: Step) -> Restored:
    """Make an installation from a backup in an empty data folder.

    `media_folder` is where the library is to be, None where it lives elsewhere. Raises Invalid when a folder is not empty,
    Damaged, Conflict for a backup of a later release, EngineError, Unavailable.
    """
    require_empty(data_dir, media_folder)
    found = verify(path, step)
    require_known(found.manifest)
    with told_plainly(data_dir), locked(data_dir) as folder:
        require_empty(folder.path, media_folder)
        stage = folder.path / STAGE
        clear(stage)
        is_inside = media_folder is not None and media_folder.resolve() == folder.path / "media"
        library = stage / "media" if is_inside else media_folder
        migrations = rebuild(path, found, stage, library, step)
        take_places(stage, folder.path)
    return Restored(manifest=found.manifest, schema=newest_revision(), migrations=migrations)


def require_empty(data_dir: Path, media_folder: Path | None) -> None:
    """Raise Invalid unless both folders hold nothing that a restore would mix with."""
    held = sorted(each.name for each in data_dir.iterdir() if each.name not in NO_DATA) if data_dir.is_dir() else []
    if held:
        remedy = "Name an empty folder with AGOAT_DATA_DIR, or move this one away."
        raise Invalid({"AGOAT_DATA_DIR": f"{data_dir} is not empty (it has {', '.join(held[:3])}). {remedy}"})
    if media_folder is not None and media_folder.is_dir() and any(media_folder.iterdir()):
        raise Invalid({"AGOAT_MEDIA_URL": f"{media_folder} is not empty. Name an empty folder, or move this one away."})


def require_known(manifest: Manifest) -> None:
    """Raise Conflict for a schema or a server that this release does not know."""
    if not knows(manifest.schema):
        raise Conflict(
            f"The backup has schema {manifest.schema}, made by release {manifest.product}; this release knows {newest_revision()} at most. "
            "Restore it with that release, or a later one."
        )
    if int(manifest.server.split(".")[0]) > major():
        raise Conflict(f"The backup is of PostgreSQL {manifest.server}, this release brings {major()}. Restore it with a later release.")


@contextmanager
def locked(data_dir: Path) -> Iterator[Folder]:
    """The data folder, made where needed, in which no other process starts engines. Raises Conflict, OSError."""
    folder = open_folder(data_dir, engine_account())
    lock = EngineLock(folder.lock)
    try:
        if not lock.acquire():
            raise Conflict(f"The data folder {data_dir} is in use by another process. End that first, then try again.")
        yield folder
    finally:
        lock.close()


def clear(stage: Path) -> None:
    """Remove what a killed restore has left, its engines first."""
    if stage.is_dir():
        end(Folder.at(stage).mark)
        shutil.rmtree(stage)


def rebuild(path: Path, found: Verified, stage: Path, library: Path | None, step: Step) -> int:
    """Make the whole installation in its folder; gives how many migrations were applied."""
    with running(stage) as engines, told_to_the_operator(), opened(path) as file:
        kept = keep(stage, make=True)
        addresses = install(engines.database_url, prefix=PREFIX, database=DATABASE, passwords=kept.passwords)
        admin = make_url(engines.database_url).set(database=DATABASE).render_as_string(hide_password=False)
        progress, done = step("Restoring the media library"), 0
        for part in in_order(file):
            if part.name == DUMP:
                load(admin, counting(part.pieces(), step("Restoring the database")), in_loading_order(found.listed))
            elif part.name.startswith(MEDIA) and library is not None:
                store(library, part)
                progress(done := done + 1, found.manifest.files)
        prove_rows(admin, found.manifest)
        migrations = upgrade(addresses["migrator"], step)
        with connected(addresses["migrator"]) as connection:
            require_sound(check_schema(connection))
    if library is not None and library.is_dir():
        write_through(library)
    return migrations


def in_loading_order(listed: list[str]) -> list[str]:
    """The contents of a dump without our schemas, which are there, and with the keys after all other indexes.

    PostgreSQL takes the newest of several indexes that cost the same, and on a small table that has to be the primary key
    (see `renew_primary_key` in app/db/schema.py).
    """
    lines = [line for line in listed if not ((schema := SCHEMA_ENTRY.fullmatch(line)) and schema[1] in SCHEMAS)]
    keys = [line for line in lines if KEY_ENTRY.fullmatch(line)]
    others = [line for line in lines if not KEY_ENTRY.fullmatch(line)]
    first = next((number for number, line in enumerate(others) if " FK CONSTRAINT " in line), len(others))
    return [*others[:first], *keys, *others[first:]]


def store(library: Path, part: Part) -> None:
    """Put one file in its place. Raises Damaged for a name that is none of ours."""
    name = part.name.removeprefix(MEDIA)
    if not STORED.fullmatch(name):
        raise Damaged(f"{part.name} is no file of the media library.")
    target = library / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "wb") as file:
        for piece in part.pieces():
            file.write(piece)


def write_through(library: Path) -> None:
    """Have every file and folder of the library on the disk. All are written first, so that the system has begun by itself."""
    for path in (library, *library.rglob("*")):
        settle(path)


def prove_rows(admin: str, manifest: Manifest) -> None:
    """Raise Damaged when a table has not as many rows as were counted; have the planner know them."""
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            now = counted(connection)
            connection.execute(text("ANALYZE"))
    finally:
        engine.dispose()
    wrong = sorted(name for name in manifest.rows.keys() | now.keys() if manifest.rows.get(name) != now.get(name))
    if wrong:
        raise Damaged(f"{DUMP} is damaged: {wrong[0]} has {now.get(wrong[0])} rows, {manifest.rows.get(wrong[0])} were counted.")


def take_places(stage: Path, home: Path) -> None:
    """Move everything from the stage to its place, the database last."""
    for each in sorted(stage.iterdir(), key=lambda each: (each.name == LAST, each.name)):
        if each.name in NO_DATA and (each.name != "engines" or (home / each.name).exists()):
            continue
        each.rename(home / each.name)
    settle(home)
    shutil.rmtree(stage)
