"""Units of work: run whole, again when they lost a race, never again when nobody knows, and effects only after the commit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import OperationalError as DriverOperationalError
from psycopg import errors as driver
from sqlalchemy import Connection, create_engine, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from structlog.testing import capture_logs

from app.db import transactions
from app.db.base import Base
from app.db.database import Shared, Tenancy, TenantDatabase, open_engine
from app.db.failures import Verdict, judge
from app.db.guard import INTERNAL
from app.db.record.tables import ChangeSet, Event
from app.db.rules import tenant_rules
from app.db.transactions import RECONNECTS, Committer
from app.db.work import Reading, Work
from app.errors import AGoatError, Conflict, NotFound, Unavailable
from app.settings import LIMITS
from app.tenancy.models import Site, SiteLanguage
from app.tenancy.repository import SITES
from tests.cast import Cast, make_customer
from tests.installations import administrator_of, lost_connection, lost_race, spoken_in

REVIEWED = {"guard_bypass": INTERNAL}
Act = Callable[[Work], Awaitable[Any]]


@pytest.fixture(scope="module", params=["postgresql", "cockroachdb"])
async def engine(request: pytest.FixtureRequest, addresses: dict[str, str]) -> AsyncIterator[AsyncEngine]:
    """The role of the doors, through both dialects."""
    url = spoken_in(addresses, request.param)["app"]
    made = open_engine(url, rules=tenant_rules(Base.metadata), pool_size=4)
    assert made.dialect.name == request.param
    yield made
    await made.dispose()


@pytest.fixture(scope="module")
async def cast(cast: Cast, backoffice: Tenancy) -> Cast:
    """The people of Acme at a customer of this module's own, so that the many sites made here are in nobody's way."""
    customer, site = await make_customer(backoffice, "units")
    return replace(cast, acme=customer, acme_site=site)


@pytest.fixture
def admin(admin_url: str, addresses: dict[str, str]) -> Any:
    """An administrator, who ends other people's connections."""
    made = create_engine(administrator_of(admin_url, addresses), isolation_level="AUTOCOMMIT")
    with made.connect() as connection:
        yield connection
    made.dispose()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between attempts, too short to wait for."""
    monkeypatch.setattr(transactions, "LONGEST_PAUSE_S", 0.001)


def of(engine: AsyncEngine, cast: Cast, committer: Committer | None = None) -> TenantDatabase:
    """Acme's database with something else in the place of COMMIT."""
    return Tenancy(engine, committer=committer).of(cast.acme)


def failing(*faults: Exception | None) -> Committer:
    """In the place of COMMIT: raises these, one an attempt, and commits afterwards."""

    async def committer(session: AsyncSession, attempt: int) -> None:
        if attempt <= len(faults) and (fault := faults[attempt - 1]) is not None:
            raise fault
        await session.commit()

    return committer


def failure(kind: type[Exception]) -> DBAPIError:
    """A driver's error as SQLAlchemy hands it on, with the text and statement that nobody may see."""
    return DBAPIError.instance("SELECT secret FROM statements", None, kind("the driver's own words"), DriverOperationalError)


def add_site(slug: str) -> Act:
    """An act that adds one site."""

    async def act(work: Work) -> Site:
        row = Site(
            id=uuid4(), slug=slug, name=slug, state="active", lang="en", timezone="UTC", currency="EUR", settings={}, created_at=work.now
        )
        return await SITES.add(work, row)

    return act


async def sites_called(database: TenantDatabase, slug: str) -> list[Site]:
    async def look(reading: Reading) -> list[Site]:
        return list((await reading.session.scalars(select(Site).where(Site.customer_id == reading.customer_id, Site.slug == slug))).all())

    return await database.read(look)


async def pid_of(session: AsyncSession) -> int:
    """The server's process that serves a session."""
    return (await session.execute(text("SELECT pg_backend_pid()"), execution_options=REVIEWED)).scalar_one()


