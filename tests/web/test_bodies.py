"""Bodies: not too large, not too slow."""

import asyncio
from typing import Any

import pytest

from app.web import bodies
from app.web.bodies import BodyTooLarge, BodyTooSlow, limited


def sender(*chunks: bytes) -> Any:
    messages = [{"type": "http.request", "body": chunk, "more_body": n < len(chunks) - 1} for n, chunk in enumerate(chunks)]

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    return receive


async def read(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def test_a_body_within_the_limit_arrives_whole() -> None:
    receive = limited({"headers": []}, sender(b"abc", b"def"), 6)
    assert await read(receive) == b"abcdef"
    assert (await receive())["type"] == "http.disconnect"


async def test_a_body_over_the_limit_is_refused_by_its_length_or_when_it_arrives() -> None:
    with pytest.raises(BodyTooLarge):
        await read(limited({"headers": [(b"content-length", b"7")]}, sender(b"abc"), 6))
    with pytest.raises(BodyTooLarge):
        await read(limited({"headers": []}, sender(b"abc", b"defg"), 6))


async def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "FIRST_BYTE_S", 0.01)

    async def never() -> Any:
        await asyncio.Event().wait()

    with pytest.raises(BodyTooSlow):
        await read(limited({"headers": []}, never, 6))
