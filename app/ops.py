"""The ops listener: is it alive, is it ready, its figures, and whether a certificate may be asked for. Not for the internet."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from app.db.base import Base
from app.db.database import Shared, open_engine
from app.db.record.outbox import counts
from app.db.record.processes import end_with_parent, living
from app.db.rules import shared_rules
from app.errors import AGoatError, Invalid
from app.logs import configure
from app.settings import load
from app.tenancy import models  # noqa: F401
from app.tenancy.hosts import normalised_host
from app.tenancy.repository import find_host
from app.web.plain import Answer

Send = Callable[[Any], Awaitable[None]]
PLAIN = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}


class Ops:
    """Answers the four addresses of the ops listener."""

    def __init__(self, directory: Shared, worker: Shared, close: Callable[[], Awaitable[None]]) -> None:
        self.directory = directory
        self.worker = worker
        self.close = close
        self.routes: dict[str, Callable[[dict[str, list[str]]], Awaitable[Answer]]] = {
            "/livez": self.alive,
            "/readyz": self.ready,
            "/metrics": self.metrics,
            "/tls/ask": self.may_have_certificate,
        }

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Answer one request: 404 for an unknown address, 405 for anything but GET and HEAD of a known one."""
        if scope["type"] == "lifespan":
            await follow_lifespan(receive, send)
            await self.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        answer = await self.find_answer(scope)
        await answer.send(without_body(send) if scope["method"] == "HEAD" else send)

    async def find_answer(self, scope: Any) -> Answer:
        """What is answered to a request; HEAD is answered as GET."""
        route = self.routes.get(scope["path"])
        if route is None:
            return Answer(404, b"not found\n", PLAIN)
        if scope["method"] not in ("GET", "HEAD"):
            return Answer(405, b"This address can only be read.\n", {**PLAIN, "allow": "GET, HEAD"})
        try:
            return await route(parse_qs(scope["query_string"].decode("latin-1")))
        except AGoatError as error:
            return Answer(503, f"{error.detail}\n".encode(), PLAIN)

    async def alive(self, query: dict[str, list[str]]) -> Answer:
        """This process answers."""
        return Answer(200, b"alive\n", PLAIN)

    async def ready(self, query: dict[str, list[str]]) -> Answer:
        """200 when web and worker processes have been heard of within six seconds, else 503 with what is missing."""
        kinds = {process.kind for process in await living(self.directory)}
        missing = sorted({"web", "worker"} - kinds)
        if missing:
            return Answer(503, f"no living process of kind: {', '.join(missing)}\n".encode(), PLAIN)
        return Answer(200, b"ready\n", PLAIN)

    async def metrics(self, query: dict[str, list[str]]) -> Answer:
        """Figures for Prometheus; no figure names a customer."""
        registry = CollectorRegistry()
        processes = Gauge("agoat_processes", "Living processes by kind", ["kind"], registry=registry)
        for process in await living(self.directory):
            processes.labels(process.kind).inc()
        waiting, dead, changes = await counts(self.worker)
        Gauge("agoat_outbox_waiting", "Promises not kept yet", registry=registry).set(waiting)
        Gauge("agoat_outbox_dead", "Promises given up", registry=registry).set(dead)
        Gauge("agoat_changes_waiting", "Changes without a number", registry=registry).set(changes)
        return Answer(200, generate_latest(registry), {"content-type": "text/plain; version=0.0.4; charset=utf-8"})

    async def may_have_certificate(self, query: dict[str, list[str]]) -> Answer:
        """200 for a live host of a customer, 404 for everything else, never a redirect; one indexed look-up."""
        try:
            host = normalised_host((query.get("domain") or [""])[0])
        except Invalid:
            return Answer(404, b"no\n", PLAIN)
        entry = await self.directory.read(lambda session: find_host(session, host))
        live = entry is not None and entry.state == "live" and entry.customer_state not in ("suspended", "archived")
        return Answer(200, b"yes\n", PLAIN) if live else Answer(404, b"no\n", PLAIN)


def without_body(send: Send) -> Send:
    """A `send` that leaves the body of an answer away."""

    async def sending(message: Any) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending


async def follow_lifespan(receive: Any, send: Send) -> None:
    """Agree to the server's start and wait for its end."""
    orphaned = asyncio.create_task(end_with_parent())
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    orphaned.cancel()


def create() -> Ops:
    """The ops listener of an installation, from the environment."""
    settings = load()
    configure(settings)
    directory = open_engine(settings.needed("directory_database_url").reveal(), rules=shared_rules(Base.metadata, "directory"), pool_size=2)
    worker = open_engine(settings.needed("worker_database_url").reveal(), rules=shared_rules(Base.metadata, "worker"), pool_size=2)

    async def close() -> None:
        await directory.dispose()
        await worker.dispose()

    return Ops(Shared(directory), Shared(worker, mode="worker"), close)
