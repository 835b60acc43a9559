"""What an operation of the API is, what it is called with, and what it answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from app.actor import Actor
from app.api.conditions import item_etag
from app.db.database import TenantDatabase
from app.identity.access import Act, allows
from app.web.context import Program
from app.web.etags import etag_of
from app.web.services import Services

BASE = "/api/v1"
# Keys of objects are sorted, so that a thing has the same bytes before and after the database has kept it.
ENCODER = msgspec.json.Encoder(order="deterministic")


class Answer(Struct, frozen=True):
    """A finished answer; names of headers are in small letters."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = {}


@dataclass(frozen=True)
class Call:
    """One request that was let in. `expect` is the version of If-Match, `raw` the body as it came."""

    services: Services
    program: Program
    method: str
    path: str
    query: dict[str, str]
    thing_id: UUID
    number: int
    body: Any
    raw: bytes
    expect: int | None
    idempotency_key: str | None

    @property
    def actor(self) -> Actor:
        """The key, as the one who acts."""
        return self.program.actor

    @property
    def database(self) -> TenantDatabase:
        """The database of the key's customer."""
        return self.program.database

    def may(self, act: Act) -> bool:
        """Whether the key has the scopes of an act."""
        return allows(self.actor, act)


class Parameter(Struct, frozen=True):
    """A parameter of the query. `schema` is its JSON Schema."""

    name: str
    summary: str
    schema: dict[str, Any]


class Operation(Struct, frozen=True, kw_only=True):
    """One method of one address below BASE.

    `acts` are what the key must be allowed to do, one of them sufficing; `body` is what is sent, `answers`
    what may come back: the thing, or a receipt for keys that may not read it.
    A `changes` operation works on a thing that exists and needs If-Match.
    """

    id: str
    method: str
    path: str
    summary: str
    tag: str
    acts: tuple[Act, ...]
    run: Callable[[Call], Awaitable[Answer]]
    answers: tuple[Any, ...]
    body: type[Struct] | None = None
    query: tuple[Parameter, ...] = ()
    status: int = 200
    changes: bool = False

    @property
    def is_safe(self) -> bool:
        """Whether nothing is changed by it."""
        return self.method == "GET"


def item_answer(item: Struct, version: int, *, status: int = 200, location: str | None = None) -> Answer:
    """One thing with its entity tag."""
    body = ENCODER.encode(item)
    headers = {"etag": item_etag(version, body)} | ({"location": location} if location else {})
    return Answer(status, body, headers)


def plain_answer(item: Struct, headers: dict[str, str] | None = None) -> Answer:
    """Something that has no version of its own: a list, or a version that never changes."""
    body = ENCODER.encode(item)
    return Answer(200, body, {"etag": etag_of(body), **(headers or {})})
