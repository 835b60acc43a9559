"""Ids, cursors, tokens, keys, numbers and hosts of another customer, wherever a request can name them: as if they had never been."""

from dataclasses import replace
from uuid import uuid4

import pytest

from app.db.database import Shared
from app.db.record.changes import numbered
from app.identity.actions import revoke_key
from app.identity.credentials import new_key, new_token
from tests.cast import OPERATOR
from tests.routes.askers import HERE, PASSWORD, Asker
from tests.routes.asking import Filled, filled
from tests.routes.doors import Doors
from tests.routes.houses import House
from tests.routes.positions import POSITIONS, Position, cursor_positions, row_of, strange_form_tokens
from tests.routes.strangers import belongings_of, number_all, their_cursor
from tests.routes.test_indistinguishable import answered, difference
from tests.routes.wire import Question, ask, lasting


@pytest.fixture(scope="session")
async def belongings(askers: dict[str, Asker], theirs: House) -> dict[str, str]:
    """What the neighbours have, by kind."""
    return await belongings_of(theirs, askers["mallory"])


def name(position: Position) -> str:
    return position.name


def own_words(asked: Filled) -> list[str]:
    """What two requests of the same asker differ in by themselves: the thing that was made for each, and the title that was typed."""
    typed = [str((sent or {}).get(name, "")) for sent in (asked.fields, asked.json) for name in ("title", "new_id")]
    return [word for word in (*(asked.parts.get(part, "") for part in ("id", "post_id", "product_id")), *typed) if word]


@pytest.mark.parametrize("position", POSITIONS, ids=name)
async def test_their_id_says_no_more_than_any_other(
    doors: Doors, askers: dict[str, Asker], belongings: dict[str, str], position: Position
) -> None:
    values, found = (belongings[position.kind], position.never()), []
    asked = await filled(row_of(position.row), askers[position.who])
    for value in values:
        found.append(await answered(doors, position.change(asked, value), value, *own_words(asked)))
        if found[0][0][0] < 400 and asked.row.method != "GET":
            # What was accepted has changed the thing, so the second request is made of another one.
            asked = await filled(asked.row, asked.asker)
    (first, statements), (second, others) = found
    assert statements == others, difference(statements, others)
    if first[0] >= 400:
        assert first == second, difference(first, second)
    assert first[0] == second[0] != 500


async def test_their_change_numbers_are_as_unknown_as_any(
    doors: Doors, askers: dict[str, Asker], ours: House, theirs: House, worker: Shared
) -> None:
    await number_all(worker)
    newest = {house.slug: (await house.database.read(numbered)).newest for house in (ours, theirs)}
    fewer, most = (ours, theirs) if newest[ours.slug] < newest[theirs.slug] else (theirs, ours)
    asker = replace(askers["k-mallory" if fewer is theirs else "k-right"], house=fewer)
    asked = await filled(row_of("api GET /api/v1/changes"), asker)
    answers = [await answered(doors, replace(asked, query=f"?after={number}")) for number in (newest[most.slug], 999_999_999)]
    assert newest[fewer.slug] < newest[most.slug]
    assert answers[0] == answers[1]
    assert answers[0][0][0] == 410


async def test_their_cursors_are_as_good_as_none(doors: Doors, askers: dict[str, Asker], ours: House, theirs: House) -> None:
    for row, who, known, unknown in cursor_positions(ours, theirs):
        asked = await filled(row_of(row), askers[who])
        one = await answered(doors, replace(asked, query=known), known.partition("=")[2])
        other = await answered(doors, replace(asked, query=unknown), unknown.partition("=")[2])
        assert one == other, row
        assert one[0][0] == (400 if who == "k-right" else 200)


async def test_visitors_cursors_lead_nowhere_on_another_site(doors: Doors, askers: dict[str, Asker], theirs: House) -> None:
    asked = await filled(row_of("public GET /"), askers["nobody"])
    for side in ("before", "after"):
        for bound in (f"{theirs.customer_id}:{theirs.site_id}:posts", str(theirs.site_id)):
            known, unknown = (their_cursor(theirs, bound, is_known=is_known) for is_known in (True, False))
            one = await answered(doors, replace(asked, query=f"posts/?{side}={known}"), known)
            other = await answered(doors, replace(asked, query=f"posts/?{side}={unknown}"), unknown)
            assert one == other
            assert one[0][0] == 404


async def test_a_revoked_key_of_theirs_is_as_unknown_as_any(doors: Doors, askers: dict[str, Asker], theirs: House) -> None:
    asked = await filled(row_of("api GET /api/v1/posts"), askers["k-right"])
    made = await theirs.key("content:read")
    await theirs.database.run(OPERATOR, "revoke", lambda work: revoke_key(work, OPERATOR, made.id))
    answers = [await answered(doors, replace(asked, said={"authorization": f"Bearer {one}"})) for one in (made.secret, new_key())]
    assert answers[0] == answers[1]
    assert answers[0][0][0] == 401


