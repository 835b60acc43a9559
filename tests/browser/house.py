"""The product as operators run it, for tests that come from outside: the real server over a fresh database with the demonstration in it."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx

from app.cli.demo import opened
from app.demo.loading import Loader
from app.demo.people import ACTOR, Access
from app.identity.actions import set_role
from app.identity.people import People
from app.serve import Child, end, granian, launch
from app.settings import WEB_KNOWS, Settings, child_environment, load
from tests.waiting import until

HERE = "127.0.0.1"
ALICE = "alice@acme.example"


@dataclass(frozen=True)
class House:
    """A running server. Browsers find names under localhost here; other clients connect to 127.0.0.1 and send the name as Host."""

    port: int
    access: Access
    customers: dict[str, UUID]
    loader: Loader
    people: People
    # The cookies of a browser in which Acme's owner has signed in.
    cookies: dict[str, str]

    def console(self, path: str = "/") -> str:
        """An address of the console."""
        return f"http://console.localhost:{self.port}{path}"

    def site(self, slug: str, path: str = "/") -> str:
        """An address of a customer's site."""
        return f"http://{slug}.localhost:{self.port}{path}"

    @property
    def password(self) -> str:
        """What Acme's owner signs in with."""
        password = self.access.passwords[ALICE]
        assert password is not None
        return password

    async def invite(self, email: str, name: str) -> str:
        """Make somebody an owner of Acme; gives the path of the link by which the first password is set."""
        user = await self.people.create_person(email, name)
        acme = self.loader.backoffice.of(self.customers["acme"])
        await acme.run(ACTOR, "add member", lambda work: set_role(work, ACTOR, user.id, "owner"), reason="tests")
        return f"/set-password/{await self.people.create_link(user.id, 'first_password')}"


@asynccontextmanager
async def open_house(addresses: dict[str, str], folder: Path) -> AsyncIterator[House]:
    """Load the demonstration, start one web process, and stop it at the end."""
    settings = load(environment(addresses, folder, free_port()))
    async with opened(settings) as (loader, doorkeeper):
        customers = await loader.load()
        access = await doorkeeper.let_in(customers)
        async with serving(settings, folder / "web.log"):
            cookies = await signed_in(settings, access)
            yield House(settings.bind.port, access, customers, loader, doorkeeper.people, cookies)


def environment(addresses: dict[str, str], folder: Path, port: int) -> dict[str, str]:
    """What an operator of a small installation would set."""
    return {
        "AGOAT_DATABASE_URL": addresses["app"],
        "AGOAT_DIRECTORY_DATABASE_URL": addresses["directory"],
        "AGOAT_BACKOFFICE_DATABASE_URL": addresses["backoffice"],
        "AGOAT_CONSOLE_URL": f"http://console.localhost:{port}",
        "AGOAT_SITES_DOMAIN": "localhost",
        "AGOAT_PUBLIC_SCHEME": "http",
        "AGOAT_PUBLIC_PORT": str(port),
        "AGOAT_BIND": f"{HERE}:{port}",
        "AGOAT_DATA_DIR": str(folder),
        "AGOAT_MEDIA_URL": (folder / "media").as_uri(),
        "AGOAT_SECRET_KEY": "a key of tests, long enough to be one",
        "AGOAT_WEB_PROCESSES": "1",
    }


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(settings: Settings, log: Path) -> AsyncIterator[None]:
    """The server in a process of its own, from its first answer on. Raises AssertionError when it does not answer."""
    bind = settings.bind
    command = granian("app.asgi:create", bind.host, bind.port, settings.web_processes)
    process = await launch(Child("web", command, child_environment(settings, WEB_KNOWS), log))
    try:
        async with httpx.AsyncClient(base_url=f"http://{bind.host}:{bind.port}", headers={"host": settings.console_url.host}) as client:
            await until(lambda: answers(client), seconds=30)
        yield
    except TimeoutError:
        raise AssertionError(f"The server does not answer. It says why in {log}") from None
    finally:
        await end(process, "web")


async def signed_in(settings: Settings, access: Access) -> dict[str, str]:
    """Sign in as a browser does, as the owner of Acme."""
    console, bind = settings.console_url, settings.bind
    headers = {"host": f"{console.host}:{console.port}", "origin": str(console)}
    async with httpx.AsyncClient(base_url=f"http://{bind.host}:{bind.port}", headers=headers) as client:
        answer = await client.post("/sign-in", data={"email": ALICE, "password": access.passwords[ALICE]})
    assert answer.status_code == httpx.codes.SEE_OTHER
    return dict(answer.cookies)


async def answers(client: httpx.AsyncClient) -> bool:
    """Whether the console's sign-in page comes."""
    try:
        return (await client.get("/sign-in")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
