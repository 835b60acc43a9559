"""Redis: an accelerator, never the truth. Everything here may fail without harm, quickly, and says so once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.keys import CHANGES_CHANNEL
from app.logs import logger

CONNECT_S, ANSWER_S = 0.05, 0.1
PAUSE_S = 1.0
LOG = logger(__name__)


def open_redis(url: str) -> Redis:
    """A client that gives up after 50 ms of connecting or 100 ms of waiting, and does not try twice by itself."""
    return Redis.from_url(
        url, socket_connect_timeout=CONNECT_S, socket_timeout=ANSWER_S, retry=Retry(NoBackoff(), 0), health_check_interval=0
    )  # fmt: skip


class Waker:
    """Tells the sequencer that a commit has happened. Calls that come together are one message; a save never waits for Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._asked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __call__(self) -> None:
        """Ask for a message to be sent soon; returns at once."""
        self._asked.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._send())

    async def _send(self) -> None:
        """Send what was asked for. While Redis is away the sequencer's own poll sees every change anyway."""
        while self._asked.is_set():
            self._asked.clear()
            try:
                await self._redis.publish(CHANGES_CHANNEL, b"")
            except (RedisError, OSError) as error:
                LOG.warning("redis.away", error=type(error).__name__)
                await asyncio.sleep(PAUSE_S)
                return

    async def close(self) -> None:
        """End the connection."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._redis.aclose()


async def wakes(url: str) -> AsyncIterator[None]:
    """One item for every message that a commit has happened; for ever, however often Redis goes and comes back."""
    while True:
        redis = Redis.from_url(url, socket_connect_timeout=1.0, socket_timeout=None)
        try:
            channel = redis.pubsub(ignore_subscribe_messages=True)
            await channel.subscribe(CHANGES_CHANNEL)
            async for _ in channel.listen():
                yield None
        except (RedisError, OSError) as error:
            LOG.warning("redis.away", error=type(error).__name__)
            await asyncio.sleep(PAUSE_S)
        finally:
            await redis.aclose()
