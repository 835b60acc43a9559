"""Where one may go: all customers, the sites of one, and the first screen of a site."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from litestar import Router, get
from litestar.response import Redirect

from app.content.actions.opening import WRITES
from app.content.repository import PostRow, posts_of_site
from app.db.work import Reading
from app.editor.entry import CurrentHere, CurrentPerson, CurrentSite
from app.editor.frame import Html, bare_shell, customer_shell, open_sites, screen, see_other, shell_at_site
from app.editor.site_links import SiteLinks, links_of_site
from app.editor.views.access import CustomerRow, Customers, SiteRow, Sites
from app.editor.views.overview import Attention, Edited, LivePost, Overview
from app.editor.views.shell import Kind, Link, Place, Who
from app.editor.wording import status_of_post
from app.identity.access import allows
from app.identity.repository import Belonging, belongings
from app.tenancy.models import Site
from app.tenancy.repository import domains_of_site, sites_of_customer
from app.web.context import AnyRequest, SiteHere, services_of

# Whoever belongs to more customers than this opens them one by one.
WITH_SITES = 10
SHOWN, LOOKED_AT = 6, 12


@get("/")
async def start(request: AnyRequest, person: CurrentPerson) -> Redirect:
    """The console's front door."""
    return see_other(request, "/c/")


@get("/c")
async def customers_page(request: AnyRequest, person: CurrentPerson) -> Html:
    """Everything that the person may open."""
    found = await services_of(request).directory.read(lambda session: belongings(session, person.user_id))
    living = [customer for customer in found if customer.customer_state != "archived"]
    rows = [await customer_row(request, customer, has_sites=len(living) <= WITH_SITES) for customer in living]
    return screen(request, "customers.html", bare_shell(request, "Your sites", person), Customers(customers=tuple(rows)))


async def customer_row(request: AnyRequest, customer: Belonging, *, has_sites: bool) -> CustomerRow:
    """One customer, with its sites where they are few."""

    async def read(reading: Reading) -> tuple[SiteRow, ...]:
        sites = [site for site in await sites_of_customer(reading) if customer.site_id in (None, site.id)]
        return tuple([await site_row(reading, site) for site in sites])

    rows = await services_of(request).tenancy.of(customer.customer_id).read(read) if has_sites else ()
    return CustomerRow(place=Place(name=customer.customer_name, slug=customer.customer_slug), role=customer.role, sites=rows)


async def site_row(reading: Reading, site: Site) -> SiteRow:
    """A site with its primary host."""
    domains = await domains_of_site(reading, site.id)
    host = domains[0].host if domains else "no address yet"
    if site.state != "active":
        return SiteRow(name=site.name, slug=site.slug, host=host, status="off", status_text=site.state.replace("_", " ").capitalize())
    if domains and domains[0].state == "failing":
        return SiteRow(name=site.name, slug=site.slug, host=host, status="failed", status_text="Does not answer")
    return SiteRow(name=site.name, slug=site.slug, host=host)


@get("/c/{customer:str}")
async def sites_page(request: AnyRequest, here: CurrentHere) -> Html | Redirect:
    """The sites of a customer, or the only one's overview."""
    sites = await open_sites(here)
    if len(sites) == 1:
        return see_other(request, f"/c/{here.customer.customer_slug}/s/{sites[0].slug}")

    async def read(reading: Reading) -> tuple[SiteRow, ...]:
        return tuple([await site_row(reading, site) for site in sites])

    view = Sites(sites=await here.database.read(read))
    return screen(request, "sites.html", customer_shell(request, here, "Sites", sites=sites), view)


class Lately(NamedTuple):
    """What the overview reads."""

    edited: list[PostRow]
    waiting: list[PostRow]
    live: list[PostRow]
    links: SiteLinks


@get("/c/{customer:str}/s/{site:str}")
async def overview_page(request: AnyRequest, at: CurrentSite) -> Html:
    """What waits for somebody, what was edited lately, and what readers see."""
    settings = services_of(request).settings

    async def read(reading: Reading) -> Lately:
        posts = await posts_of_site(reading, at.site.id, limit=SHOWN)
        pages = await posts_of_site(reading, at.site.id, kind="page", limit=SHOWN)
        waiting = await posts_of_site(reading, at.site.id, view="waiting", limit=SHOWN)
        waiting += await posts_of_site(reading, at.site.id, kind="page", view="waiting", limit=SHOWN)
        live = await posts_of_site(reading, at.site.id, view="live", limit=LOOKED_AT)
        return Lately(newest([*posts, *pages]), newest(waiting), live, await links_of_site(reading, settings, at.site.id))

    view = overview_view(at, await at.database.read(read))
    return screen(request, "overview.html", await shell_at_site(request, at, "Overview", "overview"), view)


def newest(rows: Sequence[PostRow]) -> list[PostRow]:
    """The last edited of several lists."""
    return sorted(rows, key=attrgetter("edited_at"), reverse=True)[:SHOWN]


def overview_view(at: SiteHere, found: Lately) -> Overview:
    """The first screen of a site."""
    url = f"{found.links.origin}/" if found.links.origin else None
    dated = [(row.post.published_at, row) for row in found.live if row.post.published_at is not None]
    shown = [row for _, row in sorted(dated, key=lambda pair: pair[0], reverse=True)][:SHOWN]
    return Overview(
        site_url=url,
        site_host=found.links.host,
        attention=tuple(waiting_row(at, row) for row in found.waiting),
        edited=tuple(edited_row(row) for row in found.edited),
        live=tuple(live_row(found.links, row) for row in shown),
        can_write=allows(at.actor, WRITES["post"], own=True, site_id=at.site.id),
    )


def waiting_row(at: SiteHere, row: PostRow) -> Attention:
    """A live text whose newest version readers do not see."""
    address = f"/c/{at.here.customer.customer_slug}/s/{at.site.slug}/{row.post.kind}s/{row.post.id}/history"
    compare = f"{address}?from={row.live_version}&to={row.post.version}"
    return Attention(
        status="changed",
        title=f"“{row.post.title}” has edits that are not published",
        text=f"Readers still see version {row.live_version}. The newest is version {row.post.version}, by {row.editor}.",
        action=Link(text="Review edits", href=compare),
    )


def edited_row(row: PostRow) -> Edited:
    """A text that was edited lately."""
    status = status_of_post(row.status, row.post.published_at is not None)
    kind: Kind = "page" if row.post.kind == "page" else "post"
    return Edited(
        kind=kind, id=row.post.id, title=row.post.title, status=status, at=row.edited_at, by=Who(name=row.editor), lang=row.post.lang
    )


def live_row(links: SiteLinks, row: PostRow) -> LivePost:
    """A post that readers see in its newest version."""
    url = links.origin + links.path("post", row.post.lang, row.post.slug)
    assert row.post.published_at is not None
    return LivePost(id=row.post.id, title=row.post.title, url=url, at=row.post.published_at, lang=row.post.lang)


ROUTER = Router(path="/", route_handlers=[start, customers_page, sites_page, overview_page])
