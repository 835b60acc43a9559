"""Reads of the audit log: acts with what they touched, page by page, of one customer only."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from app.audit.repository import Act, act_by_id, acts_page, places_of_posts, products_present
from app.content.actions import delete_post, publish_post, save_post, trash_post
from app.content.requests import SavePost
from app.db.database import TenantDatabase
from app.db.work import Work
from app.errors import NotFound
from tests.cast import Cast


async def newest(db: TenantDatabase) -> Act:
    """The last act of a customer."""
    return (await db.read(lambda reading: acts_page(reading, limit=1)))[0]


async def save(db: TenantDatabase, cast: Cast, title: str):
    """A new post of Alice's."""
    request = SavePost(site_id=cast.acme_site, title=title, lang="en", body_source="x")
    return await db.run(cast.alice, "save post", lambda work: save_post(work, cast.alice, request), reason="a reason")


async def test_an_act_says_who_did_what_to_what(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast, unique)
    act = await newest(acme)
    assert (act.verb, act.actor_name, act.actor_id, act.door, act.reason) == ("save post", "Alice", cast.alice.id, "console", "a reason")
    assert [(thing.thing_id, thing.label, thing.from_version, thing.version, thing.kind) for thing in act.touched] == [
        (saved.id, unique, 0, 1, "saved")
    ]


async def test_an_act_of_several_steps_is_one_act(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    request = SavePost(site_id=cast.acme_site, title=unique, lang="en", body_source="x")

    async def unit(work: Work) -> None:
        saved = await save_post(work, cast.alice, request)
        await publish_post(work, cast.alice, saved.id, saved.version)

    await acme.run(cast.alice, "save and publish", unit)
    act = await newest(acme)
    assert [(thing.kind, thing.from_version, thing.version) for thing in act.touched] == [("saved", 0, 1), ("published", 1, 2)]


async def test_the_pages_hold_every_act_once(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    since = datetime.now(UTC)
    for number in range(7):
        await save(acme, cast, f"{unique} {number}")
    seen: list[Act] = []
    edge = (datetime(9999, 12, 31, tzinfo=UTC), uuid4())
    while page := await acme.read(lambda reading, edge=edge: acts_page(reading, edge=edge, limit=3)):
        seen += [act for act in page if act.at >= since]
        edge = (page[-1].at, page[-1].id)
        if page[-1].at < since:
            break
    labels = [act.touched[0].label for act in seen if act.touched]
    assert labels == [f"{unique} {number}" for number in reversed(range(7))]


async def test_an_act_is_found_by_its_id_and_by_its_own_customer_only(
    acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str
) -> None:
    await save(acme, cast, unique)
    act = await newest(acme)
    assert await acme.read(lambda reading: act_by_id(reading, act.id)) == act
    with pytest.raises(NotFound):
        await globex.read(lambda reading: act_by_id(reading, act.id))
    assert act.id not in [one.id for one in await globex.read(lambda reading: acts_page(reading, limit=100))]


async def test_only_what_exists_has_a_place(acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    kept, gone = await save(acme, cast, f"{unique} kept"), await save(acme, cast, f"{unique} gone")
    await acme.run(cast.alice, "trash post", lambda work: trash_post(work, cast.alice, gone.id, None))
    await acme.run(cast.alice, "delete post", lambda work: delete_post(work, cast.alice, gone.id, None))
    places = await acme.read(lambda reading: places_of_posts(reading, [kept.id, gone.id]))
    assert {key: tuple(place) for key, place in places.items()} == {kept.id: ("acme", "post")}
    assert await globex.read(lambda reading: places_of_posts(reading, [kept.id])) == {}
    assert await acme.read(lambda reading: products_present(reading, [kept.id])) == set()
    assert await acme.read(lambda reading: places_of_posts(reading, [])) == {}
