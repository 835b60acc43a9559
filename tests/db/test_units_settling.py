"""A COMMIT that was not answered: what happened is told once, what did not happen is done again, and the rest is told as unknown."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from psycopg.errors import StatementCompletionUnknown
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from app.db import settling, transactions
from app.db.base import Base
from app.db.database import Shared, open_engine
from app.db.record.idempotency import Kept, claim_once, keep_answer
from app.db.record.outbox import drop_shards, due, open_promises, settle, take_shard
from app.db.record.tables import ChangeSet, Event, IdempotencyAnswer
from app.db.record.writer import mark
from app.db.rules import shared_rules, tenant_rules
from app.db.transactions import Committer
from app.db.work import Reading, Work
from app.errors import Conflict, NotFound, OutcomeUnknown, Taken, Unavailable
from app.identity.actions import hold_form
from app.identity.credentials import Passwords
from app.identity.models import HeldForm, PersonEvent
from app.identity.people import People, Visitor
from app.tenancy.models import Site
from tests.cast import Cast
from tests.db.test_units import add_site, failure, of, sites_called
from tests.installations import Fault, doubt_after, doubt_before, drop_before, drop_during, lose_race, lost_connection, spoken_in

HAPPENED, NOT_HAPPENED = (doubt_after, drop_during), (doubt_before, drop_before)
KEPT = Kept(200, {}, b"{}")


@pytest.fixture(scope="module", params=["postgresql", "cockroachdb"])
async def engine(request: pytest.FixtureRequest, addresses: dict[str, str]) -> AsyncIterator[AsyncEngine]:
    """The role of the doors, through both dialects."""
    made = open_engine(spoken_in(addresses, request.param)["app"], rules=tenant_rules(Base.metadata), pool_size=4)
    yield made
    await made.dispose()


@pytest.fixture
async def people(addresses: dict[str, str]) -> AsyncIterator[People]:
    """People whose every first COMMIT happens and is not answered."""
    engine = open_engine(addresses["directory"], rules=shared_rules(Base.metadata, "directory"))
    passwords = Passwords()
    yield People(Shared(engine, committer=meeting(doubt_after)), passwords, b"secret")
    passwords.close()
    await engine.dispose()


def meeting(*faults: Fault, attempts: list[int] | None = None) -> Committer:
    """In the place of COMMIT: these, one an attempt, and COMMIT afterwards."""

    async def committer(session: AsyncSession, attempt: int) -> None:
        if attempts is not None:
            attempts.append(attempt)
        await (faults[attempt - 1](session) if attempt <= len(faults) else session.commit())

    return committer


async def rows(cast: Cast, engine: AsyncEngine, model: Any, *conditions: Any) -> list[Any]:
    async def look(reading: Reading) -> list[Any]:
        return list((await reading.session.scalars(select(model).where(model.customer_id == reading.customer_id, *conditions))).all())

    return await of(engine, cast).read(look)


@pytest.mark.parametrize("fault", [*HAPPENED, *NOT_HAPPENED], ids=lambda fault: fault.__name__)
async def test_an_act_is_applied_once_whatever_became_of_its_commit(engine: AsyncEngine, cast: Cast, unique: str, fault: Fault) -> None:
    effects, runs, attempts = [], [], []

    async def act(work: Work) -> Site:
        async def effect() -> None:
            effects.append(len(await sites_called(of(engine, cast), unique)))

        runs.append(work.change_set_id)
        work.after_commit(effect)
        return await add_site(unique)(work)

    made = await of(engine, cast, meeting(fault, attempts=attempts)).run(cast.alice, "add", act)
    assert (made.slug, [site.id for site in await sites_called(of(engine, cast), unique)]) == (unique, [made.id])
    assert effects == [1]
    assert attempts == ([1] if fault in HAPPENED else [1, 2])
    assert len(await rows(cast, engine, ChangeSet, ChangeSet.id == runs[0])) == 1
    assert len(await rows(cast, engine, Event, Event.change_set_id == runs[0])) == 1


async def test_doubts_and_lost_races_may_follow_each_other(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    faults = (doubt_before, lose_race, drop_before, lose_race, drop_during)
    await of(engine, cast, meeting(*faults)).run(cast.alice, "add", add_site(unique))
    assert len(await sites_called(of(engine, cast), unique)) == 1


async def test_an_ambiguous_statement_before_commit_is_only_a_lost_attempt(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    faults = [failure(StatementCompletionUnknown)]

    async def act(work: Work) -> None:
        await add_site(unique)(work)
        await work.session.flush()
        if faults:
            raise faults.pop()

    await of(engine, cast).run(cast.alice, "add", act)
    assert len(await sites_called(of(engine, cast), unique)) == 1


async def test_a_transaction_that_is_still_open_is_waited_for(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    ended, held = [], []

    async def leave_open(session: AsyncSession) -> None:
        async def nothing() -> None:
            """Whoever gives up a connection rolls back; the server's side is to stay as it is."""

        connection = Session.connection(session.sync_session)
        driver = connection.connection.driver_connection
        connection.detach()
        held.append((driver, driver.close))
        driver.rollback = driver.close = nothing
        raise lost_connection()

    async def end_late() -> None:
        while not held:
            await asyncio.sleep(0)
        driver, _ = held[0]
        await asyncio.wait_for(is_waited_for(driver), 10)
        await driver.execute("COMMIT")
        ended.append(unique)

    async def is_waited_for(driver: Any) -> None:
        # Within the transaction itself, so the statistics must be read anew each time.
        asked = (
            "SELECT pg_stat_clear_snapshot(), (SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        while not (await (await driver.execute(asked)).fetchone())[1]:
            await asyncio.sleep(0)

    late = asyncio.create_task(end_late())
    made = await of(engine, cast, meeting(leave_open)).run(cast.alice, "add", add_site(unique))
    await late
    await held[0][1]()
    assert ended == [unique]
    assert [site.id for site in await sites_called(of(engine, cast), unique)] == [made.id]


@pytest.mark.parametrize("fault", [doubt_after, doubt_before], ids=lambda fault: fault.__name__)
async def test_each_transaction_of_a_long_act_is_settled_for_itself(engine: AsyncEngine, cast: Cast, unique: str, fault: Fault) -> None:
    act_id = uuid4()
    for number in range(3):
        database = of(engine, cast, meeting(fault))
        await database.run(cast.alice, "import", add_site(f"{unique}-{number}"), change_set_id=act_id)
        assert len(await sites_called(of(engine, cast), f"{unique}-{number}")) == 1
    await of(engine, cast, meeting(fault)).run(cast.alice, "import", lambda work: mark(work, "completed"), change_set_id=act_id)
    assert len(await rows(cast, engine, ChangeSet, ChangeSet.id == act_id)) == 1
    assert len(await rows(cast, engine, Event, Event.change_set_id == act_id)) == 3


@pytest.mark.parametrize("fault", [doubt_after, doubt_before], ids=lambda fault: fault.__name__)
async def test_a_held_form_is_held_once(engine: AsyncEngine, cast: Cast, unique: str, fault: Fault) -> None:
    database = of(engine, cast, meeting(fault))
    form_id = await database.run(cast.bob, "hold form", lambda work: hold_form(work, cast.bob, cast.bob.id, f"/{unique}", {}))
    assert [row.id for row in await rows(cast, engine, HeldForm, HeldForm.address == f"/{unique}")] == [form_id]


@pytest.mark.parametrize("fault", [doubt_after, doubt_before], ids=lambda fault: fault.__name__)
async def test_a_claimed_request_that_changed_nothing_meets_its_own_claim(
    engine: AsyncEngine, cast: Cast, unique: str, fault: Fault
) -> None:
    claim, found = unique.encode(), []

    async def once(work: Work) -> None:
        found.append(await claim_once(work, claim, b"payload"))
        if found[-1] is None:
            await keep_answer(work, claim, KEPT)

    await of(engine, cast, meeting(fault)).run(cast.alice, "ask", once)
    assert found == [None, KEPT if fault is doubt_after else None]
    assert len(await rows(cast, engine, IdempotencyAnswer, IdempotencyAnswer.claim == claim)) == 1


async def test_a_claimed_act_gives_its_own_answer(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    async def once(work: Work) -> str:
        assert await claim_once(work, unique.encode(), b"payload") is None
        await add_site(unique)(work)
        await keep_answer(work, unique.encode(), KEPT)
        return "the first attempt"

    assert await of(engine, cast, meeting(doubt_after)).run(cast.alice, "add", once) == "the first attempt"
    assert len(await sites_called(of(engine, cast), unique)) == 1


# What stays unknown.


async def test_a_unit_without_a_witness_is_told_as_unknown_and_not_run_again(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    attempts, effects = [], []

    async def act(work: Work) -> None:
        async def effect() -> None:
            effects.append(unique)

        work.after_commit(effect)
        work.promise(unique, {})

    with pytest.raises(OutcomeUnknown, match="This may have been saved"):
        await of(engine, cast, meeting(doubt_after, attempts=attempts)).run(cast.alice, "promise", act)
    assert (attempts, effects) == ([1], [])


async def test_what_cannot_be_settled_in_time_is_unknown(
    engine: AsyncEngine, cast: Cast, unique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "LONGEST_S", -1)
    with capture_logs() as logs, pytest.raises(OutcomeUnknown):
        await of(engine, cast, meeting(doubt_after)).run(cast.alice, "add", add_site(unique))
    assert [(entry["event"], entry["outcome"]) for entry in logs] == [("database.commit_unanswered", "UNKNOWN")]
    assert len(await sites_called(of(engine, cast), unique)) == 1


async def test_a_database_that_goes_away_after_a_repeatable_doubt_does_not_make_it_a_failure(worker: Shared, cast: Cast) -> None:
    async def away(session: AsyncSession) -> None:
        if runs > 1:
            raise ConnectionRefusedError

    runs = 0
    doubtful = Shared(worker._transactions.engine, mode="worker", committer=meeting(doubt_after))

    async def unit(session: AsyncSession) -> None:
        nonlocal runs
        runs += 1
        await session.execute(select(Base.metadata.tables["ops.outbox"].c.id).limit(1))
        await away(session)

    with pytest.raises(OutcomeUnknown):
        await doubtful.run(unit)


async def test_a_commit_that_is_lost_every_time_has_changed_nothing(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    attempts: list[int] = []
    with pytest.raises(Unavailable):
        await of(engine, cast, meeting(*[drop_before] * 9, attempts=attempts)).run(cast.alice, "add", add_site(unique))
    assert len(attempts) == transactions.RECONNECTS
    assert await sites_called(of(engine, cast), unique) == []


# People and the worker.


async def test_what_people_do_with_their_access_is_told_as_it_was(people: People, directory: Shared, unique: str) -> None:
    email = f"{unique}@example.org"
    person = await people.create_person(email, "Olga")
    token = await people.create_link(person.id, "first_password")
    assert (await people.use_link(token, "a long enough sentence")).id == person.id
    with pytest.raises(NotFound):
        await people.use_link(token, "another long sentence")
    session, _ = await people.sign_in(email, "a long enough sentence", Visitor("192.0.2.1", "a browser"))
    assert (await people.find_session(session)).user_id == person.id
    await people.rename(person.id, "Olga Two")
    assert await people.end_sessions(person.id) == 1
    with pytest.raises(Taken):
        await people.create_person(email, "Olga")

    async def verbs(reading: AsyncSession) -> list[str]:
        return list((await reading.scalars(select(PersonEvent.verb).where(PersonEvent.user_id == person.id))).all())

    told = await directory.read(verbs)
    assert sorted(told) == sorted(
        ["person created", "link made: first_password", "password set by link", "signed in", "name changed", "session ended"]
    )


async def test_a_failed_attempt_at_a_promise_counts_once(worker: Shared, engine: AsyncEngine, cast: Cast, unique: str) -> None:
    async def act(work: Work) -> None:
        work.promise(unique, {})
        await add_site(unique)(work)

    await of(engine, cast).run(cast.alice, "promise", act)
    row = next(row for row in await open_promises(worker) if row.name == unique)
    doubtful = Shared(worker._transactions.engine, mode="worker", committer=meeting(doubt_after))
    shard = await take_shard(doubtful, row.shard, uuid4())
    job = next(job for job in await due(worker, shard) if job.id == row.id)
    assert await settle(doubtful, shard, job, error="away", wait=timedelta(hours=1))
    assert next(row.attempts for row in await open_promises(worker) if row.name == unique) == 1
    await drop_shards(worker, shard.owner)


def test_every_witness_can_be_asked_by_whoever_inserts_it() -> None:
    for name in settling.WITNESSES:
        table = Base.metadata.tables[name]
        grants = {role: rights for role, rights in table.info["grants"].items() if "INSERT" in rights}
        assert grants
        assert all("SELECT" in rights for rights in grants.values()), name


async def test_a_conflict_of_the_second_attempt_is_told_as_it_is(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    runs = []

    async def act(work: Work) -> None:
        runs.append(unique)
        if len(runs) > 1:
            raise Conflict("another was faster")
        await add_site(unique)(work)

    with pytest.raises(Conflict, match="another was faster"):
        await of(engine, cast, meeting(doubt_before)).run(cast.alice, "add", act)
    assert await sites_called(of(engine, cast), unique) == []
