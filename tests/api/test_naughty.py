"""Texts that break other software come back as they were sent, or are refused with a reason that names the field."""

import json
from typing import Any

import pytest

from app.document.input import one_line
from tests.api.client import Client
from tests.cast import Cast
from tests.imports.corpus import corpus_file

OWN = [
    "\u202eright to left\u202c and back",
    "\u2066isolated\u2069 \u200b\u200d\ufeff joined",
    "\N{WOMAN}\u200d\N{PERSONAL COMPUTER} \U0001f1e9\U0001f1ea \U0001f9d1\U0001f3fd",
    "e\u0301 and é are not made one",
    "\x01\x02 control \x1b[31m characters \x7f\x85",
    "' OR 1=1; DROP TABLE content.posts; --",
    "%s %(name)s {0} ${x} {{ x }} \\ \\x00 \\u0000",
    "<script>alert(1)</script><!-- -->]]>&amp;&#0;",
    "٠١٢٣ ｆｕｌｌ ﬁ Ⅳ ß İ ı",
    "a" * 500,
    "None",
    "null",
]
POST_FIELDS = ("title", "summary", "body_source", "seo_title")
PRODUCT_FIELDS = ("title", "summary", "body_source", "brand")
LINES = {"title", "seo_title", "brand"}


def kept(name: str, text: str) -> str:
    """What a field keeps of a text: titles and names stand on one line, summaries without white space at their ends."""
    return one_line(text) if name in LINES else text.strip() if name == "summary" else text


async def round_trip(api: Client, path: str, names: tuple[str, ...], text: str) -> None:
    """Send a text in every field; what is refused is left out, and the rest must come back."""
    body: dict[str, Any] = dict.fromkeys(names, text) | {"fields": {"note": text}}
    body |= {"tags": [text]} if 0 < len(one_line(text)) <= 120 else {}
    answer = await api.send("PATCH", path, body, If_Match="*")
    if answer.status_code == 422:
        said = answer.json()["errors"]
        refused = {error["pointer"].split("/")[1] for error in said}
        assert refused <= set(body), (text, answer.text)
        assert all(len(error["detail"]) > 10 for error in said)
        body = {name: value for name, value in body.items() if name not in refused}
        answer = await api.send("PATCH", path, body, If_Match="*")
    assert answer.status_code == 200, (text, answer.text)
    stored = answer.json()
    for name in set(names) & set(body):
        assert stored[name] == kept(name, text), (name, text)
    assert stored["fields"]["note"] == text
    assert "tags" not in body or len(stored["tags"]) == 1


@pytest.fixture
async def post(acme_api: Client, cast: Cast, unique: str) -> str:
    made = await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": unique, "body_format": "markdown"})
    return f"/posts/{made.json()['id']}"


@pytest.fixture
async def product(acme_api: Client, cast: Cast, unique: str) -> str:
    made = await acme_api.post("/products", {"title": unique, "lang": "en", "variants": [{"sku": unique}]})
    assert made.status_code == 201, made.text
    return f"/products/{made.json()['id']}"


async def test_a_post_keeps_what_it_is_given(acme_api: Client, post: str) -> None:
    for text in OWN:
        await round_trip(acme_api, post, POST_FIELDS, text)
        assert (await acme_api.get(post)).json()["fields"]["note"] == text


async def test_a_product_keeps_what_it_is_given(acme_api: Client, product: str) -> None:
    for text in OWN:
        await round_trip(acme_api, product, PRODUCT_FIELDS, text)


@pytest.mark.timeout(400)
async def test_every_naughty_string_goes_through_every_field_of_a_post(acme_api: Client, post: str) -> None:
    for text in json.loads(corpus_file("strings/blns.json").read_text("utf-8")):
        await round_trip(acme_api, post, POST_FIELDS, text)


@pytest.mark.timeout(400)
async def test_every_naughty_string_goes_through_every_field_of_a_product(acme_api: Client, product: str) -> None:
    for text in json.loads(corpus_file("strings/blns.json").read_text("utf-8")):
        await round_trip(acme_api, product, PRODUCT_FIELDS, text)


@pytest.mark.parametrize(
    ("raw", "status"),
    [(rb'"\ud800"', 400), (rb'"a\udc00b"', 400), (rb'"\ud83d\ude00"', 200), (b'"\xff\xfe"', 400), (b'"\xed\xa0\x80"', 400)],
)
async def test_halves_of_characters_and_bytes_that_are_no_utf_8_are_refused(acme_api: Client, post: str, raw: bytes, status: int) -> None:
    answer = await acme_api.send("PATCH", post, b'{"title":' + raw + b"}", If_Match="*")
    assert answer.status_code == status, answer.text
    assert status == 200 or "UTF-8" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["title", "summary", "seo_title"])
async def test_a_title_of_a_megabyte_is_refused_with_the_limit(acme_api: Client, post: str, name: str) -> None:
    answer = await acme_api.send("PATCH", post, {name: "x" * 1_000_000}, If_Match="*")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, f"#/{name}")
    assert "500" in answer.json()["errors"][0]["detail"] or "10,000" in answer.json()["errors"][0]["detail"]
    assert (await acme_api.get(post)).json()["version"] == 1


async def test_a_zero_character_is_refused_in_every_field(acme_api: Client, post: str) -> None:
    for name in POST_FIELDS:
        answer = await acme_api.send("PATCH", post, {name: "a\x00b"}, If_Match="*")
        assert answer.status_code == 422, name
        assert "U+0000" in answer.json()["detail"]


@pytest.mark.parametrize("value", ['"1"', 'W/"1-x"', '"1", "2"', "1", '""', '"', "W/*", "**", '"1-deadbeef"', '"' + "9" * 400 + '-x"'])
async def test_an_if_match_that_names_no_present_version_changes_nothing(acme_api: Client, post: str, value: str) -> None:
    answer = await acme_api.send("PATCH", post, {"title": "overwritten"}, If_Match=value)
    current = await acme_api.get(post)
    said = "title" in current.json() and current.json()["title"] == "overwritten"
    assert answer.status_code in (400, 412, 428) or said
    assert answer.status_code != 500


async def test_a_list_of_tags_and_a_star_are_understood(acme_api: Client, post: str) -> None:
    tag = (await acme_api.get(post)).headers["etag"]
    for value in (f'"nothing", {tag}', f"W/{tag.removeprefix('W/')}", "*"):
        assert (await acme_api.get(post, If_None_Match=value)).status_code == 304, value
    assert (await acme_api.send("PATCH", post, {"title": "by a list"}, If_Match=f'"nothing", {tag}')).status_code == 200


async def test_a_cursor_with_one_bit_changed_is_refused(acme_api: Client, cast: Cast, unique: str) -> None:
    for number in range(3):
        await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": f"{unique} {number}"})
    cursor = (await acme_api.get("/posts?limit=2")).json()["next"]
    assert cursor
    changed = {cursor[:place] + chr(ord(sign) ^ 1 << bit) + cursor[place + 1 :] for place, sign in enumerate(cursor) for bit in (0, 1, 4)}
    for each in sorted(changed):
        answer = await acme_api.http.get(
            "/api/v1/posts", params={"limit": "2", "cursor": each}, headers={"authorization": f"Bearer {acme_api.secret}"}
        )
        assert answer.status_code == 400, each
