"""Bad luck of the worker: thousands of promises that all fail, and machines whose clocks go wrong."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select, text

from app import jobs
from app.db import database
from app.db.database import Tenancy
from app.db.record import compactor, housekeeping, leases, outbox, processes, sequencer
from app.db.record.outbox import ATTEMPTS, BATCH, Job, due, open_promises, take_shard
from app.db.record.tables import OutboxRow
from app.db.work import Work
from app.identity.credentials import Passwords
from app.identity.people import People, Visitor
from app.jobs import Worker
from tests.cast import OPERATOR, make_customer
from tests.content.acting import save
from tests.db.invariants import broken
from tests.db.towns import Town, town
from tests.test_jobs import at_work
from tests.waiting import until

# tests/proof/test_faults.py has ten thousand of them.
FAILING = 30


@pytest.fixture(scope="module")
async def place(admin_url: str) -> AsyncIterator[Town]:
    async with town(admin_url) as made:
        yield made


async def promise_many(place: Town, number: int) -> None:
    """So many promises of Acme whose receiver is away."""
    for begin in range(0, number, 500):
        await place.acme.run(OPERATOR, "promise", lambda work, rest=number - begin: promise_some(work, min(500, rest)))


async def promise_some(work: Work, number: int) -> None:
    for _ in range(number):
        work.promise("fails", {"padding": "x" * 200})


async def promises(place: Town) -> tuple[int, int, int]:
    """How many of the failing promises there are, how many were given up, and how often they were tried."""

    async def count(session: Any) -> tuple[int, int, int]:
        asked = select(func.count(), func.count(OutboxRow.dead_at), func.coalesce(func.sum(OutboxRow.attempts), 0))
        return tuple((await session.execute(asked.where(OutboxRow.name == "fails"))).one())

    return await place.worker.read(count)


async def fail_thousands(place: Town, number: int, seconds: float, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Let so many promises fail until all are given up, while other customers' promises are kept; gives what was tried."""
    monkeypatch.setattr(jobs, "FIRST_WAIT", timedelta())
    tried, largest = Counter[str](), []
    customer, _ = await make_customer(place.backoffice, f"other-{uuid4().hex[:6]}")

    async def fails(worker: Worker, job: Job) -> None:
        tried["fails"] += 1
        raise RuntimeError("the receiver is away")

    async def works(worker: Worker, job: Job) -> None:
        tried["works"] += 1
        tried["failed before"] = tried["failed before"] or tried["fails"]

    async def watched(shared: Any, shard: Any) -> list[Job]:
        found = await due(shared, shard)
        largest.append(len(found))
        return found

    monkeypatch.setattr(jobs, "due", watched)
    await promise_many(place, number)
    async with at_work(place.worker, place.tenancy, None, fails=fails, works=works):
        await place.tenancy.of(customer).run(OPERATOR, "promise", lambda work: a_promise(work, "works"))

        async def all_given_up() -> bool:
            return (await promises(place))[1] == number

        await until(all_given_up, seconds=seconds)
    assert max(largest) <= BATCH
    return tried


async def a_promise(work: Work, name: str) -> None:
    work.promise(name, {})


