"""Reading request bodies: not too large, and not too slowly."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from app.errors import AGoatError, LimitReached

FIRST_BYTE_S = 10.0
SLOWEST_BYTES_PER_S = 8 * 1024

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class BodyTooLarge(LimitReached):
    """The body exceeds the limit (413)."""

    def __init__(self, most: int) -> None:
        super().__init__(f"The request may hold at most {most:,} bytes.")


class BodyTooSlow(AGoatError):
    """The body did not arrive in time (408)."""

    def __init__(self) -> None:
        super().__init__("The body of the request did not arrive in time. Try again.")


def limited(scope: MutableMapping[str, Any], receive: Receive, most: int) -> Receive:
    """A `receive` that raises BodyTooLarge beyond `most` bytes and BodyTooSlow below 8 KB/s.

    Ten seconds are given to the first byte. After the body has ended nothing is limited: what follows is the
    disconnect, which may take as long as the answer.
    """
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    state = {"bytes": 0, "ended": False, "started": asyncio.get_running_loop().time()}

    async def receiving() -> Message:
        if state["ended"]:
            return await receive()
        if declared.isdigit() and int(declared) > most:
            raise BodyTooLarge(most)
        due = state["started"] + FIRST_BYTE_S + state["bytes"] / SLOWEST_BYTES_PER_S
        try:
            async with asyncio.timeout_at(due):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlow() from None
        state["bytes"] += len(message.get("body", b""))
        state["ended"] = message["type"] != "http.request" or not message.get("more_body", False)
        if state["bytes"] > most:
            raise BodyTooLarge(most)
        return message

    return receiving
