"""From a request to who is asking, for which customer and site. Fetching is the access check: there is no other way in."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request
from msgspec import Struct

from app.actor import Actor
from app.db.database import TenantDatabase
from app.db.work import Reading
from app.errors import Gone, NotFound, Unauthenticated
from app.identity import repository as identity
from app.identity.actions import key_actor
from app.identity.credentials import looks_like_key, token_hash
from app.identity.people import Expired, SignedIn, Visitor
from app.identity.repository import Belonging
from app.logs import name_customer
from app.tenancy import repository as tenancy
from app.tenancy.models import Site
from app.web.services import Services

AnyRequest = Request[Any, Any, Any]


class SessionEnded(Unauthenticated):
    """The session ran out by itself; `user_id` is whose it was, so that unsaved text can be kept for that person."""

    def __init__(self, user_id: UUID) -> None:
        super().__init__("Your session has ended. Sign in to go on.")
        self.user_id = user_id


class Here(Struct, frozen=True):
    """A signed-in person at one customer. `others` are all customers of the person, this one too."""

    person: SignedIn
    customer: Belonging
    others: tuple[Belonging, ...]
    actor: Actor
    database: TenantDatabase


class SiteHere(Struct, frozen=True):
    """A signed-in person at one site of a customer."""

    here: Here
    site: Site

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.here.actor

    @property
    def database(self) -> TenantDatabase:
        """The customer's database."""
        return self.here.database


class Program(Struct, frozen=True):
    """A program that identified itself by a key."""

    actor: Actor
    database: TenantDatabase
    customer_id: UUID


def services_of(request: AnyRequest) -> Services:
    """What the composition root made for this process."""
    found: Services = request.app.state.services
    return found


async def find_person(request: AnyRequest) -> SignedIn | Expired | None:
    """Whoever the session's cookie belongs to; nothing is raised."""
    services = services_of(request)
    token = request.cookies.get(services.session_cookie)
    return await services.people.find_session(token) if token else None


async def provide_person(request: AnyRequest) -> SignedIn:
    """The signed-in person. Raises Unauthenticated, SessionEnded."""
    person = await find_person(request)
    if isinstance(person, Expired):
        raise SessionEnded(person.user_id)
    if person is None:
        raise Unauthenticated("Sign in to go on.")
    return person


async def provide_here(request: AnyRequest, person: SignedIn, customer: str) -> Here:
    """The customer named in the path, if the person belongs to it. Raises NotFound for everybody else's, Gone when archived."""
    services = services_of(request)
    all_customers = await services.directory.read(lambda session: identity.belongings(session, person.user_id))
    here = next((belonging for belonging in all_customers if belonging.customer_slug == customer), None)
    if here is None:
        raise NotFound()
    if here.customer_state == "archived":
        raise Gone("This customer has been archived. Ask the operator of this installation.")
    name_customer(here.customer_id)
    actor = Actor(
        kind="person",
        door="console",
        name=person.name,
        id=person.user_id,
        customer_id=here.customer_id,
        role=here.role,
        site_id=here.site_id,
        session_id=person.session_id,
        request_id=request.scope["state"].get("request_id"),
    )
    return Here(person, here, tuple(all_customers), actor, services.tenancy.of(here.customer_id))


async def provide_site(here: Here, site: str) -> SiteHere:
    """The site named in the path. Raises NotFound, also for a site outside the person's membership."""
    row = await here.database.read(lambda reading: tenancy.site_by_slug(reading, site))
    if here.actor.site_id not in (None, row.id):
        raise NotFound()
    return SiteHere(here, row)


async def provide_program(request: AnyRequest) -> Program:
    """The program of the Authorization header. Raises Unauthenticated for a missing, malformed, revoked or expired key."""
    services = services_of(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    refused = Unauthenticated("Send a valid API key as Authorization: Bearer agoat_…")
    if scheme.lower() != "bearer" or not looks_like_key(secret.strip()):
        raise refused
    found = await services.directory.read(lambda session: identity.key_of_hash(session, token_hash(secret.strip())))
    if found is None:
        raise refused
    customer_id, key_id = found
    database = services.tenancy.of(customer_id)
    request_id = request.scope["state"].get("request_id")

    async def look(reading: Reading) -> tuple[Actor | None, str]:
        actor = await key_actor(reading, key_id, datetime.now(UTC), request_id)
        return actor, (await tenancy.own_customer(reading)).state

    actor, state = await database.read(look)
    if actor is None or state in ("suspended", "archived"):
        raise refused
    name_customer(customer_id)
    return Program(actor, database, customer_id)


def visitor_of(request: AnyRequest) -> Visitor:
    """Where a request comes from. The proxies' words have been weighed before, at the outer edge."""
    client = request.scope.get("client")
    return Visitor(address=client[0] if client else "unknown", agent=request.headers.get("user-agent", ""))
