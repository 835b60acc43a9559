"""Every route and method of every door, asked by every kind of asker, answers what the one table says."""

import pytest
from litestar import Litestar

from app.web.methods import KNOWN
from tests.routes.askers import ASKERS, Asker
from tests.routes.asking import filled
from tests.routes.doors import Doors
from tests.routes.table import LISTED, NOWHERE, ROWS, Row, addresses_of_api, paths_of, running
from tests.routes.wire import CONSOLE, Question, ask, lasting

# Words of the table: what an answer must be.
MEANINGS = {
    "in": lambda answer: answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"),
    "no": lambda answer: answer.status_code == 409 and "has been suspended" in answer.text,
}
READ = [row for row in ROWS if row.method == "GET"]
FORMS = [row for row in ROWS if row.door == "console" and row.method == "POST"]


def name(row: Row) -> str:
    return row.name


def test_every_route_has_a_row_and_every_row_a_route(console: Litestar, visitors: Litestar, doors: Doors) -> None:
    assert running(console, visitors, doors.ops) == LISTED
    assert len(ROWS) == len(LISTED) > 110


def test_the_api_leads_nowhere_else(console: Litestar) -> None:
    assert addresses_of_api(console) == {row.path for row in ROWS if row.door == "api"} | NOWHERE


@pytest.mark.parametrize("row", ROWS, ids=name)
async def test_everybody_is_answered_as_the_table_says(doors: Doors, askers: dict[str, Asker], row: Row) -> None:
    wrong = {}
    for asker in ASKERS:
        wanted = row.cells[asker]
        answer = await doors.answer(await filled(row, askers[asker]))
        fits = MEANINGS[wanted](answer) if wanted in MEANINGS else str(answer.status_code) == wanted
        if not fits or (wanted != "in" and MEANINGS["in"](answer) and row.path != "/sign-out"):
            wrong[asker] = (wanted, answer.status_code, answer.headers.get("location"))
    assert wrong == {}


@pytest.mark.parametrize("row", READ, ids=name)
async def test_head_is_get_without_its_body(doors: Doors, askers: dict[str, Asker], row: Row) -> None:
    for asker in ("nobody", "k-right" if row.door == "api" else "owner"):
        asked = await filled(row, askers[asker])
        got, head = await doors.answer(asked), await doors.answer(asked, "HEAD")
        status, headers, _ = lasting(got)
        assert lasting(head) == (status, headers, b""), asker


@pytest.mark.parametrize("path", sorted({(row.door, row.path) for row in ROWS}), ids=" ".join)
async def test_a_method_that_is_not_offered_is_405_with_those_that_are(
    doors: Doors, askers: dict[str, Asker], path: tuple[str, str]
) -> None:
    rows = [row for row in ROWS if (row.door, row.path) == path]
    offered = {row.method for row in rows}
    offered |= ({"HEAD"} if "GET" in offered else set()) | ({"OPTIONS"} if path[0] in ("console", "api") else set())
    asked = await filled(rows[0], askers["k-right" if path[0] == "api" else "owner"])
    for method in sorted((KNOWN | {"PROPFIND"}) - offered):
        answer = await doors.answer(asked, method)
        assert (answer.status_code, answer.headers.get("allow")) == (405, ", ".join(sorted(offered))), method
    if "OPTIONS" in offered:
        answer = await doors.answer(asked, "OPTIONS")
        assert (answer.status_code, answer.headers["allow"], answer.content) == (204, ", ".join(sorted(offered)), b"")


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/posts", "/nothing", "/c/x/y/z", "/static", "/-/health"]
)
async def test_what_has_no_route_is_404_for_every_method_and_everybody(doors: Doors, askers: dict[str, Asker], path: str) -> None:
    for asker in ("nobody", "owner", "k-right"):
        for method in sorted(KNOWN):
            answer = await ask(doors.web, Question(method, CONSOLE + path, askers[asker].headers()))
            assert answer.status_code == 404, (asker, method)


@pytest.mark.parametrize("row", FORMS, ids=name)
async def test_a_form_without_any_proof_of_its_origin_changes_nothing(doors: Doors, askers: dict[str, Asker], row: Row) -> None:
    asked = await filled(row, askers["owner"])
    question = asked.question()
    cookie = {"cookie": question.headers["cookie"]} if "cookie" in question.headers else {}
    for headers, token in (({}, ""), ({}, "0" * 40), ({"origin": "null"}, ""), ({"sec-fetch-site": "same-site"}, "")):
        fields = (question.fields or {}) | {"csrf": token}
        assert (await ask(doors.web, Question("POST", question.url, cookie | headers, fields))).status_code == 403
    # The very same form with its token alone, as a browser without Origin sends it, is accepted.
    alone = await ask(doors.web, Question("POST", question.url, cookie, question.fields))
    wanted = row.cells["owner"]
    assert MEANINGS[wanted](alone) if wanted in MEANINGS else str(alone.status_code) == wanted


def test_the_listing_of_addresses_reads_the_applications(console: Litestar) -> None:
    assert dict(paths_of(console))["/account"] == {"GET", "POST", "OPTIONS"}
