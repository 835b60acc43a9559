"""Requests that are sent twice and happen once."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest

from app.db.database import TenantDatabase
from app.db.record.idempotency import Kept, claim_once, keep_answer
from app.db.work import Work
from tests.api.client import Client
from tests.api.conftest import KeyMaker
from tests.cast import OPERATOR, Cast


def body(cast: Cast, unique: str) -> dict:
    return {"site_id": str(cast.acme_site), "title": f"Once {unique}"}


async def titled(api: Client, title: str) -> list[dict]:
    return [item async for item in api.walk("/posts?limit=200") if item["title"] == title]


@pytest.mark.parametrize("written", ["{}", '"{}"'])
async def test_a_repeated_request_gets_the_first_answer(acme_api: Client, cast: Cast, unique: str, written: str) -> None:
    first = await acme_api.post("/posts", body(cast, unique), idempotency_key=unique)
    again = await acme_api.post("/posts", body(cast, unique), idempotency_key=written.format(unique))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert [again.headers[name] for name in ("etag", "location")] == [first.headers[name] for name in ("etag", "location")]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(await titled(acme_api, f"Once {unique}")) == 1


async def test_twenty_at_once_make_one_post(acme_api: Client, cast: Cast, unique: str) -> None:
    answers = await asyncio.gather(*(acme_api.post("/posts", body(cast, unique), idempotency_key=unique) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert len(await titled(acme_api, f"Once {unique}")) == 1


async def test_another_body_under_the_same_key_is_refused(acme_api: Client, cast: Cast, unique: str) -> None:
    await acme_api.post("/posts", body(cast, unique), idempotency_key=unique)
    other = await acme_api.post("/posts", {**body(cast, unique), "summary": "x"}, idempotency_key=unique)
    assert (other.status_code, other.headers["content-type"]) == (422, "application/problem+json")
    assert "Idempotency-Key" in other.json()["detail"]


async def test_the_same_key_elsewhere_is_another_request(
    acme_api: Client, globex_api: Client, with_key: KeyMaker, cast: Cast, unique: str
) -> None:
    first = await acme_api.post("/posts", body(cast, unique), idempotency_key=unique)
    other_key = await (await with_key("content:read", "content:write")).post("/posts", body(cast, unique), idempotency_key=unique)
    other_path = await acme_api.post("/pages", body(cast, unique), idempotency_key=unique)
    other_customer = await globex_api.post("/posts", {"site_id": str(cast.globex_site), "title": "x"}, idempotency_key=unique)
    answers = [first, other_key, other_path, other_customer]
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["id"] for answer in answers}) == 4


async def test_changes_of_a_thing_are_repeated_without_acting_again(acme_api: Client, cast: Cast, unique: str) -> None:
    made = await acme_api.post("/posts", body(cast, unique))
    path, etag = made.headers["location"], made.headers["etag"]
    for method, address, sent in (("PATCH", path, {"summary": "x"}), ("POST", f"{path}/publish", None), ("DELETE", path, None)):
        headers = {"if_match": "*" if method != "PATCH" else etag, "idempotency_key": unique}
        first = await acme_api.send(method, address, sent, **headers)
        again = await acme_api.send(method, address, sent, **headers)
        assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
        assert again.headers["idempotency-replayed"] == "true"
    assert (await acme_api.get(path)).json()["version"] == 4


async def test_what_was_refused_is_not_kept(acme_api: Client, cast: Cast, unique: str) -> None:
    await acme_api.post("/posts", {**body(cast, unique), "slug": unique})
    clash = {**body(cast, unique), "slug": unique, "title": f"Second {unique}"}
    assert (await acme_api.post("/posts", clash, idempotency_key=unique)).status_code == 409
    first = (await titled(acme_api, f"Once {unique}"))[0]
    await acme_api.delete(f"/posts/{first['id']}", if_match="*")
    assert (await acme_api.post("/posts", clash, idempotency_key=unique)).status_code == 201


@pytest.mark.parametrize("key", ["", '""', "x" * 256, f'"{"x" * 256}"', "tab\there"])
async def test_a_malformed_key_is_refused(acme_api: Client, cast: Cast, unique: str, key: str) -> None:
    refused = await acme_api.post("/posts", body(cast, unique), idempotency_key=key)
    assert (refused.status_code, refused.headers["content-type"]) == (400, "application/problem+json")
    assert await titled(acme_api, f"Once {unique}") == []


async def test_a_key_of_255_characters_will_do(acme_api: Client, cast: Cast, unique: str) -> None:
    key = unique + "x" * (255 - len(unique))
    assert (await acme_api.post("/posts", body(cast, unique), idempotency_key=key)).status_code == 201


def claim(api: Client, customer_id: object, key: str) -> bytes:
    return hashlib.sha256("\n".join(map(str, (customer_id, api.key_id, "POST", "/api/v1/posts", key))).encode()).digest()


@asynccontextmanager
async def running(database: TenantDatabase, claimed: bytes, payload: bytes) -> AsyncIterator[asyncio.Event]:
    """A first request that has claimed and is still at work, until its event is set."""
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def act(work: Work) -> None:
        assert await claim_once(work, claimed, hashlib.sha256(payload).digest()) is None
        begun.set()
        await may_end.wait()
        await keep_answer(work, claimed, Kept(201, {"etag": '"v1"'}, b'{"from": "the first"}'))

    first = asyncio.create_task(database.run(OPERATOR, "hold a claim", act))
    await begun.wait()
    yield may_end
    may_end.set()
    await first


async def test_a_request_waits_for_the_first_and_gets_its_answer(
    acme_api: Client, acme: TenantDatabase, cast: Cast, undisturbed: None
) -> None:
    key, sent = str(uuid4()), b'{"site_id": "%s", "title": "x"}' % str(cast.acme_site).encode()
    async with running(acme, claim(acme_api, cast.acme, key), sent) as may_end:
        second = asyncio.create_task(acme_api.post("/posts", sent, idempotency_key=key))
        done, _ = await asyncio.wait([second], timeout=0.5)
        assert not done
        may_end.set()
        answer = await second
    assert (answer.status_code, answer.json(), answer.headers["idempotency-replayed"]) == (201, {"from": "the first"}, "true")


async def test_a_first_request_that_takes_too_long_is_a_409(acme_api: Client, acme: TenantDatabase, cast: Cast) -> None:
    key, sent = str(uuid4()), b'{"site_id": "%s", "title": "x"}' % str(cast.acme_site).encode()
    async with running(acme, claim(acme_api, cast.acme, key), sent):
        answer = await acme_api.post("/posts", sent, idempotency_key=key)
    assert (answer.status_code, answer.headers["content-type"], answer.headers["retry-after"]) == (409, "application/problem+json", "1")
    assert key not in answer.text
    assert (await acme_api.post("/posts", sent, idempotency_key=key)).json() == {"from": "the first"}


async def test_an_act_that_fails_leaves_neither_claim_nor_post(acme: TenantDatabase, cast: Cast) -> None:
    claimed = uuid4().bytes

    async def fail(work: Work) -> None:
        await claim_once(work, claimed, b"x")
        raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await acme.run(OPERATOR, "fail", fail)

    async def succeed(work: Work) -> None:
        assert await claim_once(work, claimed, b"x") is None
        await keep_answer(work, claimed, Kept(200, {}, b""))

    await acme.run(OPERATOR, "succeed", succeed)
    assert await acme.run(OPERATOR, "ask", lambda work: claim_once(work, claimed, b"x")) == Kept(200, {}, b"")
