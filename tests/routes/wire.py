"""One request to an ASGI application and its answer, without a client's memory: no cookie of one asker reaches another's request."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx
import msgspec

CONSOLE = "http://console.localhost:8000"
# What differs between two answers to the same question.
FLEETING = ("x-request-id", "date")
MOMENT = re.compile(rb"<time datetime=[^>]*>[^<]*</time>")
TOKEN = re.compile(r"/-/preview/[^/]+")


@dataclass(frozen=True)
class Question:
    """A request: `fields` are sent as a form, `json` as JSON."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] | None = None
    json: Any = None

    def content(self) -> tuple[bytes | None, dict[str, str]]:
        """The body and what must be said about it."""
        if self.json is not None:
            return msgspec.json.encode(self.json), {"content-type": "application/json"}
        if self.fields is not None:
            return urlencode(self.fields, doseq=True).encode(), {"content-type": "application/x-www-form-urlencoded"}
        return None, {}


async def ask(app: Any, question: Question) -> httpx.Response:
    """The whole answer to a question."""
    content, said = question.content()
    request = httpx.Request(question.method, question.url, headers={**said, **question.headers}, content=content)
    answer = await httpx.ASGITransport(app).handle_async_request(request)
    answer.request = request
    await answer.aread()
    return answer


def lasting(answer: httpx.Response, *own: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """All of an answer that must be the same for the same question: without request id, times, and the `own` words of the asker.

    A page may repeat the address at which it was asked for, so that address is no part of what it tells; neither is its length then.
    Every preview has a token of its own, which holds the moment at which it was made.
    """
    body = MOMENT.sub(b"<time>", answer.content.replace(answer.headers.get("x-request-id", "none").encode(), b"ID"))
    headers = [(name, TOKEN.sub("/-/preview/TOKEN", value)) for name, value in answer.headers.multi_items() if name not in FLEETING]
    for word in own:
        body = body.replace(word.encode(), b"OWN")
        headers = [(name, value.replace(word, "OWN")) for name, value in headers]
    return answer.status_code, [pair for pair in headers if pair[0] != "content-length" or not own], body
