"""Which processes of the installation are alive, by what they last said themselves."""

import asyncio
import os
import signal
from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import convert, structs
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Shared
from app.db.pools import Pool
from app.db.record.tables import Process
from app.logs import logger

ALIVE = timedelta(seconds=6)
LOOK_S = 2.0
LOG = logger(__name__)


async def end_with_parent() -> None:
    """End this process, politely, when the one that started it has died: it would keep the port, and nobody would ever end it."""
    parent = os.getppid()
    while True:
        await asyncio.sleep(LOOK_S)
        if os.getppid() != parent:
            LOG.error("process.orphaned", parent=parent)
            os.kill(os.getpid(), signal.SIGTERM)
            return


async def heartbeat(shared: Shared, process_id: UUID, kind: str, host: str, pid: int, figures: dict[str, Any]) -> None:
    """Say that a process lives."""
    values = {"id": process_id, "kind": kind, "host": host, "pid": pid, "seen_at": func.now(), "figures": figures}
    statement = (
        insert(Process).values(values).on_conflict_do_update(index_elements=["id"], set_={"seen_at": func.now(), "figures": figures})
    )

    async def unit(session: AsyncSession) -> None:
        await session.execute(statement)

    await shared.run(unit, repeatable=True)


def with_pools(*pools: Pool) -> dict[str, Any]:
    """The figures of a process that says how its connections are used."""
    return {"pools": [structs.asdict(pool) for pool in pools]}


def pools_in(process: Process) -> list[Pool]:
    """The pools that a process has reported; none for a process of another release that reports otherwise."""
    found = process.figures.get("pools", [])
    return [convert(pool, Pool) for pool in found if isinstance(pool, dict) and pool.keys() >= set(Pool.__struct_fields__)]


async def leave(shared: Shared, process_id: UUID) -> None:
    """Say that a process ends, and forget those that have been silent for an hour."""
    long_silent = func.now() - timedelta(hours=1)

    async def unit(session: AsyncSession) -> None:
        gone = (Process.id == process_id) | (Process.seen_at < long_silent)
        await session.execute(delete(Process).where(gone).execution_options(synchronize_session=False))

    await shared.run(unit, repeatable=True)


async def living(shared: Shared) -> list[Process]:
    """The processes that have been heard of within six seconds."""

    async def look(session: AsyncSession) -> list[Process]:
        statement = select(Process).where(Process.seen_at > func.now() - ALIVE).order_by(Process.kind, Process.id)
        return list((await session.execute(statement)).scalars())

    return await shared.read(look)
