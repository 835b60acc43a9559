"""Everything that somebody can get: each row of the table, what errors say, and what the neighbours' ids bring."""

from dataclasses import dataclass, replace
from uuid import uuid4

from tests.routes.askers import Asker
from tests.routes.asking import filled
from tests.routes.canaries import Catch
from tests.routes.doors import Doors
from tests.routes.hoard import SHARED, Hoard
from tests.routes.houses import House
from tests.routes.listening import logged
from tests.routes.positions import POSITIONS, row_of
from tests.routes.table import ROWS
from tests.routes.wire import CONSOLE, Question, ask

# Those of ours who ask for everything, from the one who may least.
SWEEPERS = ("nobody", "reader", "author", "owner", "k-right")
PUBLIC = ("/", "/posts/", "/products/", "/feed.json", "/robots.txt", "/tags/tagged/", "/nothing/", "/posts/nothing/", f"/posts/{SHARED}/")
# Which id of the hoard fits which parameter of an address.
IDS = {"post_id": "post_id", "product_id": "product_id", "key_id": "key_id", "session_id": "session_id", "act_id": "act_id"}


@dataclass(frozen=True)
class Swept:
    """All that was got, and all that was logged on the way."""

    caught: Catch
    lines: list[str]


async def sweep(doors: Doors, askers: dict[str, Asker]) -> Swept:
    """Everything, once for all tests."""
    with logged() as lines:
        return Swept(await everything(doors, askers, *SWEEPERS), lines)


async def everything(doors: Doors, askers: dict[str, Asker], *who: str) -> Catch:
    """Each row of the table, as each of some askers."""
    caught = Catch()
    for row in ROWS:
        for name in who:
            caught.keep_answer(f"{name}: {row.name}", await doors.answer(await filled(row, askers[name])))
    return caught


async def pages_of(doors: Doors, house: House) -> Catch:
    """What visitors of a site and its feeds get."""
    caught = Catch()
    for path in (*PUBLIC, f"/{house.kept['page']}"):
        for headers in ({}, {"accept": "application/json"}):
            answer = await ask(doors.web, Question("GET", house.origin + path, headers))
            caught.keep_answer(f"visitor: {path}", answer)
    return caught


async def with_ids_of(doors: Doors, askers: dict[str, Asker], hoard: Hoard) -> Catch:
    """What ids of the hoard bring wherever an address, query or body can name one."""
    caught = Catch()
    for row in ROWS:
        if row.door not in ("console", "api"):
            continue
        kinds = {"id": f"{row.path.split('/')[3][:-1]}_id"} if row.door == "api" and "{id}" in row.path else {}
        kinds |= {part: IDS[part] for part in row.parameters if part in IDS}
        for part, kind in kinds.items():
            chosen = hoard.ids["post_id" if kind == "page_id" else kind]
            who = "k-right" if row.door == "api" else "owner"
            asked = (await filled(row, askers[who])).with_part(part, str(chosen))
            caught.keep_answer(f"{who}: {row.name} with their {kind}", await doors.answer(asked))
    for position in POSITIONS:
        value = str(hoard.ids[position.kind]) if position.kind in hoard.ids else SHARED
        asked = position.change(await filled(row_of(position.row), askers[position.who]), value)
        caught.keep_answer(f"{position.who}: {position.name}", await doors.answer(asked))
    return caught


async def clashes(doors: Doors, askers: dict[str, Asker], ours: House) -> Catch:
    """Names that both customers have, each twice, so that the second is refused for our own sake."""
    caught = Catch()
    sent = [
        ("api POST /api/v1/posts", {"site_id": str(ours.site_id), "title": "Ours", "slug": SHARED}),
        ("api POST /api/v1/pages", {"site_id": str(ours.site_id), "title": "Ours", "slug": SHARED}),
        ("api POST /api/v1/products", {"title": "Ours", "lang": "en", "slug": SHARED, "variants": [{"sku": SHARED}]}),
        ("api POST /api/v1/products", {"title": "Ours", "lang": "en", "slug": f"{SHARED}-2", "variants": [{"sku": SHARED.upper()}]}),
    ]
    for name, body in sent * 2:
        asked = replace(await filled(row_of(name), askers["k-right"]), json=body)
        caught.keep_answer(f"clash: {name}", await doors.answer(asked))
    return caught


