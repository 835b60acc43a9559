"""The people of the tests: Alice owns Acme, Bob writes for Acme, Rita may only read Acme, Mallory owns Globex."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from app.actor import Actor, Role, operator
from app.db.database import Shared, Tenancy
from app.db.work import Work
from app.identity.models import Membership, User
from app.identity.repository import MEMBERSHIPS
from app.tenancy.actions import CreateCustomer, CreateSite, create_customer, create_site

OPERATOR = operator("tests")
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Cast:
    """Ids of the two customers and their sites, and the people as they come through the console."""

    acme: UUID
    globex: UUID
    acme_site: UUID
    globex_site: UUID
    alice: Actor
    bob: Actor
    rita: Actor
    mallory: Actor


async def make_customer(backoffice: Tenancy, slug: str, *, languages: tuple[str, ...] = ("en",)) -> tuple[UUID, UUID]:
    """A customer with one site of the same name; gives both ids."""
    customer_id = uuid4()
    database = backoffice.of(customer_id)
    request = CreateCustomer(id=customer_id, slug=slug, name=slug.title())
    await database.run(OPERATOR, "create customer", lambda work: create_customer(work, OPERATOR, request))
    site = CreateSite(slug=slug, name=slug.title(), host=f"{slug}.localhost", languages=languages)
    made = await database.run(OPERATOR, "create site", lambda work: create_site(work, OPERATOR, site))
    return customer_id, made.id


async def make_person(directory: Shared, backoffice: Tenancy, customer_id: UUID, name: str, role: Role) -> Actor:
    """A person with a role at a customer, as an actor at the console."""
    user_id = uuid4()

    async def add_user(session) -> None:
        session.add(
            User(
                id=user_id,
                version=1,
                email=f"{name.lower()}@{user_id.hex[:8]}.example",
                name=name,
                state="active",
                created_at=datetime.now(UTC),
            )
        )

    async def add_membership(work: Work) -> None:
        await MEMBERSHIPS.add(work, Membership(id=uuid4(), user_id=user_id, role=role, created_at=work.now))

    await directory.run(add_user)
    await backoffice.of(customer_id).run(OPERATOR, "add member", add_membership)
    return Actor(kind="person", door="console", name=name, id=user_id, customer_id=customer_id, role=role)


async def make_cast(directory: Shared, backoffice: Tenancy) -> Cast:
    """Everybody, in a database that has only been migrated."""
    acme, acme_site = await make_customer(backoffice, "acme")
    globex, globex_site = await make_customer(backoffice, "globex", languages=("en", "de", "ar"))
    return Cast(
        acme=acme, globex=globex, acme_site=acme_site, globex_site=globex_site,
        alice=await make_person(directory, backoffice, acme, "Alice", "owner"),
        bob=await make_person(directory, backoffice, acme, "Bob", "author"),
        rita=await make_person(directory, backoffice, acme, "Rita", "reader"),
        mallory=await make_person(directory, backoffice, globex, "Mallory", "owner"),
    )  # fmt: skip
