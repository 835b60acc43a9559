"""Posts and pages over HTTP."""

import asyncio
from uuid import UUID, uuid4

import pytest

from app.content.actions import delete_post
from app.db.database import TenantDatabase
from tests.api.client import Client
from tests.api.conftest import KeyMaker
from tests.cast import OPERATOR, Cast


async def new(api: Client, cast: Cast, unique: str, kind: str = "posts", **said):
    answer = await api.post(f"/{kind}", {"site_id": str(cast.acme_site), "title": f"On {unique}", **said})
    assert answer.status_code == 201, answer.text
    return answer


@pytest.mark.parametrize("kind", ["posts", "pages"])
async def test_a_post_is_created_and_read_back_as_it_was_answered(acme_api: Client, cast: Cast, unique: str, kind: str) -> None:
    said = {"body_source": "<p>Hello</p>", "tags": ["News", "Filter coffee"], "fields": {"zebra": 1.5, "a": True, "brew_time": "PT3M"}}
    made = await new(acme_api, cast, unique, kind, published_at="2026-03-01T10:00:00+02:00", **said)
    item = made.json()
    assert item["kind"] == kind.removesuffix("s")
    assert item["lang"] == "en"
    assert item["slug"] == f"on-{unique}"
    assert (item["version"], item["status"], item["live_version"]) == (1, "draft", None)
    assert item["tags"] == ["news", "filter-coffee"]
    assert item["published_at"] == "2026-03-01T08:00:00Z"
    assert item["edited_by"] == "test key"
    read = await acme_api.get(made.headers["location"])
    assert read.content == made.content
    assert read.headers["etag"] == made.headers["etag"]
    assert read.headers["cache-control"] == "no-store"
    assert read.headers["content-type"] == "application/json"


async def test_a_read_with_the_present_tag_is_answered_304(acme_api: Client, cast: Cast, unique: str) -> None:
    made = await new(acme_api, cast, unique)
    path, etag = made.headers["location"], made.headers["etag"]
    for tags in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        same = await acme_api.get(path, if_none_match=tags)
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    assert (await acme_api.get(path, if_none_match='"other"')).status_code == 200


async def test_head_has_the_headers_of_get_and_no_body(acme_api: Client, cast: Cast, unique: str) -> None:
    path = (await new(acme_api, cast, unique)).headers["location"]
    full, head = await acme_api.get(path), await acme_api.send("HEAD", path)
    assert head.content == b""
    assert {name: head.headers[name] for name in ("etag", "content-type", "content-length")} == {
        name: full.headers[name] for name in ("etag", "content-type", "content-length")
    }


async def test_put_replaces_all_but_address_and_language(acme_api: Client, cast: Cast, unique: str) -> None:
    made = await new(acme_api, cast, unique, summary="A summary", body_source="<p>Old</p>", tags=["News"], is_featured=True)
    answer = await acme_api.put(made.headers["location"], {"title": "New title"}, if_match=made.headers["etag"])
    assert answer.status_code == 200
    item = answer.json()
    assert (item["title"], item["summary"], item["body_source"], item["tags"], item["is_featured"]) == ("New title", "", "", [], False)
    assert (item["slug"], item["lang"], item["version"]) == (f"on-{unique}", "en", 2)


async def test_patch_changes_only_what_it_says(acme_api: Client, cast: Cast, unique: str) -> None:
    said = {"summary": "Stays", "body_source": "<p>Stays</p>", "tags": ["News"], "published_at": "2026-03-01T10:00:00Z"}
    made = await new(acme_api, cast, unique, **said)
    answer = await acme_api.patch(made.headers["location"], {"title": "Other"}, if_match=made.headers["etag"])
    before, after = made.json(), answer.json()
    changed = {name for name in after if before[name] != after[name]}
    assert changed == {"title", "version", "updated_at", "edited_at"}
    same = await acme_api.patch(made.headers["location"], {"title": "Other"}, if_match=answer.headers["etag"])
    assert same.json()["version"] == 2


async def test_a_merge_patch_may_call_itself_so(acme_api: Client, cast: Cast, unique: str) -> None:
    made = await new(acme_api, cast, unique)
    answer = await acme_api.send(
        "PATCH", made.headers["location"], b'{"summary": "x"}', content_type="application/merge-patch+json", if_match="*"
    )
    assert answer.json()["summary"] == "x"


