"""Folds bumps that every reader has seen into the base of their tag, whose version thereby stays what it was."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Shared
from app.db.record.clock import database_now
from app.db.record.leases import REVIEWED
from app.db.record.statements import FOLD_BUMPS
from app.db.record.tables import SHARDS

YOUNG = timedelta(seconds=120)


async def fold_bumps(worker: Shared, *, now: datetime | None = None) -> int:
    """Fold the bumps of all shards that are older than two minutes; gives the number of tags that were folded."""
    before = (now or await database_now(worker)) - YOUNG
    total = 0
    for shard in range(SHARDS):

        async def unit(session: AsyncSession, shard: int = shard) -> int:
            result = await session.execute(FOLD_BUMPS, {"shard": shard, "before": before}, execution_options=REVIEWED)
            return int(result.rowcount)  # type: ignore[attr-defined]

        total += await worker.run(unit)
    return total
