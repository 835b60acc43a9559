"""`agoat demo`: the demonstration on this machine, from nothing to a table of addresses."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import click
from msgspec import DecodeError, Struct, ValidationError, json
from msgspec.structs import replace

from app.cli.answers import Reply, command
from app.cli.office import database_option, with_local
from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.embedded import Kind
from app.db.embedded.folder import write_private
from app.db.local import Local, holds_data, local_installation, reset_local
from app.db.rules import shared_rules, tenant_rules
from app.demo.loading import Loader
from app.demo.people import KEPT, Access, Doorkeeper
from app.demo.stories import KEYS
from app.demo.table import table
from app.errors import Conflict, Unavailable
from app.identity.credentials import Passwords
from app.identity.people import People
from app.media.storage import open_storage
from app.serve import Child, children, free_port, prove, supervise
from app.settings import Address, Origin, Settings, load, remote_shell, signing_keys

RUNNING = "running.json"
CONSOLE_HOST, SITES_DOMAIN = "console.localhost", "localhost"
# More web processes than two only make the start slower, and nobody demonstrates under load.
MOST_PROCESSES = 2
READY_S, POLL_S = 60.0, 0.05


class Running(Struct, frozen=True):
    """What a running demonstration says about itself to the next one."""

    pid: int
    console: str


@command(None, "demo", example="agoat demo --port 9000")
@click.option("--reset", is_flag=True, help="Forget everything that was done in the demonstration and begin anew.")
@click.option("--port", type=click.IntRange(1, 65_535), help="The port for everything; when it is busy, the next free one.")
@database_option
async def demo(reset: bool, port: int | None, database: Kind | None) -> Reply:
    """Start two made-up customers with sites, posts and products on embedded engines, and print how to get in."""
    settings = load()
    if reset:
        forget(settings.data_dir)
    with local_installation(settings.data_dir, database=database) as local:
        if not local.owner:
            raise Conflict(held(settings.data_dir))
        settings = for_demo(settings, local, port)
        await prove(settings)
        with announced(settings):
            kept = children(settings, with_worker=True, web_app="app.asgi:create_demo", logs=settings.data_dir / "logs")
            begin_logs_anew(kept)
            web, *others = kept
            # Loading goes on while the web processes start; the other processes would only make both slower on a small machine.
            await supervise([web], started=lambda: say_when_ready(settings), later=others)
    return Reply({"ended": True}, ["The demonstration has ended. All data stays."])


def forget(data_dir: Path) -> None:
    """Empty the data folder of a demonstration. Raises Conflict for a folder in which something else lives."""
    if holds_data(data_dir) and not (data_dir / KEPT).exists():
        raise Conflict(f"{data_dir} holds an installation that is no demonstration, and is left alone. Remove it by hand if you mean it.")
    reset_local(data_dir)


def held(data_dir: Path) -> str:
    """Who has the engines, as far as that is known."""
    try:
        running = json.decode((data_dir / RUNNING).read_bytes(), type=Running)
    except (FileNotFoundError, DecodeError, ValidationError):
        return f"Another agoat command has the engines in {data_dir}. Wait until it ends, then start again."
    return f"The demonstration is running already: process {running.pid} answers at {running.console}/. Stop it with: kill {running.pid}"


def for_demo(settings: Settings, local: Local, port: int | None) -> Settings:
    """The settings of the demonstration: all on this machine, on free ports, in the data folder. Servers of production are not touched."""
    host = settings.bind.host
    web = free_port(host, port or settings.bind.port)
    ops = free_port(settings.ops_bind.host, settings.ops_bind.port, but=web)
    bare = replace(settings, redis_url=None, secret_key=None, secret_key_previous=None)
    return replace(
        with_local(bare, local),
        console_url=Origin("http", CONSOLE_HOST, web),
        sites_domain=SITES_DOMAIN,
        public_scheme="http",
        public_port=web,
        bind=Address(host, web),
        ops_bind=Address(settings.ops_bind.host, ops),
        media_url=(settings.data_dir / "media").as_uri(),
        web_processes=min(settings.web_processes, MOST_PROCESSES),
    )


async def prepare(settings: Settings) -> Access:
    """Load what is missing; gives how to get in."""
    async with opened(settings) as (loader, doorkeeper):
        customers = await loader.load(lambda line: click.echo(f"Loading {line}", err=True))
        return await doorkeeper.let_in(customers)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Loader, Doorkeeper]]:
    """Those who load the demonstration, with engines of their own."""
    backoffice = open_engine(settings.needed("backoffice_database_url").reveal(), rules=tenant_rules(Base.metadata), pool_size=2)
    directory = open_engine(settings.needed("directory_database_url").reveal(), rules=shared_rules(Base.metadata, "directory"), pool_size=2)
    passwords, operator, asked = Passwords(), Tenancy(backoffice), Shared(directory)
    people = People(asked, passwords, signing_keys(settings, "sign-in attempts")[0])
    loader = Loader(operator, asked, open_storage(settings.media_url), settings.sites_domain)
    try:
        yield loader, Doorkeeper(settings.data_dir, operator, asked, people)
    finally:
        passwords.close()
        for engine in (backoffice, directory):
            await engine.dispose()


@contextmanager
def announced(settings: Settings) -> Iterator[None]:
    """Tell a second demonstration where this one answers, as long as it does."""
    file = settings.data_dir / RUNNING
    write_private(file, json.encode(Running(os.getpid(), str(settings.console_url))))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def begin_logs_anew(kept: list[Child]) -> None:
    """Keep what the children said last time beside what they will say."""
    for child in kept:
        if child.log is not None and child.log.exists():
            child.log.replace(child.log.with_name(child.log.name + ".1"))


async def say_when_ready(settings: Settings) -> None:
    """Load what is missing and print the table as soon as console and sites answer. Raises Unavailable when they do not within a minute."""
    access = await prepare(settings)
    sites = {key: settings.public_origin(f"{key}.{settings.sites_domain}") for key in KEYS}
    for origin in (settings.console_url, *sites.values()):
        await wait_for(settings.bind, origin, settings.data_dir / "logs" / "web.log")
    for line in table(settings.console_url, sites, access, remote_shell()):
        click.echo(line)


async def wait_for(bind: Address, origin: Origin, log: Path) -> None:
    """Ask for a front page until it comes."""
    said = "nothing"
    try:
        async with asyncio.timeout(READY_S):
            while True:
                said = await front_page(bind, origin)
                if said.startswith(("2", "3")):
                    return
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        raise Unavailable(f"{origin}/ does not answer ({said}). The web processes say why in {log}.") from None


async def front_page(bind: Address, origin: Origin) -> str:
    """The status of a site's front page, or why there is none."""
    try:
        reader, writer = await asyncio.open_connection(bind.host, bind.port)
    except OSError as error:
        return error.strerror or "no connection"
    try:
        writer.write(f"GET / HTTP/1.1\r\nHost: {origin.host}:{origin.port}\r\nConnection: close\r\n\r\n".encode())
        line = await reader.readline()
        return line.decode("latin-1").partition(" ")[2].strip() or "an empty answer"
    except OSError as error:
        return error.strerror or "no answer"
    finally:
        writer.close()
