"""The API over HTTP: behind the outermost callable, on the console's host, with keys of both customers."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from app.actor import Actor
from app.asgi import compose, open_services
from app.db.database import Shared, Tenancy
from app.db.record.leases import give_up, take
from app.db.record.sequencer import number_everything
from app.identity.access import SCOPES
from app.identity.actions import CreateKey, NewKey, create_key
from app.settings import load
from app.web.services import Services
from tests.api.client import Client
from tests.cast import OPERATOR, Cast, make_customer

ORIGIN = "http://console.localhost:8000"


def make_services(addresses: dict[str, str], folder: Path) -> Services:
    return open_services(
        load(
            {
                "AGOAT_DATABASE_URL": addresses["app"],
                "AGOAT_DIRECTORY_DATABASE_URL": addresses["directory"],
                "AGOAT_CONSOLE_URL": ORIGIN,
                "AGOAT_DATA_DIR": str(folder),
                "AGOAT_SECRET_KEY": "s" * 40,
            }
        )
    )


@pytest.fixture(scope="session")
async def services(addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    made = make_services(addresses, tmp_path_factory.mktemp("api"))
    yield made
    await made.close()


@pytest.fixture(scope="session")
async def transport(services: Services) -> httpx.ASGITransport:
    return httpx.ASGITransport(compose(services), raise_app_exceptions=True)


@pytest.fixture(scope="session")
def anonymous(transport: httpx.ASGITransport) -> Client:
    return Client(transport, ORIGIN)


KeyMaker = Callable[..., Awaitable[Client]]


@pytest.fixture(scope="session")
async def with_key(tenancy: Tenancy, transport: httpx.ASGITransport, cast: Cast) -> KeyMaker:
    """Makes a client with a fresh key of the scopes, at Acme unless another customer is named."""

    async def make(*scopes: str, customer_id: UUID | None = None) -> Client:
        made = await new_key(tenancy, customer_id or cast.acme, *scopes)
        return Client(transport, ORIGIN, made.secret, made.id)

    return make


async def new_key(tenancy: Tenancy, customer_id: UUID, *scopes: str, actor: Actor = OPERATOR) -> NewKey:
    request = CreateKey(name="test key", scopes=scopes)
    return await tenancy.of(customer_id).run(actor, "create key", lambda work: create_key(work, actor, request))


@pytest.fixture(scope="session")
async def acme_api(with_key: KeyMaker) -> Client:
    """Acme's key that may do everything."""
    return await with_key(*SCOPES)


@pytest.fixture(scope="session")
async def globex_api(with_key: KeyMaker, cast: Cast) -> Client:
    """Globex's key that may do everything."""
    return await with_key(*SCOPES, customer_id=cast.globex)


@pytest.fixture
async def fresh(backoffice: Tenancy, with_key: KeyMaker, unique: str) -> tuple[UUID, UUID, Client]:
    """A customer that no other test writes to: its id, its site, and a key that may do everything."""
    customer_id, site_id = await make_customer(backoffice, unique)
    return customer_id, site_id, await with_key(*SCOPES, customer_id=customer_id)


@pytest.fixture
def number_all(worker: Shared) -> Callable[[], Awaitable[None]]:
    """Numbers every change that waits, as the worker does."""

    async def run() -> None:
        held = await take(worker, f"sequencer-{uuid4().hex[:8]}", uuid4())
        assert held is not None
        await number_everything(worker, held)
        await give_up(worker, held)

    return run