async def errors(doors: Doors, askers: dict[str, Asker]) -> Catch:
    """Errors of every kind that requests alone can bring about."""
    caught = Catch()
    cookie, bearer = askers["owner"].headers(), askers["k-right"].headers()
    house = askers["owner"].house
    shelf = f"{CONSOLE}/c/{house.slug}/s/{house.slug}/posts"
    asked = [
        Question("GET", f"{CONSOLE}/{'x' * 5000}", cookie),
        Question("GET", CONSOLE, cookie | {"x-long": "x" * 20_000}),
        Question("GET", CONSOLE, {"host": "a, b"}),
        Question("GET", f"http://{uuid4().hex}.example:8000/", {}),
        Question("POST", f"{shelf}/new", cookie, {"title": "", "body": ""}),
        Question("POST", f"{shelf}/new", cookie, {"version": "x"}),
        Question("POST", f"{CONSOLE}/api/v1/posts", bearer, json={"title": 1}),
        Question("POST", f"{CONSOLE}/api/v1/posts", bearer | {"content-type": "text/plain"}),
        Question("GET", f"{CONSOLE}/api/v1/posts?limit=x", bearer),
        Question("GET", f"{CONSOLE}/api/v1/changes?after=99999999", bearer),
        Question("PATCH", f"{CONSOLE}/api/v1/posts/{uuid4()}", bearer, json={}),
        Question("PROPFIND", shelf, cookie),
        Question("PATCH", f"{CONSOLE}/api/v1/posts/{await house.post()}", bearer | {"if-match": '"v9"'}, json={}),
    ]
    for question in asked:
        caught.keep_answer(f"error: {question.method} {question.url[:80]}", await ask(doors.web, question))
    return caught


async def act_of(hoard: Hoard, doors: Doors) -> Catch:
    """What the people, programs and visitors of the hoard do over HTTP, the word in everything that they send."""
    caught, word, origin, fresh = Catch(), hoard.word, hoard.house.origin, uuid4().hex[:6]
    cookie, bearer = {"cookie": f"agoat_session={hoard.session}", "origin": CONSOLE}, {"authorization": f"Bearer {hoard.secret}"}
    shelf = f"{CONSOLE}/c/{word}/s/{word}/posts"
    sent = {"site_id": str(hoard.house.site_id), "title": f"{word} by key", "slug": f"{word}-by-key-{fresh}"}
    typed = {"title": f"{word} typed", "body": f"{word} typed", "slug": f"{word}-typed-{fresh}", "new_id": str(uuid4())}
    for question in (
        Question("POST", f"{shelf}/new", cookie, typed),
        Question("POST", f"{shelf}/new", cookie, typed | {"new_id": str(uuid4())}),
        Question("GET", f"{shelf}?q={word}", cookie),
        Question("GET", f"{CONSOLE}/c/{word}/team", cookie),
        Question("GET", f"{CONSOLE}/c/{word}/products/{hoard.ids['product_id']}", cookie),
        Question("POST", f"{CONSOLE}/sign-in", {"origin": CONSOLE}, {"email": f"{word}@{word}.example", "password": f"{word} wrong"}),
        Question("POST", f"{CONSOLE}/api/v1/posts", bearer | {"idempotency-key": f"{word}-{fresh}"}, json=sent),
        Question("GET", f"{CONSOLE}/api/v1/products", bearer),
        Question("GET", origin + "/", {"user-agent": f"{word} agent", "referer": f"http://{word}.example/"}),
        Question("GET", f"{origin}/posts/{word}-live/"),
    ):
        caught.keep_answer(f"hoard: {question.method} {question.url}", await ask(doors.web, question))
    return caught
