"""Who asks: every kind of asker that a door tells apart, with a session or a key that is real."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.actor import Actor, Role
from app.api import OPERATIONS
from app.api.operations import Operation
from app.identity.access import RULES, SCOPES
from app.identity.actions import revoke_key, set_role
from app.identity.credentials import HASHER
from app.identity.models import User
from app.identity.people import Visitor
from app.identity.repository import API_KEYS
from app.web.csrf import form_token
from app.web.services import Services
from tests.cast import OPERATOR
from tests.routes.houses import House
from tests.routes.wire import CONSOLE

PASSWORD = "correct horse battery staple"
HERE = Visitor(address="203.0.113.7", agent="Mozilla/5.0 Firefox/140.0")
# The columns of the table, in its order.
PEOPLE = ("nobody", "mallory", "reader", "author", "maker", "aside", "editor", "owner", "closed")
KEYS = ("k-revoked", "k-expired", "k-wrong", "k-mallory", "k-closed", "k-right")
ASKERS = (*PEOPLE, *KEYS)
ROLES: dict[str, Role] = {
    "reader": "reader",
    "author": "author",
    "maker": "author",
    "aside": "editor",
    "editor": "editor",
    "owner": "owner",
}


@dataclass
class Asker:
    """Somebody at a door. `house` is where the things are that are asked for: ours, but for people of the suspended customer."""

    name: str
    house: House
    services: Services
    user: User | None = None
    session: str = ""
    secret_for: Callable[[Operation | None], str] | None = None
    # Requests that had to be prepared while the asker's house was still open, by the name of their row.
    prepared: dict[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """The maker of a thing that is to be the asker's own."""
        assert self.user is not None
        return Actor(kind="person", door="console", name=self.user.name, id=self.user.id, role="owner", customer_id=self.house.customer_id)

    async def fresh_session(self) -> tuple[str, UUID]:
        """Another signed-in browser of the same person: its token and its id."""
        assert self.user is not None
        token, signed_in = await self.services.people.open_session(self.user, HERE, datetime.now(UTC))
        return token, signed_in.session_id

    def headers(self, operation: Operation | None = None, session: str = "") -> dict[str, str]:
        """Cookie or key; a browser says where a form comes from."""
        if self.secret_for is not None:
            return {"authorization": f"Bearer {self.secret_for(operation)}", "origin": CONSOLE}
        token = session or self.session
        return {"origin": CONSOLE} | ({"cookie": f"agoat_session={token}"} if token else {})

    def form_token(self, session: str = "") -> str:
        """The token of this session's forms."""
        token = session or self.session
        return form_token(self.services.keys("csrf")[0], token) if token else ""


async def make_askers(services: Services, ours: House, theirs: House, closed: House) -> dict[str, Asker]:
    """Everybody, by the name of the column."""
    second = await ours.second_site()
    hashed = HASHER.hash(PASSWORD)
    made = {"nobody": Asker("nobody", ours, services)}
    for name, role in ROLES.items():
        made[name] = await person(services, hashed, name, role, ours, ours, second if name == "aside" else None)
    made["mallory"] = await person(services, hashed, "mallory", "owner", theirs, ours)
    made["closed"] = await person(services, hashed, "closed", "owner", closed, closed)
    return made | await key_askers(services, ours, theirs, closed)


async def person(services: Services, hashed: str, name: str, role: Role, home: House, asks_at: House, site_id: UUID | None = None) -> Asker:
    """A person with a password, a membership at home and a session."""
    user = await services.people.create_person(f"{name}@{home.slug}.example", f"{name.title()} of {home.slug}")
    await services.people.store_password(user.id, hashed, "password set")
    await home.backoffice.run(OPERATOR, "add member", lambda work: set_role(work, OPERATOR, user.id, role, site_id))
    asker = Asker(name, asks_at, services, user)
    asker.session, _ = await asker.fresh_session()
    return asker


async def key_askers(services: Services, ours: House, theirs: House, closed: House) -> dict[str, Asker]:
    """Programs: their keys have every scope but what the name says; `k-right` has no scope that it does not need."""
    revoked, expired = await ours.key(*SCOPES), await ours.key(*SCOPES, ends=datetime.now(UTC) + timedelta(hours=1))
    await ours.database.run(OPERATOR, "revoke", lambda work: revoke_key(work, OPERATOR, revoked.id))

    async def age(work) -> None:
        await API_KEYS.change(work, await API_KEYS.get(work, expired.id), {"expires_at": work.now - timedelta(seconds=1)}, expect=None)

    await ours.database.run(OPERATOR, "age", age)
    right = {scopes: (await ours.key(*(scopes or SCOPES))).secret for scopes in {needs(one) for one in (None, *OPERATIONS)}}
    useless = {scopes: (await ours.key(*(set(SCOPES) - scopes))).secret for scopes in {useful(one) for one in (None, *OPERATIONS)}}
    fixed = {
        "k-revoked": (ours, revoked.secret),
        "k-expired": (ours, expired.secret),
        "k-mallory": (ours, (await theirs.key(*SCOPES)).secret),
        "k-closed": (closed, (await closed.key(*SCOPES)).secret),
    }
    made = {name: Asker(name, house, services, secret_for=always(secret)) for name, (house, secret) in fixed.items()}
    made["k-wrong"] = Asker("k-wrong", ours, services, secret_for=lambda operation: useless[useful(operation)])
    made["k-right"] = Asker("k-right", ours, services, secret_for=lambda operation: right[needs(operation)])
    return made


def always(secret: str) -> Callable[[Operation | None], str]:
    """One secret, whatever is asked for."""
    return lambda operation: secret


def needs(operation: Operation | None) -> frozenset[str]:
    """The scopes that suffice, and no more."""
    return RULES[operation.acts[0]].scopes if operation else frozenset()


def useful(operation: Operation | None) -> frozenset[str]:
    """Every scope that would help."""
    return frozenset(scope for act in operation.acts for scope in RULES[act].scopes) if operation else frozenset()
