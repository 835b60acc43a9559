"""What every answer of the console is made with: the frame around a screen, the screen itself, and being led on."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from litestar import MediaType, Response
from litestar.response import Redirect
from msgspec import Struct

from app.editor.cookies import SAID, said_cookie, said_in, theme_of
from app.editor.render import page
from app.editor.views.shell import Person, Place, Screen, Shell, Toast
from app.identity.access import Act, allows
from app.identity.people import SignedIn
from app.tenancy.models import Site
from app.tenancy.repository import sites_of_customer
from app.web.context import AnyRequest, Here, SiteHere, services_of
from app.web.csrf import form_token

Html = Response[str]

_NEEDED: dict[Screen, Act] = {
    "products": Act.READ_PRODUCTS,
    "team": Act.MANAGE_TEAM,
    "keys": Act.MANAGE_KEYS,
    "audit": Act.READ_AUDIT,
}


def screen(
    request: AnyRequest, template: str, shell: Shell, view: Struct, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Html:
    """A finished screen. What the last act left to be said has been said by it."""
    cookies = [said_cookie(request, None)] if SAID in request.cookies else []
    return Response(
        page(template, shell, view), status_code=status, media_type=MediaType.HTML, headers=dict(headers or {}), cookies=cookies
    )


def see_other(request: AnyRequest, path: str, toast: Toast | None = None) -> Redirect:
    """Lead on to another screen, which says what has happened."""
    return Redirect(path, status_code=303, cookies=[said_cookie(request, toast)] if toast else None)


def bare_shell(request: AnyRequest, title: str, person: SignedIn | None = None) -> Shell:
    """The frame that needs no database: outside every customer, or when something went wrong."""
    return Shell(
        title=title,
        now=datetime.now(UTC),
        address=address_of(request),
        person=Person(name=person.name) if person else None,
        theme=theme_of(request),
        csrf=csrf_of(request),
        toast=said_in(request),
    )


def customer_shell(
    request: AnyRequest, here: Here, title: str, screen: Screen | None = None, *, sites: Sequence[Site] = (), site: Site | None = None
) -> Shell:
    """The frame inside a customer; `sites` are those that the person may open."""
    first = site or next(iter(sites), None)
    return Shell(
        title=title,
        now=datetime.now(UTC),
        zone=first.timezone if first else "UTC",
        address=address_of(request),
        person=Person(name=here.person.name, role=here.customer.role),
        customer=Place(name=here.customer.customer_name, slug=here.customer.customer_slug),
        site=Place(name=site.name, slug=site.slug) if site else None,
        sites=tuple(Place(name=one.name, slug=one.slug) for one in sites),
        customers=tuple(
            Place(name=other.customer_name, slug=other.customer_slug)
            for other in here.others
            if other.customer_id != here.customer.customer_id and other.customer_state != "archived"
        ),
        screens=screens_of(here),
        here=screen,
        theme=theme_of(request),
        csrf=csrf_of(request),
        toast=said_in(request),
    )


async def shell_at_customer(request: AnyRequest, here: Here, title: str, screen: Screen | None = None) -> Shell:
    """The frame of the customer's own screens, which belong to no site."""
    return customer_shell(request, here, title, screen, sites=await open_sites(here))


async def shell_at_site(request: AnyRequest, at: SiteHere, title: str, screen: Screen | None = None) -> Shell:
    """The frame of a screen of one site."""
    return customer_shell(request, at.here, title, screen, sites=await open_sites(at.here), site=at.site)


async def open_sites(here: Here) -> list[Site]:
    """The sites that the person may open, by name."""
    sites = await here.database.read(sites_of_customer)
    return [site for site in sites if here.actor.site_id in (None, site.id)]


def screens_of(here: Here) -> frozenset[Screen]:
    """What the side bar offers: nothing that would be refused."""
    asked: list[Screen] = [name for name, act in _NEEDED.items() if allows(here.actor, act)]
    return frozenset(["overview", "posts", "pages", *asked])


def address_of(request: AnyRequest) -> str:
    """Path and query of this screen; a form that is shown once more is not shown by it again."""
    fields = [(name, value) for name, value in parse_qsl(request.url.query or "") if name != "held"]
    return request.url.path + (f"?{urlencode(fields)}" if fields else "")


def csrf_of(request: AnyRequest) -> str:
    """The token of this session's forms, empty where no session is."""
    services = services_of(request)
    session = request.cookies.get(services.session_cookie)
    return form_token(services.keys("csrf")[0], session) if session else ""
