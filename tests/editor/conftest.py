"""The console as its people meet it: over HTTP, signed in with a password, on a host of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from litestar import Router

from app.asgi import open_services
from app.db.database import Shared, Tenancy
from app.editor import console_app
from app.public import public_app
from app.settings import Settings, load
from app.web.outermost import Outermost
from app.web.services import Services
from tests.cast import Cast
from tests.editor.browser import Browser, People, make_people

SECRET = "a secret of the tests that is long enough to sign"


@pytest.fixture(scope="session")
def settings(addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of an installation whose console is at console.localhost:8000."""
    folder = tmp_path_factory.mktemp("console")
    return load(
        {
            "AGOAT_DATABASE_URL": addresses["app"],
            "AGOAT_DIRECTORY_DATABASE_URL": addresses["directory"],
            "AGOAT_CONSOLE_URL": "http://console.localhost:8000",
            "AGOAT_SITES_DOMAIN": "localhost",
            "AGOAT_PUBLIC_SCHEME": "http",
            "AGOAT_PUBLIC_PORT": "8000",
            "AGOAT_DATA_DIR": str(folder),
            "AGOAT_SECRET_KEY": SECRET,
        }
    )


@pytest.fixture(scope="session")
async def services(settings: Settings) -> AsyncIterator[Services]:
    """What the doors are given."""
    made = open_services(settings)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def api_router() -> Router:
    """An API without a route: the console only has to stand beside it."""
    return Router(path="/api", route_handlers=[])


@pytest.fixture(scope="session")
def site(services: Services, api_router: Router) -> Outermost:
    """The console and the public sites, chosen by host."""
    return Outermost(services, console_app(services, api_router), public_app(services))


@pytest.fixture(scope="session")
async def people(services: Services, cast: Cast, directory: Shared, backoffice: Tenancy) -> People:
    """Olga owns Acme, Aart writes for it, Edda edits, Rhea reads; Mara owns Globex. All have passwords."""
    return await make_people(services.people, cast, backoffice)


SignIn = Callable[[str], Awaitable[Browser]]


@pytest.fixture
def browser(site: Outermost) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(site)


@pytest.fixture
def signed_in(site: Outermost, people: People) -> SignIn:
    """A browser in which somebody of the people is signed in."""

    async def make(name: str) -> Browser:
        fresh = Browser(site)
        await fresh.sign_in(people[name])
        return fresh

    return make
