"""Which processes of the installation are alive, by what they last said themselves."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Shared
from app.db.record.tables import Process

ALIVE = timedelta(seconds=6)


async def heartbeat(shared: Shared, process_id: UUID, kind: str, host: str, pid: int, figures: dict[str, Any]) -> None:
    """Say that a process lives."""
    values = {"id": process_id, "kind": kind, "host": host, "pid": pid, "seen_at": datetime.now(UTC), "figures": figures}
    statement = (
        insert(Process).values(values).on_conflict_do_update(index_elements=["id"], set_={"seen_at": values["seen_at"], "figures": figures})
    )

    async def unit(session: AsyncSession) -> None:
        await session.execute(statement)

    await shared.run(unit)


async def leave(shared: Shared, process_id: UUID) -> None:
    """Say that a process ends, and forget those that have been silent for an hour."""
    long_silent = datetime.now(UTC) - timedelta(hours=1)

    async def unit(session: AsyncSession) -> None:
        gone = (Process.id == process_id) | (Process.seen_at < long_silent)
        await session.execute(delete(Process).where(gone).execution_options(synchronize_session=False))

    await shared.run(unit)


async def living(shared: Shared) -> list[Process]:
    """The processes that have been heard of within six seconds."""

    async def look(session: AsyncSession) -> list[Process]:
        statement = select(Process).where(Process.seen_at > datetime.now(UTC) - ALIVE).order_by(Process.kind, Process.id)
        return list((await session.execute(statement)).scalars())

    return await shared.read(look)
