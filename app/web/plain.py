"""Answers that need neither an app nor a theme: a status, a sentence, and nothing of any customer."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import escape

from app.publishing.platform_errors import render_platform_error
from app.publishing.themes import Themes

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class Answer:
    """A finished answer."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    async def send(self, send: Send) -> None:
        """Send it."""
        headers = {"content-length": str(len(self.body)), **self.headers}
        await send(
            {
                "type": "http.response.start",
                "status": self.status,
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            }
        )
        await send({"type": "http.response.body", "body": self.body})


def host_page(status: int, title: str, text: str, *, cache: str = "no-store", retry_after: int | None = None) -> Answer:
    """A page that says one thing. `retry_after` is in seconds."""
    headers = {"content-type": "text/html; charset=utf-8", "cache-control": cache, "x-robots-tag": "noindex"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return Answer(status, PAGE.format(title=escape(title), text=escape(text)).encode(), headers)


def themed_page(themes: Themes, status: int, *, retry_after: int | None = None) -> Answer:
    """The platform's own page for 421, 500 or 503, which names no customer. `retry_after` is in seconds."""
    headers = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store", "x-robots-tag": "noindex"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    return Answer(status, render_platform_error(themes, status).encode(), headers)
