"""What the tests of backups share: an installation with the demonstration in it, what a database holds, and altered backups."""

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import json
from sqlalchemy import Connection, create_engine, make_url, text

from app.cli.demo import for_demo, prepare
from app.db.backup.archive import Writer, parts
from app.db.backup.making import TABLES
from app.db.backup.manifest import MANIFEST, SEAL
from app.db.embedded import running
from app.db.install import install
from app.db.local import DATABASE, PREFIX, Local, keep, local_installation
from app.db.migrate import upgrade
from app.demo.people import Access
from app.settings import Settings, load
from tests.cli.running import Agoat
from tests.db import catalogue

# What belongs to the whole server, not to the database: none of it is in a dump.
ROLES = """
    SELECT format('%s %s %s %s %s', r.rolname, r.rolcanlogin, r.rolbypassrls, r.rolsuper,
      ARRAY(SELECT unnest(s.setconfig) FROM pg_db_role_setting s WHERE s.setrole = r.oid ORDER BY 1))
    FROM pg_roles r WHERE r.rolname LIKE 'agoat%'
    UNION ALL SELECT format('%s in %s', m.member::regrole, m.roleid::regrole)
    FROM pg_auth_members m WHERE m.member::regrole::text LIKE 'agoat%'
    UNION ALL SELECT format('%s %s', d.datname, (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(d.datacl) a))
    FROM pg_database d WHERE d.datname = 'agoat'
"""


def command_line(data_dir: Path) -> Agoat:
    """The command line of the installation in a data folder."""
    agoat = Agoat({})
    agoat.env = {"AGOAT_DATA_DIR": str(data_dir), "AGOAT_SECRET_KEY": None}
    return agoat


def as_process(data_dir: Path, *words: str) -> subprocess.Popen[str]:
    """A command for the installation in a data folder, as a process of its own."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AGOAT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", *words],
        cwd=Path(__file__).parents[2],
        env={**others, "AGOAT_DATA_DIR": str(data_dir)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def installed(data_dir: Path) -> Iterator[Local]:
    """Start an installation on engines that do not wait for the disk, or join it."""
    with running(data_dir, durable=False) as engines:
        if engines.owner:
            kept = keep(data_dir, make=True)
            upgrade(install(engines.database_url, prefix=PREFIX, database=DATABASE, passwords=kept.passwords)["migrator"])
        with local_installation(data_dir) as local:
            yield local


@contextmanager
def demonstration(data_dir: Path) -> Iterator[tuple[Settings, Access]]:
    """Start an installation and load of the demonstration what is missing."""
    with installed(data_dir) as local:
        settings = for_demo(load({"AGOAT_DATA_DIR": str(data_dir)}), local, None)
        yield settings, asyncio.run(prepare(settings))


@contextmanager
def looking_into(data_dir: Path) -> Iterator[Connection]:
    """A connection as the administrator of a data folder's database."""
    with running(data_dir, durable=False) as engines:
        engine = create_engine(make_url(engines.database_url).set(database=DATABASE), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def rows_of(connection: Connection) -> dict[str, list[str]]:
    """Every row of every table as text."""
    names = connection.scalars(text(TABLES)).all()
    return {name: sorted(connection.scalars(text(f"SELECT CAST(t AS text) FROM {name} t"))) for name in names}


def shape_of(connection: Connection) -> dict[str, set[str]]:
    """Everything that is no row: tables, policies, rights, owners, options, functions, roles, settings of roles and database."""
    return {**catalogue.read(connection, "agoat"), "roles": set(connection.scalars(text(ROLES)))}


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def altered(whole: Path, copy: Path, change: Callable[[dict[str, Any]], None], *, without: str = "") -> Path:
    """A backup with another manifest, sealed as ours are, and without one part; what a later release or a forger would write."""
    with open(whole, "rb") as file, open(copy, "wb") as output:
        writer = Writer(output)
        for part in parts(file):
            content = part.whole()
            if part.name == MANIFEST:
                said = json.decode(content)
                change(said)
                manifest = content = json.encode(said)
            if part.name == SEAL:
                content = hashlib.sha256(manifest).hexdigest().encode()
            if part.name != without:
                writer.add(part.name, [content])
        writer.finish()
    return copy
