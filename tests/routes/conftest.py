"""All doors of one installation behind one outermost callable, and three customers who meet at them."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from litestar import Litestar

from app import api, editor, public
from app.asgi import open_services
from app.db.database import Shared, Tenancy
from app.editor.render import ASSETS
from app.ops import Ops
from app.settings import load
from app.tenancy.actions import set_customer_state
from app.web.outermost import Outermost
from app.web.services import Services
from tests.cast import OPERATOR, make_customer
from tests.conftest import ENGINES
from tests.routes.askers import Asker, make_askers
from tests.routes.asking import filled
from tests.routes.doors import Doors
from tests.routes.hoard import Hoard, make_hoard
from tests.routes.houses import House
from tests.routes.sweeping import Swept, act_of, sweep
from tests.routes.table import ROWS
from tests.routes.wire import CONSOLE

SECRET = "a secret of the tests that is long enough to sign with"


@pytest.fixture(scope="session")
async def services(addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    """The services of a web process."""
    folder: Path = tmp_path_factory.mktemp("routes")
    made = open_services(
        load(
            {
                "AGOAT_DATABASE_URL": addresses["app"],
                "AGOAT_DIRECTORY_DATABASE_URL": addresses["directory"],
                "AGOAT_CONSOLE_URL": CONSOLE,
                "AGOAT_SITES_DOMAIN": "localhost",
                "AGOAT_PUBLIC_SCHEME": "http",
                "AGOAT_PUBLIC_PORT": "8000",
                "AGOAT_DATA_DIR": str(folder),
                "AGOAT_SECRET_KEY": SECRET,
                **({"AGOAT_REDIS_URL": os.environ[ENGINES[1]]} if os.environ.get(ENGINES[1]) else {}),
            }
        )
    )
    yield made
    await made.close()


@pytest.fixture(scope="session")
def console(services: Services) -> Litestar:
    """The console with the API beside it."""
    return editor.console_app(services, api.router(services))


@pytest.fixture(scope="session")
def visitors(services: Services) -> Litestar:
    """The public sites."""
    return public.public_app(services)


@pytest.fixture(scope="session")
def doors(services: Services, console: Litestar, visitors: Litestar, directory: Shared, worker: Shared) -> Doors:
    """Every door as the server has it."""

    async def nothing() -> None:
        """There is nothing to close."""

    return Doors(Outermost(services, console, visitors), Ops(directory, worker, nothing))


async def make_house(services: Services, tenancy: Tenancy, backoffice: Tenancy, name: str) -> House:
    """A customer with one of everything that addresses name."""
    slug = f"{name}-{uuid4().hex[:6]}"
    customer_id, site_id = await make_customer(backoffice, slug)
    house = House(customer_id, site_id, slug, tenancy.of(customer_id), backoffice.of(customer_id), services)
    house.kept["page"] = f"posts/{slug}/"
    await house.post("live", slug=slug, tags=("tagged",))
    await house.undisclosed()
    await house.colour(f"#{uuid4().hex[:6]}")
    _, house.kept["file"] = await house.picture(f"picture-{slug}", slug.encode())
    house.kept["preview"] = await house.preview(await house.post(title="A preview"))
    house.kept["static"] = ASSETS["console.css"].hashed_name
    return house


@pytest.fixture(scope="session")
async def ours(services: Services, tenancy: Tenancy, backoffice: Tenancy) -> House:
    """The customer whose things are asked for."""
    return await make_house(services, tenancy, backoffice, "ours")


@pytest.fixture(scope="session")
async def theirs(services: Services, tenancy: Tenancy, backoffice: Tenancy) -> House:
    """Another customer, who must never see anything of ours, nor we of theirs."""
    return await make_house(services, tenancy, backoffice, "theirs")


@pytest.fixture(scope="session")
async def closed(services: Services, tenancy: Tenancy, backoffice: Tenancy) -> House:
    """A customer who is about to be suspended; the askers' fixture does it when everything is there."""
    return await make_house(services, tenancy, backoffice, "closed")


@pytest.fixture(scope="session")
async def askers(services: Services, doors: Doors, ours: House, theirs: House, closed: House) -> dict[str, Asker]:
    """Everybody who may ask; the third customer is suspended from here on."""
    made = await make_askers(services, ours, theirs, closed)
    for house in (ours, theirs, closed):
        house.kept["style"] = await doors.style_of(house)
        house.kept["mail"] = made["owner"].user.email if made["owner"].user else ""
    for row in ROWS:
        if row.door == "api" or row.path.startswith("/c/"):
            for name in ("closed", "k-closed"):
                made[name].prepared[row.name] = await filled(row, made[name])
    await closed.backoffice.run(OPERATOR, "suspend", lambda work: set_customer_state(work, OPERATOR, "suspended"))
    return made


@pytest.fixture(scope="session")
async def hoard(services: Services, tenancy: Tenancy, backoffice: Tenancy, doors: Doors) -> Hoard:
    """A customer whose every text has one strange word in it."""
    word = f"kanari{uuid4().hex[:8]}"
    customer_id, site_id = await make_customer(backoffice, word)
    house = House(customer_id, site_id, word, tenancy.of(customer_id), backoffice.of(customer_id), services)
    made = await make_hoard(house, word)
    await act_of(made, doors)
    return made


@pytest.fixture(scope="session")
async def swept(doors: Doors, askers: dict[str, Asker], hoard: Hoard) -> Swept:
    """Everything that ours and strangers get at every door, while the hoard is there."""
    return await sweep(doors, askers)