async def test_a_change_without_if_match_is_428_and_with_a_wrong_one_412(acme_api: Client, cast: Cast, unique: str) -> None:
    made = await new(acme_api, cast, unique)
    path, etag = made.headers["location"], made.headers["etag"]
    assert (await acme_api.patch(path, {"title": "Two"}, if_match=etag)).status_code == 200
    for method, address, body in (
        ("PUT", path, {"title": "x"}),
        ("PATCH", path, {"title": "x"}),
        ("DELETE", path, None),
        ("POST", f"{path}/publish", None),
        ("POST", f"{path}/unpublish", None),
        ("POST", f"{path}/restore", {"version": 1}),
    ):
        missing = await acme_api.send(method, address, body)
        assert (missing.status_code, missing.headers["content-type"]) == (428, "application/problem+json")
        assert "If-Match" in missing.json()["detail"]
        stale = await acme_api.send(method, address, body, if_match=etag)
        assert (stale.status_code, stale.json()["current_version"], stale.json()["expected_version"]) == (412, 2, 1)
        for tag in (f"W/{etag}", '"nonsense"', '"v1", "v2"'):
            assert (await acme_api.send(method, address, body, if_match=tag)).status_code == 412
        assert (await acme_api.send(method, address, body, if_match="v2")).status_code == 400
    assert (await acme_api.get(path)).json()["version"] == 2


