"""Who may come in: the dependencies with which every screen begins.

A form is read, and proven to be the console's own, before anybody is looked for, so that its text survives whatever
happens next: a session that ran out, a database that is away.
"""

from typing import Literal
from uuid import UUID

from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from msgspec import Struct

from app.actor import Actor
from app.editor.local import customer_in, screen_of, sign_in_address
from app.editor.views.shell import Screen
from app.errors import NotFound, Unauthenticated
from app.identity.actions import hold_form
from app.identity.people import SignedIn
from app.identity.repository import belongings
from app.web import context
from app.web.context import AnyRequest, Here, SessionEnded, SiteHere, services_of
from app.web.csrf import SAFE
from app.web.forms import Form, read_form

Kind = Literal["post", "page"]
_KINDS: dict[str, Kind] = {"posts": "post", "pages": "page"}


class SignInFirst(Unauthenticated):
    """The session ran out by itself. `address` is the sign-in page, which leads back to the form and what was typed into it."""

    def __init__(self, address: str) -> None:
        super().__init__("Your session has ended. Sign in to go on.")
        self.address = address


class Shelf(Struct, frozen=True):
    """The posts or the pages of one site, and the person who looks at them."""

    at: SiteHere
    kind: Kind

    @property
    def screen(self) -> Screen:
        """The entry of the side bar that is open."""
        return "posts" if self.kind == "post" else "pages"


CurrentPerson = NamedDependency[SignedIn]
CurrentHere = NamedDependency[Here]
CurrentSite = NamedDependency[SiteHere]
CurrentShelf = NamedDependency[Shelf]


async def provide_person(request: AnyRequest) -> SignedIn:
    """The signed-in person. Raises Unauthenticated, SignInFirst, and Forbidden for a form of another site."""
    if request.method in SAFE:
        return await context.provide_person(request)
    form = await read_form(request)
    request.scope["state"]["form"] = form
    try:
        return await context.provide_person(request)
    except SessionEnded as ended:
        raise SignInFirst(await kept_for(request, form, ended.user_id)) from None


async def kept_for(request: AnyRequest, form: Form, user_id: UUID) -> str:
    """Keep a form for the person whose session ran out; gives the sign-in page that leads back to it."""
    services = services_of(request)
    path = request.url.path
    all_customers = await services.directory.read(lambda session: belongings(session, user_id))
    customer = next((one for one in all_customers if one.customer_slug == customer_in(path) and one.customer_state != "archived"), None)
    if customer is None:
        return sign_in_address(screen_of(path))
    actor = Actor(kind="person", door="console", name="", id=user_id, customer_id=customer.customer_id, role=customer.role)
    database = services.tenancy.of(customer.customer_id)
    held = await database.run(actor, "hold form", lambda work: hold_form(work, actor, user_id, screen_of(path), form.kept()))
    return sign_in_address(screen_of(path), str(held))


async def provide_here(request: AnyRequest, person: CurrentPerson, customer: FromPath[str]) -> Here:
    """The customer named in the path; remembered for the page that may have to refuse."""
    here = await context.provide_here(request, person, customer)
    request.scope["state"]["here"] = here
    return here


async def provide_at(here: CurrentHere, site: FromPath[str]) -> SiteHere:
    """The site named in the path. Raises NotFound, also for a site outside the person's membership."""
    if not site.isprintable():
        raise NotFound()
    return await context.provide_site(here, site)


async def provide_shelf(at: CurrentSite, kind: FromPath[str]) -> Shelf:
    """Posts or pages, as the path says. Raises NotFound for anything else."""
    if kind not in _KINDS:
        raise NotFound()
    return Shelf(at, _KINDS[kind])


DEPENDENCIES = {
    "person": Provide(provide_person),
    "here": Provide(provide_here),
    "at": Provide(provide_at),
    "shelf": Provide(provide_shelf),
}
