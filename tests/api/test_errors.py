"""Every error is problem details, whatever went wrong and wherever."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from app.api import OPERATIONS
from app.api.decoding import in_sentence
from app.asgi import compose
from app.settings import LIMITS
from tests.api.client import Client
from tests.api.conftest import ORIGIN, make_services
from tests.cast import Cast

PROBLEM = "application/problem+json"


def is_problem(answer: httpx.Response, status: int) -> bool:
    said = answer.json()
    return (
        answer.status_code == said["status"] == status
        and answer.headers["content-type"] == PROBLEM
        and answer.headers["cache-control"] == "no-store"
        and bool(said["title"] and said["detail"] and said["type"])
    )


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v2/posts", "/api/v1/nothing", "/api/v1/posts/1/2/3/4", "/api/v1/posts/a%2Fb"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
async def test_an_address_that_does_not_exist_is_404(acme_api: Client, path: str, method: str) -> None:
    assert is_problem(await acme_api.send(method, path), 404)


@pytest.mark.parametrize("path", sorted({operation.path for operation in OPERATIONS}))
async def test_a_method_that_an_address_does_not_know_is_405(acme_api: Client, path: str) -> None:
    known = {operation.method for operation in OPERATIONS if operation.path == path}
    known |= {"OPTIONS"} | ({"HEAD"} if "GET" in known else set())
    address = path.replace("{id}", "x").replace("{n}", "1")
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - known:
        refused = await acme_api.send(method, address)
        assert is_problem(refused, 405)
        assert set(refused.headers["allow"].split(", ")) == known
    options = await acme_api.send("OPTIONS", address)
    assert (options.status_code, set(options.headers["allow"].split(", ")), options.content) == (204, known, b"")


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/api/docs"])
async def test_the_documents_are_only_read(anonymous: Client, path: str) -> None:
    refused = await anonymous.post(path)
    assert is_problem(refused, 405)
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/merge-patch+json"]
)
async def test_a_body_of_another_kind_is_415(acme_api: Client, kind: str) -> None:
    assert is_problem(await acme_api.post("/posts", b'{"title": "x"}', content_type=kind), 415)


async def test_a_compressed_body_is_415(acme_api: Client) -> None:
    assert is_problem(await acme_api.post("/posts", b"x", content_encoding="gzip"), 415)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
async def test_a_media_type_may_have_parameters_and_capitals(acme_api: Client, cast: Cast, unique: str, kind: str) -> None:
    body = f'{{"site_id": "{cast.acme_site}", "title": "{unique}"}}'.encode()
    assert (await acme_api.post("/posts", body, content_type=kind)).status_code == 201


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nonsense", b'{"title": "\xff"}', b'{"title": "\\ud800"}', b'{"title": NaN}', b'{"title": "x",}']
)
async def test_a_body_that_is_no_json_is_400(acme_api: Client, body: bytes) -> None:
    assert is_problem(await acme_api.post("/posts", body, content_type="application/json"), 400)


@pytest.mark.parametrize("body", [b"[]", b"null", b"5", b"[" * 10_000, b'{"title": "zero \\u0000"}'])
async def test_a_body_of_another_shape_is_422(acme_api: Client, cast: Cast, body: bytes) -> None:
    body = body.replace(b'{"title"', b'{"site_id": "%s", "title"' % str(cast.acme_site).encode())
    assert is_problem(await acme_api.post("/posts", body), 422)


async def test_a_text_about_zero_characters_is_none(acme_api: Client, cast: Cast) -> None:
    body = b'{"site_id": "%s", "title": "Escapes", "summary": "Write \\\\u0000"}' % str(cast.acme_site).encode()
    made = await acme_api.post("/posts", body)
    assert (made.status_code, made.json()["summary"]) == (201, r"Write \u0000")


async def test_an_act_without_a_body_takes_none(acme_api: Client, cast: Cast, unique: str) -> None:
    path = (await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": unique})).headers["location"]
    assert is_problem(await acme_api.post(f"{path}/publish", {"force": True}, if_match="*"), 422)
    assert is_problem(await acme_api.post(f"{path}/publish", b"{}", if_match="*", content_type="text/plain"), 415)


async def test_a_body_that_is_too_large_is_413(acme_api: Client) -> None:
    assert is_problem(await acme_api.post("/posts", b" " * (LIMITS.request_bytes + 1)), 413)

    async def chunks():
        for _ in range(3):
            yield b" " * (LIMITS.request_bytes // 2)

    headers = {"authorization": f"Bearer {acme_api.secret}", "content-type": "application/json"}
    assert is_problem(await acme_api.http.post("/api/v1/posts", content=chunks(), headers=headers), 413)


async def test_a_large_body_within_the_limit_is_saved(acme_api: Client, cast: Cast, unique: str) -> None:
    text = "<p>" + "ö" * ((LIMITS.body_bytes - 7) // 2) + "</p>"
    made = await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": unique, "body_source": text})
    assert (made.status_code, made.json()["body_source"]) == (201, text)
    over = await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": unique, "body_source": text + "ö"})
    assert (over.status_code, over.json()["errors"][0]["pointer"]) == (422, "#/body_source")


async def test_a_database_that_is_gone_is_503(addresses: dict[str, str], acme_api: Client, tmp_path: Path) -> None:
    elsewhere = {name: make_url(url).update_query_dict({"host": str(tmp_path)}).render_as_string(False) for name, url in addresses.items()}
    services = make_services({**addresses, "directory": elsewhere["directory"]}, tmp_path)
    cut_off = make_services({**addresses, "app": elsewhere["app"]}, tmp_path)
    for gone in (services, cut_off):
        api = Client(httpx.ASGITransport(compose(gone)), ORIGIN, acme_api.secret)
        for answer in (await api.get("/posts"), await api.post("/posts", {"title": "x"})):
            assert is_problem(answer, 503)
            assert int(answer.headers["retry-after"]) > 0
            assert str(tmp_path) not in answer.text
        await gone.close()


async def test_what_nobody_foresaw_is_500_and_tells_nothing(acme_api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("SELECT secret FROM somewhere")

    monkeypatch.setattr("app.api.paging.asked_limit", broken)
    answer = await acme_api.get("/posts")
    assert is_problem(answer, 500)
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("message", "name", "text"),
    [
        ("Expected `int | null`, got `str` - at `$.a[0].b`", "a.0.b", "This must be a whole number or null, not a text."),
        ("Expected `object`, got `array`", "", "This must be an object, not a list."),
        ("Object contains unknown field `x` - at `$.a`", "a.x", "This field is not known here. Remove it, or look at its spelling."),
        ("Object missing required field `x`", "x", "This field is needed. Add it."),
        ("Expected `str` of length <= 1000", "", "This is too long. Use 1,000 or fewer."),
        ("Something new - at `$.fields[...]`", "fields", "Something new."),
    ],
)
def test_a_decoders_message_becomes_a_sentence(message: str, name: str, text: str) -> None:
    assert in_sentence(message) == (name, text)