async def test_two_writers_of_one_version_have_one_winner(acme_api: Client, cast: Cast, unique: str) -> None:
    made = await new(acme_api, cast, unique)
    path, etag = made.headers["location"], made.headers["etag"]
    answers = await asyncio.gather(*(acme_api.patch(path, {"title": f"Title {n}"}, if_match=etag) for n in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412, 412]
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert (await acme_api.get(path)).json()["title"] == winner.json()["title"]


async def test_a_life_from_publish_to_trash_and_back(acme_api: Client, cast: Cast, unique: str) -> None:
    path = (await new(acme_api, cast, unique, body_source="<p>One</p>")).headers["location"]
    live = (await acme_api.post(f"{path}/publish", if_match="*")).json()
    assert (live["status"], live["live_version"], live["version"]) == ("live", 2, 2)
    waiting = (await acme_api.patch(path, {"title": "Edited"}, if_match="*")).json()
    assert (waiting["status"], waiting["live_version"], waiting["version"]) == ("waiting", 2, 3)
    draft = (await acme_api.post(f"{path}/unpublish", {}, if_match="*")).json()
    assert (draft["status"], draft["live_version"]) == ("draft", None)
    trashed = await acme_api.delete(path, if_match="*")
    assert trashed.json()["status"] == "trashed"
    back = await acme_api.post(f"{path}/restore", {"version": 1}, if_match=trashed.headers["etag"])
    assert back.status_code == 200
    assert (back.json()["status"], back.json()["title"]) == ("draft", f"On {unique}")


async def test_what_is_in_the_trash_is_not_listed_and_not_edited(acme_api: Client, cast: Cast, unique: str) -> None:
    made = await new(acme_api, cast, unique)
    path = made.headers["location"]
    await acme_api.delete(path, if_match="*")
    assert (await acme_api.get(path)).json()["status"] == "trashed"
    assert made.json()["id"] not in [item["id"] async for item in acme_api.walk("/posts?limit=200")]
    refused = await acme_api.patch(path, {"title": "x"}, if_match="*")
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")


async def test_versions_are_listed_newest_first_and_read_one_by_one(acme_api: Client, cast: Cast, unique: str) -> None:
    path = (await new(acme_api, cast, unique, tags=["News"])).headers["location"]
    for number in range(2, 5):
        await acme_api.patch(path, {"title": f"Title {number}"}, if_match="*")
    versions = [item async for item in acme_api.walk(f"{path}/versions?limit=3")]
    assert [(item["version"], item["title"]) for item in versions] == [
        (4, "Title 4"), (3, "Title 3"), (2, "Title 2"), (1, f"On {unique}"),
    ]  # fmt: skip
    first = await acme_api.get(f"{path}/versions/1")
    assert (first.json()["post"]["title"], first.json()["post"]["tags"]) == (f"On {unique}", ["news"])
    assert (await acme_api.get(f"{path}/versions/1", if_none_match=first.headers["etag"])).status_code == 304
    for wrong in ("5", "0", "x", "-1", "9" * 30):
        assert (await acme_api.get(f"{path}/versions/{wrong}")).status_code == 404


async def test_an_address_that_is_taken_offers_the_free_one(acme_api: Client, cast: Cast, unique: str) -> None:
    await new(acme_api, cast, unique, slug=unique)
    taken = await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": "x", "slug": unique})
    assert taken.status_code == 409
    assert taken.json()["free"] == f"{unique}-2"
    assert taken.json()["errors"][0]["pointer"] == "#/slug"
    assert (await acme_api.post("/posts", {"site_id": str(cast.acme_site), "title": "x", "slug": f"{unique}-2"})).status_code == 201


async def test_a_reserved_address_is_refused(acme_api: Client, cast: Cast) -> None:
    refused = await acme_api.post("/pages", {"site_id": str(cast.acme_site), "title": "x", "slug": "feeds"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/slug")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"title": 5}, "#/title"),
        ({"title": ""}, "#/title"),
        ({"title": "   "}, "#/title"),
        ({"title": "x" * 501}, "#/title"),
        ({}, "#/title"),
        ({"title": "x", "version": 1}, "#/version"),
        ({"title": "x", "customer_id": str(uuid4())}, "#/customer_id"),
        ({"title": "x", "tags": ["a", 1]}, "#/tags/1"),
        ({"title": "x", "author_id": str(uuid4())}, "#/author_id"),
        ({"title": "x", "author_id": "me"}, "#/author_id"),
        ({"title": "x", "lang": "xx"}, "#/lang"),
        ({"title": "x", "lang": "no language"}, "#/lang"),
        ({"title": "x", "body_format": "pdf"}, "#/body_format"),
        ({"title": "x", "published_at": "2026-03-01T10:00:00"}, "#/published_at"),
        ({"title": "x", "published_at": "0001-01-01T00:00:00+14:00"}, "#/published_at"),
        ({"title": "x", "fields": {"Not a code": 1}}, "#/fields"),
        ({"title": "x", "fields": {"a": [1]}}, "#/fields"),
        ({"title": "x", "position": 2**63}, "#/position"),
        ({"title": "x", "site_id": str(uuid4())}, "#/site_id"),
        ({"title": "x", "site_id": None}, "#/site_id"),
    ],
)
async def test_bad_fields_are_named_with_their_place(acme_api: Client, cast: Cast, body: dict, pointer: str) -> None:
    answer = await acme_api.post("/posts", {"site_id": str(cast.acme_site), **body})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert answer.json()["errors"][0]["detail"].endswith((".", "+01:00.", "$"))


async def test_a_strangers_site_takes_no_posts(acme_api: Client, cast: Cast) -> None:
    strangers = await acme_api.post("/posts", {"site_id": str(cast.globex_site), "title": "x"})
    nobodys = await acme_api.post("/posts", {"site_id": str(uuid4()), "title": "x"})
    assert (strangers.status_code, strangers.content) == (422, nobodys.content)


async def test_the_other_kind_is_not_found(acme_api: Client, cast: Cast, unique: str) -> None:
    post_id = (await new(acme_api, cast, unique)).json()["id"]
    for method, path, body in (
        ("GET", f"/pages/{post_id}", None),
        ("PATCH", f"/pages/{post_id}", {"title": "x"}),
        ("DELETE", f"/pages/{post_id}", None),
        ("POST", f"/pages/{post_id}/publish", None),
        ("POST", f"/pages/{post_id}/restore", {"version": 1}),
        ("GET", f"/pages/{post_id}/versions", None),
        ("GET", f"/pages/{post_id}/versions/1", None),
    ):
        assert (await acme_api.send(method, path, body, if_match="*")).status_code == 404


async def test_writing_without_the_scope_to_read_tells_the_version_only(with_key: KeyMaker, cast: Cast, unique: str) -> None:
    writer = await with_key("content:write")
    made = await new(writer, cast, unique, body_source="<p>Secret</p>")
    assert made.json() == {"id": made.json()["id"], "version": 1, "slug": f"on-{unique}"}
    changed = await writer.patch(made.headers["location"], {"title": "x"}, if_match=made.headers["etag"])
    assert changed.json() == {"id": made.json()["id"], "version": 2, "slug": f"on-{unique}"}


async def test_trashing_a_live_post_needs_the_scope_to_publish(acme_api: Client, with_key: KeyMaker, cast: Cast, unique: str) -> None:
    path = (await new(acme_api, cast, unique)).headers["location"]
    await acme_api.post(f"{path}/publish", if_match="*")
    refused = await (await with_key("content:write")).delete(path, if_match="*")
    assert (refused.status_code, refused.json()["needs"]) == (403, "scope content:publish")
    assert (await acme_api.get(path)).json()["status"] == "live"


async def test_a_deleted_post_has_its_history_and_comes_back(acme_api: Client, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    made = await new(acme_api, cast, unique)
    path, post_id = made.headers["location"], UUID(made.json()["id"])
    await acme_api.delete(path, if_match="*")
    await acme.run(OPERATOR, "delete post", lambda work: delete_post(work, OPERATOR, post_id, None))
    assert (await acme_api.get(path)).status_code == 404
    assert [item["kind"] async for item in acme_api.walk(f"{path}/versions")] == ["deleted", "trashed", "saved"]
    assert (await acme_api.post(f"{path}/restore", {"version": 1}, if_match='"v2"')).status_code == 412
    back = await acme_api.post(f"{path}/restore", {"version": 1, "slug": f"{unique}-back"}, if_match='"v3"')
    assert (back.status_code, back.json()["version"], back.json()["slug"]) == (200, 4, f"{unique}-back")
    assert (await acme_api.get(path)).content == back.content
