"""`agoat customer`: the tenants of the installation."""

from functools import partial
from uuid import uuid4

import click

from app.cli.answers import Reply, columns, command, shown
from app.cli.office import Office, open_office, reason_option
from app.db.record.tables import Usage
from app.db.record.usage import last_activity, usage_of, waiting_jobs
from app.errors import NotFound, Taken
from app.identity.repository import members, people
from app.tenancy.actions import CreateCustomer, create_customer, set_customer_state
from app.tenancy.hosts import checked_slug
from app.tenancy.models import CUSTOMER_STATES, Customer
from app.tenancy.repository import CustomerRow, customers_page, sites_of_customer, whole_usage


@click.group(epilog="Example: agoat customer list")
def customer() -> None:
    """Customers: create, list, show, stats, suspend, resume."""


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


@command(customer, "list", example="agoat customer list --state suspended --limit 50")
@click.option("--after", default="", metavar="SLUG", help="Begin after this slug, the last one of the page before.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=1_000, show_default=True, help="How many customers.")
@click.option("--state", type=click.Choice(CUSTOMER_STATES), help="Only customers in this state.")
@click.option("--find", "words", default="", metavar="TEXT", help="Only customers with this text in slug or name.")
async def list_all(after: str, limit: int, state: str | None, words: str) -> Reply:
    """Customers by slug with their state, sites, storage and last activity, as the worker last counted them."""
    async with open_office() as office:
        found = await office.worker.read(partial(customers_page, after=after, limit=limit + 1, state=state, words=words))
    page = found[:limit]
    more = ["", f"There are more: --after {page[-1].customer.slug}"] if len(found) > limit else []
    headings = ("SLUG", "NAME", "STATE", "SITES", "POSTS", "PRODUCTS", "STORAGE", "LAST ACTIVITY", "SINCE")
    table = columns(headings, [line(row) for row in page])
    return Reply([described(row.customer) | figures(row.usage) for row in page], [*table, *more])


def line(row: CustomerRow) -> tuple[object, ...]:
    """A customer in the list; figures that have not been counted yet stay empty."""
    one, used = row.customer, row.usage
    counted = (used.sites, used.posts, used.products, in_words(used.storage_bytes), used.active_at) if used else ("", "", "", "", None)
    return one.slug, one.name, one.state, *counted, one.created_at


def figures(used: Usage | None) -> dict[str, object]:
    """The folded figures in JSON, None where the worker has not counted yet."""
    names = ("sites", "posts", "products", "pictures", "storage_bytes", "active_at")
    return {name: getattr(used, name, None) for name in names} | {"changes": getattr(used, "number", None)}


@command(customer, "stats", example="agoat customer stats acme")
@click.argument("slug", required=False)
async def stats(slug: str | None) -> Reply:
    """Rows and bytes of one customer, counted at this moment; without SLUG the sums of all, as the worker last counted them."""
    async with open_office() as office:
        if slug is None:
            total = await office.worker.read(whole_usage)
            sizes = total | {"storage_bytes": in_words(total["storage_bytes"])}
            return Reply(total, columns(("FIGURE", "SUM"), [(name.replace("_", " "), said) for name, said in sizes.items()]))
        found = await office.customer(slug)
        counted = [figure for figure in await office.read(found, usage_of) if figure.rows]
        jobs = await office.read(found, waiting_jobs)
        active_at = await office.read(found, last_activity)
    data = described(found) | {"tables": counted, "waiting_jobs": jobs, "active_at": active_at}
    table = columns(("TABLE", "ROWS", "SIZE"), [(one.table, one.rows, in_words(one.bytes)) for one in counted])
    total_rows, total_bytes = sum(one.rows for one in counted), in_words(sum(one.bytes for one in counted))
    said = [f"{total_rows} rows, {total_bytes}", f"{jobs} jobs wait", f"last activity {shown(active_at) or 'never'}"]
    return Reply(data, [f"{found.name} ({found.slug}), {found.state}", "", *table, "", *said])


def in_words(size: int) -> str:
    """Bytes as people read them."""
    value, units = float(size), iter(("B", "kB", "MB", "GB", "TB"))
    unit = next(units)
    while value >= 1000 and unit != "TB":
        value, unit = value / 1000, next(units)
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


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
