"""Installations of the tests: fresh databases with roles of their own, the dialect they are reached by, and injected faults."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from psycopg import OperationalError as DriverOperationalError
from psycopg.errors import SerializationFailure
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from app.db.install import administrator, install
from app.db.migrate import upgrade
from app.db.roles import Roles

# The processes that run units of work; migrations always go by the server's own dialect.
RUNNING = ("app", "directory", "worker", "backoffice")


@contextmanager
def installation(admin_url: str, *, migrated: bool = True) -> Iterator[dict[str, str]]:
    """The addresses of every role in a fresh database; gone afterwards, roles and all."""
    name = f"agoat_test_{secrets.token_hex(4)}"
    try:
        made = install(admin_url, prefix=name, database=name, insecure=make_url(admin_url).get_dialect().name == "cockroachdb")
        if migrated:
            upgrade(made["migrator"])
        yield made
    finally:
        remove_installation(admin_url, name)


def remove_installation(admin_url: str, name: str) -> None:
    """Drop the database and the roles of one test process."""
    roles = Roles(name)
    with administrator(admin_url) as connection:
        dialect = connection.dialect.name
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" {"CASCADE" if dialect == "cockroachdb" else "WITH (FORCE)"}'))
        for role in ("app", "directory", "worker", "backoffice", "migrator", "reader", "owner"):
            connection.execute(text(f"DROP ROLE IF EXISTS {roles[role]}"))


def administrator_of(admin_url: str, addresses: dict[str, str]) -> str:
    """The administrator's address of one installation's database."""
    database = make_url(addresses["migrator"]).database
    return make_url(admin_url).set(database=database).render_as_string(hide_password=False)


def spoken_in(addresses: dict[str, str], dialect: str) -> dict[str, str]:
    """The same addresses for another dialect of SQLAlchemy, such as CockroachDB's for a PostgreSQL server."""
    as_spoken = {role: make_url(url).set(drivername=f"{dialect}+psycopg") for role, url in addresses.items() if role in RUNNING}
    return addresses | {role: url.render_as_string(hide_password=False) for role, url in as_spoken.items()}


def lost_race() -> OperationalError:
    """What a server says at COMMIT to the loser of a race."""
    return OperationalError("COMMIT", None, SerializationFailure("injected"))


def lost_connection() -> OperationalError:
    """What the driver says of a connection that is gone; it has no SQLSTATE."""
    return OperationalError("COMMIT", None, DriverOperationalError("injected"))


@dataclass
class Faults:
    """A hook that makes every unit of work lose its first race, and every seventh unit its connection instead."""

    units: int = 0
    injected: list[str] = field(default_factory=list)

    async def __call__(self, attempt: int) -> None:
        """Called before each COMMIT with the number of the attempt, which is counted from 1."""
        if attempt > 1:
            return
        self.units += 1
        fault = lost_connection() if self.units % 7 == 0 else lost_race()
        self.injected.append(type(fault.orig).__name__)
        raise fault
