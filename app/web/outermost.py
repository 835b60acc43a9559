"""The outermost callable: refuses what no handler should see, resolves the host once, and chooses the app.

Nothing behind it reads the Host header: the console app is reached by the console's host alone, the public app finds
its site in the scope.
"""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import msgspec

from app.errors import Invalid, Unavailable
from app.logs import logger, name_customer, request_context
from app.settings import LIMITS
from app.tenancy.hosts import normalised_host
from app.tenancy.repository import HostEntry, find_host
from app.web.bodies import BodyTooLarge, BodyTooSlow, limited
from app.web.headers import common_headers
from app.web.methods import allowed, method_for_doors
from app.web.plain import Answer, host_page, themed_page
from app.web.services import Services

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
LOG = logger(__name__)

# Hosts that lead to the console in the demonstration only, because people type them.
LOOPBACK = frozenset({"localhost", "127.0.0.1"})
ASSETS, API = "/-/", "/api"


class Outermost:
    """Chooses between console and public sites by the one Host header."""

    def __init__(self, services: Services, console: App, public: App) -> None:
        self.services = services
        self.console = console
        self.public = public
        self.console_host = services.settings.console_url.host
        self.console_headers = common_headers(is_console=True, is_secure=services.settings.console_url.is_secure)
        self.public_headers = common_headers(is_console=False, is_secure=services.settings.public_scheme == "https")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request_id, started, method = uuid4().hex, time.monotonic(), scope["method"]
        scope["method"] = method_for_doors(method)
        scope["state"] = {**(scope.get("state") or {}), "request_id": request_id}
        with request_context(request_id):
            host, refusal = read_host(scope)
            is_console = host == self.console_host
            headers = self.console_headers if is_console else self.public_headers
            counted = Counted(send, headers, request_id, is_head=method == "HEAD")
            await self.answer(host, is_console, refusal or refuse_head(scope), scope, receive, counted)
            took = round((time.monotonic() - started) * 1000)
            LOG.info("request", method=method, path=scope["path"], status=counted.status, ms=took)

    async def answer(self, host: str, is_console: bool, refusal: Answer | None, scope: Scope, receive: Receive, send: "Counted") -> None:
        """Refuse, or hand the request to the app of its host with a body that is limited in size and time."""
        if refusal is not None:
            await refusal.send(send)
            return
        body = limited(scope, receive, LIMITS.request_bytes)
        try:
            await (self.console(scope, body, send) if is_console else self.visit(host, scope, body, send))
        except BodyTooLarge as error:
            await refused(scope, 413, "The request is too large", error.detail).send(send)
        except BodyTooSlow as error:
            await refused(scope, 408, "The request took too long", error.detail).send(send)

    async def visit(self, host: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for anything but the console: the site of this host, or that there is none."""
        if self.services.is_demo and host in LOOPBACK:
            await Answer(302, b"", {"location": self.services.console_origin + "/", "cache-control": "no-store"}).send(send)
            return
        asset = self.services.themes.asset(scope["path"]) if scope["path"].startswith(ASSETS) else None
        if asset is not None and scope["method"] == "GET":
            # Style sheets name their content, so they are the same on every host, also where there is no site.
            headers = {"content-type": asset.media_type, "cache-control": "public, max-age=31536000, immutable"}
            await Answer(200, asset.body, headers).send(send)
            return
        refusal, entry = await self.find_site(host)
        if refusal is not None or entry is None:
            await (refusal or themed_page(self.services.themes, 421)).send(send)
            return
        name_customer(entry.customer_id)
        scope["state"]["host"] = entry
        await self.public(scope, receive, send)

    async def find_site(self, host: str) -> tuple[Answer | None, HostEntry | None]:
        """The site of a host, or the page that says why there is none."""
        themes = self.services.themes
        try:
            entry = await self.services.directory.read(lambda session: find_host(session, host))
        except Unavailable:
            return themed_page(themes, 503, retry_after=5), None
        if entry is None or entry.state not in ("live", "failing"):
            return themed_page(themes, 421), None
        if entry.customer_state == "suspended":
            return themed_page(themes, 503, retry_after=3600), None
        if entry.customer_state == "archived":
            return host_page(410, "This site is gone", "It has been closed for good."), None
        return None, entry


class Counted:
    """Sends an answer with the common headers, unless it says them itself, and remembers its status. HEAD is sent no body."""

    def __init__(self, send: Send, headers: dict[bytes, bytes], request_id: str, *, is_head: bool) -> None:
        self.status = 0
        self._send, self._headers, self._request_id, self._is_head = send, headers, request_id, is_head

    async def __call__(self, message: Message) -> None:
        """Send one message."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            said = [(name.lower(), value) for name, value in message.get("headers", ())]
            said = [(name, allowed(value.decode()).encode() if name == b"allow" else value) for name, value in said]
            given = {name for name, _ in said}
            added = [(name, value) for name, value in self._headers.items() if name not in given]
            message["headers"] = [*said, *added, (b"x-request-id", self._request_id.encode())]
        elif self._is_head:
            message["body"] = b""
        await self._send(message)


def read_host(scope: Scope) -> tuple[str, Answer | None]:
    """The one host that is asked for, in its normal form, or the refusal of a request that names none, two or nonsense."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(hosts) != 1 or not hosts[0].strip():
        return "", refused(scope, 400, "Which site?", "The request must have exactly one Host header.")
    bare, _, port = hosts[0].rpartition(":")
    if (bare if port.isdigit() else hosts[0]) in LOOPBACK:
        return (bare if port.isdigit() else hosts[0]), None
    try:
        return normalised_host(hosts[0]), None
    except Invalid:
        return "", refused(scope, 400, "Which site?", "The Host header is no host name.")


def refuse_head(scope: Scope) -> Answer | None:
    """The refusal of a head that is too large; the server's own limit is twice ours."""
    path = scope.get("raw_path") or scope["path"].encode()
    if len(path) + len(scope.get("query_string", b"")) > LIMITS.path_bytes:
        return refused(scope, 414, "The address is too long", "An address may have at most 4 KB.")
    if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > LIMITS.head_bytes:
        return refused(
            scope, 431, "The request's head is too large", "All headers together may have at most 16 KB. Deleting cookies may help."
        )
    return None


def refused(scope: Scope, status: int, title: str, text: str) -> Answer:
    """A refusal as the asker reads it: problem details under the API's path, else a page."""
    if not scope["path"].startswith(API):
        return host_page(status, title, text)
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": text}
    return Answer(status, msgspec.json.encode(said), {"content-type": "application/problem+json", "cache-control": "no-store"})
