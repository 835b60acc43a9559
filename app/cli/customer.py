"""`agoat customer`: the tenants of the installation."""

from uuid import uuid4

import click

from app.cli.answers import Reply, columns, command
from app.cli.office import Office, open_office, reason_option
from app.errors import NotFound, Taken
from app.identity.repository import members, people
from app.tenancy.actions import CreateCustomer, create_customer, set_customer_state
from app.tenancy.hosts import checked_slug
from app.tenancy.models import Customer
from app.tenancy.repository import sites_of_customer


@click.group(epilog="Example: agoat customer list")
def customer() -> None:
    """Customers: create, list, show, suspend, resume."""


@command(customer, "create", example='agoat customer create acme --name "Acme Roasters Ltd"')
@click.argument("slug")
@click.option("--name", required=True, help="What people call the customer.")
@reason_option
async def create(slug: str, name: str, reason: str | None) -> Reply:
    """Add a customer. SLUG is unique over the installation and stands in the console's addresses."""
    slug, request_id = checked_slug(slug), uuid4()
    request = CreateCustomer(id=request_id, slug=slug, name=name)
    async with open_office(reason) as office:
        await refuse_known(office, slug)
        database = office.backoffice.of(request_id)
        made = await database.run(
            office.actor, "create customer", lambda work: create_customer(work, office.actor, request), reason=office.reason
        )
    return Reply(described(made), [f"The customer {made.slug} is there. Next: agoat site create SLUG --customer {made.slug} --name NAME"])


async def refuse_known(office: Office, slug: str) -> None:
    """Raise Taken when a customer has this slug."""
    try:
        known = await office.customer(slug)
    except NotFound:
        return
    raise Taken("slug", f"The customer {known.name} already has the slug {slug}. Choose another.")


@command(customer, "list", example="agoat customer list --json")
async def list_all() -> Reply:
    """All customers by slug."""
    async with open_office() as office:
        found = await office.customers()
    rows = [(row.slug, row.name, row.state, row.created_at) for row in found]
    return Reply([described(row) for row in found], columns(("SLUG", "NAME", "STATE", "SINCE"), rows))


@command(customer, "show", example="agoat customer show acme")
@click.argument("slug")
async def show(slug: str) -> Reply:
    """One customer with its sites and people."""
    async with open_office() as office:
        found = await office.customer(slug)
        sites = await office.read(found, sites_of_customer)
        team = await office.read(found, members)
        names = await office.directory.read(lambda session: people(session, [member.user_id for member in team]))
    who = [(names[member.user_id].name, names[member.user_id].email, member.role) for member in team if member.user_id in names]
    data = described(found) | {
        "sites": [{"slug": site.slug, "name": site.name, "state": site.state} for site in sites],
        "people": [{"name": name, "email": email, "role": role} for name, email, role in who],
    }
    lines = [
        f"{found.name} ({found.slug}), {found.state}",
        "",
        "Sites",
        *columns(("SLUG", "NAME", "STATE"), [(s.slug, s.name, s.state) for s in sites]),
    ]
    return Reply(data, [*lines, "", "People", *columns(("NAME", "ADDRESS", "ROLE"), who)])


@command(customer, "suspend", example='agoat customer suspend acme --reason "unpaid since June"')
@click.argument("slug")
@reason_option
async def suspend(slug: str, reason: str | None) -> Reply:
    """Answer every request for the customer's sites with 503, until it is resumed. Nothing is removed."""
    return await put_into(slug, "suspended", "suspend customer", reason)


@command(customer, "resume", example="agoat customer resume acme")
@click.argument("slug")
@reason_option
async def resume(slug: str, reason: str | None) -> Reply:
    """Serve a suspended customer again."""
    return await put_into(slug, "active", "resume customer", reason)


async def put_into(slug: str, state: str, verb: str, reason: str | None) -> Reply:
    """Bring a customer into a state; a customer that is in it stays as he is."""
    async with open_office(reason) as office:
        found = await office.customer(slug)
        changed = await office.run(found, verb, lambda work: set_customer_state(work, office.actor, state))
    return Reply(described(changed), [f"The customer {changed.slug} is {changed.state}."])


def described(row: Customer) -> dict[str, object]:
    """A customer in JSON."""
    return {"id": row.id, "slug": row.slug, "name": row.name, "state": row.state, "created_at": row.created_at}
