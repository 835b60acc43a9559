"""Barrier 2 alone: row-level security on the role `app`, with the guard off and SQL as text."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.db.database import open_engine
from tests.db.planting import ACME, CUSTOMERS, GLOBEX, Ground, a_row, tenant_column, tenant_tables

TABLES = tenant_tables()
NAMES = [table.fullname for table in TABLES]
REFUSED = "42501"
SETTING = text("SELECT current_setting('app.customer_id', true)")


def granted(right: str) -> list[Any]:
    """The tenant tables on which `app` has a right."""
    return [pytest.param(table, id=table.fullname) for table in TABLES if right in table.info["grants"].get("app", "").split(", ")]


@pytest.fixture(scope="module")
async def unguarded(ground: Ground) -> AsyncIterator[AsyncEngine]:
    """The role `app` without the guard, on four connections at most: only row-level security stands between the customers."""
    engine = open_engine(ground.addresses["app"], rules=None, pool_size=2)
    yield engine
    await engine.dispose()


@pytest.fixture
async def nobody(unguarded: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction without a tenant."""
    async with unguarded.connect() as connection:
        await connection.begin()
        yield connection


@pytest.fixture
async def acme(unguarded: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction of Acme, rolled back afterwards."""
    async with unguarded.execution_options(customer_id=ACME).connect() as connection:
        await connection.begin()
        yield connection


async def refusal(connection: AsyncConnection, statement: Any) -> str:
    """The SQLSTATE with which a statement is refused."""
    with pytest.raises(ProgrammingError) as caught:
        await connection.execute(statement)
    return caught.value.orig.sqlstate


@pytest.mark.parametrize("table", granted("SELECT"))
async def test_without_a_tenant_no_row_is_seen(nobody: AsyncConnection, table: Table) -> None:
    assert await nobody.scalar(text(f"SELECT count(*) FROM {table.fullname}")) == 0


@pytest.mark.parametrize("table", granted("SELECT"))
async def test_with_a_tenant_only_its_rows_are_seen(acme: AsyncConnection, table: Table) -> None:
    seen = (await acme.scalars(text(f"SELECT {tenant_column(table)} FROM {table.fullname}"))).all()
    assert seen == [ACME]


@pytest.mark.parametrize("table", granted("SELECT"))
async def test_asking_for_another_customer_finds_nothing(acme: AsyncConnection, table: Table) -> None:
    theirs = text(f"SELECT count(*) FROM {table.fullname} WHERE {tenant_column(table)} = '{GLOBEX}' OR true")
    ours = text(f"SELECT count(*) FROM {table.fullname} WHERE {tenant_column(table)} = '{GLOBEX}'")
    assert (await acme.scalar(theirs), await acme.scalar(ours)) == (1, 0)


@pytest.mark.parametrize("table", granted("INSERT"))
async def test_a_row_for_another_customer_is_refused(acme: AsyncConnection, ground: Ground, table: Table) -> None:
    foreign = a_row(table, GLOBEX, ground.rows[GLOBEX], salt="new")
    assert await refusal(acme, insert(table).values(foreign).inline()) == REFUSED


@pytest.mark.parametrize("table", granted("INSERT"))
async def test_without_a_tenant_no_row_can_be_written(nobody: AsyncConnection, ground: Ground, table: Table) -> None:
    assert await refusal(nobody, insert(table).values(a_row(table, ACME, ground.rows[ACME], salt="new")).inline()) == REFUSED


@pytest.mark.parametrize("table", granted("UPDATE"))
async def test_a_row_cannot_be_moved_to_another_customer(acme: AsyncConnection, table: Table) -> None:
    assert await refusal(acme, text(f"UPDATE {table.fullname} SET customer_id = '{GLOBEX}'")) == REFUSED


@pytest.mark.parametrize("table", granted("UPDATE"))
async def test_an_update_without_condition_reaches_only_own_rows(acme: AsyncConnection, table: Table) -> None:
    column = next(column.name for column in table.c if column.name != "customer_id")
    assert (await acme.execute(text(f"UPDATE {table.fullname} SET {column} = {column}"))).rowcount == 1


@pytest.mark.parametrize("table", granted("DELETE"))
async def test_a_delete_of_another_customers_rows_reaches_none(acme: AsyncConnection, table: Table) -> None:
    assert (await acme.execute(text(f"DELETE FROM {table.fullname} WHERE customer_id = '{GLOBEX}'"))).rowcount == 0


async def test_people_are_invisible_to_the_role_of_the_doors(acme: AsyncConnection) -> None:
    assert await acme.scalar(text("SELECT count(*) FROM identity.users")) == 0


async def test_the_directory_sees_across_customers_only_what_it_is_asked_for(ground: Ground) -> None:
    engine = open_engine(ground.addresses["directory"], rules=None)
    async with engine.connect() as connection:
        for name in ("tenancy.customers", "tenancy.domains", "identity.memberships", "identity.key_hashes", "ops.cache_bumps"):
            assert await connection.scalar(text(f"SELECT count(*) FROM {name}")) == len(CUSTOMERS)
    await engine.dispose()


async def test_row_security_cannot_be_switched_off(acme: AsyncConnection) -> None:
    await acme.execute(text("SET LOCAL row_security = off"))
    assert await refusal(acme, text("SELECT count(*) FROM content.posts")) == REFUSED


@pytest.mark.parametrize("value", ["", "not a customer"])
async def test_a_setting_that_is_no_customer_shows_nothing(nobody: AsyncConnection, value: str) -> None:
    await nobody.execute(text(f"SELECT set_config('app.customer_id', '{value}', true)"))
    if value:
        with pytest.raises(Exception, match="invalid input syntax for type uuid"):
            await nobody.scalar(text("SELECT count(*) FROM content.posts"))
    else:
        assert await nobody.scalar(text("SELECT count(*) FROM content.posts")) == 0


# The tenant of one transaction is not the tenant of the next one on the same connection.


async def left_over(engine: AsyncEngine) -> set[Any]:
    """What every connection of the pool still says of a tenant, and how many posts it sees without one."""
    connections = [await engine.connect() for _ in range(4)]
    found = {await connection.scalar(SETTING) for connection in connections}
    found |= {await connection.scalar(text("SELECT count(*) FROM content.posts")) for connection in connections}
    for connection in connections:
        await connection.close()
    return found


@pytest.mark.parametrize("end", ["commit", "rollback", "close", "error"])
async def test_the_tenant_ends_with_its_transaction(unguarded: AsyncEngine, end: str) -> None:
    async with unguarded.execution_options(customer_id=ACME).connect() as connection:
        assert await connection.scalar(select(func.current_setting("app.customer_id", True))) == str(ACME)
        if end == "error":
            with pytest.raises(ProgrammingError):
                await connection.execute(text("SELECT nothing FROM nowhere"))
        elif end != "close":
            await getattr(connection, end)()
    assert await left_over(unguarded) <= {None, "", 0}


async def test_a_pool_of_four_mixes_no_customers_when_tasks_are_cancelled(unguarded: AsyncEngine) -> None:
    wrong: list[tuple[UUID, UUID]] = []
    finished: list[UUID] = []

    async def visit(customer: UUID) -> None:
        async with unguarded.execution_options(customer_id=customer).connect() as connection:
            for name in ("content.posts", "tenancy.sites", "ops.cache_bumps"):
                rows = (await connection.scalars(text(f"SELECT customer_id FROM {name}"))).all()
                wrong.extend((customer, row) for row in rows if row != customer)
                assert len(rows) == 1
            await connection.execute(text("INSERT INTO ops.cache_bumps SELECT * FROM ops.cache_bumps WHERE false"))
            await connection.commit()
            finished.append(customer)

    dice, tasks = random.Random(20261121), []
    while sum(task.cancelled() for task in tasks) < 300:
        tasks.append(asyncio.create_task(visit(CUSTOMERS[len(tasks) % 2])))
        for _ in range(dice.randint(0, 12)):
            await asyncio.sleep(0)
        if len(tasks) % 2:
            dice.choice(tasks[-8:]).cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert wrong == []
    assert len(finished) >= len(tasks) - sum(task.cancelled() for task in tasks)
    assert set(finished) == set(CUSTOMERS)
    assert await left_over(unguarded) <= {None, "", 0}


async def test_a_customer_that_nobody_has_sees_nothing(unguarded: AsyncEngine) -> None:
    async with unguarded.execution_options(customer_id=uuid4()).connect() as connection:
        assert [await connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("content.posts", "tenancy.customers")] == [0, 0]
