"""Engines and transactions: the tenant is carried by the engine, a unit of work is run whole, and only here is committed.

`Tenancy.of(customer_id)` gives the database as one customer sees it. The tenant travels in the BEGIN message itself, so
row-level security is fed before any statement can run and costs no round trip of its own.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
import structlog
from sqlalchemy import Connection, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.actor import Actor
from app.db.failures import Verdict, is_disconnect, judge
from app.db.guard import GuardRules, install
from app.db.record.writer import finish
from app.db.work import Effect, Reading, RecordedAsyncSession, Work
from app.errors import AGoatError, Conflict, OutcomeUnknown, Unavailable
from app.settings import LIMITS

T = TypeVar("T")
Hook = Callable[[int], Awaitable[None]]
log = structlog.get_logger()

FIRST_PAUSE_S, LONGEST_PAUSE_S, WHOLE_UNIT_S = 0.02, 2.0, 15.0
RECONNECTS = 3


def open_engine(url: str, *, rules: GuardRules | None, pool_size: int = 10) -> AsyncEngine:
    """An engine for one role. The dialect is the address's; nothing is probed. `rules` None is for migrations and init only.

    The driver's connection is in autocommit mode, so that BEGIN, with isolation level and tenant, is ours to send.
    """
    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_recycle=random.randint(270, 330),
        pool_timeout=10,
        json_serializer=lambda value: msgspec.json.encode(value).decode(),
        json_deserializer=msgspec.json.decode,
        connect_args={"connect_timeout": 5},
        hide_parameters=True,
    )
    # The CockroachDB dialect distrusts row counts for a driver that is not used here; without them a stale save would look saved.
    engine.sync_engine.dialect.supports_sane_rowcount = True
    event.listen(engine.sync_engine, "begin", send_begin)
    if rules is not None:
        install(engine.sync_engine, rules)
    return engine


def send_begin(connection: Connection) -> None:
    """Send BEGIN with isolation level and tenant as one message of the simple protocol."""
    options = connection.get_execution_options()
    statement = "BEGIN ISOLATION LEVEL " + isolation(connection.dialect.name, options.get("mode", "write"))
    customer_id = options.get("customer_id")
    if customer_id is not None:
        # The literal is rendered from a UUID object, so it can hold nothing but hexadecimal digits and hyphens.
        statement += f"; SELECT set_config('app.customer_id', '{UUID(int=customer_id.int)}', true)"
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement)
    finally:
        cursor.close()


def isolation(dialect: str, mode: str) -> str:
    """Writes are SERIALIZABLE; reads see one snapshot, which PostgreSQL calls REPEATABLE READ; `worker` runs it there too."""
    weaker = "REPEATABLE READ" if dialect == "postgresql" else "SERIALIZABLE"
    return {"write": "SERIALIZABLE", "worker": weaker, "read": f"{weaker} READ ONLY"}[mode]


class Transactions:
    """Runs units of work over one engine: whole, again from the start when they lost a race, and bounded in time."""

    def __init__(self, engine: AsyncEngine, *, session: type[AsyncSession], before_commit: Hook | None = None) -> None:
        self.engine = engine
        self.session = session
        self.before_commit = before_commit

    async def read(self, options: dict[str, Any], fn: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Run `fn` in one read-only snapshot; run it once more when it lost a race or the connection. Raises Unavailable."""
        for is_last in (False, True):
            try:
                return await self.attempt_read(options, fn)
            except (SQLAlchemyError, ConnectionError) as error:
                self.give_up_or_pass(error, is_last)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def attempt_read(self, options: dict[str, Any], fn: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """One snapshot, ended without a trace."""
        bind = self.engine.execution_options(**options, mode="read")
        async with self.session(bind, expire_on_commit=False) as session:
            result = await fn(session)
            # A rollback would empty the rows that go to the caller, so they leave the session first.
            session.expunge_all()
            await session.rollback()
            return result

    @staticmethod
    def give_up_or_pass(error: Exception, is_last: bool) -> None:
        """Let a read be tried once more, or turn its failure into words that hold no text of the database."""
        verdict = judge(error, committing=False)
        if verdict is Verdict.RAISE and not is_disconnect(error):
            raise error
        if is_last or verdict is Verdict.AWAY:
            log.warning("database.read_failed", error=type(error).__name__)
            raise Unavailable() from None

    async def run(self, options: dict[str, Any], fn: Callable[[AsyncSession], Awaitable[tuple[T, list[Effect]]]]) -> T:
        """Run `fn` and commit. `fn` may be run several times, so it must do nothing that a rollback does not undo.

        Raises OutcomeUnknown when the connection broke during COMMIT, Unavailable when the database did not answer,
        Conflict when every attempt lost its race, and whatever `fn` raises of our own errors.
        """
        deadline = asyncio.get_running_loop().time() + WHOLE_UNIT_S
        for attempt in range(1, LIMITS.write_attempts + 1):
            try:
                result, effects = await self.attempt(options, fn, attempt)
            except AGoatError:
                raise
            except (SQLAlchemyError, ConnectionError) as error:
                await self.pause_or_raise(error, attempt, deadline)
            else:
                await run_effects(effects)
                return result
        raise Conflict("Too many others are changing this at the moment. Try again.")

    async def attempt(self, options: dict[str, Any], fn: Callable[[AsyncSession], Awaitable[T]], attempt: int) -> T:
        """One attempt in a session of its own."""
        bind = self.engine.execution_options(**options)
        async with self.session(bind, expire_on_commit=False) as session:
            result = await fn(session)
            await session.flush()
            if self.before_commit is not None:
                await self.before_commit(attempt)
            try:
                await session.commit()
            except (SQLAlchemyError, ConnectionError) as error:
                say_unknown(error, committing=True)
                raise
            return result

    @staticmethod
    async def pause_or_raise(error: Exception, attempt: int, deadline: float) -> None:
        """Wait before the next attempt, longer each time and never in step with others; or say that there is none."""
        say_unknown(error, committing=False)
        verdict = judge(error, committing=False)
        if verdict is Verdict.RAISE:
            raise error
        late = asyncio.get_running_loop().time() > deadline
        if verdict is Verdict.AWAY or (is_disconnect(error) and (attempt >= RECONNECTS or late)):
            log.warning("database.away", error=type(error).__name__, attempt=attempt)
            raise Unavailable() from None
        if late or attempt >= LIMITS.write_attempts:
            raise Conflict("Too many others are changing this at the moment. Try again.") from None
        ceiling = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
        await asyncio.sleep(random.uniform(0, ceiling))


def say_unknown(error: Exception, *, committing: bool) -> None:
    """Raise OutcomeUnknown when nobody can tell whether the transaction was committed; such a unit is never run again."""
    if judge(error, committing=committing) is Verdict.UNKNOWN:
        log.error("database.outcome_unknown", error=type(error).__name__)
        raise OutcomeUnknown() from None


async def run_effects(effects: list[Effect]) -> None:
    """Run what waited for the commit. A failing effect is logged and changes nothing: the act has happened."""
    for effect in effects:
        try:
            await effect()
        except Exception:
            log.exception("effect.failed")


class TenantDatabase:
    """The database as one customer sees it. Made by `Tenancy.of`, cheap, and bound to that customer for good."""

    def __init__(self, transactions: Transactions, customer_id: UUID, wake: Effect | None) -> None:
        self.customer_id = customer_id
        self._transactions = transactions
        self._wake = wake

    async def read(self, fn: Callable[[Reading], Awaitable[T]]) -> T:
        """Run `fn` in one read-only snapshot of this customer's rows. Raises Unavailable."""
        return await self._transactions.read({"customer_id": self.customer_id}, lambda session: fn(Reading(session, self.customer_id)))

    async def run(
        self, actor: Actor, verb: str, fn: Callable[[Work], Awaitable[T]], *, reason: str | None = None, change_set_id: UUID | None = None
    ) -> T:
        """Run one act of `actor`; everything it changes is one change set named by `verb`.

        `fn` may run several times. `change_set_id` joins an act that spans several transactions, such as an import.
        Raises OutcomeUnknown, Unavailable, Conflict, and what `fn` raises.
        """
        act_id, now = change_set_id or uuid4(), datetime.now(UTC)

        async def unit(session: AsyncSession) -> tuple[T, list[Effect]]:
            work = Work(session, self.customer_id, actor, verb, act_id, now, reason)
            result = await fn(work)
            await finish(work)
            wakes = [self._wake] if self._wake is not None and work.has_change_set else []
            return result, [*wakes, *work.effects]

        return await self._transactions.run({"customer_id": self.customer_id, "mode": "write"}, unit)


class Tenancy:
    """The way to a customer's rows: through the role `app` for doors and jobs, through `backoffice` for the operator."""

    def __init__(self, engine: AsyncEngine, *, wake: Effect | None = None, before_commit: Hook | None = None) -> None:
        self._transactions = Transactions(engine, session=RecordedAsyncSession, before_commit=before_commit)
        self._wake = wake

    def of(self, customer_id: UUID) -> TenantDatabase:
        """The database of one customer; asks nothing and checks nothing yet."""
        return TenantDatabase(self._transactions, customer_id, self._wake)


class Shared:
    """Tables that are asked before the tenant is known (role `directory`) or across tenants (role `worker`)."""

    def __init__(self, engine: AsyncEngine, *, mode: str = "write", before_commit: Hook | None = None) -> None:
        self._transactions = Transactions(engine, session=AsyncSession, before_commit=before_commit)
        self._mode = mode

    async def read(self, fn: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Run `fn` in one read-only snapshot. Raises Unavailable."""
        return await self._transactions.read({}, fn)

    async def run(self, fn: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Run `fn` and commit; it may run several times. Raises OutcomeUnknown, Unavailable, Conflict."""

        async def unit(session: AsyncSession) -> tuple[T, list[Effect]]:
            return await fn(session), []

        return await self._transactions.run({"mode": self._mode}, unit)
