"""Answers as HTTP: headers, entity tags, HEAD, methods, hosts, and what visitors see when a site or the house is closed."""

from dataclasses import replace

import httpx
import pytest

from app.db.database import Tenancy, open_engine
from app.web.services import Services
from tests.public.conftest import visitors_front
from tests.public.visiting import House, Visitor, lasting

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


async def test_a_page_carries_the_headers_that_protect_it(house: House) -> None:
    for path in ("/", "/nowhere/", "/feed.json", "/robots.txt"):
        answer = await house.get(path)
        assert {name: answer.headers[name] for name in list(answer.headers) if name.startswith(("content-s", "x-c", "ref", "cross"))} == {
            "content-security-policy": POLICY,
            "x-content-type-options": "nosniff",
            "referrer-policy": "strict-origin-when-cross-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
        }
        assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"
        assert not {"set-cookie", "server"} & set(answer.headers)


async def test_whoever_has_a_page_is_not_sent_it_again(house: House) -> None:
    await house.post("Once", slug="once")
    for path in ("/", "/posts/once/", "/feed.json", "/robots.txt"):
        first = await house.get(path)
        etag = first.headers["etag"]
        assert etag.startswith('"')
        for known in (etag, f'"x", {etag}', f"W/{etag}", "*"):
            again = await house.get(path, if_none_match=known)
            assert (again.status_code, again.content) == (304, b""), (path, known)
            assert (again.headers["etag"], again.headers["cache-control"]) == (etag, first.headers["cache-control"])
        assert (await house.get(path, if_none_match='"other"')).content == first.content
    await house.post("Twice", slug="twice")
    assert (await house.get("/", if_none_match=(await house.get("/posts/once/")).headers["etag"])).status_code == 200


async def test_a_changed_page_has_another_entity_tag(house: House) -> None:
    before = (await house.get("/")).headers["etag"]
    await house.post("New")
    after = await house.get("/", if_none_match=before)
    assert (after.status_code, after.headers["etag"] != before) == (200, True)


async def test_head_is_get_without_the_body(house: House) -> None:
    await house.post("A post", slug="a-post")
    file = await house.upload("cup", b"bytes of a picture")
    preview = await house.preview(await house.draft("Draft"))
    for path in (
        "/",
        "/posts/a-post/",
        "/posts/a-post",
        "/feed.json",
        "/nowhere/",
        "/robots.txt",
        "/-/health",
        "/favicon.ico",
        file,
        preview,
    ):
        got, head = await house.get(path), await house.visitor.ask("HEAD", path)
        assert lasting(head)[:2] == lasting(got)[:2], path
        assert head.content == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
async def test_nothing_can_be_sent_to_a_site(house: House, method: str) -> None:
    file = await house.upload("cup", b"bytes of a picture")
    for path in ("/", "/posts/", "/nowhere/", "/feed.json", "/robots.txt", "/-/health", "/-/preview/x/", "/media/x", file):
        answer = await house.visitor.ask(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD"), path


async def test_a_file_is_kept_for_ever_as_exactly_what_it_is(house: House) -> None:
    url = await house.upload("drawing", b"<svg xmlns='http://www.w3.org/2000/svg'/>", content_type="image/svg+xml")
    answer = await house.get(url)
    assert (answer.status_code, answer.content) == (200, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await house.get(url, if_none_match=answer.headers["etag"])).status_code == 304


async def test_a_file_has_one_address_and_originals_have_none(house: House) -> None:
    original = await house.upload("original", b"with the place where it was taken", purpose="original")
    url = await house.upload("cup", b"a cup")
    usual = lasting(await house.get("/nowhere/"))
    for path in (original, url + "/", url + "x", url.replace("cup", "mug"), url.upper(), "/media/../" + url[7:], url.rpartition("/")[0]):
        assert lasting(await house.get(path)) == usual, path


async def test_a_file_whose_bytes_are_gone_is_gone(house: House) -> None:
    url = await house.upload("cup", b"a cup that breaks")
    await house.services.storage.delete_all(house.customer_id)
    assert lasting(await house.get(url)) == lasting(await house.get("/nowhere/"))


async def test_a_page_loads_only_stylesheets_that_exist_for_ever(house: House) -> None:
    html = await house.text("/")
    styles = [part for part in html.split('"') if part.startswith("/-/") and part.endswith(".css")]
    assert len(styles) == 2
    for path in styles:
        answer = await house.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_the_machinery_answers_every_site(house: House) -> None:
    health, robots = await house.get("/-/health"), await house.get("/robots.txt")
    assert (health.text, health.headers["cache-control"]) == ("ok\n", "no-store")
    assert (robots.text, robots.headers["content-type"]) == ("User-agent: *\nAllow: /\n", "text/plain; charset=utf-8")


async def test_the_icon_of_a_site_is_found_where_browsers_look(house: House) -> None:
    assert (await house.get("/favicon.ico")).status_code == 404
    url = await house.upload("logo", b"an icon", content_type="image/png", purpose="icon")
    await house.settings(settings={"logo": "logo"})
    answer = await house.get("/favicon.ico")
    assert (answer.status_code, answer.headers["location"]) == (302, url)
    assert url in await house.text("/")


async def test_a_suspended_site_rests_without_a_reason(house: House) -> None:
    await house.post("A post", slug="a-post")
    file = await house.upload("cup", b"a cup")
    await house.settings(state="suspended")
    for path in ("/", "/posts/a-post/", "/nowhere/", "/feed.json", "/favicon.ico", file):
        answer = await house.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "3600"), path
        assert answer.headers["cache-control"] == "no-store"
        assert house.slug not in answer.text
    await house.settings(state="active")
    assert (await house.get("/posts/a-post/")).status_code == 200


