"""The installation of one machine: embedded engines with roles, a database and secrets that a data folder keeps.

Whoever finds the engines stopped starts them and brings roles and schema up to date; everybody else joins.
"""

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError, json
from sqlalchemy import make_url

from app.db.embedded import EngineError, Kind, running
from app.db.embedded.choice import FILE as CHOICE
from app.db.embedded.failure import told_plainly
from app.db.embedded.folder import Folder, write_private
from app.db.embedded.lock import EngineLock
from app.db.embedded.processes import end
from app.db.install import address, install, new_passwords
from app.db.migrate import upgrade
from app.db.roles import LOGINS, Roles
from app.errors import Conflict

PREFIX = DATABASE = "agoat"
KEPT = "installation.json"
DATABASES = ("postgres", "cockroach")
KEPT_FOLDERS = (*DATABASES, "cockroach-certs", "media")
KEPT_FILES = (KEPT, CHOICE, "engines.json", "demo.json", "running.json")


class Kept(Struct, frozen=True):
    """What the data folder keeps: the passwords of the roles and the secret that signs."""

    passwords: dict[str, str]
    secret_key: str


class Local(Struct, frozen=True, kw_only=True):
    """Where everything is. `owner` is true for the process that started the engines, and stops them when it ends."""

    addresses: dict[str, str]
    redis_url: str
    secret_key: str
    owner: bool


@contextmanager
def local_installation(
    data_dir: Path, report: Callable[[str], None] = lambda line: None, *, database: Kind | None = None
) -> Iterator[Local]:
    """Start or join the engines of a data folder and have roles, database and schema ready.

    `database` is what a new folder is to hold. Raises EngineError, Conflict, Unavailable.
    """
    with running(data_dir, database=database) as engines:
        kept = keep(data_dir, make=engines.owner)
        if engines.owner:
            addresses = install(engines.database_url, prefix=PREFIX, database=DATABASE, passwords=kept.passwords)
            upgrade(addresses["migrator"], report)
        else:
            admin, roles = make_url(engines.database_url), Roles(PREFIX)
            addresses = {role: address(admin, roles[role], kept.passwords, role, DATABASE) for role in LOGINS}
        yield Local(addresses=addresses, redis_url=engines.redis_url, secret_key=kept.secret_key, owner=engines.owner)


def keep(data_dir: Path, *, make: bool) -> Kept:
    """The secrets of a data folder, made once. Raises EngineError when they are missing or damaged."""
    file = data_dir / KEPT
    try:
        return json.decode(file.read_bytes(), type=Kept)
    except FileNotFoundError:
        if not make:
            raise EngineError(
                f"{file} is not there yet. The process that started the engines is still preparing them; try again."
            ) from None
    except (DecodeError, ValidationError):
        # Passwords of roles can be set anew, but a new secret would end everything that was signed with the old one.
        raise EngineError(f"{file} is damaged. Put it back from a backup: the secret that signs stands in it.") from None
    kept = Kept(passwords=new_passwords(), secret_key=secrets.token_urlsafe(48))
    write_private(file, json.encode(kept))
    return kept


def kept_secret(data_dir: Path) -> str | None:
    """The secret that signs in the installation of a data folder, None where there is none. Raises EngineError when it is damaged."""
    return keep(data_dir, make=False).secret_key if (data_dir / KEPT).exists() else None


def holds_data(data_dir: Path) -> bool:
    """Whether a database has been made in a data folder."""
    return any((data_dir / name).exists() for name in DATABASES)


def reset_local(data_dir: Path) -> None:
    """Remove everything that an installation keeps in its data folder, media too. Raises Conflict while a process has it open."""
    if not data_dir.is_dir():
        return
    folder = Folder.at(data_dir.resolve())
    with told_plainly(data_dir):
        lock = EngineLock(folder.lock)
    try:
        if not lock.acquire():
            holder = lock.holder()
            who = f"process {holder.pid} ({holder.command})" if holder else "another process"
            raise Conflict(f"The data folder {data_dir} is in use by {who}. End that first, then try again.")
        # An owner that was killed leaves its engines behind, and they would write on.
        end(folder.mark)
        for name in KEPT_FOLDERS:
            shutil.rmtree(folder.path / name, ignore_errors=True)
        for name in KEPT_FILES:
            (folder.path / name).unlink(missing_ok=True)
    finally:
        lock.close()
