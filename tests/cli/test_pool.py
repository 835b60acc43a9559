"""Connections: as a process counts its own, as heartbeats carry them, as the server sees them, and when there may be too many."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.asgi import beat
from app.cli.pool import warnings_of
from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.inspection.sessions import Sessions, from_cluster, most_connections, sessions_of
from app.db.install import administrator
from app.db.pools import Pool, pool_of
from app.db.record.processes import heartbeat, leave, living, pools_in, with_pools
from app.db.record.tables import Process
from app.db.roles import roles_of
from app.db.rules import shared_rules
from app.jobs import Worker
from tests.cli.running import Agoat
from tests.installations import installation
from tests.waiting import until


@pytest.fixture(scope="module")
def patient(admin_url: str) -> Iterator[dict[str, str]]:
    """An installation of its own, whose processes are only those of these tests."""
    with installation(admin_url) as made:
        yield made


@pytest.fixture
async def engine(patient: dict[str, str]) -> AsyncIterator[AsyncEngine]:
    made = open_engine(patient["worker"], rules=shared_rules(Base.metadata, "worker"), pool_size=1)
    yield made
    await made.dispose()


async def test_a_pool_counts_what_is_open_in_use_and_waited_for(engine: AsyncEngine, patient: dict[str, str]) -> None:
    user = roles_of(patient["worker"])["worker"]
    assert pool_of(engine) == Pool(user, open=0, in_use=0, most=2, waits=0)
    async with engine.connect(), engine.connect():
        assert pool_of(engine) == Pool(user, open=2, in_use=2, most=2, waits=0)
        late = asyncio.create_task(_connect_and_leave(engine))

        async def waits() -> bool:
            return pool_of(engine).waits == 1

        await until(waits)
    await late
    found = pool_of(engine)
    assert (found.in_use, found.waits) == (0, 1)


async def _connect_and_leave(engine: AsyncEngine) -> None:
    async with engine.connect():
        pass


def most_of(patient: dict[str, str]) -> int:
    """What the server's own settings leave to ordinary roles."""
    with administrator(patient["migrator"]) as connection:
        asked = [int(connection.scalar(text(f"SHOW {name}")) or 0) for name in ("max_connections", "superuser_reserved_connections")]
    return asked[0] - asked[1]


async def test_the_server_sees_each_roles_own_sessions(engine: AsyncEngine, patient: dict[str, str]) -> None:
    user = roles_of(patient["worker"])["worker"]
    before = await sessions_of(patient["worker"])
    async with engine.connect() as connection, connection.begin():
        during = await sessions_of(patient["worker"])
    assert (during.user, during.open - before.open, during.idle_in_transaction) == (user, 1, 1)
    assert await most_connections(patient["worker"]) == most_of(patient)


def test_the_sessions_of_a_cockroachdb_cluster_are_counted_without_the_one_that_asks() -> None:
    rows = [("agoat_app", "ACTIVE"), ("agoat_app", "IDLE"), ("agoat_app", "CLOSED"), ("root", "ACTIVE"), ("agoat_app", "ACTIVE")]
    assert from_cluster("agoat_app", rows) == Sessions("agoat_app", open=2, active=1, idle_in_transaction=None)
    assert from_cluster("agoat_worker", rows) == Sessions("agoat_worker", open=0, active=0, idle_in_transaction=None)


def test_more_connections_than_the_server_has_or_its_cpus_can_use_are_a_warning() -> None:
    pools = [Pool("agoat_app", 3, 1, 60, 0), Pool("agoat_directory", 3, 1, 40, 0)]
    assert warnings_of(pools, 100, 25) == []
    assert "may ask for 100 connections, the server has 99" in warnings_of(pools, 99, None)[0]
    assert "at most 96 are advised" in warnings_of(pools, None, 24)[0]
    assert warnings_of([Pool("agoat_app", 1, 1, 2, 7)], None, None)[0].startswith("7 times every connection")


def test_figures_of_another_release_are_no_pools() -> None:
    for figures in ({}, {"pools": [1]}, {"pools": [{"user": "x"}]}):
        assert pools_in(Process(figures=figures)) == []


@pytest.fixture
async def reporting(engine: AsyncEngine, patient: dict[str, str]) -> AsyncIterator[None]:
    """A web process and a worker that have said how their connections are used."""
    worker, ids = Shared(engine, mode="worker"), (uuid4(), uuid4())
    app, directory = Pool("x_app", 4, 2, 20, 3), Pool("x_directory", 1, 0, 20, 0)
    await heartbeat(worker, ids[0], "web", "machine-7", 4711, with_pools(app, directory))
    await heartbeat(worker, ids[1], "worker", "machine-8", 4712, with_pools(worker.pool()))
    yield
    for process_id in ids:
        await leave(worker, process_id)


def test_the_operator_sees_processes_and_server_side_by_side(reporting: None, patient: dict[str, str]) -> None:
    agoat = Agoat(patient)
    found = agoat.json("pool", "--cpus", "8")
    assert [(row["host"], row["role"], row["in_use"], row["most"]) for row in found["processes"]][:2] == [
        ("machine-7", "x_app", 2, 20),
        ("machine-7", "x_directory", 0, 20),
    ]
    assert {row["user"] for row in found["server"]} == {roles_of(patient["app"])[role] for role in patient}
    assert (found["most"], found["limit"]) == (42, most_of(patient))
    assert len(found["warnings"]) == 2
    said = agoat("pool").stdout
    assert f"The pools may ask for 42 connections; the server has {most_of(patient)}." in said
    assert "Warning: 3 times every connection of a pool was in use." in said


async def test_web_processes_report_their_pools(tenancy: Tenancy, directory: Shared, worker: Shared) -> None:
    beating = asyncio.create_task(beat(directory, tenancy))
    try:

        async def reported() -> bool:
            users = {pool.user for process in await living(worker) if process.kind == "web" for pool in pools_in(process)}
            return {tenancy.pool().user, directory.pool().user} <= users

        await until(reported)
    finally:
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


async def test_workers_report_their_pools(tenancy: Tenancy, worker: Shared) -> None:
    one = Worker(worker, tenancy, None, {})
    beating = asyncio.create_task(one.beat())

    async def reported() -> bool:
        return any(process.id == one.id and len(pools_in(process)) == 2 for process in await living(worker))

    await until(reported)
    one.stopping.set()
    await beating
    await leave(worker, one.id)
