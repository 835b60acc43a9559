"""Everything that a query, body, header or cookie can name: where it stands, what is theirs, and what never was."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from app.identity.credentials import new_token
from app.web.csrf import form_token
from tests.routes.asking import Filled
from tests.routes.houses import House
from tests.routes.strangers import their_cursor
from tests.routes.table import ROWS, Row

Change = Callable[[Filled, str], Filled]


@dataclass(frozen=True)
class Position:
    """A place in a request that can name something of another customer. `kind` says what stands there."""

    row: str
    who: str
    kind: str
    change: Change
    never: Callable[[], str] = lambda: str(uuid4())

    @property
    def name(self) -> str:
        """How it is called in the names of tests."""
        return f"{self.row} {self.kind}"


def row_of(name: str) -> Row:
    """The row of a name."""
    return next(row for row in ROWS if row.name == name)


def query(name: str) -> Change:
    """A parameter of the query."""
    return lambda asked, value: replace(asked, query=f"?{name}={value}")


def form(name: str) -> Change:
    """A field of a form."""
    return lambda asked, value: replace(asked, fields={**(asked.fields or {}), name: value})


def body(*path: str | int) -> Change:
    """A member of a JSON body, by its place."""
    return lambda asked, value: replace(asked, json=placed(asked.json, path, value))


def placed(into: Any, path: tuple[str | int, ...], value: str) -> Any:
    """A copy of a body in which a value stands at a place; lists are made for numbers."""
    if not path:
        return value
    step, *rest = path
    if isinstance(step, int):
        return [placed({}, tuple(rest), value)]
    return {**(into or {}), step: placed((into or {}).get(step), tuple(rest), value)}


TEXT, PRODUCT = "console POST /c/{customer}/s/{site}/posts/{post_id}", "console POST /c/{customer}/products/{product_id}"
SHELF, LIST = "console GET /c/{customer}/s/{site}/posts", "console GET /c/{customer}/products"
NEW, POST, GOODS = "api POST /api/v1/posts", "api PATCH /api/v1/posts/{id}", "api PATCH /api/v1/products/{id}"
LISTS = ("posts", "pages", "products", "sites", "tags", "menus", "media", "categories", "audit")

POSITIONS = [
    Position(SHELF, "owner", "author_id", query("author")),
    Position(SHELF, "owner", "tag_id", query("tag")),
    Position(LIST, "owner", "sku", query("q"), lambda: uuid4().hex[:12]),
    Position("console GET /c/{customer}/s/{site}/posts/new", "owner", "held", query("held")),
    Position("console GET /c/{customer}/s/{site}/posts/{post_id}", "owner", "held", query("held")),
    Position("console GET /c/{customer}/products/new", "owner", "held", query("held")),
    Position("console GET /c/{customer}/keys", "owner", "held", query("held")),
    Position("console GET /c/{customer}/keys", "owner", "key_id", query("revoke")),
    Position("console GET /sign-in", "nobody", "held", query("held")),
    Position(TEXT, "owner", "author_id", form("byline")),
    Position(TEXT, "owner", "cover_id", form("cover")),
    Position(PRODUCT, "owner", "category_id", form("category")),
    Position(PRODUCT, "owner", "product_id", form("variant-0-id")),
    *(Position(f"api GET /api/v1/{name}", "k-right", "site_id", query("site_id")) for name in ("posts", "pages", "tags", "menus")),
    Position(NEW, "k-right", "site_id", body("site_id")),
    Position("api POST /api/v1/pages", "k-right", "site_id", body("site_id")),
    Position(NEW, "k-right", "author_id", body("author_id")),
    Position(NEW, "k-right", "cover_id", body("cover_id")),
    Position(POST, "k-right", "author_id", body("author_id")),
    Position(POST, "k-right", "cover_id", body("cover_id")),
    Position(POST, "k-right", "etag", lambda asked, value: replace(asked, said={"if-match": value}), lambda: '"v2.ba9876543210"'),
    Position(GOODS, "k-right", "category_id", body("category_id")),
    Position(GOODS, "k-right", "site_id", body("sites", 0)),
    Position(GOODS, "k-right", "cover_id", body("images", 0)),
    Position(GOODS, "k-right", "post_id", body("posts", 0)),
    Position("api PATCH /api/v1/products/{id}/offers", "k-right", "product_id", body("offers", 0, "variant_id")),
    Position("api PATCH /api/v1/products/{id}/offers", "k-right", "sku", body("offers", 0, "sku"), lambda: uuid4().hex[:12]),
]


def cursor_positions(ours: House, theirs: House) -> list[tuple[str, str, str, str]]:
    """Lists with a cursor: row, asker, and the addresses' ends with a cursor of theirs and with one that nobody was given."""
    found = []
    for name in LISTS:
        pair = [their_cursor(theirs, f"{theirs.customer_id} /api/v1/{name}?", is_known=known) for known in (True, False)]
        found.append((f"api GET /api/v1/{name}", "k-right", *(f"?cursor={cursor}" for cursor in pair)))
    for row, bound in (
        (SHELF, f"{theirs.customer_id}:{theirs.site_id}:post:"),
        (LIST, f"{theirs.customer_id}:products:"),
        ("console GET /c/{customer}/audit", f"{theirs.customer_id}:audit"),
    ):
        pair = [their_cursor(theirs, bound, is_known=known, is_list=True) for known in (True, False)]
        found.append((row, "owner", *(f"?after={cursor}" for cursor in pair)))
    return found  # type: ignore[return-value]


def strange_form_tokens(services: Any, their_session: str) -> tuple[str, str]:
    """The form token of their session, and one of a session that never was."""
    key = services.keys("csrf")[0]
    return form_token(key, their_session), form_token(key, new_token())
