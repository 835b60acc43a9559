"""What waits: changes without a number, promises that are due, promises that were given up, and who holds which lease."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Shared
from app.db.failures import told_to_the_operator
from app.db.record.tables import ChangeIn, Lease, OutboxRow, OutboxShard, Process

T = TypeVar("T")


class Backlog(Struct, frozen=True):
    """How much waits, and since when; None where nothing does."""

    changes: int
    oldest_change: datetime | None
    due: int
    oldest_due: datetime | None
    dead: int


class Leased(Struct, frozen=True):
    """A lease that has not ended yet."""

    name: str
    until: datetime


async def asked(worker: Shared, look: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """What a look gives, the database's refusal in one line. Raises Unavailable, Conflict."""
    with told_to_the_operator():
        return await worker.read(look)


async def backlog(worker: Shared) -> Backlog:
    """What waits in the inbox and the outbox. Raises Unavailable, Conflict."""
    open_rows = (OutboxRow.done_at.is_(None), OutboxRow.dead_at.is_(None), OutboxRow.available_at <= datetime.now(UTC))

    async def look(session: AsyncSession) -> Backlog:
        changes = (await session.execute(select(func.count(), func.min(ChangeIn.at)).select_from(ChangeIn))).one()
        due = (await session.execute(select(func.count(), func.min(OutboxRow.available_at)).where(*open_rows))).one()
        dead = (await session.execute(select(func.count()).select_from(OutboxRow).where(OutboxRow.dead_at.is_not(None)))).scalar_one()
        return Backlog(changes=changes[0], oldest_change=changes[1], due=due[0], oldest_due=due[1], dead=dead)

    return await asked(worker, look)


async def leases(worker: Shared) -> list[Leased]:
    """Every lease and every shard of the outbox that somebody holds at this moment. Raises Unavailable, Conflict."""
    now = datetime.now(UTC)

    async def look(session: AsyncSession) -> list[Leased]:
        named = await session.execute(select(Lease.name, Lease.lease_until).where(Lease.lease_until > now))
        shards = await session.execute(select(OutboxShard.shard, OutboxShard.lease_until).where(OutboxShard.lease_until > now))
        found = [Leased(name, until) for name, until in named]
        return found + [Leased(f"shard {shard} of the outbox", until) for shard, until in shards]

    return await asked(worker, look)


async def heard_of(worker: Shared, within: timedelta) -> list[Process]:
    """Processes that were heard of within a time and have not said that they end. Raises Unavailable, Conflict."""

    async def look(session: AsyncSession) -> list[Process]:
        statement = select(Process).where(Process.seen_at > datetime.now(UTC) - within).order_by(Process.kind, Process.host, Process.pid)
        return list((await session.execute(statement)).scalars())

    return await asked(worker, look)