def end(admin: Connection, pid: int) -> None:
    """End a connection from the server's side, and return when it is gone."""
    assert admin.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})


# A lost race.


async def test_a_lost_race_is_run_again_and_applied_once(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    effects, seen = [], []

    async def act(work: Work) -> Site:
        async def effect() -> None:
            effects.append(await sites_called(of(engine, cast), unique))

        seen.append((work.session.sync_session, work.now, work.change_set_id))
        work.after_commit(effect)
        return await add_site(unique)(work)

    made = await of(engine, cast, failing(lost_race(), lost_race())).run(cast.alice, "add", act)
    assert [site.id for site in await sites_called(of(engine, cast), unique)] == [made.id]
    assert [[site.id for site in found] for found in effects] == [[made.id]]
    sessions, times, change_sets = zip(*seen, strict=True)
    assert (len(set(map(id, sessions))), len(set(times)), len(set(change_sets))) == (3, 1, 1)
    assert isinstance(times[0], datetime)
    await recorded_once(engine, cast, made.id, change_sets[0])


async def recorded_once(engine: AsyncEngine, cast: Cast, thing_id: UUID, change_set_id: UUID) -> None:
    async def look(reading: Reading) -> tuple[int, int]:
        events = select(Event).where(Event.customer_id == reading.customer_id, Event.thing_id == thing_id)
        sets = select(ChangeSet).where(ChangeSet.customer_id == reading.customer_id, ChangeSet.id == change_set_id)
        return len((await reading.session.scalars(events)).all()), len((await reading.session.scalars(sets)).all())

    assert await of(engine, cast).read(look) == (1, 1)


async def test_two_who_read_before_either_writes_are_put_one_after_the_other(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    site = await of(engine, cast).run(cast.alice, "add", add_site(unique))
    both, attempts = asyncio.Barrier(2), []

    async def append(work: Work, letter: str) -> None:
        attempts.append(letter)
        row = await SITES.get(work, site.id)
        if attempts.count(letter) == 1:
            await both.wait()
        await SITES.change(work, row, {"name": row.name + letter}, expect=None)

    runs = [of(engine, cast).run(cast.alice, "append", lambda work, letter=letter: append(work, letter)) for letter in "xy"]
    await asyncio.gather(*runs)
    (row,) = await sites_called(of(engine, cast), unique)
    assert sorted(row.name[-2:]) == ["x", "y"]
    assert row.version == 3
    assert len(attempts) == 3


async def test_after_ten_lost_races_it_is_a_conflict(engine: AsyncEngine, cast: Cast, unique: str, quick: None) -> None:
    attempts = []

    async def always(session: AsyncSession, attempt: int) -> None:
        attempts.append(attempt)
        raise lost_race()

    with pytest.raises(Conflict, match="Too many others are changing this at the moment"):
        await of(engine, cast, always).run(cast.alice, "add", add_site(unique))
    assert attempts == list(range(1, LIMITS.write_attempts + 1))
    assert await sites_called(of(engine, cast), unique) == []


async def test_no_unit_goes_on_for_longer_than_its_time(
    engine: AsyncEngine, cast: Cast, unique: str, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "WHOLE_UNIT_S", -1)
    with pytest.raises(Conflict):
        await of(engine, cast, failing(lost_race())).run(cast.alice, "add", add_site(unique))


async def test_the_slower_of_two_sees_the_row_of_the_faster(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    seen = []

    async def act(work: Work) -> None:
        found = select(Site).where(Site.customer_id == work.customer_id, Site.slug == unique)
        seen.append(len((await work.session.scalars(found)).all()))
        if len(seen) == 1:
            await of(engine, cast).run(cast.bob, "be faster", add_site(unique))
        if not seen[-1]:
            await add_site(unique)(work)

    await of(engine, cast).run(cast.alice, "add", act)
    assert seen == [0, 1]


@pytest.mark.parametrize("how", ["change one", "change two", "delete one"])
async def test_a_stale_row_is_never_overwritten_but_read_again(engine: AsyncEngine, cast: Cast, unique: str, how: str) -> None:
    site = await of(engine, cast).run(cast.alice, "add", add_site(unique))
    other = await of(engine, cast).run(cast.alice, "add", add_site(f"{unique}-other"))
    failures = []

    async def change(work: Work) -> None:
        row, second = await SITES.get(work, site.id), await SITES.get(work, other.id)
        if not failures:
            # As if another had changed the row after it was read, which a weaker isolation would allow.
            set_committed_value(row, "version", 7)
        if how == "delete one":
            await SITES.delete(work, row, expect=None)
        else:
            await SITES.change(work, row, {"name": "new"}, expect=None)
        if how == "change two":
            await SITES.change(work, second, {"name": "new too"}, expect=None)
        await work.session.flush()

    async def act(work: Work) -> None:
        try:
            await change(work)
        except StaleDataError:
            failures.append(how)
            raise

    await of(engine, cast).run(cast.alice, how, act)
    assert failures == [how]
    assert [(row.name, row.version) for row in await sites_called(of(engine, cast), unique)] == ([] if "delete" in how else [("new", 2)])


def test_the_other_dialect_would_let_a_stale_save_look_saved() -> None:
    url = "cockroachdb+psycopg://nobody@/none"
    assert create_engine(url).dialect.supports_sane_rowcount is False
    assert open_engine(url, rules=None).dialect.supports_sane_rowcount is True


# A lost connection; tests/db/test_units_settling.py has what happens to a COMMIT.


async def test_a_connection_lost_before_commit_is_replaced(engine: AsyncEngine, cast: Cast, admin: Connection, unique: str) -> None:
    pids = []

    async def act(work: Work) -> None:
        await add_site(unique)(work)
        pids.append(await pid_of(work.session))
        if len(pids) == 1:
            await asyncio.to_thread(end, admin, pids[0])
        await work.session.flush()

    await of(engine, cast).run(cast.alice, "add", act)
    assert len(set(pids)) == 2
    assert len(await sites_called(of(engine, cast), unique)) == 1


async def test_a_connection_that_is_lost_every_time_is_unavailable(engine: AsyncEngine, cast: Cast, unique: str, quick: None) -> None:
    def losing(times: int) -> Act:
        faults = [lost_connection() for _ in range(times)]

        async def act(work: Work) -> None:
            await add_site(unique)(work)
            if faults:
                raise faults.pop()

        return act

    with pytest.raises(Unavailable):
        await of(engine, cast).run(cast.alice, "add", losing(3))
    await of(engine, cast).run(cast.alice, "add", losing(2))
    assert len(await sites_called(of(engine, cast), unique)) == 1


# Time-outs.

SLOW = {
    "a statement": ("SET LOCAL statement_timeout = '40ms'",),
    # A running clock is not set anew, so it is stopped first.
    "a transaction": ("SET LOCAL transaction_timeout = 0", "SET LOCAL transaction_timeout = '40ms'"),
}


@pytest.mark.parametrize("limit", SLOW)
async def test_what_takes_too_long_has_changed_nothing(engine: AsyncEngine, cast: Cast, unique: str, limit: str) -> None:
    attempts = []

    async def act(work: Work) -> None:
        attempts.append(limit)
        await add_site(unique)(work)
        await work.session.flush()
        for setting in SLOW[limit]:
            await work.session.execute(text(setting), execution_options=REVIEWED)
        await work.session.execute(text("SELECT pg_sleep(5)"), execution_options=REVIEWED)

    with pytest.raises(Unavailable) as caught:
        await of(engine, cast).run(cast.alice, "add", act)
    assert attempts == [limit]
    assert await sites_called(of(engine, cast), unique) == []
    says_nothing_of_the_database(caught.value)


@pytest.mark.parametrize("setting", ["transaction_timeout", "idle_in_transaction_session_timeout"])
async def test_a_transaction_that_ended_before_its_commit_has_changed_nothing(
    engine: AsyncEngine, cast: Cast, admin: Connection, unique: str, setting: str
) -> None:
    pids = []

    async def act(work: Work) -> None:
        await add_site(unique)(work)
        await work.session.flush()
        pids.append(await pid_of(work.session))
        for value in ("0", "'20ms'"):
            await work.session.execute(text(f"SET LOCAL {setting} = {value}"), execution_options=REVIEWED)

    async def committer(session: AsyncSession, attempt: int) -> None:
        while await asyncio.to_thread(admin.scalar, text(f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pids[-1]}")):
            await asyncio.sleep(0)
        await session.commit()

    with pytest.raises(Unavailable):
        await of(engine, cast, committer).run(cast.alice, "add", act)
    # The driver may lose the server's reason together with the connection. Then the COMMIT is settled, and the unit is run again.
    assert 1 <= len(pids) <= RECONNECTS
    assert await sites_called(of(engine, cast), unique) == []


VERDICTS = [
    (driver.SerializationFailure, Verdict.AGAIN, Verdict.AGAIN),
    (driver.DeadlockDetected, Verdict.AGAIN, Verdict.AGAIN),
    (driver.UniqueViolation, Verdict.AGAIN, Verdict.AGAIN),
    (driver.StatementCompletionUnknown, Verdict.AGAIN, Verdict.UNKNOWN),
    (driver.AdminShutdown, Verdict.AGAIN, Verdict.UNKNOWN),
    (driver.CannotConnectNow, Verdict.AGAIN, Verdict.UNKNOWN),
    (driver.ConnectionFailure, Verdict.AGAIN, Verdict.UNKNOWN),
    (DriverOperationalError, Verdict.AGAIN, Verdict.UNKNOWN),
    (driver.QueryCanceled, Verdict.AWAY, Verdict.UNKNOWN),
    (driver.LockNotAvailable, Verdict.AGAIN, Verdict.UNKNOWN),
    (driver.IdleInTransactionSessionTimeout, Verdict.AWAY, Verdict.AWAY),
    (driver.TransactionTimeout, Verdict.AWAY, Verdict.AWAY),
    (driver.TooManyConnections, Verdict.AWAY, Verdict.AWAY),
    (driver.DiskFull, Verdict.AWAY, Verdict.AWAY),
    (driver.ForeignKeyViolation, Verdict.RAISE, Verdict.RAISE),
    (driver.InsufficientPrivilege, Verdict.RAISE, Verdict.RAISE),
]


@pytest.mark.parametrize(("kind", "before", "committing"), VERDICTS, ids=lambda part: getattr(part, "__name__", ""))
def test_each_failure_is_judged_before_and_at_commit(kind: type[Exception], before: Verdict, committing: Verdict) -> None:
    error = failure(kind)
    # Whatever closes the connection is still judged by what the server said last.
    error.connection_invalidated = kind in (driver.TransactionTimeout, driver.IdleInTransactionSessionTimeout, driver.AdminShutdown)
    assert (judge(error, committing=False), judge(error, committing=True)) == (before, committing)


def test_failures_outside_the_driver_are_judged_too() -> None:
    assert judge(StaleDataError(), committing=False) is Verdict.AGAIN
    assert judge(ConnectionResetError(), committing=True) is Verdict.UNKNOWN
    assert judge(PoolTimeout(), committing=False) is Verdict.AWAY
    assert judge(FileNotFoundError(), committing=False) is Verdict.RAISE


async def test_what_another_attempt_would_not_mend_is_raised_at_once(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    for fault in (failure(driver.CheckViolation), FileNotFoundError("a file of the room's own")):
        with pytest.raises(type(fault)):
            await of(engine, cast, failing(fault, *[lost_race()] * 20)).run(cast.alice, "add", add_site(unique))
    assert await sites_called(of(engine, cast), unique) == []


async def test_an_error_of_ours_undoes_everything_and_is_passed_on(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    attempts = []

    async def act(work: Work) -> None:
        attempts.append(unique)
        await add_site(unique)(work)
        await work.session.flush()
        raise NotFound("the other half")

    with pytest.raises(NotFound, match="the other half"):
        await of(engine, cast).run(cast.alice, "add", act)
    assert attempts == [unique]
    assert await sites_called(of(engine, cast), unique) == []


def says_nothing_of_the_database(error: AGoatError) -> None:
    """The words for people hold neither SQL nor what the driver said, and nothing leads back to it."""
    told = f"{error} {error.detail} {error.args} {error.__cause__}".lower()
    assert not any(word in told for word in ("select", "insert", "commit", "psycopg", "sqlalche", "driver", "secret", "terminating"))
    assert error.__suppress_context__


async def test_a_server_that_is_away_is_told_in_our_own_words(cast: Cast, quick: None) -> None:
    away = open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none", rules=tenant_rules(Base.metadata))
    for attempt in (
        of(away, cast).run(cast.alice, "add", add_site("x")),
        of(away, cast).read(lambda reading: SITES.find(reading, uuid4())),
    ):
        with pytest.raises(Unavailable) as caught:
            await attempt
        says_nothing_of_the_database(caught.value)
    await away.dispose()


async def test_a_pool_without_a_free_connection_is_unavailable(cast: Cast, addresses: dict[str, str], unique: str) -> None:
    small = open_engine(addresses["app"], rules=tenant_rules(Base.metadata), pool_size=1)
    small.sync_engine.pool._timeout = 0.01
    async with small.connect(), small.connect():
        for attempt in (of(small, cast).run(cast.alice, "add", add_site(unique)), of(small, cast).read(lambda r: SITES.find(r, uuid4()))):
            with pytest.raises(Unavailable) as caught:
                await attempt
            says_nothing_of_the_database(caught.value)
    await small.dispose()


# Effects.


async def test_a_failing_effect_is_logged_and_harms_nothing(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    happened = []

    async def fails() -> None:
        raise RuntimeError("no mail today")

    async def works() -> None:
        happened.append(unique)

    async def act(work: Work) -> Site:
        work.after_commit(fails)
        work.after_commit(works)
        return await add_site(unique)(work)

    with capture_logs() as logs:
        made = await of(engine, cast).run(cast.alice, "add", act)
    assert happened == [unique]
    assert [site.id for site in await sites_called(of(engine, cast), unique)] == [made.id]
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [("effect.failed", "error")]


async def test_no_effect_happens_without_a_commit(engine: AsyncEngine, cast: Cast, unique: str, quick: None) -> None:
    happened = []

    async def effect() -> None:
        happened.append(unique)

    async def act(work: Work) -> None:
        work.after_commit(effect)
        await add_site(unique)(work)

    with pytest.raises(Conflict):
        await of(engine, cast, failing(*[lost_race()] * 20)).run(cast.alice, "add", act)
    assert happened == []


async def test_the_sequencer_is_woken_once_by_what_was_recorded_and_by_nothing_else(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    woken = []

    async def wake() -> None:
        woken.append(unique)

    tenancy = Tenancy(engine, wake=wake, committer=failing(lost_race()))
    await tenancy.of(cast.acme).run(cast.alice, "add", add_site(unique))
    assert woken == [unique]

    async def nothing(work: Work) -> None:
        await SITES.get(work, cast.acme_site)

    await tenancy.of(cast.acme).run(cast.alice, "look", nothing)
    assert woken == [unique]


# Reading.

STATE = text("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")


async def state_of(session: AsyncSession) -> tuple[str, str]:
    return tuple((await session.execute(STATE, execution_options=REVIEWED)).one())


async def test_reads_and_writes_have_their_isolation(engine: AsyncEngine, cast: Cast) -> None:
    weaker = "repeatable read" if engine.dialect.name == "postgresql" else "serializable"
    assert await of(engine, cast).read(lambda reading: state_of(reading.session)) == (weaker, "on")
    assert await of(engine, cast).run(cast.alice, "look", lambda work: state_of(work.session)) == ("serializable", "off")


async def test_the_worker_has_its_own_isolation(worker: Shared, directory: Shared, addresses: dict[str, str]) -> None:
    weaker = "repeatable read" if addresses["worker"].startswith("postgresql") else "serializable"
    assert await worker.run(state_of) == (weaker, "off")
    assert await directory.run(state_of) == ("serializable", "off")
    assert (await directory.read(state_of))[1] == "on"


async def test_a_reading_sees_one_state_while_others_write(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    async def look_twice(reading: Reading) -> list[int]:
        found = []
        for letter in "ab":
            slugs = select(Site.id).where(Site.customer_id == reading.customer_id, Site.slug.in_([f"{unique}a", f"{unique}b"]))
            found.append(len((await reading.session.scalars(slugs)).all()))
            await of(engine, cast).run(cast.alice, "add", add_site(unique + letter))
        return found

    assert await of(engine, cast).read(look_twice) == [0, 0]
    assert len(await sites_called(of(engine, cast), f"{unique}a")) == 1


async def test_the_server_refuses_to_write_in_a_reading(engine: AsyncEngine, cast: Cast) -> None:
    async def sneak(reading: Reading) -> None:
        await reading.session.execute(text("DELETE FROM identity.held_forms"), execution_options=REVIEWED)

    with pytest.raises(DBAPIError) as caught:
        await of(engine, cast).read(sneak)
    assert caught.value.orig.sqlstate == "25006"


async def test_rows_that_were_read_can_be_used_afterwards(engine: AsyncEngine, cast: Cast) -> None:
    site = await of(engine, cast).read(lambda reading: SITES.get(reading, cast.acme_site))
    assert (site.slug, site.customer_id) == ("units", cast.acme)


@pytest.mark.parametrize("fault", [lost_race, lost_connection])
async def test_a_reading_is_tried_twice_and_no_more(engine: AsyncEngine, cast: Cast, fault: Callable[[], OperationalError]) -> None:
    attempts = []

    async def fails(reading: Reading, times: int) -> UUID:
        attempts.append(times)
        if len(attempts) <= times:
            raise fault()
        return (await SITES.get(reading, cast.acme_site)).id

    assert await of(engine, cast).read(lambda reading: fails(reading, 1)) == cast.acme_site
    assert len(attempts) == 2
    with pytest.raises(Unavailable) as caught:
        await of(engine, cast).read(lambda reading: fails(reading, 20))
    assert len(attempts) == 4
    says_nothing_of_the_database(caught.value)


async def test_a_slow_reading_is_not_tried_again(engine: AsyncEngine, cast: Cast) -> None:
    attempts = []

    async def slow(reading: Reading) -> None:
        attempts.append(1)
        await reading.session.execute(text("SET LOCAL statement_timeout = '20ms'"), execution_options=REVIEWED)
        await reading.session.execute(text("SELECT pg_sleep(5)"), execution_options=REVIEWED)

    with pytest.raises(Unavailable):
        await of(engine, cast).read(slow)
    assert attempts == [1]


# The order of writes within one unit.


async def test_parents_are_written_before_their_parts_and_removed_after_them(engine: AsyncEngine, cast: Cast, unique: str) -> None:
    async def act(work: Work) -> Site:
        site = await add_site(unique)(work)
        for lang in ("en", "de"):
            SITES.add_part(work, SiteLanguage(site_id=site.id, lang=lang, position=0, texts={}))
        return site

    site = await of(engine, cast).run(cast.alice, "add", act)

    async def remove(work: Work) -> None:
        languages = select(SiteLanguage).where(SiteLanguage.customer_id == work.customer_id, SiteLanguage.site_id == site.id)
        await SITES.delete(work, await SITES.get(work, site.id), expect=1)
        for language in (await work.session.scalars(languages)).all():
            await SITES.remove_part(work, language)

    await of(engine, cast).run(cast.alice, "remove", remove)
    assert await sites_called(of(engine, cast), unique) == []
