"""Installations of the tests: fresh databases with roles of their own, the dialect they are reached by, and injected faults."""

import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from psycopg import OperationalError as DriverOperationalError
from psycopg.errors import SerializationFailure, StatementCompletionUnknown
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from app.db.install import administrator, install
from app.db.migrate import upgrade
from app.db.roles import Roles

Fault = Callable[[AsyncSession], Awaitable[None]]
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


def ambiguous() -> OperationalError:
    """What CockroachDB says when it cannot tell whether it has committed."""
    return OperationalError("COMMIT", None, StatementCompletionUnknown("injected"))


def wire_of(session: AsyncSession) -> Any:
    """The driver's own connection of a session that has begun."""
    return Session.connection(session.sync_session).connection.driver_connection.pgconn


async def lose_race(session: AsyncSession) -> None:
    """The race is lost and nothing is committed."""
    raise lost_race()


async def doubt_before(session: AsyncSession) -> None:
    """Nothing is committed, and the server says that it does not know."""
    raise ambiguous()


async def doubt_after(session: AsyncSession) -> None:
    """It is committed, and the server says that it does not know."""
    await session.commit()
    raise ambiguous()


async def drop_before(session: AsyncSession) -> None:
    """The connection is closed, and COMMIT never leaves this process."""
    wire_of(session).finish()
    await session.commit()


async def drop_during(session: AsyncSession) -> None:
    """COMMIT is sent, and the connection is closed before the answer."""
    wire = wire_of(session)
    wire.send_query(b"COMMIT")
    while wire.flush():
        pass
    wire.finish()
    await session.commit()


@dataclass
class Faults:
    """In the place of COMMIT: the first attempt of every unit of work fails.

    Every seventh unit loses its connection, before COMMIT or during it; every fifth other one is left in doubt, half of them after
    the COMMIT has happened; all others lose a race.
    """

    units: int = 0
    injected: list[str] = field(default_factory=list)
    doubts: Iterator[Fault] = field(default_factory=lambda: cycle((doubt_after, doubt_before)))
    drops: Iterator[Fault] = field(default_factory=lambda: cycle((drop_before, drop_during)))

    async def __call__(self, session: AsyncSession, attempt: int) -> None:
        """Called with the number of the attempt, which is counted from 1; later attempts are committed."""
        if attempt > 1:
            await session.commit()
            return
        self.units += 1
        fault = next(self.drops) if self.units % 7 == 0 else next(self.doubts) if self.units % 5 == 0 else lose_race
        self.injected.append(fault.__name__)
        await fault(session)
