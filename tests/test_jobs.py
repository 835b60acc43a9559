"""The worker: numbers by itself, keeps promises, remembers failures, and drains when it is told to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.db.database import Shared, Tenancy, TenantDatabase
from app.db.record.compactor import YOUNG, fold_bumps
from app.db.record.outbox import ATTEMPTS, Job, Shard, drop_shards, due, open_promises, settle, take_shard
from app.db.record.tables import CacheBump, CacheTag, Change, OutboxRow
from app.db.work import Reading, Work
from app.jobs import Handler, Worker
from app.tenancy.repository import SITES
from tests.cast import OPERATOR, Cast, make_customer
from tests.waiting import until


@asynccontextmanager
async def at_work(shared: Shared, tenancy: Tenancy, redis_url: str | None = None, **handlers: Handler) -> AsyncIterator[Worker]:
    """A worker that lives for the length of a test."""
    worker = Worker(shared, tenancy, redis_url, handlers)
    life = asyncio.create_task(worker.live())
    try:
        yield worker
    finally:
        worker.stopping.set()
        async with asyncio.timeout(15):
            await life


async def promise(database: TenantDatabase, site_id: UUID, name: str, payload: dict) -> None:
    """One act that changes the site and promises something."""

    async def act(work: Work) -> None:
        work.promise(name, payload)
        row = await SITES.get(work, site_id)
        await SITES.change(work, row, {"name": uuid4().hex}, expect=None, tags=["x"])

    await database.run(OPERATOR, "promise", act)


async def mine(shared: Shared, number: int) -> Shard:
    """A shard in the hands of this test."""
    shard = await take_shard(shared, number, uuid4())
    assert shard is not None
    return shard


async def test_changes_are_numbered_by_themselves_with_redis_and_without(
    tenancy: Tenancy, backoffice: Tenancy, worker: Shared, redis_url: str, unique: str
) -> None:
    for address in (redis_url, "redis://127.0.0.1:1/0", None):
        customer_id, site_id = await make_customer(backoffice, f"{unique}{uuid4().hex[:4]}")

        async def numbered(customer_id: UUID = customer_id) -> bool:
            async def count(reading: Reading) -> int:
                statement = select(Change.number).where(Change.customer_id == reading.customer_id)
                return len((await reading.session.execute(statement)).all())

            return await tenancy.of(customer_id).read(count) >= 4

        async with at_work(worker, tenancy, address, later=_nothing):
            await promise(tenancy.of(customer_id), site_id, "later", {})
            await until(numbered)


async def _nothing(worker: Worker, job: Job) -> None:
    """A handler that has nothing to do."""


async def test_a_promise_is_kept_and_told_its_payload(
    tenancy: Tenancy, worker: Shared, acme: TenantDatabase, cast: Cast, unique: str
) -> None:
    told: list[tuple[UUID, dict]] = []

    async def remember(worker: Worker, job: Job) -> None:
        told.append((job.customer_id, job.payload))

    async with at_work(worker, tenancy, None, **{unique: remember}):
        await promise(acme, cast.acme_site, unique, {"for": "Alice"})
        await until(lambda: _truth(bool(told)))
    assert told == [(cast.acme, {"for": "Alice"})]
    assert unique not in {row.name for row in await open_promises(worker)}


async def _truth(value: bool) -> bool:
    return value


async def test_a_failing_promise_waits_and_ends_as_a_dead_letter(worker: Shared, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    await promise(acme, cast.acme_site, unique, {})
    row = next(row for row in await open_promises(worker) if row.name == unique)
    shard = await mine(worker, row.shard)
    for attempt in range(ATTEMPTS):
        job = next(job for job in await due(worker, shard) if job.id == row.id)
        assert job.attempts == attempt
        assert await settle(worker, shard, job, error="the receiver is away")
    assert row.id not in {job.id for job in await due(worker, shard)}
    dead = next(letter for letter in await open_promises(worker, dead_only=True) if letter.id == row.id)
    assert (dead.attempts, dead.error) == (ATTEMPTS, "the receiver is away")
    await drop_shards(worker, shard.owner)


async def test_a_worker_that_lost_its_shard_settles_nothing(worker: Shared, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    await promise(acme, cast.acme_site, unique, {})
    row = next(row for row in await open_promises(worker) if row.name == unique)
    lost = await mine(worker, row.shard)
    await drop_shards(worker, lost.owner)
    taken = await mine(worker, row.shard)
    assert taken.fence == lost.fence + 1
    job = Job(row.shard, row.id, cast.acme, unique, {}, 0)
    assert not await settle(worker, lost, job, error=None)
    assert await settle(worker, taken, job, error=None)
    await drop_shards(worker, taken.owner)


async def test_many_promises_of_one_customer_do_not_delay_another(
    worker: Shared, tenancy: Tenancy, backoffice: Tenancy, acme: TenantDatabase, cast: Cast, unique: str, undisturbed: None
) -> None:
    # A unit that only promises has no witness, so a doubt about it would be told as unknown.
    async def many(work: Work) -> None:
        for number in range(40):
            work.write(OutboxRow(shard=3, id=uuid4(), customer_id=work.customer_id, name=unique, payload={"n": number}))

    customer_id, _ = await make_customer(backoffice, unique)
    await acme.run(cast.alice, "many", many)

    async def one(work: Work) -> None:
        work.write(OutboxRow(shard=3, id=uuid4(), customer_id=work.customer_id, name=unique, payload={}))

    await tenancy.of(customer_id).run(OPERATOR, "one", one)
    shard = await mine(worker, 3)
    customers = [job.customer_id for job in await due(worker, shard) if job.name == unique]
    assert customer_id in customers[:6]
    await drop_shards(worker, shard.owner)


async def test_folding_keeps_the_version_of_a_tag(worker: Shared, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    async def bump(work: Work) -> None:
        row = await SITES.get(work, cast.acme_site)
        await SITES.change(work, row, {"name": uuid4().hex}, expect=None, tags=[unique])

    for _ in range(3):
        await acme.run(cast.alice, "bump", bump)

    async def version(reading: Reading) -> tuple[int, int]:
        base = select(CacheTag.base).where(CacheTag.customer_id == reading.customer_id, CacheTag.tag == unique)
        bumps = select(CacheBump.id).where(CacheBump.customer_id == reading.customer_id, CacheBump.tag == unique)
        folded = (await reading.session.execute(base)).scalar_one_or_none() or 0
        return folded, len((await reading.session.execute(bumps)).all())

    assert await acme.read(version) == (0, 3)
    await fold_bumps(worker)
    assert await acme.read(version) == (0, 3)
    await fold_bumps(worker, now=datetime.now(UTC) + YOUNG * 2)
    assert await acme.read(version) == (3, 0)
