"""Work that was promised inside transactions: which rows are due, who works on them, and how each ended."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Shared
from app.db.record.leases import LIFE, LONG_AGO, REVIEWED
from app.db.record.statements import READY, SETTLE, TAKE_SHARD
from app.db.record.tables import ChangeIn, OutboxRow, OutboxShard

ATTEMPTS = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(hours=1)
EACH_CUSTOMER, BATCH = 5, 50


class Shard(Struct, frozen=True):
    """A shard of the outbox in our hands."""

    number: int
    owner: UUID
    fence: int


class Job(Struct, frozen=True):
    """One promise: the handler's name and what it was told. `attempts` counts earlier ones that failed."""

    shard: int
    id: UUID
    customer_id: UUID
    name: str
    payload: dict[str, Any]
    attempts: int


async def take_shard(worker: Shared, number: int, owner: UUID) -> Shard | None:
    """Take or renew a shard for ten seconds; None while another worker has it."""
    values = {"shard": number, "owner": owner, "life": LIFE}

    async def unit(session: AsyncSession) -> int | None:
        fence: int | None = (await session.execute(TAKE_SHARD, values, execution_options=REVIEWED)).scalar_one_or_none()
        return fence

    fence = await worker.run(unit)
    return None if fence is None else Shard(number, owner, fence)


async def drop_shards(worker: Shared, owner: UUID) -> None:
    """Let other workers take all shards of this one at once."""

    async def unit(session: AsyncSession) -> None:
        mine = update(OutboxShard).where(OutboxShard.owner == owner).values(lease_until=LONG_AGO)
        await session.execute(mine.execution_options(synchronize_session=False))

    await worker.run(unit)


async def due(worker: Shared, shard: Shard) -> list[Job]:
    """Promises of a shard that are due, a few of each customer, so that nobody waits behind somebody else's thousands."""

    async def look(session: AsyncSession) -> list[Job]:
        values = {"shard": shard.number, "each": EACH_CUSTOMER, "most": BATCH}
        return [Job(*row) for row in await session.execute(READY, values, execution_options=REVIEWED)]

    return await worker.read(look)


async def settle(worker: Shared, shard: Shard, job: Job, *, error: str | None, wait: timedelta | None = None) -> bool:
    """Write how an attempt ended. A failure is tried again later, and after ten attempts kept as a dead letter.

    False when another worker has taken the shard meanwhile, and nothing was written.
    """
    is_dead = error is not None and job.attempts + 1 >= ATTEMPTS
    values = {
        "shard": job.shard,
        "id": job.id,
        "attempts": job.attempts,
        "owner": shard.owner,
        "fence": shard.fence,
        "error": error,
        "is_done": error is None,
        "is_dead": is_dead,
        "wait": wait or timedelta(),
    }

    async def unit(session: AsyncSession) -> bool:
        return bool((await session.execute(SETTLE, values, execution_options=REVIEWED)).rowcount)  # type: ignore[attr-defined]

    return await worker.run(unit)


async def open_promises(
    worker: Shared, *, dead_only: bool = False, customer_id: UUID | None = None, name: str | None = None
) -> list[OutboxRow]:
    """Promises that have not been kept, oldest first, at most 200; for the operator. Of one customer, or of one name, where said."""

    async def look(session: AsyncSession) -> list[OutboxRow]:
        statement = select(OutboxRow).where(OutboxRow.done_at.is_(None), *narrowed(customer_id, name))
        if dead_only:
            statement = statement.where(OutboxRow.dead_at.is_not(None))
        statement = statement.order_by(OutboxRow.created_at, OutboxRow.id).limit(200)
        return list((await session.execute(statement)).scalars())

    return await worker.read(look)


def narrowed(customer_id: UUID | None, name: str | None) -> list[ColumnElement[bool]]:
    """The conditions for the promises of one customer, or of one name; none for all."""
    of_customer = [OutboxRow.customer_id == customer_id] if customer_id is not None else []
    return [*of_customer, *([OutboxRow.name == name] if name is not None else [])]


async def retry(worker: Shared, job_id: UUID | None = None, *, customer_id: UUID | None = None, name: str | None = None) -> int:
    """Have promises that were given up tried again from the start: one, those of a customer, of a name, or all; gives how many."""

    async def unit(session: AsyncSession) -> int:
        statement = update(OutboxRow).where(OutboxRow.dead_at.is_not(None), *narrowed(customer_id, name))
        if job_id is not None:
            statement = statement.where(OutboxRow.id == job_id)
        statement = statement.values(dead_at=None, attempts=0, available_at=func.now())
        return int((await session.execute(statement.execution_options(synchronize_session=False))).rowcount)  # type: ignore[attr-defined]

    return await worker.run(unit)


async def counts(worker: Shared) -> tuple[int, int, int]:
    """How many promises wait, how many were given up, and how many changes have no number yet."""

    async def look(session: AsyncSession) -> tuple[int, int, int]:
        waiting = select(func.count()).select_from(OutboxRow).where(OutboxRow.done_at.is_(None), OutboxRow.dead_at.is_(None))
        dead = select(func.count()).select_from(OutboxRow).where(OutboxRow.dead_at.is_not(None))
        changes = select(func.count()).select_from(ChangeIn)
        return tuple([(await session.execute(statement)).scalar_one() for statement in (waiting, dead, changes)])  # type: ignore[return-value]

    return await worker.read(look)
