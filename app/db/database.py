"""Engines and transactions: the tenant is carried by the engine, a unit of work is run whole, and only here is committed.

`Tenancy.of(customer_id)` gives the database as one customer sees it. The tenant travels in the BEGIN message itself, so
row-level security is fed before any statement can run and costs no round trip of its own.
"""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.actor import Actor
from app.db.guard import GuardRules, install
from app.db.pools import CountingPool, Pool, pool_of
from app.db.record.writer import finish
from app.db.settling import WatchedAsyncSession
from app.db.standing import refuse_closed
from app.db.transactions import Committer, Transactions
from app.db.work import Effect, Reading, RecordedAsyncSession, Work

T = TypeVar("T")
Clock = Callable[[], datetime]


def open_engine(url: str, *, rules: GuardRules | None, pool_size: int = 10) -> AsyncEngine:
    """An engine for one role. The dialect is the address's; nothing is probed. `rules` None is for migrations and init only.

    The driver's connection is in autocommit mode, so that BEGIN, with isolation level and tenant, is ours to send.
    """
    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        poolclass=CountingPool,
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
    except Exception as error:
        # Outside of a listener SQLAlchemy does this by itself: the driver's error becomes one of its own, which units of work know,
        # and a lost connection takes its pool with it, for the others were lost in the same moment.
        connection._handle_dbapi_exception(error, statement, None, cursor, None)
    finally:
        cursor.close()


def isolation(dialect: str, mode: str) -> str:
    """Writes are SERIALIZABLE; reads see one snapshot, which PostgreSQL calls REPEATABLE READ; `worker` runs it there too."""
    weaker = "REPEATABLE READ" if dialect == "postgresql" else "SERIALIZABLE"
    return {"write": "SERIALIZABLE", "worker": weaker, "read": f"{weaker} READ ONLY"}[mode]


def now_here() -> datetime:
    """The present moment (UTC) by the clock of this machine."""
    return datetime.now(UTC)


class TenantDatabase:
    """The database as one customer sees it. Made by `Tenancy.of`, cheap, and bound to that customer for good."""

    def __init__(self, transactions: Transactions, customer_id: UUID, wake: Effect | None, clock: Clock = now_here) -> None:
        self.customer_id = customer_id
        self._transactions = transactions
        self._wake = wake
        self._clock = clock

    async def read(self, fn: Callable[[Reading], Awaitable[T]]) -> T:
        """Run `fn` in one read-only snapshot of this customer's rows. Raises Unavailable."""
        return await self._transactions.read({"customer_id": self.customer_id}, lambda session: fn(Reading(session, self.customer_id)))

    async def run(
        self, actor: Actor, verb: str, fn: Callable[[Work], Awaitable[T]], *, reason: str | None = None, change_set_id: UUID | None = None
    ) -> T:
        """Run one act of `actor`; everything it changes is one change set named by `verb`.

        `fn` may run several times. `change_set_id` joins an act that spans several transactions, such as an import.
        Raises OutcomeUnknown, Unavailable, Conflict, ReadOnly where a person or key may not write now, and what `fn` raises.
        """
        act_id, now = change_set_id or uuid4(), self._clock()

        async def unit(session: AsyncSession) -> tuple[T, list[Effect]]:
            work = Work(session, self.customer_id, actor, verb, act_id, now, reason, joins_an_act=change_set_id is not None)
            result = await fn(work)
            await finish(work)
            await refuse_closed(work)
            wakes = [self._wake] if self._wake is not None and work.has_change_set else []
            return result, [*wakes, *work.effects]

        return await self._transactions.run({"customer_id": self.customer_id, "mode": "write"}, unit)


async def commit(session: AsyncSession, attempt: int) -> None:
    """Commit, whichever attempt it is. Nothing else in the product does; tests put faults in its place."""
    await session.commit()


def committing(committer: Committer | None) -> Committer:
    """What a database of the product commits by; `commit` is looked up whenever it is called."""
    return committer or (lambda session, attempt: commit(session, attempt))


class Tenancy:
    """The way to a customer's rows: through the role `app` for doors and jobs, through `backoffice` for the operator."""

    def __init__(
        self, engine: AsyncEngine, *, wake: Effect | None = None, committer: Committer | None = None, clock: Clock = now_here
    ) -> None:
        self._transactions = Transactions(engine, session=RecordedAsyncSession, committer=committing(committer))
        self._wake = wake
        self._clock = clock

    def pool(self) -> Pool:
        """How the connections of this role are used at this moment."""
        return pool_of(self._transactions.engine)

    def of(self, customer_id: UUID) -> TenantDatabase:
        """The database of one customer; asks nothing and checks nothing yet."""
        return TenantDatabase(self._transactions, customer_id, self._wake, self._clock)


class Shared:
    """Tables that are asked before the tenant is known (role `directory`) or across tenants (role `worker`).

    Everything that the worker's role does may be done again at any time.
    """

    def __init__(self, engine: AsyncEngine, *, mode: str = "write", committer: Committer | None = None) -> None:
        self._transactions = Transactions(engine, session=WatchedAsyncSession, committer=committing(committer))
        self._mode = mode

    def pool(self) -> Pool:
        """How the connections of this role are used at this moment."""
        return pool_of(self._transactions.engine)

    async def read(self, fn: Callable[[AsyncSession], Awaitable[T]]) -> T:
        """Run `fn` in one read-only snapshot. Raises Unavailable."""
        return await self._transactions.read({}, fn)

    async def run(self, fn: Callable[[AsyncSession], Awaitable[T]], *, repeatable: bool = False) -> T:
        """Run `fn` and commit; it may run several times, and be committed twice where it is `repeatable`.

        Raises OutcomeUnknown, Unavailable, Conflict, and what `fn` raises.
        """

        async def unit(session: AsyncSession) -> tuple[T, list[Effect]]:
            return await fn(session), []

        return await self._transactions.run({"mode": self._mode}, unit, repeatable=repeatable or self._mode == "worker")
