"""Following the numbered changes."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.audit.sealing import seal_customer
from app.content.actions import delete_post, trash_post
from app.content.models import Post, Tag
from app.db.database import Shared, Tenancy
from app.db.record.housekeeping import drop_tombstones
from app.db.record.leases import take
from app.db.work import Reading
from app.settings import LIMITS
from app.tenancy.models import Site
from tests.api.client import Client
from tests.cast import OPERATOR

Numbering = Callable[[], Awaitable[None]]
Fresh = tuple[UUID, UUID, Client]


async def present(tenancy: Tenancy, customer_id: UUID) -> dict[tuple[str, str], int]:
    """Ids and versions as the tables have them."""

    async def look(reading: Reading) -> dict[tuple[str, str], int]:
        found = {}
        for name, model in (("post", Post), ("tag", Tag), ("site", Site)):
            statement = select(model.id, model.version).where(model.customer_id == reading.customer_id)
            found |= {(name, str(thing_id)): version for thing_id, version in await reading.session.execute(statement)}
        return found

    return await tenancy.of(customer_id).read(look)


async def follow(api: Client, state: dict[tuple[str, str], int], after: int, limit: int) -> int:
    """Apply the changes after a number, in order, to what is known; gives the last number."""
    while True:
        page = (await api.get(f"/changes?after={after}&limit={limit}")).json()
        for item in page["items"]:
            key = (item["type"], item["id"])
            if item["deleted"]:
                state.pop(key, None)
            else:
                state[key] = item["version"]
        after = page["next"]
        if after == page["newest"]:
            return after


async def delete(tenancy: Tenancy, customer_id: UUID, post_id: str) -> None:
    database = tenancy.of(customer_id)
    await database.run(OPERATOR, "trash", lambda work: trash_post(work, OPERATOR, UUID(post_id), None))
    await database.run(OPERATOR, "delete", lambda work: delete_post(work, OPERATOR, UUID(post_id), None))


@pytest.mark.parametrize("limit", [1, 7, 200])
async def test_a_follower_from_zero_holds_the_tables_state(
    tenancy: Tenancy, fresh: Fresh, number_all: Numbering, unique: str, limit: int
) -> None:
    customer_id, site_id, api = fresh
    posts = [
        (await api.post("/posts", {"site_id": str(site_id), "title": f"{unique}{n}", "tags": [f"{unique}{n}"]})).json()["id"]
        for n in range(4)
    ]
    await number_all()
    state: dict[tuple[str, str], int] = {}
    after = await follow(api, state, 0, limit)
    await api.patch(f"/posts/{posts[0]}", {"summary": "x"}, if_match="*")
    await api.post(f"/posts/{posts[1]}/publish", if_match="*")
    await delete(tenancy, customer_id, posts[2])
    await number_all()
    await follow(api, state, after, limit)
    wanted = await present(tenancy, customer_id)
    assert {key: version for key, version in state.items() if key[0] in ("post", "tag", "site")} == wanted
    assert ("post", posts[2]) not in state
    anew: dict[tuple[str, str], int] = {}
    await follow(api, anew, 0, limit)
    assert anew == state


async def test_numbers_rise_without_gaps_and_name_what_was_deleted(
    tenancy: Tenancy, fresh: Fresh, number_all: Numbering, unique: str
) -> None:
    customer_id, site_id, api = fresh
    post_id = (await api.post("/posts", {"site_id": str(site_id), "title": unique})).json()["id"]
    await delete(tenancy, customer_id, post_id)
    await number_all()
    items = [item async for item in api.walk("/changes?limit=2")]
    assert [item["number"] for item in items] == list(range(1, len(items) + 1))
    mine = [(item["type"], item["version"], item["deleted"]) for item in items if item["id"] == post_id]
    assert mine == [("post", 1, False), ("post", 2, False), ("post", 3, True)]


async def test_pages_of_changes_link_to_the_next_until_the_newest(fresh: Fresh, number_all: Numbering) -> None:
    _, _, api = fresh
    await number_all()
    page = await api.get("/changes?limit=1")
    assert page.json()["next"] == 1 < page.json()["newest"]
    assert page.links["next"]["url"] == "/api/v1/changes?limit=1&after=1"
    newest = page.json()["newest"]
    end = await api.get(f"/changes?after={newest}")
    assert end.json() == {"items": [], "next": newest, "newest": newest}
    assert "link" not in end.headers
    assert (await api.get(f"/changes?after={newest}", if_none_match=end.headers["etag"])).status_code == 304


async def test_a_follower_older_than_the_tombstones_begins_anew(
    tenancy: Tenancy, worker: Shared, fresh: Fresh, number_all: Numbering, unique: str
) -> None:
    customer_id, site_id, api = fresh
    post_id = (await api.post("/posts", {"site_id": str(site_id), "title": unique})).json()["id"]
    await delete(tenancy, customer_id, post_id)
    await number_all()
    tombstone = (await api.find("/changes", "deleted", True))["number"]
    await api.post("/posts", {"site_id": str(site_id), "title": f"{unique} later"})
    await number_all()
    later = datetime.now(UTC) + LIMITS.tombstone + timedelta(hours=1)
    await drop_tombstones(worker, now=later)
    assert (await api.get(f"/changes?after={tombstone - 1}")).status_code == 200, "what is not sealed yet is not dropped"
    held = await take(worker, unique, uuid4())
    assert held is not None
    await seal_customer(worker, held, customer_id, settled=timedelta())
    await drop_tombstones(worker, now=later)
    newest = (await api.get(f"/changes?after={tombstone}")).json()["newest"]
    for after in (0, tombstone - 1):
        gone = await api.get(f"/changes?after={after}")
        assert (gone.status_code, gone.headers["content-type"], gone.json()["newest"]) == (410, "application/problem+json", newest)
    assert (await api.get(f"/changes?after={tombstone}")).status_code == 200


async def test_a_number_that_was_never_given_is_gone_too(fresh: Fresh, number_all: Numbering) -> None:
    _, _, api = fresh
    await number_all()
    newest = (await api.get("/changes")).json()["newest"]
    assert (await api.get(f"/changes?after={newest + 1}")).status_code == 410


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "", "9" * 40])
async def test_a_number_that_is_none_is_refused(acme_api: Client, after: str) -> None:
    assert (await acme_api.get(f"/changes?after={after}")).status_code == 400
