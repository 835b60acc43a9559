"""The worker's door: numbers changes, folds bumps, keeps promises, sweeps; and stops cleanly when it is told to.

Everything runs under leases, so that any number of workers may be alive and one of them does each thing.
"""

import asyncio
import os
import random
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from app.actor import Actor, system
from app.audit.sealing import seal_everything
from app.cache.client import wakes
from app.content.actions import delete_post, refresh_publications
from app.content.actions.refreshing import REFRESH
from app.content.repository import trashed_before
from app.db.database import Shared, Tenancy
from app.db.functions import NO_ID
from app.db.record import leases
from app.db.record.clock import database_now
from app.db.record.compactor import fold_bumps
from app.db.record.housekeeping import SWEEPS, drop_tombstones, sweep
from app.db.record.outbox import FIRST_WAIT, LONGEST_WAIT, Job, Shard, drop_shards, due, settle, take_shard
from app.db.record.processes import heartbeat, leave, with_pools
from app.db.record.sequencer import number_everything, number_waiting
from app.db.record.tables import SHARDS
from app.db.record.usage import fold_usage
from app.db.work import Work
from app.errors import AGoatError, Conflict, NotFound, OutcomeUnknown
from app.identity.repository import SWEEPS as IDENTITY_SWEEPS
from app.keys import COMPACTOR_LEASE, HOUSEKEEPING_LEASE, SEALER_LEASE, SEQUENCER_LEASE
from app.logs import logger
from app.settings import LIMITS

POLL_S, FULL_SWEEP_S, RENEW_S = 0.25, 60.0, 3.0
OUTBOX_S, COMPACT_S, SEAL_S, HOUSEKEEPING_S, HEARTBEAT_S = 1.0, 30.0, 180.0, 600.0, 2.0
LOG = logger(__name__)

# A handler does one thing for one customer and may be run again at any time, so it must be idempotent.
Handler = Callable[["Worker", Job], Awaitable[None]]


