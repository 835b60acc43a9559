"""What a unit of work is given: a snapshot to read from, or a transaction to write in."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID, uuid4

from sqlalchemy import event, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlalchemy.orm.unitofwork import DeleteAll, SaveUpdateAll
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.util import IdentitySet

from app.actor import Actor
from app.db.guard import refuse_foreign
from app.db.record.tables import OutboxRow

Effect = Callable[[], Awaitable[None]]

# Only code that holds this very object can write past the repository; it is handed to app/db/record alone.
RECORDED = object()


class UnrecordedWrite(RuntimeError):
    """A row was about to be written without the repository, hence without version, event and change. A bug, never input."""


class RecordedSession(Session):
    """A session that flushes only what the repository has sanctioned, and holds only rows of its own customer."""

    def bulk_save_objects(self, *args: Any, **options: Any) -> None:
        """Refused: it writes without a flush, so nothing would be recorded. Raises UnrecordedWrite."""
        raise UnrecordedWrite("rows are written one by one through their repository")

    bulk_insert_mappings = bulk_update_mappings = bulk_save_objects

    def connection(self, *args: Any, **options: Any) -> NoReturn:
        """Refused: statements on the bare connection pass the record by. Raises UnrecordedWrite."""
        raise UnrecordedWrite("statements are executed by the session")


class RecordedAsyncSession(AsyncSession):
    """The asynchronous face of `RecordedSession`."""

    sync_session_class = RecordedSession


refuse_foreign(RecordedSession)


@event.listens_for(RecordedSession, "before_flush")
def refuse_unrecorded(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Stop a flush that would write a row which no repository has sanctioned."""
    sanctioned = session.info.get("sanctioned") or IdentitySet()
    changed = [row for row in session.dirty if session.is_modified(row)]
    for row in [*session.new, *changed, *session.deleted]:
        if row not in sanctioned:
            raise UnrecordedWrite(f"{type(row).__name__} was written without its repository")


@event.listens_for(RecordedSession, "before_flush")
def order_by_foreign_keys(session: Session, context: UOWTransaction, instances: Any) -> None:
    """Insert parents before children and delete children before parents.

    The unit of work knows an order only from relationships, and there are none; the foreign keys of the tables say it.
    """
    mappers = {inspect(row).mapper.base_mapper for row in [*session.new, *session.deleted]}
    by_table = {mapper.local_table: mapper for mapper in mappers}
    for child in mappers:
        for key in child.local_table.foreign_keys:
            parent = by_table.get(key.column.table)
            if parent is not None and parent is not child:
                context.dependencies.add((SaveUpdateAll(context, parent), SaveUpdateAll(context, child)))  # type: ignore[no-untyped-call]
                context.dependencies.add((DeleteAll(context, child), DeleteAll(context, parent)))  # type: ignore[no-untyped-call]


@event.listens_for(RecordedSession, "do_orm_execute")
def refuse_bulk(state: ORMExecuteState) -> None:
    """Stop INSERT, UPDATE and DELETE, also inside a WITH, that did not come from the record."""
    statement: Any = state.statement
    writes = any(getattr(part, "is_dml", False) for part in iterate(statement))
    if writes and state.execution_options.get("recorded") is not RECORDED:
        raise UnrecordedWrite("a statement writes without the repository")


class Reading:
    """One read-only snapshot of one customer's rows."""

    def __init__(self, session: AsyncSession, customer_id: UUID) -> None:
        self.session = session
        self.customer_id = customer_id


class Work(Reading):
    """One write transaction of one customer. `now` (UTC) and `change_set_id` stay the same when the unit is run again.

    `returning` says of things that are brought back to which version; their new version says so too.
    """

    def __init__(
        self,
        session: AsyncSession,
        customer_id: UUID,
        actor: Actor,
        verb: str,
        change_set_id: UUID,
        now: datetime,
        reason: str | None = None,
        *,
        joins_an_act: bool = False,
    ) -> None:
        super().__init__(session, customer_id)
        self.actor = actor
        self.verb = verb
        self.reason = reason
        self.change_set_id = change_set_id
        self.now = now
        # The change set of an act that spans transactions may stand there already; any other is this unit's own.
        self.joins_an_act = joins_an_act
        self.has_change_set = False
        self.effects: list[Effect] = []
        self.inbox: list[dict[str, Any]] = []
        self.returning: dict[UUID, int] = {}
        session.info["sanctioned"] = self.sanctioned = IdentitySet()

    def after_commit(self, effect: Effect) -> None:
        """Run `effect` once the transaction has been committed. It may be lost; what must not be is promised instead."""
        self.effects.append(effect)

    def promise(self, name: str, payload: dict[str, Any]) -> None:
        """Have the worker run the handler `name` after the commit, at least once, however long the worker is away."""
        row_id = uuid4()
        self.write(OutboxRow(shard=row_id.int % 16, id=row_id, customer_id=self.customer_id, name=name, payload=payload))

    def write(self, row: object) -> None:
        """Add a row on behalf of a repository or of the record. Rooms call their repository instead."""
        self.sanctioned.add(row)
        self.session.add(row)
