"""How much each customer has: live for one of them, by ranges of his own rows, and folded for lists of all of them.

The worker folds the figures of those customers whose changes have gone on, many customers a statement; idle ones cost nothing.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import LargeBinary, Table, Text, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.base import Base
from app.db.database import Shared
from app.db.functions import NO_ID
from app.db.record.tables import Change, ChangeHead, OutboxRow, Usage
from app.db.work import Reading

AT_ONCE = 500
# The figures of the lists and the tables in which they are counted.
COUNTED = {"sites": "tenancy.sites", "posts": "content.posts", "products": "catalog.products", "pictures": "content.media"}
STORED = "content.media_renditions"


class Figure(Struct, frozen=True):
    """Rows of one table that are a customer's, and the bytes of their texts and documents."""

    table: str
    rows: int
    bytes: int


async def fold_usage(worker: Shared) -> int:
    """Write the figures of every customer who has changed something since they were written; gives how many customers."""
    folded, after = 0, NO_ID

    async def unit(session: AsyncSession) -> list[UUID]:
        changed = await changed_since(session, after)
        if changed:
            await write(session, await figures(session, [row["customer_id"] for row in changed], changed))
        return [row["customer_id"] for row in changed]

    while customers := await worker.run(unit):
        folded, after = folded + len(customers), customers[-1]
    return folded


async def changed_since(session: AsyncSession, after: UUID) -> list[dict[str, Any]]:
    """Customers above an id whose newest change is younger than their figures, with that change."""
    newest = (Change.customer_id == ChangeHead.customer_id) & (Change.number == ChangeHead.number)
    statement = (
        select(ChangeHead.customer_id, ChangeHead.number, Change.at.label("active_at"), func.now().label("at"))
        .outerjoin(Usage, Usage.customer_id == ChangeHead.customer_id)
        .outerjoin(Change, newest)
        .where(ChangeHead.customer_id > after, ChangeHead.number > func.coalesce(Usage.number, 0))
        .order_by(ChangeHead.customer_id)
        .limit(AT_ONCE)
    )
    return [dict(row._mapping) for row in await session.execute(statement)]


async def figures(session: AsyncSession, customers: Sequence[UUID], changed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures of some customers, one statement a table."""
    rows = {row["customer_id"]: {**row, "storage_bytes": 0, **dict.fromkeys(COUNTED, 0)} for row in changed}
    for name, table in COUNTED.items():
        counted = grouped(Base.metadata.tables[table], func.count(), customers)
        for customer_id, count in await session.execute(counted):
            rows[customer_id][name] = count
    stored = Base.metadata.tables[STORED]
    for customer_id, total in await session.execute(grouped(stored, func.sum(stored.c.bytes), customers)):
        rows[customer_id]["storage_bytes"] = int(total)
    return list(rows.values())


def grouped(table: Table, figure: Any, customers: Sequence[UUID]) -> Any:
    """One figure a customer."""
    return select(table.c.customer_id, figure).where(table.c.customer_id.in_(customers)).group_by(table.c.customer_id)


async def write(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Write figures over older ones."""
    statement = insert(Usage)
    newer = {name: statement.excluded[name] for name in rows[0] if name != "customer_id"}
    await session.execute(statement.values(rows).on_conflict_do_update(index_elements=["customer_id"], set_=newer))


async def usage_of(reading: Reading) -> list[Figure]:
    """Rows and bytes of every table for one customer, one statement a table; reads his own rows and nobody else's."""
    return [await figure_of(reading, table) for table in counted_tables()]


def counted_tables() -> list[Table]:
    """Tables whose key begins with the customer, so that his rows are one range."""
    tables = [table for table in Base.metadata.sorted_tables if [*table.primary_key.columns.keys()][:1] == ["customer_id"]]
    return sorted(tables, key=lambda table: table.fullname)


async def figure_of(reading: Reading, table: Table) -> Figure:
    """The figure of one table. Of pictures the stored bytes count."""
    sizes = [table.c.bytes] if table.fullname == STORED else [size_of(column) for column in table.c if is_long(column.type)]
    total = sum((func.coalesce(func.sum(size), 0) for size in sizes), start=func.count() * 0)
    statement = select(func.count(), total).select_from(table).where(table.c.customer_id == reading.customer_id)
    rows, size = (await reading.session.execute(statement)).one()
    return Figure(table.fullname, rows, int(size))


def is_long(kind: Any) -> bool:
    """Whether values of a type may be long."""
    return isinstance(kind, Text | JSONB | LargeBinary)


def size_of(column: Any) -> Any:
    """The bytes of a value as text."""
    return func.octet_length(column if isinstance(column.type, LargeBinary) else cast(column, Text))


async def waiting_jobs(reading: Reading) -> int:
    """How many promises of a customer wait; the index of open promises leads to them."""
    statement = select(func.count()).select_from(OutboxRow)
    open_ = (OutboxRow.shard.between(0, 15), OutboxRow.done_at.is_(None), OutboxRow.dead_at.is_(None))
    return int((await reading.session.execute(statement.where(OutboxRow.customer_id == reading.customer_id, *open_))).scalar_one())


async def last_activity(reading: Reading) -> Any:
    """When the newest numbered change of a customer was numbered, or None."""
    newest = (Change.customer_id == ChangeHead.customer_id) & (Change.number == ChangeHead.number)
    statement = select(Change.at).join(ChangeHead, newest).where(Change.customer_id == reading.customer_id)
    return (await reading.session.execute(statement)).scalar_one_or_none()
