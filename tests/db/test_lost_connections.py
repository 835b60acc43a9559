"""Connections that the server ended while nobody used them: the next act takes new ones, and nobody is told of it."""

import asyncio

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.rules import shared_rules, tenant_rules
from app.db.work import Reading, Work
from app.tenancy.repository import all_customers, sites_of_customer
from tests.cast import Cast

CONNECTIONS = 5


def end_connections(admin_url: str, name: str) -> int:
    """Have the server end every connection of an application; gives how many there were."""
    with psycopg.connect(admin_url.replace("+psycopg", ""), autocommit=True) as connection:
        question = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = %s"
        return len(connection.execute(question, [name]).fetchall())


def named(url: str, name: str) -> str:
    """An address whose connections can be found by a name."""
    return f"{url}{'&' if '?' in url else '?'}application_name={name}"


async def test_acts_and_looks_after_every_connection_was_lost_succeed_at_once(
    addresses: dict[str, str], admin_url: str, cast: Cast, unique: str
) -> None:
    engine = open_engine(named(addresses["app"], unique), rules=tenant_rules(Base.metadata), pool_size=CONNECTIONS)
    database = Tenancy(engine).of(cast.acme)

    async def look(reading: Reading) -> int:
        return len(await sites_of_customer(reading))

    async def act(work: Work) -> int:
        return len(await sites_of_customer(work))

    try:
        for ask in (lambda: database.read(look), lambda: database.run(cast.alice, "look", act)):
            before = await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
            assert end_connections(admin_url, unique) >= 1
            assert await asyncio.gather(*(ask() for _ in range(CONNECTIONS))) == before
    finally:
        await engine.dispose()


async def test_look_ups_after_every_connection_was_lost_succeed_at_once(addresses: dict[str, str], admin_url: str, unique: str) -> None:
    engine = open_engine(named(addresses["directory"], unique), rules=shared_rules(Base.metadata, "directory"))
    directory = Shared(engine)
    try:
        before = len(await directory.read(all_customers))
        assert end_connections(admin_url, unique) == 1
        assert len(await directory.read(all_customers)) >= before
    finally:
        await engine.dispose()


async def test_a_begin_on_a_lost_connection_is_an_error_that_units_of_work_know(
    addresses: dict[str, str], admin_url: str, unique: str
) -> None:
    engine = open_engine(named(addresses["app"], unique), rules=tenant_rules(Base.metadata))
    try:
        async with engine.connect() as connection:
            await connection.begin()
            await connection.rollback()
            assert end_connections(admin_url, unique) == 1
            with pytest.raises(OperationalError) as lost:
                await connection.begin()
            assert lost.value.connection_invalidated
    finally:
        await engine.dispose()
