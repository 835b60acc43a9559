"""From a row of the table to a real request: things that exist, bodies that would be accepted, tokens that are valid."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from app.api import OPERATIONS
from app.api.operations import BASE, Operation
from app.db.record.processes import heartbeat
from app.identity.people import People
from tests.cast import OPERATOR
from tests.routes.askers import PASSWORD, Asker
from tests.routes.houses import House
from tests.routes.table import Row
from tests.routes.wire import CONSOLE, Question

OF_OPERATIONS = {(operation.method, BASE + operation.path): operation for operation in OPERATIONS}
# What state a text or product must be in for an act, by the last step of the address.
STATES = {"unpublish": "live", "bring-back": "trashed", "restore": "twice", "conflict": "twice", "history": "twice", "versions": "twice"}
# Cells of those who change nothing.
REFUSED = {"in", "401", "403", "404"}


@dataclass
class Filled:
    """A row with everything that its request needs. `parts` are the parameters of the address."""

    row: Row
    asker: Asker
    parts: dict[str, str]
    fields: dict[str, Any] | None = None
    json: Any = None
    session: str = ""
    query: str = ""
    said: dict[str, str] = field(default_factory=dict)

    def question(self) -> Question:
        """The request."""
        row, asker = self.row, self.asker
        headers = asker.headers(operation_of(row), self.session)
        if row.door == "api" and row.method != "GET":
            headers |= {"if-match": "*"}
        fields = {"csrf": asker.form_token(self.session), **(self.fields or {})} if row.door == "console" and row.method == "POST" else None
        return Question(row.method, self.url(), headers | self.said, fields, self.json)

    def url(self) -> str:
        """The whole address."""
        path = self.row.path
        for name, value in self.parts.items():
            path = path.replace(f"{{{name}}}", value)
        return (self.asker.house.origin if self.row.door == "public" else CONSOLE) + path + self.query

    def with_part(self, name: str, value: str) -> "Filled":
        """The same request about something else."""
        return replace(self, parts=self.parts | {name: value})


def operation_of(row: Row) -> Operation | None:
    """The operation of the API that a row is about."""
    return OF_OPERATIONS.get((row.method, row.path))


async def filled(row: Row, asker: Asker) -> Filled:
    """A request of the asker that only the access rule can refuse."""
    if row.name in asker.prepared:
        return asker.prepared[row.name]
    made = Filled(row, asker, {"customer": asker.house.slug, "site": asker.house.slug})
    fill = FILLERS[row.door]
    await fill(made)
    return made


async def fill_console(made: Filled) -> None:
    """A screen or act of the console."""
    path, method = made.row.path, made.row.method
    if path.startswith(("/account", "/sign", "/set-password")):
        await fill_account(made)
    elif "/posts" in path or "/pages" in path:
        await fill_text(made)
    elif "/products" in path:
        await fill_product(made)
    elif "{key_id}" in path:
        made.parts["key_id"] = str((await made.asker.house.key("content:read")).id)
    elif path.endswith("/keys") and method == "POST":
        made.fields = {"name": "a shop", "scope": ["content:read"], "ends": "30"}
    elif "{act_id}" in path:
        made.parts["act_id"] = await kept(made.asker, made.row, "act", made.asker.house.act)
    elif path.startswith("/static"):
        made.parts["name"] = made.asker.house.kept["static"]


async def fill_account(made: Filled) -> None:
    """An act of a person on his own access, in a session of its own where that may end by it."""
    asker, path = made.asker, made.row.path
    people: People = asker.services.people
    if asker.user is not None and path != "/account/sessions/end":
        made.session, _ = await asker.fresh_session()
    if "{session_id}" in path:
        made.parts["session_id"] = str((await asker.fresh_session())[1]) if asker.user else str(uuid4())
    if "{token}" in path:
        fresh = await people.create_person(f"{uuid4().hex[:8]}@links.example", "Somebody New")
        made.parts["token"] = await people.create_link(fresh.id, "first_password")
    mail = asker.user.email if asker.user else asker.house.kept["mail"]
    made.fields = {
        "/sign-in": {"email": mail, "password": PASSWORD},
        "/set-password/{token}": {"password": PASSWORD},
        "/account": {"name": asker.user.name if asker.user else "Nobody"},
        "/account/password": {"current_password": PASSWORD, "new_password": PASSWORD},
        "/account/appearance": {"theme": "dark", "next": "/account"},
    }.get(path, {})


async def fill_text(made: Filled) -> None:
    """A post or page in the state that the act needs; the maker's own where the maker asks."""
    row, asker = made.row, made.asker
    if "{post_id}" in row.path:
        kind = "page" if "/pages" in row.path else "post"
        state = STATES.get(row.path.rpartition("/")[2], "draft")
        made.parts["post_id"] = await kept(asker, row, f"{kind} {state}", lambda: asker.house.post(state, kind, maker_of(asker)))
    made.fields = typed(row, asker) | {"body": "<p>Typed.</p>", "new_id": str(uuid4())}
    if not row.path.endswith(("/new", "{post_id}", "/conflict")):
        made.fields = {name: made.fields[name] for name in ("version", "number")}


