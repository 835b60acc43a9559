"""`agoat site`: the public sites of a customer."""

from typing import Any

import click

from app.cli.answers import Reply, columns, command
from app.cli.office import Office, customer_option, open_office, reason_option
from app.db.work import Reading
from app.tenancy.actions import CreateSite, create_site, free_built_in_host
from app.tenancy.models import Domain, Site
from app.tenancy.repository import domains_of_site, sites_of_customer


@click.group(epilog="Example: agoat site list --customer acme")
def site() -> None:
    """Sites: create, list."""


@command(site, "create", example='agoat site create acme --customer acme --name "Acme Roasters" --languages en,de --currency GBP')
@click.argument("slug")
@customer_option
@click.option("--name", required=True, help="What visitors read at the top.")
@click.option("--languages", default="en", show_default=True, help="Language tags separated by commas, the first one first.")
@click.option("--timezone", default="UTC", show_default=True, help="As in Europe/London.")
@click.option("--currency", default="EUR", show_default=True, help="Three letters of ISO 4217.")
@click.option("--theme", default="journal", show_default=True, help="The name of a theme.")
@reason_option
async def create(
    slug: str, customer: str, name: str, languages: str, timezone: str, currency: str, theme: str, reason: str | None
) -> Reply:
    """Add a site with its built-in address. SLUG stands in the console's addresses and in that address."""
    tags = tuple(tag.strip() for tag in languages.split(",") if tag.strip())
    async with open_office(reason) as office:
        owner = await office.customer(customer)
        host = await free_built_in_host(office.directory, slug, owner.slug, office.settings.sites_domain)
        request = CreateSite(slug=slug, name=name, host=host, languages=tags, timezone=timezone, currency=currency, theme=theme)
        made = await office.run(owner, "create site", lambda work: create_site(work, office.actor, request))
        address = str(office.settings.public_origin(host))
    return Reply(described(made, [host], address), [f"The site {made.slug} is there: {address}/"])


@command(site, "list", example="agoat site list --customer acme")
@customer_option
async def list_all(customer: str) -> Reply:
    """The sites of a customer by name, with their addresses."""
    async with open_office() as office:
        found = await office.read(await office.customer(customer), sites_with_hosts)
        data = [described(row, [domain.host for domain in domains], primary(office, domains)) for row, domains in found]
    rows = [(item["slug"], item["name"], item["state"], item["lang"], item["address"]) for item in data]
    return Reply(data, columns(("SLUG", "NAME", "STATE", "LANGUAGE", "ADDRESS"), rows))


async def sites_with_hosts(reading: Reading) -> list[tuple[Site, list[Domain]]]:
    """Each site with its hosts, the primary one first."""
    return [(row, await domains_of_site(reading, row.id)) for row in await sites_of_customer(reading)]


def primary(office: Office, domains: list[Domain]) -> str | None:
    """The canonical address of a site."""
    return str(office.settings.public_origin(domains[0].host)) if domains else None


def described(row: Site, hosts: list[str], address: str | None) -> dict[str, Any]:
    """A site in JSON."""
    return {
        "id": row.id, "slug": row.slug, "name": row.name, "state": row.state, "lang": row.lang, "currency": row.currency,
        "timezone": row.timezone, "hosts": hosts, "address": address,
    }  # fmt: skip
