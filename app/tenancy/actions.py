"""What is done to customers, sites and domains."""

from typing import Any
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from msgspec import Struct

from app.actor import Actor
from app.db.database import Shared
from app.db.repository import snapshot
from app.db.work import Work
from app.document.input import one_line, wrong_line
from app.errors import Conflict, Invalid, NotFound, Taken
from app.keys import site_tag
from app.tenancy import repository
from app.tenancy.hosts import built_in_hosts, checked_slug, normalised_host
from app.tenancy.models import CUSTOMER_STATES, Customer, Domain, Site, SiteLanguage, ThemeSettings
from app.tenancy.repository import DOMAINS, SITES, THEMES
from app.tenancy.returning import LANGUAGES


class CreateCustomer(Struct, frozen=True, kw_only=True):
    """A new tenant. `id` is made by the caller, because the unit of work runs as that customer."""

    id: UUID
    slug: str
    name: str


class CreateSite(Struct, frozen=True, kw_only=True):
    """A new site with its languages (the first one first) and its built-in address."""

    slug: str
    name: str
    host: str
    languages: tuple[str, ...] = ("en",)
    timezone: str = "UTC"
    currency: str = "EUR"
    settings: dict[str, Any] = {}
    language_texts: dict[str, dict[str, Any]] = {}
    theme: str = "journal"
    theme_settings: dict[str, Any] = {}


async def create_customer(work: Work, actor: Actor, request: CreateCustomer) -> Customer:
    """Add a customer; only the operator's role may. Raises Invalid."""
    name = one_line(request.name)
    if wrong := wrong_line(name, "Write the customer's name."):
        raise Invalid({"name": wrong})
    row = Customer(id=request.id, version=1, slug=checked_slug(request.slug), name=name, state="active", created_at=work.now)
    return await repository.add_customer(work, row)


async def set_customer_state(work: Work, actor: Actor, state: str) -> Customer:
    """Suspend, resume or archive the customer of this unit. Raises Invalid."""
    if state not in CUSTOMER_STATES:
        raise Invalid({"state": f"Choose one of {', '.join(CUSTOMER_STATES)}."})
    row = await repository.own_customer(work)
    if row.state == state:
        return row
    return await repository.change_customer(work, row, {"state": state}, expect=None)


async def create_site(work: Work, actor: Actor, request: CreateSite) -> Site:
    """Add a site with its languages, theme settings and built-in address. Raises Invalid, Taken."""
    check_site(request)
    slug = checked_slug(request.slug)
    if await repository.find_site(work, slug):
        raise Taken("slug", f"Another site already has the name {slug!r}.")
    site = Site(
        id=uuid4(),
        slug=slug,
        name=one_line(request.name),
        state="active",
        lang=request.languages[0],
        timezone=request.timezone,
        currency=request.currency,
        settings=request.settings,
        created_at=work.now,
    )
    languages = [
        SiteLanguage(site_id=site.id, lang=lang, position=position, texts=request.language_texts.get(lang, {}))
        for position, lang in enumerate(request.languages)
    ]
    await SITES.add(work, site, payload=snapshot(site) | LANGUAGES.told(languages))
    for language in languages:
        SITES.add_part(work, language)
    await THEMES.add(work, ThemeSettings(id=uuid4(), site_id=site.id, theme=request.theme, settings=request.theme_settings))
    host = Domain(
        id=uuid4(),
        site_id=site.id,
        host=normalised_host(request.host),
        is_primary=True,
        is_built_in=True,
        state="live",
        created_at=work.now,
    )
    await DOMAINS.add(work, host)
    return site


def check_site(request: CreateSite) -> None:
    """Raise Invalid with every field of a new site that cannot be."""
    wrong: dict[str, str] = {}
    if said := wrong_line(one_line(request.name), "Write the site's name."):
        wrong["name"] = said
    if request.timezone not in available_timezones():
        wrong["timezone"] = "Choose a time zone such as Europe/London."
    if len(request.currency) != 3 or not request.currency.isupper():
        wrong["currency"] = "Use the three letters of ISO 4217, for example EUR."
    if not request.languages:
        wrong["languages"] = "Name at least one language, for example en."
    if wrong:
        raise Invalid(wrong)


async def free_built_in_host(directory: Shared, site: str, customer: str, sites_domain: str) -> str:
    """The best built-in address that nobody has. Raises Conflict when a hundred are taken."""
    candidates = built_in_hosts(checked_slug(site), customer, sites_domain)
    taken = await directory.read(lambda session: repository.hosts_taken(session, candidates))
    free = next((host for host in candidates if host not in taken), None)
    if free is None:
        raise Conflict("Too many sites have this name. Choose another.")
    return free


async def add_domain(work: Work, actor: Actor, site_id: UUID, host: str, *, is_primary: bool = False) -> Domain:
    """Give a site a further host, live at once. Raises Invalid, Taken (a host of another customer is found by the caller)."""
    site = await SITES.get(work, site_id)
    name = normalised_host(host)
    domains = await repository.domains_of_site(work, site.id)
    if any(domain.host == name for domain in domains):
        raise Taken("host", f"{name} already leads to this site.")
    for domain in domains:
        if is_primary and domain.is_primary:
            await DOMAINS.change(work, domain, {"is_primary": False}, expect=None)
    row = Domain(id=uuid4(), site_id=site.id, host=name, is_primary=is_primary, is_built_in=False, state="live", created_at=work.now)
    return await DOMAINS.add(work, row, tags=[site_tag(site.id)])


async def remove_domain(work: Work, actor: Actor, site_id: UUID, host: str) -> None:
    """Take a host from a site; the built-in address stays, and becomes primary when the primary one goes. Raises NotFound, Conflict."""
    name = normalised_host(host)
    domains = await repository.domains_of_site(work, site_id)
    gone = next((domain for domain in domains if domain.host == name), None)
    if gone is None:
        raise NotFound(f"{name} does not lead to this site.")
    if gone.is_built_in:
        raise Conflict("The built-in address of a site cannot be removed.")
    await DOMAINS.delete(work, gone, expect=None, tags=[site_tag(site_id)])
    if gone.is_primary:
        built_in = next(domain for domain in domains if domain.is_built_in)
        await DOMAINS.change(work, built_in, {"is_primary": True}, expect=None)
