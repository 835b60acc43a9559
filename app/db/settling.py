"""Settling what nobody knows: whether a transaction was committed whose COMMIT was never answered.

Every act inserts rows under keys that no other transaction can have, such as the event of its own change set. One of them is its
witness. Whoever inserts the witness once more waits until the first transaction has ended, for both databases make the second writer
of a key wait for the first, and then knows: where the key stands, the first was committed; where it does not, the first was
rolled back, also when its COMMIT is still on the way. The second row is never committed.
"""

import asyncio
from collections.abc import Callable
from enum import Enum
from typing import Any

import structlog
from sqlalchemy import Insert, Table, event
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction, object_mapper

from app.db.failures import UNIQUE_VIOLATION, Verdict, judge, sqlstate
from app.db.work import RECORDED, RecordedSession

log = structlog.get_logger()

# Tables of which every row has a key that was made for one act alone, and which the role that inserts may also read.
WITNESSES = frozenset(
    {
        "audit.events",
        "audit.change_set_marks",
        "ops.cache_bumps",
        "identity.held_forms",
        "identity.users",
        "identity.sessions",
        "identity.single_use_links",
        "identity.sign_in_attempts",
        "identity.person_events",
    }
)
# The claim of a request stands before everything else in its unit, so a second run meets it and gives the answer that was kept.
CLAIMS = "ops.idempotency_keys"
# A connection that was lost may leave its transaction open until the server's limit for idle ones, which is ten seconds.
LONGEST_S, FIRST_PAUSE_S, LONGEST_PAUSE_S = 20.0, 0.02, 1.0


class Outcome(Enum):
    """What became of a transaction."""

    COMMITTED = "it happened"
    ROLLED_BACK = "it did not happen and never will"
    REPEATABLE = "nobody knows, and doing it again is harmless"
    UNKNOWN = "nobody knows"


class WatchedSession(Session):
    """A session that remembers by what its transaction can be told."""


class WatchedAsyncSession(AsyncSession):
    """The asynchronous face of `WatchedSession`."""

    sync_session_class = WatchedSession


class Trace:
    """What a transaction has written, as far as it tells whether the transaction was committed."""

    def __init__(self) -> None:
        self.witness: tuple[Table, dict[str, Any]] | None = None
        self.has_written = False
        self.is_claimed = False

    @property
    def is_repeatable(self) -> bool:
        """Whether doing the same again is harmless, although this may have been committed."""
        return self.is_claimed or not self.has_written


def trace_of(session: Session) -> Trace:
    """The trace of a session's transaction."""
    found: Trace = session.info.setdefault("trace", Trace())
    return found


def remember_rows(session: Session, context: UOWTransaction) -> None:
    """Note that rows were written, and keep the first that can be a witness."""
    trace = trace_of(session)
    trace.has_written = True
    if trace.witness is None:
        trace.witness = next((values_of(row) for row in session.new if table_of(row).fullname in WITNESSES), None)


def values_of(row: object) -> tuple[Table, dict[str, Any]]:
    """A row as it was inserted; what the database itself filled in is left out."""
    kept = vars(row)
    return table_of(row), {column.key: kept[column.key] for column in object_mapper(row).column_attrs if column.key in kept}


def table_of(row: object) -> Table:
    """The table of a row."""
    table = object_mapper(row).local_table
    assert isinstance(table, Table), "no row of the product is mapped to a query"
    return table


def remember_statements(state: ORMExecuteState) -> None:
    """Note that a statement writes, and whether it claims a request."""
    statement = state.statement
    if getattr(statement, "is_dml", False):
        trace = trace_of(state.session)
        trace.has_written = True
        trace.is_claimed |= isinstance(statement, Insert) and getattr(statement.table, "fullname", "") == CLAIMS


for watched in (RecordedSession, WatchedSession):
    event.listen(watched, "after_flush", remember_rows)
    event.listen(watched, "do_orm_execute", remember_statements)


async def settle(open_session: Callable[[], AsyncSession], trace: Trace) -> Outcome:
    """What became of the transaction that left this trace. Asks until it is known, for 20 seconds at most."""
    if trace.witness is None:
        return Outcome.REPEATABLE if trace.is_repeatable else Outcome.UNKNOWN
    clock = asyncio.get_running_loop().time
    deadline, pause = clock() + LONGEST_S, FIRST_PAUSE_S
    while clock() < deadline:
        try:
            return await ask(open_session, *trace.witness)
        except (SQLAlchemyError, ConnectionError) as error:
            if sqlstate(error) == UNIQUE_VIOLATION:
                # Another has a name that this row would have, so this row is not there.
                return Outcome.ROLLED_BACK
            if judge(error, committing=False) is Verdict.RAISE:
                log.error("database.witness_refused", error=type(error).__name__)
                return Outcome.UNKNOWN
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE_S, pause * 2)
    return Outcome.UNKNOWN


async def ask(open_session: Callable[[], AsyncSession], table: Table, values: dict[str, Any]) -> Outcome:
    """Insert the witness once more, in a transaction that is rolled back."""
    key = [column.name for column in table.primary_key]
    statement = insert(table).values(values).on_conflict_do_nothing(index_elements=key).returning(table.c[key[-1]])
    async with open_session() as session:
        is_absent = (await session.execute(statement, execution_options={"recorded": RECORDED})).first() is not None
        await session.rollback()
        return Outcome.ROLLED_BACK if is_absent else Outcome.COMMITTED
