"""The composition root: settings to engines, services and the two apps, chosen by Host.

The server loads `app.asgi:create` in every web process; the tests call `compose` themselves.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

import app.catalog.models
import app.content.models
import app.identity.models
import app.imports.models
import app.media.models
import app.tenancy.models  # noqa: F401
from app import api, editor, public
from app.cache.client import Waker, open_redis
from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.record.processes import end_with_parent, heartbeat, leave, with_pools
from app.db.rules import shared_rules, tenant_rules
from app.errors import AGoatError
from app.identity.credentials import Passwords
from app.identity.people import People
from app.logs import configure, logger
from app.media.storage import open_storage
from app.publishing.themes import load_themes
from app.resources import templates_dir
from app.settings import Settings, load, signing_keys
from app.web.outermost import Outermost
from app.web.services import Services

Message = MutableMapping[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]
LOG = logger(__name__)
HEARTBEAT_S = 2.0


def open_services(settings: Settings, *, is_demo: bool = False) -> Services:
    """Everything that the doors need; engines connect at the first request."""
    app_engine = open_engine(settings.needed("database_url").reveal(), rules=tenant_rules(Base.metadata))
    directory_engine = open_engine(settings.needed("directory_database_url").reveal(), rules=shared_rules(Base.metadata, "directory"))
    waker = Waker(open_redis(settings.redis_url.reveal())) if settings.redis_url is not None else None
    passwords = Passwords()
    directory = Shared(directory_engine)

    async def close() -> None:
        passwords.close()
        if waker is not None:
            await waker.close()
        await app_engine.dispose()
        await directory_engine.dispose()

    return Services(
        settings=settings,
        tenancy=Tenancy(app_engine, wake=waker),
        directory=directory,
        people=People(directory, passwords, signing_keys(settings, "sign-in attempts")[0]),
        storage=open_storage(settings.media_url),
        themes=load_themes(templates_dir()),
        close=close,
        is_demo=is_demo,
    )


def compose(services: Services) -> App:
    """The outermost callable over the console (with the API) and the public sites."""
    # Litestar's own types of scope and messages are narrower than what an application is given and gives.
    console: Any = editor.console_app(services, api.router(services))
    visitors: Any = public.public_app(services)
    return Lifespan(Outermost(services, console, visitors), services)


class Lifespan:
    """Answers the server's lifespan messages, says that this process lives, and passes on requests; websockets are not spoken here."""

    def __init__(self, outermost: App, services: Services) -> None:
        self.outermost = outermost
        self.services = services

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One scope of the server."""
        if scope["type"] == "http":
            await self.outermost(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self.live(receive, send)

    async def live(self, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
        """From the server's start to its end."""
        beside: list[asyncio.Task[None]] = []
        while (message := await receive())["type"] != "lifespan.shutdown":
            if message["type"] == "lifespan.startup":
                pulse = beat(self.services.directory, self.services.tenancy)
                beside = [asyncio.create_task(pulse), asyncio.create_task(end_with_parent())]
                await send({"type": "lifespan.startup.complete"})
        for task in beside:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self.services.close()
        await send({"type": "lifespan.shutdown.complete"})


async def beat(directory: Shared, tenancy: Tenancy) -> None:
    """Say every two seconds that this web process lives, until it is cancelled; a database that is away is asked again."""
    process_id = uuid4()
    try:
        while True:
            try:
                figures = with_pools(tenancy.pool(), directory.pool())
                await heartbeat(directory, process_id, "web", socket.gethostname(), os.getpid(), figures)
            except AGoatError as error:
                LOG.warning("heartbeat.missed", error=error.detail)
            except Exception:
                # Whoever is silent counts as dead, so that nothing may end the heartbeat of a process that lives.
                LOG.exception("heartbeat.failed")
            await asyncio.sleep(HEARTBEAT_S)
    finally:
        with suppress(AGoatError):
            await leave(directory, process_id)


def create() -> App:
    """The application of one web process, from the environment."""
    return create_with(is_demo=False)


def create_demo() -> App:
    """The same for the demonstration, where people who type localhost find the console."""
    return create_with(is_demo=True)


def create_with(*, is_demo: bool) -> App:
    """Settings, logs, services and the two apps."""
    settings = load()
    configure(settings)
    return compose(open_services(settings, is_demo=is_demo))
