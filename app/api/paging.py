"""Keyset pages: where one begins, how long it is, and how the next one is reached."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Struct

from app.api.operations import Answer, Call, Parameter, plain_answer
from app.api.problems import BadRequest
from app.api.schemas import Page
from app.db.base import Thing
from app.db.repository import Repository
from app.db.work import Reading
from app.web.tokens import BadToken, sign, unsign

DEFAULT, MOST = 50, 200
EDGE = TypeVar("EDGE")
ROW = TypeVar("ROW")
M = TypeVar("M", bound=Thing)

LIMIT = Parameter(
    "limit", "How many to give at most.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT}
)  # fmt: skip
CURSOR = Parameter("cursor", "The `next` of the page before.", {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,2000}$"})
SITE = Parameter("site_id", "Only what belongs to this site.", {"type": "string", "format": "uuid"})


class Asked(Struct, Generic[EDGE], frozen=True):
    """The page that is asked for: after which edge, None for the first page, and at most how many rows."""

    after: EDGE | None
    limit: int

    @property
    def one_more(self) -> int:
        """How many rows to read, so that one sees whether there is a next page."""
        return self.limit + 1


def asked_page(call: Call, kind: Any) -> Asked[Any]:
    """The page that a call asks for, whose edges are of the type `kind`. Raises BadRequest."""
    cursor = call.query.get("cursor")
    if cursor is None:
        return Asked(None, asked_limit(call))
    try:
        return Asked(unsign(call.services.keys("cursor"), bound_to(call), cursor, kind), asked_limit(call))
    except BadToken:
        raise BadRequest(
            "The cursor does not belong to this list and these parameters. Use `next` of the page before, or begin without."
        ) from None


def bound_to(call: Call) -> str:
    """What a cursor is worth something for: this customer, this list, these filters."""
    filters = sorted((name, value) for name, value in call.query.items() if name not in ("cursor", "limit"))
    return f"{call.program.customer_id} {call.path}?{urlencode(filters)}"


def asked_limit(call: Call) -> int:
    """How many rows are asked for. Raises BadRequest."""
    limit = whole_number(call, "limit", DEFAULT)
    if not 1 <= limit <= MOST:
        raise BadRequest(f"`limit` must be from 1 to {MOST}. Follow `next` for more.")
    return limit


def whole_number(call: Call, name: str, default: int) -> int:
    """A parameter that is a whole number, not below zero. Raises BadRequest."""
    text = call.query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadRequest(f"`{name}` must be a whole number, not below zero.")
    return int(text)


def site_filter(call: Call) -> UUID | None:
    """The site that a list is limited to. Raises BadRequest."""
    text = call.query.get("site_id")
    try:
        return UUID(text) if text is not None else None
    except ValueError:
        raise BadRequest("`site_id` must be the id of a site, as `/api/v1/sites` lists them.") from None


def page_answer(
    call: Call, asked: Asked[EDGE], rows: Sequence[ROW], edge_of: Callable[[ROW], EDGE], item_of: Callable[[ROW], Struct]
) -> Answer:
    """The page that was asked for, cut from rows of which one more was read, with a link to the next."""
    shown = rows[: asked.limit]
    following = sign(call.services.keys("cursor"), bound_to(call), edge_of(shown[-1])) if len(rows) > asked.limit else None
    headers = next_link(call, cursor=following) if following else {}
    return plain_answer(Page(items=tuple(item_of(row) for row in shown), next=following), headers)


def next_link(call: Call, **changed: str | int) -> dict[str, str]:
    """The Link header (RFC 8288) to the next page; its address begins at the root of the host."""
    return {"link": f'<{call.path}?{urlencode({**call.query, **changed})}>; rel="next"'}


async def things_page(reading: Reading, repository: Repository[M], asked: Asked[UUID], site_id: UUID | None = None) -> list[M]:
    """Things of one kind by id, of one site or of all, one more than asked."""
    model: Any = repository.model
    conditions = [] if asked.after is None else [model.id > asked.after]
    conditions += [] if site_id is None else [model.site_id == site_id]
    return await repository.page(reading, *conditions, order=(model.id,), limit=asked.one_more)
