"""The OpenAPI document and its page: whole, true to the answers, and without a third party."""

import re
from html.parser import HTMLParser

import httpx
import msgspec
import pytest

from app.api import OPERATIONS
from app.api.schemas import Problem
from app.identity.access import SCOPES
from tests.api.client import Client, product
from tests.cast import Cast


@pytest.fixture(scope="session")
async def document(anonymous: Client) -> dict:
    answer = await anonymous.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def test_every_operation_stands_in_the_document_once(document: dict) -> None:
    found = [said["operationId"] for methods in document["paths"].values() for said in methods.values()]
    assert sorted(found) == sorted(operation.id for operation in OPERATIONS)
    assert len(set(found)) == len(found)
    assert document["openapi"].startswith("3.1")


def test_every_reference_leads_somewhere(document: dict) -> None:
    def references(value):
        if isinstance(value, dict):
            yield from ([value["$ref"]] if "$ref" in value else [])
            for part in value.values():
                yield from references(part)
        elif isinstance(value, list):
            for part in value:
                yield from references(part)

    for reference in set(references(document)):
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_every_operation_names_key_scopes_and_problems(document: dict) -> None:
    for methods in document["paths"].values():
        for method, said in methods.items():
            assert {scope for choice in said["security"] for scope in choice["key"]} <= set(SCOPES)
            wanted = {"400", "401", "403", "405", "500", "503"} | (set() if method == "get" else {"409", "413", "415", "422"})
            assert wanted <= said["responses"].keys()
            assert all("$ref" in answer for status, answer in said["responses"].items() if status >= "400")


def test_everything_that_is_sent_refuses_unknown_fields(document: dict) -> None:
    sent = {operation.body.__name__ for operation in OPERATIONS if operation.body}
    assert {name for name in sent if document["components"]["schemas"][name]["additionalProperties"] is not False} == set()


async def test_answers_are_as_the_contract_says(acme_api: Client, cast: Cast, unique: str) -> None:
    post = await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": unique})
    made = await acme_api.post("/products", product(unique))
    path, goods = post.headers["location"], made.headers["location"]
    # Both the first page and the 410 of a customer whose tombstones are gone say where the sequence ends.
    newest = (await acme_api.get("/changes")).json()["newest"]
    answers = {
        "create_post": post, "create_product": made, "read_post": await acme_api.get(path), "read_product": await acme_api.get(goods),
        "list_posts": await acme_api.get("/posts"), "list_products": await acme_api.get("/products"),
        "list_sites": await acme_api.get("/sites"), "read_site": await acme_api.get(f"/sites/{cast.acme_site}"),
        "list_changes": await acme_api.get(f"/changes?after={newest}"), "list_change_sets": await acme_api.get("/audit"),
        "list_post_versions": await acme_api.get(f"{path}/versions"), "read_post_version": await acme_api.get(f"{path}/versions/1"),
        "read_product_version": await acme_api.get(f"{goods}/versions/1"), "list_tags": await acme_api.get("/tags"),
        "change_offers": await acme_api.patch(f"{goods}/offers", {"offers": [{"sku": f"{unique}-1", "on_hand": 1}]}, if_match="*"),
        "publish_product": await acme_api.post(f"{goods}/publish", if_match="*"),
    }  # fmt: skip
    kinds = {operation.id: operation.answers[0] for operation in OPERATIONS}
    for name, answer in answers.items():
        assert fits(answer, kinds[name])
        assert "etag" in answer.headers
    for answer in (await acme_api.post("/posts", {}), await acme_api.get("/nothing"), await acme_api.patch(path, {"title": "x"})):
        assert fits(answer, Problem)


def fits(answer: httpx.Response, kind: type) -> bool:
    """Whether an answer is what the contract says, no field more and none less."""
    said = msgspec.json.decode(answer.content, type=kind)
    return msgspec.json.decode(msgspec.json.encode(said)) == answer.json()


async def test_the_page_lists_every_operation_and_fetches_nothing_elsewhere(anonymous: Client) -> None:
    page = await anonymous.get("/api/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert all(f'id="{operation.id}"' in page.text for operation in OPERATIONS)
    assert not re.search(r"<script|style=|<style|https?://|\son\w+=", page.text)
    found: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.extend((name, value) for name, value in attrs if name in ("href", "src", "id"))

    Reader().feed(page.text)
    ids = [value for name, value in found if name == "id"]
    assert len(ids) == len(set(ids))
    for link in (value for name, value in found if name == "href"):
        if link.startswith("#"):
            assert link[1:] in ids
        else:
            assert (await anonymous.get(link)).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/api/docs", "/api/docs.css"])
async def test_documents_are_answered_304_when_unchanged(anonymous: Client, path: str) -> None:
    first = await anonymous.get(path)
    same = await anonymous.get(path, if_none_match=first.headers["etag"])
    assert (first.status_code, same.status_code, same.content) == (200, 304, b"")
    assert (await anonymous.send("HEAD", path)).headers["content-length"] == str(len(first.content))