async def test_a_suspended_customer_looks_like_a_suspended_site(house: House, neighbour: House) -> None:
    await house.settings(state="suspended")
    await neighbour.customer_state("suspended")
    assert lasting(await house.get("/")) == lasting(await neighbour.get("/"))


@pytest.mark.parametrize("whose", ["site", "customer"])
async def test_what_is_archived_is_gone(house: House, whose: str) -> None:
    await house.post("A post", slug="a-post")
    await (house.settings(state="archived") if whose == "site" else house.customer_state("archived"))
    answer = await house.get("/posts/a-post/")
    assert answer.status_code == 410
    assert house.slug not in answer.text


async def test_a_site_that_may_only_be_read_is_read(house: House) -> None:
    await house.settings(state="read_only")
    assert (await house.get("/")).status_code == 200


async def test_an_unknown_host_is_told_so(client: httpx.AsyncClient) -> None:
    answer = await Visitor(client, "nobody.localhost").get("/")
    assert (answer.status_code, answer.headers["cache-control"]) == (421, "no-store")


@pytest.mark.parametrize("hosts", [[], [""], ["a.localhost", "b.localhost"], ["a b"], ["[::1]:8000"], ["%00"], ["-"], ["x" * 300]])
async def test_a_request_for_no_single_host_is_refused(house: House, client: httpx.AsyncClient, hosts: list[str]) -> None:
    request = client.build_request("GET", f"http://{house.visitor.host}:8000/")
    request.headers = httpx.Headers([("host", host) for host in hosts])
    answer = await client.send(request)
    assert answer.status_code == 400
    assert house.slug not in answer.text


async def test_a_host_is_the_same_in_capitals_and_with_a_final_dot(house: House, client: httpx.AsyncClient) -> None:
    for host in (house.visitor.host.upper(), house.visitor.host + ".", house.visitor.host + ".:8000"):
        request = client.build_request("GET", f"http://{house.visitor.host}:8000/")
        request.headers["host"] = host
        assert (await client.send(request)).status_code == 200, host


def visitor_of(services: Services, host: str) -> Visitor:
    """A visitor of a web process with other services."""
    return Visitor(httpx.AsyncClient(transport=httpx.ASGITransport(visitors_front(services))), host)


async def test_without_its_database_a_site_says_that_it_rests(house: House, services: Services) -> None:
    engine = open_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing", rules=None)
    visitor = visitor_of(replace(services, tenancy=Tenancy(engine)), house.visitor.host)
    answer = await visitor.get("/")
    assert (answer.status_code, answer.headers["retry-after"], answer.headers["cache-control"]) == (503, "5", "no-store")
    assert house.slug not in answer.text


class BrokenStorage:
    """A storage with a fault that nobody foresaw."""

    async def get(self, name: str) -> bytes:
        raise RuntimeError(f"a secret detail about {name}")


async def test_a_fault_of_ours_is_told_without_detail(house: House, services: Services) -> None:
    url = await house.upload("cup", b"a cup")
    visitor = visitor_of(replace(services, storage=BrokenStorage()), house.visitor.host)
    for method in ("GET", "HEAD"):
        answer = await visitor.ask(method, url)
        assert answer.status_code == 500
        assert "detail" not in answer.text
        assert house.slug not in answer.text
