"""Roles that one process has at a time: rows with an owner, an end and a fence that rises with every new owner."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Shared
from app.db.guard import INTERNAL
from app.db.record.statements import DROP_LEASE, TAKE_LEASE

LIFE = timedelta(seconds=10)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
REVIEWED = {"guard_bypass": INTERNAL}


class Held(Struct, frozen=True):
    """A lease in our hands. What is written under it names the fence, so that a late former owner changes nothing."""

    name: str
    owner: UUID
    fence: int


async def take(worker: Shared, name: str, owner: UUID) -> Held | None:
    """Take or renew a lease for ten seconds; None while another process has it."""
    values = {"name": name, "owner": owner, "life": LIFE}

    async def unit(session: AsyncSession) -> int | None:
        fence: int | None = (await session.execute(TAKE_LEASE, values, execution_options=REVIEWED)).scalar_one_or_none()
        return fence

    fence = await worker.run(unit)
    return None if fence is None else Held(name, owner, fence)


async def give_up(worker: Shared, held: Held) -> None:
    """Let the next process begin at once."""

    async def unit(session: AsyncSession) -> None:
        await session.execute(DROP_LEASE, {"name": held.name, "owner": held.owner, "past": LONG_AGO}, execution_options=REVIEWED)

    await worker.run(unit)
