"""Removes what has been kept long enough, by the table of limits. Versions and audit are kept for ever."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Delete, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Shared
from app.db.record.clock import database_now
from app.db.record.tables import Change, ChangeHead, IdempotencyAnswer, IdempotencyKey, OutboxRow, SealHead
from app.settings import LIMITS

# How a sweep of some table looks; rooms add theirs, which the floor does not know.
Sweep = Callable[[datetime], Delete]

SWEEPS: dict[str, Sweep] = {
    "idempotency answers": lambda now: delete(IdempotencyAnswer).where(IdempotencyAnswer.created_at < now - LIMITS.idempotency),
    "idempotency keys": lambda now: delete(IdempotencyKey).where(IdempotencyKey.created_at < now - LIMITS.idempotency),
    "done promises": lambda now: delete(OutboxRow).where(OutboxRow.done_at < now - LIMITS.done_outbox),
}


async def sweep(worker: Shared, sweeps: dict[str, Sweep], *, now: datetime | None = None) -> dict[str, int]:
    """Run every sweep in a transaction of its own; gives how many rows each removed."""
    moment = now or await database_now(worker)
    removed: dict[str, int] = {}
    for name, make in sweeps.items():
        statement: Any = make(moment).execution_options(synchronize_session=False)

        async def unit(session: AsyncSession, statement: Any = statement) -> int:
            return int((await session.execute(statement)).rowcount)  # type: ignore[attr-defined]

        removed[name] = await worker.run(unit)
    return removed


async def drop_tombstones(worker: Shared, *, now: datetime | None = None) -> int:
    """Remove tombstones after 90 days, once they are sealed, and note how far back each customer's changes can still be followed."""
    before = (now or await database_now(worker)) - LIMITS.tombstone

    async def unit(session: AsyncSession) -> int:
        old = (
            select(Change.customer_id, func.max(Change.number))
            .join(SealHead, (SealHead.customer_id == Change.customer_id) & (Change.number <= SealHead.last_number))
            .where(Change.is_deleted.is_(True), Change.at < before)
            .group_by(Change.customer_id)
        )
        edges = (await session.execute(old)).all()
        for customer_id, number in edges:
            tombstones = (Change.customer_id == customer_id, Change.number <= number, Change.is_deleted.is_(True), Change.at < before)
            await session.execute(delete(Change).where(*tombstones).execution_options(synchronize_session=False))
            await session.execute(update(ChangeHead).where(ChangeHead.customer_id == customer_id).values(oldest=number + 1))
        return len(edges)

    return await worker.run(unit)
