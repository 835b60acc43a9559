"""Gives every change its number: gap-free for each customer, rising with the versions of each thing, never changed.

Writers only insert into the inbox, so that no two of them meet; one process, the holder of the lease, numbers what waits.
"""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Shared
from app.db.record.leases import REVIEWED, Held
from app.db.record.statements import NUMBER, WAITING

# Deleted rows cost CockroachDB time until they are collected, so a poll reads the last minute and a sweep everything.
RECENT = timedelta(seconds=60)
BATCH = 500
EVERYTHING = timedelta(days=36_500)


async def number_waiting(worker: Shared, held: Held, *, sweep: bool = False) -> int:
    """Number what waits, at most a batch; gives how many. A sweep looks beyond the last minute too."""

    async def unit(session: AsyncSession) -> int:
        rows = (await session.execute(WAITING, {"back": EVERYTHING if sweep else RECENT, "most": BATCH}, execution_options=REVIEWED)).all()
        if not rows:
            return 0
        shards, times, customers, things, versions = (list(column) for column in zip(*rows, strict=True))
        values = {"name": held.name, "owner": held.owner, "fence": held.fence, "shards": shards, "times": times}
        values |= {"customers": customers, "things": things, "versions": versions}
        await session.execute(NUMBER, values, execution_options=REVIEWED)
        return len(rows)

    return await worker.run(unit)


async def number_everything(worker: Shared, held: Held) -> int:
    """Number until nothing waits; gives how many."""
    total = 0
    while count := await number_waiting(worker, held, sweep=True):
        total += count
    return total
