"""Waiting for a condition, for tests of what other tasks and processes do."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], Awaitable[bool]], *, seconds: float = 15) -> None:
    """Return as soon as the condition holds. Raises TimeoutError when it does not come to hold in time."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)
