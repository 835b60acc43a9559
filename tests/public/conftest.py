"""The public app behind the outermost callable, as in the product, and customers with a site each."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from app.asgi import open_services
from app.db.database import Tenancy
from app.public import public_app
from app.settings import load
from app.web.outermost import Outermost
from app.web.plain import host_page
from app.web.services import Services
from tests.public.visiting import House, build_house

SECRET = "a secret of the tests that is long enough to sign with"


def opened(addresses: dict[str, str], media: Path) -> Services:
    """The services of a web process in front of an installation."""
    settings = load(
        {
            "AGOAT_DATABASE_URL": addresses["app"],
            "AGOAT_DIRECTORY_DATABASE_URL": addresses["directory"],
            "AGOAT_CONSOLE_URL": "http://console.localhost:8000",
            "AGOAT_SECRET_KEY": SECRET,
            "AGOAT_MEDIA_URL": media.as_uri(),
        }
    )
    return open_services(settings)


def visitors_front(services: Services) -> Outermost:
    """The public app as visitors reach it; behind the console's host nobody is at home."""

    async def console(scope, receive, send) -> None:
        await host_page(404, "The console", "It is another door.").send(send)

    return Outermost(services, console, public_app(services))


@pytest.fixture(scope="session")
async def services(addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    """The services of a web process in front of the test database."""
    services = opened(addresses, tmp_path_factory.mktemp("media"))
    yield services
    await services.close()


@pytest.fixture(scope="session")
async def client(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that follows no redirects; the host is in the address."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(visitors_front(services))) as client:
        yield client


Builder = Callable[..., Awaitable[House]]


@pytest.fixture
def build(services: Services, tenancy: Tenancy, backoffice: Tenancy, client: httpx.AsyncClient) -> Builder:
    """Makes a customer with a site of that slug."""
    return lambda slug, **site: build_house(services, tenancy, backoffice, client, slug, **site)


@pytest.fixture
async def house(build: Builder, unique: str) -> House:
    """A customer with a site in English."""
    return await build(unique)


@pytest.fixture
async def neighbour(build: Builder, unique: str) -> House:
    """Another customer, who must never be seen in the house."""
    return await build(f"{unique}-next")
