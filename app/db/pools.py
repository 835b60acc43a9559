"""Pools of connections: what each process reports of its own with every heartbeat."""

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import AsyncAdaptedQueuePool, PoolProxiedConnection


class Pool(Struct, frozen=True):
    """The connections of one process in one role: kept open, in use, at most, and how often somebody found all of them in use."""

    user: str
    open: int
    in_use: int
    most: int
    waits: int


class CountingPool(AsyncAdaptedQueuePool):
    """A pool that counts how often somebody had to wait. Its overflow is as large as its size, as app/db/database.py makes it."""

    waits = 0

    def connect(self) -> PoolProxiedConnection:
        """A connection; see the base class."""
        self.waits += self.checkedout() >= 2 * self.size()
        return super().connect()


def pool_of(engine: AsyncEngine) -> Pool:
    """The figures of an engine's pool at this moment."""
    pool = engine.sync_engine.pool
    assert isinstance(pool, CountingPool), "open_engine makes the engines"
    in_use = pool.checkedout()
    return Pool(engine.url.username or "", in_use + pool.checkedin(), in_use, 2 * pool.size(), pool.waits)
