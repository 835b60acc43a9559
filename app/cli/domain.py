"""`agoat domain`: the host names under which a site is reached."""

from functools import partial
from typing import Any

import click

from app.cli.answers import Reply, columns, command, confirm
from app.cli.office import Office, customer_option, open_office, reason_option, site_option
from app.errors import Conflict, Taken
from app.tenancy.actions import add_domain, remove_domain
from app.tenancy.hosts import normalised_host
from app.tenancy.models import Domain
from app.tenancy.repository import domains_of_site, find_host, sites_of_customer


@click.group(epilog="Example: agoat domain list --customer acme")
def domain() -> None:
    """Domains: add, list, remove."""


@command(domain, "add", example="agoat domain add www.acme.example --customer acme --primary")
@click.argument("host")
@customer_option
@site_option
@click.option("--primary", is_flag=True, help="Canonical addresses use this host from now on.")
@reason_option
async def add(host: str, customer: str, site: str | None, primary: bool, reason: str | None) -> Reply:
    """Let a host lead to a site, at once. Its DNS must point to this installation."""
    name = normalised_host(host)
    async with open_office(reason) as office:
        owner = await office.customer(customer)
        at = await office.site(owner, site)
        await refuse_unusable(office, name)
        made = await office.run(owner, "add domain", lambda work: add_domain(work, office.actor, at.id, name, is_primary=primary))
    return Reply(described(made), [f"{made.host} leads to {at.name} from now on."])


async def refuse_unusable(office: Office, host: str) -> None:
    """Raise Conflict for the console's own host, Taken for one that leads to a site already, whoever's it is."""
    if host == office.settings.console_url.host:
        raise Conflict(f"{host} is the host of the console. Choose another.")
    if await office.directory.read(lambda session: find_host(session, host)) is not None:
        raise Taken("host", f"{host} already leads to a site of this installation. Remove it there first.")


@command(domain, "list", example="agoat domain list --customer acme")
@customer_option
async def list_all(customer: str) -> Reply:
    """All hosts of a customer's sites, the primary one of each first."""
    async with open_office() as office:
        owner = await office.customer(customer)
        sites = await office.read(owner, sites_of_customer)
        found = [(at, row) for at in sites for row in await office.read(owner, partial(domains_of_site, site_id=at.id))]
    rows = [(row.host, at.slug, row.state, "primary" if row.is_primary else "", "built in" if row.is_built_in else "") for at, row in found]
    return Reply([described(row) | {"site": at.slug} for at, row in found], columns(("HOST", "SITE", "STATE", "", ""), rows))


@command(domain, "remove", example="agoat domain remove www.acme.example --customer acme --yes")
@click.argument("host")
@customer_option
@site_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@reason_option
async def remove(host: str, customer: str, site: str | None, yes: bool, reason: str | None) -> Reply:
    """Take a host from a site. When it was the primary one, the built-in address takes its place."""
    name = normalised_host(host)
    async with open_office(reason) as office:
        owner = await office.customer(customer)
        at = await office.site(owner, site)
        confirm(name, yes=yes)
        await office.run(owner, "remove domain", lambda work: remove_domain(work, office.actor, at.id, name))
    return Reply({"host": name, "site": at.slug}, [f"{name} no longer leads to {at.name}."])


def described(row: Domain) -> dict[str, Any]:
    """A host in JSON."""
    return {"host": row.host, "state": row.state, "is_primary": row.is_primary, "is_built_in": row.is_built_in}