@dataclass
class Worker:
    """One worker process. `shared` is its own role, `tenancy` the role of all jobs that act for a customer."""

    shared: Shared
    tenancy: Tenancy
    redis_url: str | None
    handlers: Mapping[str, Handler]
    id: UUID = field(default_factory=uuid4)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self) -> None:
        """Work until `stopping` is set, then finish what has begun and give up every lease."""
        listener = asyncio.create_task(self.listen())
        loops = (self.number, self.keep_promises, self.compact, self.seal, self.keep_house, self.beat)
        try:
            async with asyncio.TaskGroup() as group:
                for loop in loops:
                    group.create_task(self.guarded(loop))
        finally:
            listener.cancel()
            with suppress(asyncio.CancelledError):
                await listener
            await drop_shards(self.shared, self.id)
            await leave(self.shared, self.id)

    async def guarded(self, loop: Callable[[], Awaitable[None]]) -> None:
        """Run a loop again when it failed, so that one bad minute of the database ends nothing."""
        while not self.stopping.is_set():
            try:
                await loop()
            except AGoatError as error:
                LOG.warning("worker.pausing", loop=loop.__name__, error=error.detail)
                await self.pause(1.0)
            except Exception:
                LOG.exception("worker.failed", loop=loop.__name__)
                await self.pause(2.0)

    async def pause(self, seconds: float) -> None:
        """Wait, but no longer than until the worker is told to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.stopping.wait()

    async def listen(self) -> None:
        """Let a message of Redis end the sequencer's wait."""
        if self.redis_url is not None:
            async for _ in wakes(self.redis_url):
                self.woken.set()

    async def number(self) -> None:
        """Number changes, right after a commit when Redis is up, else within a poll; sweep at the start and each minute."""
        held, renewed, swept = None, 0.0, 0.0
        clock = asyncio.get_running_loop().time
        while not self.stopping.is_set():
            if held is None or clock() - renewed > RENEW_S:
                held, renewed = await leases.take(self.shared, SEQUENCER_LEASE, self.id), clock()
            if held is None:
                await self.pause(RENEW_S)
                continue
            if clock() - swept > FULL_SWEEP_S:
                await number_everything(self.shared, held)
                swept = clock()
            elif not await number_waiting(self.shared, held):
                await self.rest()
        if held is not None:
            await leases.give_up(self.shared, held)

    async def rest(self) -> None:
        """Wait for a wake-up, a stop, or the next poll."""
        waits = [asyncio.create_task(self.woken.wait()), asyncio.create_task(self.stopping.wait())]
        await asyncio.wait(waits, timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        self.woken.clear()

    async def keep_promises(self) -> None:
        """Run what is due in the outbox, shard by shard."""
        while not self.stopping.is_set():
            done = 0
            for number in random.sample(range(SHARDS), SHARDS):
                if self.stopping.is_set():
                    return
                shard = await take_shard(self.shared, number, self.id)
                done += await self.empty(shard) if shard is not None else 0
            if not done:
                await self.pause(OUTBOX_S)

    async def empty(self, shard: Shard) -> int:
        """Run one round of a shard; gives how many promises were tried."""
        jobs = await due(self.shared, shard)
        for job in jobs:
            if self.stopping.is_set():
                break
            await self.keep(shard, job)
        return len(jobs)

    async def keep(self, shard: Shard, job: Job) -> None:
        """Run one promise and write how it ended; a failing one waits longer each time, never in step with others."""
        handler = self.handlers.get(job.name)
        try:
            if handler is None:
                raise LookupError(f"no handler is named {job.name}")
            await handler(self, job)
            error = None
        except Exception as failure:
            said = "job.unknown" if isinstance(failure, OutcomeUnknown) else "job.failed"
            LOG.warning(said, job=job.name, job_id=str(job.id), attempt=job.attempts + 1, error=type(failure).__name__)
            error = failure.detail if isinstance(failure, AGoatError) else f"{type(failure).__name__}: {failure}"[:500]
        ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2**job.attempts)
        await settle(self.shared, shard, job, error=error, wait=ceiling * random.uniform(0.5, 1) if error else timedelta())

    async def compact(self) -> None:
        """Fold old bumps every half minute."""
        await self.every(COMPACT_S, COMPACTOR_LEASE, lambda: fold_bumps(self.shared))

    async def seal(self) -> None:
        """Seal what has settled and fold the figures of customers, every three minutes."""
        while not self.stopping.is_set():
            held = await leases.take(self.shared, SEALER_LEASE, self.id)
            if held is not None:
                await seal_everything(self.shared, held, is_stopping=self.stopping.is_set)
                await fold_usage(self.shared)
                await leases.give_up(self.shared, held)
            await self.pause(SEAL_S)

    async def keep_house(self) -> None:
        """Remove what has been kept long enough, every ten minutes."""
        await self.every(HOUSEKEEPING_S, HOUSEKEEPING_LEASE, self.clean)

    async def clean(self) -> None:
        """One round of housekeeping."""
        removed = await sweep(self.shared, {**SWEEPS, **IDENTITY_SWEEPS})
        removed["tombstones"] = await drop_tombstones(self.shared)
        removed["trashed posts"] = await empty_trash(self.shared, self.tenancy, await database_now(self.shared))
        LOG.info("housekeeping", removed={name: count for name, count in removed.items() if count})

    async def every(self, seconds: float, lease: str, act: Callable[[], Awaitable[object]]) -> None:
        """Do something again and again while this worker has the lease."""
        while not self.stopping.is_set():
            held = await leases.take(self.shared, lease, self.id)
            if held is not None:
                await act()
                await leases.give_up(self.shared, held)
            await self.pause(seconds)

    async def beat(self) -> None:
        """Say every two seconds that this worker lives."""
        while not self.stopping.is_set():
            figures = with_pools(self.shared.pool(), self.tenancy.pool())
            await heartbeat(self.shared, self.id, "worker", socket.gethostname(), os.getpid(), figures)
            await self.pause(HEARTBEAT_S)


async def empty_trash(shared: Shared, tenancy: Tenancy, now: datetime) -> int:
    """Remove posts that have been in the trash for 30 days, each in a unit of its own; their history stays. Gives their number."""
    actor, removed = system("housekeeping"), 0
    while batch := await shared.read(lambda session: trashed_before(session, now - LIMITS.trash)):
        gone = [await remove_from_trash(tenancy, actor, *post) for post in batch]
        removed += sum(gone)
        if not any(gone):
            break
    return removed


async def remove_from_trash(tenancy: Tenancy, actor: Actor, customer_id: UUID, post_id: UUID, version: int) -> bool:
    """Remove one post unless somebody has brought it back meanwhile. Gives whether it was removed."""
    try:
        await tenancy.of(customer_id).run(actor, "empty the trash", lambda work: delete_post(work, actor, post_id, version))
    except (Conflict, NotFound):
        return False
    return True


async def refresh(worker: Worker, job: Job) -> None:
    """Make live posts anew that show a tag or a byline, in units of a few posts. Beginning again is harmless."""
    actor = Actor(kind="job", door="worker", name=job.name, id=job.id, customer_id=job.customer_id)
    database = worker.tenancy.of(job.customer_id)
    tag_id, author_id = (UUID(job.payload[name]) if name in job.payload else None for name in ("tag_id", "author_id"))
    after: UUID | None = NO_ID
    while after is not None:

        async def few(work: Work, after: UUID = after) -> UUID | None:
            return await refresh_publications(work, actor, tag_id=tag_id, author_id=author_id, after=after)

        after = await database.run(actor, "refresh live posts", few)


# Every promise that the product makes has its handler here.
HANDLERS: Mapping[str, Handler] = {REFRESH: refresh}