async def test_their_sessions_form_token_fits_nobody_else(doors: Doors, askers: dict[str, Asker]) -> None:
    row = row_of("console POST /account")
    asked = await filled(row, askers["owner"])
    question = asked.question()
    cookie = {"cookie": question.headers["cookie"]}
    answers = []
    for token in strange_form_tokens(asked.asker.services, askers["mallory"].session):
        fields = (question.fields or {}) | {"csrf": token}
        answers.append(lasting(await ask(doors.web, Question("POST", question.url, cookie, fields))))
    assert answers[0] == answers[1]
    assert answers[0][0] == 403


async def test_an_ended_session_and_one_that_never_was_are_the_same(doors: Doors, askers: dict[str, Asker]) -> None:
    mallory = askers["mallory"]
    token, session_id = await mallory.fresh_session()
    await mallory.services.people.end_sessions(mallory.user.id, only=session_id)
    asked = await filled(row_of("console GET /account"), askers["nobody"])
    answers = [await answered(doors, replace(asked, said={"cookie": f"agoat_session={one}"}), one) for one in (token, new_token())]
    assert answers[0] == answers[1]


async def test_an_idempotency_key_of_theirs_replays_nothing_of_theirs(
    doors: Doors, askers: dict[str, Asker], ours: House, theirs: House
) -> None:
    row, word = row_of("api POST /api/v1/posts"), uuid4().hex
    strange, at_home = askers["k-right"], replace(askers["k-mallory"], house=theirs)
    first = await doors.answer(replace(await filled(row, at_home), said={"idempotency-key": word}))
    assert first.status_code == 201
    used = await answered(doors, replace(await filled(row, strange), said={"idempotency-key": word}))
    fresh = await answered(doors, replace(await filled(row, strange), said={"idempotency-key": uuid4().hex}))
    assert used[1] == fresh[1]
    # Both were accepted: neither is a replay, and neither names anything of the neighbours.
    for answer, _ in (used, fresh):
        assert answer[0] == 201
        assert "idempotency-replayed" not in dict(answer[1])
        assert str(theirs.site_id).encode() not in answer[2]


async def test_their_etag_is_no_reason_to_say_unchanged(doors: Doors, askers: dict[str, Asker], ours: House, theirs: House) -> None:
    for row in ("api GET /api/v1/posts", "api GET /api/v1/sites", "public GET /", "public GET /{path}"):
        who = "k-right" if row.startswith("api") else "nobody"
        at_home = replace(askers["k-mallory" if row.startswith("api") else "nobody"], house=theirs)
        etag = (await doors.answer(await filled(row_of(row), at_home))).headers["etag"]
        asked = await filled(row_of(row), askers[who])
        one = await answered(doors, replace(asked, said={"if-none-match": etag}))
        other = await answered(doors, replace(asked, said={"if-none-match": f'"{"0" * 32}"'}))
        assert one == other
        assert one[0][0] == 200


async def test_a_spent_link_of_theirs_is_like_one_that_never_was(doors: Doors, askers: dict[str, Asker]) -> None:
    people = askers["mallory"].services.people
    somebody = await people.create_person(f"{uuid4().hex[:8]}@links.example", "Somebody")
    spent = await people.create_link(somebody.id, "first_password")
    await people.use_link(spent, PASSWORD)
    for method in ("GET", "POST"):
        asked = await filled(row_of(f"console {method} /set-password/{{token}}"), askers["nobody"])
        answers = [await answered(doors, asked.with_part("token", token), token) for token in (spent, new_token())]
        assert answers[0] == answers[1]
        assert answers[0][0][0] == 404


async def test_signing_in_tells_nothing_about_who_exists(doors: Doors, askers: dict[str, Asker]) -> None:
    mail = askers["mallory"].user.email
    asked = await filled(row_of("console POST /sign-in"), askers["nobody"])
    answers = []
    for address in (mail, f"nobody-{uuid4().hex[:6]}@{mail.partition('@')[2]}"):
        sent = replace(asked, fields={"email": address, "password": "not the password of anybody"})
        answers.append(await answered(doors, sent, address))
    assert answers[0] == answers[1], difference(answers[0][1], answers[1][1])
    assert answers[0][0][0] == 422
    assert HERE.address != ""


@pytest.mark.parametrize("state", ["claimed", "dns_seen", "proven", "certified", "released"])
async def test_a_host_that_is_not_live_yet_is_like_one_that_nobody_has(doors: Doors, theirs: House, state: str) -> None:
    host = await theirs.domain(state)
    asked = [Question("GET", f"http://{name}:8000/") for name in (host, f"never-{uuid4().hex[:6]}.example")]
    one, other = [lasting(await ask(doors.web, question)) for question in asked]
    assert one == other
    assert one[0] == 421
    for question in asked:
        bare = question.url.removeprefix("http://").partition(":")[0]
        answer = await ask(doors.ops, Question("GET", f"http://ops/tls/ask?domain={bare}"))
        assert (answer.status_code, answer.content) == (404, b"no\n")
