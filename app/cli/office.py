"""The operator's office: every role of the installation, opened for the length of one command."""

import pwd
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from os import getuid
from typing import Any, TypeVar

import click
from msgspec.structs import replace

import app.catalog.models
import app.content.models
import app.identity.models
import app.imports.models
import app.media.models
import app.tenancy.models  # noqa: F401
from app.actor import Actor, operator
from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.embedded import Kind
from app.db.local import Local, local_installation
from app.db.migrate import require_current
from app.db.rules import shared_rules, tenant_rules
from app.db.work import Reading, Work
from app.errors import Conflict, NotFound
from app.identity.credentials import Passwords
from app.identity.people import People
from app.logs import configure
from app.settings import Secret, Settings, load, signing_keys
from app.tenancy.models import Customer, Site
from app.tenancy.repository import all_customers, customer_by_slug, site_by_slug, sites_of_customer

T = TypeVar("T")
ADDRESSES = ("database_url", "directory_database_url", "worker_database_url", "backoffice_database_url", "migrator_database_url")


def customer_option(act: Callable[..., Any]) -> Callable[..., Any]:
    """The customer for whom a command acts."""
    return click.option("--customer", "customer", required=True, metavar="SLUG", help="The customer for whom this is done.")(act)


def site_option(act: Callable[..., Any]) -> Callable[..., Any]:
    """The site for which a command acts, needed where the customer has several."""
    return click.option("--site", "site", metavar="SLUG", help="The site; needed when the customer has more than one.")(act)


def database_option(act: Callable[..., Any]) -> Callable[..., Any]:
    """Which database a new data folder is to hold; a folder that has one keeps it."""
    said = "What a new data folder is to hold, PostgreSQL if nothing is said; cockroach needs that program on the PATH."
    return click.option("--database", "database", type=click.Choice(["postgres", "cockroach"]), help=said)(act)


def reason_option(act: Callable[..., Any]) -> Callable[..., Any]:
    """Why the operator does this, for the audit log."""
    return click.option("--reason", metavar="TEXT", help="Why, for the audit log; else the command itself stands there.")(act)


@contextmanager
def installed(settings: Settings, *, database: Kind | None = None) -> Iterator[Settings]:
    """The settings with every address: those given, or those of the embedded engines, which run at least as long as this block.

    `database` is what a new data folder is to hold. Raises EngineError, SettingsError, Conflict.
    """
    if settings.database_url is not None:
        if database is not None:
            raise Conflict("AGOAT_DATABASE_URL names the database. Leave --database away, or the address.")
        yield settings
        return
    with local_installation(settings.data_dir, database=database) as local:
        yield with_local(settings, local)


def with_local(settings: Settings, local: Local) -> Settings:
    """The settings of an installation that lives in the data folder. What the operator has set himself stays."""
    found = {f"{role}_database_url" if role != "app" else "database_url": Secret(url) for role, url in local.addresses.items()}
    kept = {"redis_url": settings.redis_url or Secret(local.redis_url), "secret_key": settings.secret_key or Secret(local.secret_key)}
    return replace(settings, **found, **kept)


@dataclass(frozen=True)
class Office:
    """What a command of the operator works with. `backoffice` sees every customer and records the operator and his reason."""

    settings: Settings
    backoffice: Tenancy
    directory: Shared
    worker: Shared
    people: People
    actor: Actor
    reason: str

    async def customer(self, slug: str) -> Customer:
        """The customer of a slug. Raises NotFound."""
        return await self.directory.read(lambda session: customer_by_slug(session, slug))

    async def customers(self) -> list[Customer]:
        """Every customer, by slug."""
        return await self.directory.read(all_customers)

    async def run(self, customer: Customer, verb: str, fn: Callable[[Work], Awaitable[T]]) -> T:
        """One act of the operator for a customer."""
        return await self.backoffice.of(customer.id).run(self.actor, verb, fn, reason=self.reason)

    async def read(self, customer: Customer, fn: Callable[[Reading], Awaitable[T]]) -> T:
        """One look at a customer's rows."""
        return await self.backoffice.of(customer.id).read(fn)

    async def site(self, customer: Customer, slug: str | None) -> Site:
        """The site of a slug, or the only one. Raises NotFound, Conflict where there are several."""
        if slug is not None:
            return await self.read(customer, lambda reading: site_by_slug(reading, slug))
        sites = await self.read(customer, sites_of_customer)
        if not sites:
            raise NotFound(f"{customer.name} has no site yet. Make one: agoat site create SLUG --customer {customer.slug}")
        if len(sites) > 1:
            raise Conflict(f"{customer.name} has several sites. Add --site with one of {', '.join(site.slug for site in sites)}.")
        return sites[0]


@asynccontextmanager
async def open_office(reason: str | None = None) -> AsyncIterator[Office]:
    """Open the installation that the settings name. Raises SettingsError, EngineError, Conflict when its schema is another release's."""
    settings = load()
    with installed(settings) as settings:
        settings.require(*ADDRESSES, "secret_key")
        configure(settings, level="ERROR")
        require_current(settings.needed("backoffice_database_url").reveal())
        async with _office(settings, reason) as office:
            yield office


@asynccontextmanager
async def _office(settings: Settings, reason: str | None) -> AsyncIterator[Office]:
    backoffice = open_engine(settings.needed("backoffice_database_url").reveal(), rules=tenant_rules(Base.metadata), pool_size=2)
    directory = open_engine(settings.needed("directory_database_url").reveal(), rules=shared_rules(Base.metadata, "directory"), pool_size=2)
    worker = open_engine(settings.needed("worker_database_url").reveal(), rules=shared_rules(Base.metadata, "worker"), pool_size=2)
    passwords, asked = Passwords(), Shared(directory)
    try:
        yield Office(
            settings=settings,
            backoffice=Tenancy(backoffice),
            directory=asked,
            worker=Shared(worker, mode="worker"),
            people=People(asked, passwords, signing_keys(settings, "sign-in attempts")[0]),
            actor=operator(operator_name()),
            reason=reason or command_line(),
        )
    finally:
        passwords.close()
        for engine in (backoffice, directory, worker):
            await engine.dispose()


def operator_name() -> str:
    """Who is at the command line, as the system knows him."""
    try:
        return pwd.getpwuid(getuid()).pw_name
    except KeyError:
        return f"user {getuid()}"


def command_line() -> str:
    """The command with its arguments and plain options; nothing that an operator types here is secret."""
    context = click.get_current_context(silent=True)
    if context is None:
        return "agoat"
    words = [f"--{name}={value}" for name, value in context.params.items() if value and name not in ("as_json", "reason", "yes")]
    return " ".join([context.command_path, *words])
