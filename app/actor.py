"""Who is asking, through which door, for which customer. An actor is passed on explicitly and never kept anywhere."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

ActorKind = Literal["person", "key", "job", "operator", "system"]
Door = Literal["console", "api", "cli", "worker", "demo"]
Role = Literal["reader", "author", "editor", "owner"]


class Actor(Struct, frozen=True, kw_only=True):
    """One person, API key, job or operator at work.

    `role` is set for people, `scopes` for keys. A membership may be limited to one site (`site_id`).
    The operator and the system may do everything and are recorded as such.
    """

    kind: ActorKind
    door: Door
    name: str
    id: UUID | None = None
    customer_id: UUID | None = None
    role: Role | None = None
    site_id: UUID | None = None
    scopes: frozenset[str] = frozenset()
    session_id: UUID | None = None
    request_id: str | None = None


def operator(name: str, door: Door = "cli") -> Actor:
    """The person at the command line of this installation, who may do everything."""
    return Actor(kind="operator", door=door, name=name)


def system(name: str, door: Door = "worker") -> Actor:
    """The product itself at work, for example housekeeping."""
    return Actor(kind="system", door=door, name=name)
