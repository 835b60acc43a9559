"""The composition root: settings to engines, services and the two apps, chosen by Host.

The server loads `app.asgi:create` in every web process; the tests call `compose` themselves.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import app.catalog.models
import app.content.models
import app.identity.models
import app.imports.models
import app.media.models
import app.tenancy.models  # noqa: F401
from app import api, editor, public
from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.rules import shared_rules, tenant_rules
from app.identity.credentials import Passwords
from app.identity.people import People
from app.logs import configure
from app.media.storage import open_storage
from app.publishing.themes import load_themes
from app.resources import templates_dir
from app.settings import Settings, load, signing_keys
from app.web.outermost import Outermost
from app.web.services import Services

Message = MutableMapping[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]


def open_services(settings: Settings, *, is_demo: bool = False) -> Services:
    """Everything that the doors need; engines connect at the first request."""
    app_engine = open_engine(settings.needed("database_url").reveal(), rules=tenant_rules(Base.metadata))
    directory_engine = open_engine(settings.needed("directory_database_url").reveal(), rules=shared_rules(Base.metadata, "directory"))
    passwords = Passwords()
    directory = Shared(directory_engine)

    async def close() -> None:
        passwords.close()
        await app_engine.dispose()
        await directory_engine.dispose()

    return Services(
        settings=settings,
        tenancy=Tenancy(app_engine),
        directory=directory,
        people=People(directory, passwords, signing_keys(settings, "sign-in attempts")[0]),
        storage=open_storage(settings.media_url),
        themes=load_themes(templates_dir()),
        close=close,
        is_demo=is_demo,
    )


def compose(services: Services) -> App:
    """The outermost callable over the console (with the API) and the public sites."""
    console = editor.console_app(services, api.router(services))
    visitors = public.public_app(services)
    return Lifespan(Outermost(services, console, visitors), services)


class Lifespan:
    """Answers the server's lifespan messages and passes on requests; websockets are not spoken here."""

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
        while (message := await receive())["type"] != "lifespan.shutdown":
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
        await self.services.close()
        await send({"type": "lifespan.shutdown.complete"})


def create() -> App:
    """The application of one web process, from the environment."""
    settings = load()
    configure(settings)
    return compose(open_services(settings))
