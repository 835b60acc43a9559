"""Reads and writes of customers, sites, languages, theme settings and domains."""

from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.record.tables import ThingVersion, Usage
from app.db.record.writer import Entry, record
from app.db.repository import Repository, plain
from app.db.work import Reading, Work
from app.errors import ChangedElsewhere, NotFound
from app.tenancy.models import Customer, Domain, Site, SiteLanguage, ThemeSettings

SITES = Repository(Site, "site", parts=(SiteLanguage,))
DOMAINS = Repository(Domain, "domain", label=lambda domain: domain.host)
THEMES = Repository(ThemeSettings, "theme", label=lambda theme: theme.theme)


class HostEntry(Struct, frozen=True):
    """Whose request it is, as far as the host alone tells."""

    customer_id: UUID
    customer_state: str
    site_id: UUID
    host: str
    is_primary: bool
    state: str


async def find_host(session: AsyncSession, host: str) -> HostEntry | None:
    """The site of a host, asked through the role `directory` before the tenant is known."""
    statement = (
        select(Domain.customer_id, Customer.state, Domain.site_id, Domain.host, Domain.is_primary, Domain.state)
        .join(Customer, Customer.id == Domain.customer_id)
        .where(Domain.host == host)
    )
    row = (await session.execute(statement)).one_or_none()
    return HostEntry(*row) if row else None


async def hosts_taken(session: AsyncSession, hosts: list[str]) -> set[str]:
    """Those of `hosts` that belong to anybody."""
    return set((await session.execute(select(Domain.host).where(Domain.host.in_(hosts)))).scalars())


async def customer_by_slug(session: AsyncSession, slug: str) -> Customer:
    """The customer of a slug, asked through `directory` or `backoffice`. Raises NotFound."""
    row = (await session.execute(select(Customer).where(Customer.slug == slug))).scalar_one_or_none()
    if row is None:
        raise NotFound(f"There is no customer {slug!r}.")
    return row


async def all_customers(session: AsyncSession) -> list[Customer]:
    """Every customer of the installation by slug; for the operator only."""
    return list((await session.execute(select(Customer).order_by(Customer.slug))).scalars())


class CustomerRow(Struct, frozen=True):
    """A customer in the operator's list, with the figures that the worker has folded; None before it has."""

    customer: Customer
    usage: Usage | None


async def customers_page(
    session: AsyncSession, *, after: str = "", limit: int, state: str | None = None, words: str = ""
) -> list[CustomerRow]:
    """Customers by slug above `after`, with their figures, in one statement; for the operator only. `words` stand in slug or name."""
    statement = select(Customer, Usage).outerjoin(Usage, Usage.customer_id == Customer.id).where(Customer.slug > after)
    if state is not None:
        statement = statement.where(Customer.state == state)
    if words:
        places = (func.strpos(func.lower(text), words.lower()) for text in (Customer.slug, Customer.name))
        statement = statement.where(or_(*(place > 0 for place in places)))
    return [CustomerRow(*row) for row in await session.execute(statement.order_by(Customer.slug).limit(limit))]


async def whole_usage(session: AsyncSession) -> dict[str, int]:
    """How many customers there are, and the sums of their figures; for the operator only."""
    names = ("sites", "posts", "products", "pictures", "storage_bytes", "number")
    sums = [func.coalesce(func.sum(getattr(Usage, name)), 0) for name in names]
    row = (
        await session.execute(select(func.count(), *sums).select_from(Customer).outerjoin(Usage, Usage.customer_id == Customer.id))
    ).one()
    return dict(zip(("customers", *names), map(int, row), strict=True))


async def own_customer(reading: Reading) -> Customer:
    """The row of the customer whose rows are being read. Raises NotFound."""
    statement = select(Customer).where(Customer.id == reading.customer_id)
    row = (await reading.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def add_customer(work: Work, row: Customer) -> Customer:
    """Insert a customer, with its history among its own rows."""
    work.write(row)
    await _note_customer(work, row, 0, ("slug", "name", "state"))
    return row


async def change_customer(work: Work, row: Customer, values: dict[str, Any], *, expect: int | None) -> Customer:
    """Change a customer. Raises ChangedElsewhere."""
    if expect is not None and row.version != expect:
        raise ChangedElsewhere("A newer version was saved in the meantime.", expected=expect, current=row.version)
    work.sanctioned.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    await _note_customer(work, row, row.version - 1, tuple(values))
    return row


async def _note_customer(work: Work, row: Customer, before: int, fields: tuple[str, ...]) -> None:
    """Write down a change of a customer."""
    payload = plain({"slug": row.slug, "name": row.name, "state": row.state, "created_at": row.created_at})
    await record(
        work,
        Entry(
            thing_type="customer",
            thing_id=row.id,
            label=row.name,
            from_version=before,
            to_version=row.version,
            kind="saved",
            fields=fields,
            payload=payload,
            history=ThingVersion,
        ),
    )


async def sites_of_customer(reading: Reading) -> list[Site]:
    """All sites of the customer by name."""
    statement = select(Site).where(Site.customer_id == reading.customer_id).order_by(Site.name, Site.id)
    return list((await reading.session.execute(statement)).scalars())


async def find_site(reading: Reading, slug: str) -> Site | None:
    """The site of a slug, or None."""
    statement = select(Site).where(Site.customer_id == reading.customer_id, Site.slug == slug)
    return (await reading.session.execute(statement)).scalar_one_or_none()


async def site_by_slug(reading: Reading, slug: str) -> Site:
    """The site of a slug. Raises NotFound."""
    site = await find_site(reading, slug)
    if site is None:
        raise NotFound(f"There is no site {slug!r}.")
    return site


async def languages_of_site(reading: Reading, site_id: UUID) -> list[SiteLanguage]:
    """The languages of a site, the first one first."""
    statement = (
        select(SiteLanguage)
        .where(SiteLanguage.customer_id == reading.customer_id, SiteLanguage.site_id == site_id)
        .order_by(SiteLanguage.position, SiteLanguage.lang)
    )
    return list((await reading.session.execute(statement)).scalars())


async def theme_of_site(reading: Reading, site_id: UUID) -> ThemeSettings:
    """The theme settings of a site. Raises NotFound."""
    statement = select(ThemeSettings).where(ThemeSettings.customer_id == reading.customer_id, ThemeSettings.site_id == site_id)
    row = (await reading.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def domains_of_site(reading: Reading, site_id: UUID) -> list[Domain]:
    """The hosts of a site, the primary one first."""
    statement = (
        select(Domain)
        .where(Domain.customer_id == reading.customer_id, Domain.site_id == site_id)
        .order_by(Domain.is_primary.desc(), Domain.host)
    )
    return list((await reading.session.execute(statement)).scalars())