def typed(row: Row, asker: Asker) -> dict[str, str]:
    """What an editor sends with every text. A conflict is about version 2, which another save made of version 1; the sender's side wins."""
    version = "1" if STATES.get(row.path.rpartition("/")[2], "draft") == "draft" else "2"
    chosen = {"choice-title": "mine", "choice-passage-0": "mine"}
    return {"title": f"Typed {uuid4().hex[:6]}", "version": version, "base": "1", "number": "1", "take": "", **chosen}


async def fill_product(made: Filled) -> None:
    """A product in the state that the act needs."""
    row, asker = made.row, made.asker
    if "{product_id}" in row.path:
        state = STATES.get(row.path.rpartition("/")[2], "draft")
        made.parts["product_id"] = await kept(asker, row, f"product {state}", lambda: first(asker.house.product(state)))
    made.fields = typed(row, asker) | {"new_id": str(uuid4())}
    if not row.path.endswith(("/new", "{product_id}", "/conflict")):
        made.fields = {name: made.fields[name] for name in ("version", "number")}


async def fill_api(made: Filled) -> None:
    """A call of the API."""
    operation = operation_of(made.row)
    if operation is None:
        return
    house, kind = made.asker.house, made.row.path.split("/")[3]
    state = STATES.get(made.row.path.split("/{id}/")[-1].partition("/")[0], "draft")
    sku = ""
    if "{id}" in made.row.path and kind == "products":
        both = await kept(made.asker, made.row, f"api product {state}", lambda: joined(house.product(state)))
        made.parts["id"], _, sku = both.partition(" ")
    elif kind == "sites":
        made.parts["id"] = str(house.site_id)
    elif "{id}" in made.row.path:
        made.parts["id"] = await kept(made.asker, made.row, f"{kind[:-1]} {state}", lambda: house.post(state, kind[:-1]))  # type: ignore[arg-type]
    made.parts["n"] = "1"
    if operation.body is not None:
        made.json = body_of(operation.body.__name__, house, sku)


def body_of(name: str, house: House, sku: str) -> dict[str, Any]:
    """A body that fits."""
    word = f"Sent {uuid4().hex[:6]}"
    return {
        "NewPost": {"site_id": str(house.site_id), "title": word},
        "PostInput": {"title": word},
        "PostPatch": {"title": word},
        "NewProduct": {"title": word, "lang": "en"},
        "ProductInput": {"title": word, "lang": "en"},
        "ProductPatch": {"title": word},
        "OffersInput": {"offers": [{"sku": sku, "retail": {"amount": 98_000_00, "currency": "EUR"}}]},
        "RestorePost": {"version": 1},
        "RestoreProduct": {"version": 1},
    }.get(name, {})


async def fill_public(made: Filled) -> None:
    """A page that visitors can read."""
    house = made.asker.house
    made.parts["path"] = {
        "/media/{path}": house.kept["file"].removeprefix("/media/"),
        "/-/preview/{path}": house.kept["preview"].removeprefix("/-/preview/"),
        "/-/{path}": house.kept["style"].removeprefix("/-/"),
    }.get(made.row.path, house.kept["page"])


async def fill_ops(made: Filled) -> None:
    """A question of the machinery of an installation whose processes live."""
    if made.row.path == "/readyz":
        for kind in ("web", "worker"):
            await heartbeat(made.asker.services.directory, UUID(int=len(kind)), kind, "here", 1, {})
    if made.row.path == "/tls/ask":
        made.query = f"?domain={made.asker.house.slug}.localhost"


FILLERS: dict[str, Callable[[Filled], Awaitable[None]]] = {
    "console": fill_console,
    "api": fill_api,
    "public": fill_public,
    "ops": fill_ops,
}


async def kept(asker: Asker, row: Row, name: str, make: Callable[[], Awaitable[Any]]) -> str:
    """A thing that may be looked at often, and be refused often, but is made anew for every act that is allowed."""
    is_own = asker.name == "maker"
    if is_own or not (row.method == "GET" or row.cells[asker.name] in REFUSED):
        return str(await make())
    if name not in asker.house.kept:
        asker.house.kept[name] = str(await make())
    return asker.house.kept[name]


async def first(pair: Awaitable[tuple[Any, Any]]) -> Any:
    """The first of two."""
    return (await pair)[0]


async def joined(pair: Awaitable[tuple[Any, Any]]) -> str:
    """Both of two, as one text."""
    return " ".join(str(one) for one in await pair)


def maker_of(asker: Asker) -> Any:
    """Who makes the thing that is asked for."""
    return asker.actor if asker.name == "maker" else OPERATOR