async def test_promises_that_all_fail_are_given_up_and_delay_nobody(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = await fail_thousands(place, FAILING, 120, monkeypatch)
    assert await promises(place) == (FAILING, FAILING, FAILING * ATTEMPTS)
    assert (tried["fails"], tried["works"]) == (FAILING * ATTEMPTS, 1)
    # Other customers wait for one round, not for all that fails.
    assert tried["failed before"] < FAILING
    assert all(row.error == "RuntimeError: the receiver is away" for row in await open_promises(place.worker, dead_only=True))


async def test_a_worker_whose_promises_all_wait_does_not_ask_all_the_time(place: Town) -> None:
    async def fails(worker: Worker, job: Job) -> None:
        raise RuntimeError

    asked = Counter[str]()
    engine = place.worker._transactions.engine.sync_engine

    def count(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        asked["outbox"] += "FROM ops.outbox WHERE shard" in statement
        asked["beats"] += "INTO ops.processes" in statement

    await promise_many(place, 20)
    event.listen(engine, "before_cursor_execute", count)
    clock = asyncio.get_running_loop().time
    begun = clock()
    try:
        async with at_work(place.worker, place.tenancy, None, fails=fails):

            async def has_beaten_twice() -> bool:
                return asked["beats"] >= 2

            await until(has_beaten_twice)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    # A round of the 16 shards comes once a second, and once more for what has just failed; a busy loop would ask hundreds of times.
    assert asked["outbox"] <= 16 * (4 + 2 * (clock() - begun))


# Clocks.

MACHINE = (database, leases, outbox, sequencer, compactor, housekeeping, processes, jobs)
HOUR = timedelta(hours=1)


def test_nothing_of_the_machinery_asks_the_clock_of_its_machine() -> None:
    asking = [module.__name__ for module in MACHINE if module is not database and "now(UTC)" in source(module)]
    assert asking == []


def source(module: Any) -> str:
    with open(module.__file__) as file:
        return file.read()


@pytest.mark.parametrize("shift", [-HOUR, HOUR], ids=["an hour back", "an hour ahead"])
async def test_a_clock_that_goes_wrong_changes_no_order_of_versions_and_numbers(place: Town, shift: timedelta) -> None:
    engine = place.acme._transactions.engine
    cast, right = place.cast, Tenancy(engine).of(place.cast.acme)
    wrong = Tenancy(engine, clock=lambda: datetime.now(UTC) + shift).of(cast.acme)
    made = await save(right, cast.alice, cast.acme_site, title=uuid4().hex)
    for version, machine in ((1, wrong), (2, right), (3, wrong)):
        saved = await save(machine, cast.alice, cast.acme_site, id=made.id, title=uuid4().hex, expect=version)
        assert saved.version == version + 1
    assert await place.number() >= 4
    assert broken(place.admin) == []


async def test_leases_and_waits_end_by_the_clock_of_the_database(place: Town) -> None:
    shard = await take_shard(place.worker, 3, uuid4())
    held = await leases.take(place.worker, "clock", uuid4())

    async def ends(session: Any) -> tuple[float, float]:
        asked = "SELECT extract(epoch FROM lease_until - now()) FROM {}"
        of_shard = asked.format(f"ops.outbox_shards WHERE shard = {shard.number}")
        of_lease = asked.format("ops.leases WHERE name = 'clock'")
        rows = [await session.execute(text(question), execution_options=leases.REVIEWED) for question in (of_shard, of_lease)]
        return tuple(float(row.scalar_one()) for row in rows)

    assert all(0 < left <= leases.LIFE.total_seconds() for left in await place.worker.read(ends))
    await leases.give_up(place.worker, held)
    await outbox.drop_shards(place.worker, shard.owner)


@pytest.mark.parametrize("shift", [-HOUR, HOUR], ids=["an hour back", "an hour ahead"])
async def test_a_session_outlives_a_clock_that_goes_wrong(place: Town, shift: timedelta) -> None:
    moved = timedelta()
    passwords = Passwords()
    people = People(place.directory, passwords, b"secret", clock=lambda: datetime.now(UTC) + moved)
    person = await people.create_person(f"{uuid4().hex}@example.org", "Olga")
    link = await people.create_link(person.id, "first_password")
    moved = shift
    await people.use_link(link, "a long enough sentence")
    token, _ = await people.sign_in(person.email, "a long enough sentence", Visitor("192.0.2.7", "a browser"))
    for now_moved in (timedelta(), shift, timedelta()):
        moved = now_moved
        found = await people.find_session(token)
        assert found is not None
        assert found.user_id == person.id
    passwords.close()
