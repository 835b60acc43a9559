"""The trash and the way back: nothing is lost, addresses go to whoever needs them, versions go on counting."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app import keys
from app.actor import Actor
from app.content.actions import bring_back_post, delete_post, restore_version, undelete_post
from app.content.repository import tags_of_posts, version_of_post, versions_of_post
from app.content.requests import Saved
from app.db.database import Shared, TenantDatabase
from app.db.record.tables import ChangeIn
from app.errors import ChangedElsewhere, Conflict, Forbidden, Invalid, NotFound, Taken
from app.media.repository import MEDIA
from tests.cast import Cast
from tests.content.acting import bumps, live, post, publish, save, trash, upload


async def bring_back(db: TenantDatabase, actor: Actor, post_id: UUID, expect: int | None = None, slug: str | None = None) -> Saved:
    return await db.run(actor, "bring back post", lambda work: bring_back_post(work, actor, post_id, expect, slug))


async def delete(db: TenantDatabase, actor: Actor, post_id: UUID, expect: int | None = None) -> None:
    await db.run(actor, "delete post", lambda work: delete_post(work, actor, post_id, expect))


async def undelete(db: TenantDatabase, actor: Actor, post_id: UUID, slug: str | None = None) -> Saved:
    return await db.run(actor, "bring back post", lambda work: undelete_post(work, actor, post_id, slug))


async def restore(
    db: TenantDatabase, actor: Actor, post_id: UUID, version: int, expect: int | None = None, slug: str | None = None
) -> Saved:
    return await db.run(actor, "restore version", lambda work: restore_version(work, actor, post_id, version, expect, slug))


async def kinds(db: TenantDatabase, post_id: UUID) -> list[tuple[int, str]]:
    rows = await db.read(lambda reading: versions_of_post(reading, post_id))
    return [(row.version, row.kind) for row in reversed(rows)]


async def test_the_trash_takes_a_post_from_visitors_and_its_address_with_it(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    await publish(acme, cast.bob, saved.id)
    before = await bumps(acme, keys.post_tag(saved.id))
    trashed = await trash(acme, cast.bob, saved.id, 2)
    assert (trashed.version, (await post(acme, saved.id)).state) == (3, "trashed")
    assert await live(acme, saved.id) is None
    assert await bumps(acme, keys.post_tag(saved.id)) == {keys.post_tag(saved.id): before[keys.post_tag(saved.id)] + 1}
    assert (await save(acme, cast.bob, cast.acme_site, title="Other", slug=unique)).slug == unique
    assert (await trash(acme, cast.bob, saved.id, 3)).version == 3


async def test_what_comes_back_is_a_draft_at_its_address(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique, body_source="<p>Kept</p>")
    await publish(acme, cast.bob, saved.id)
    await trash(acme, cast.bob, saved.id)
    back = await bring_back(acme, cast.bob, saved.id, 3)
    assert (back.version, back.slug) == (4, unique)
    kept = await post(acme, saved.id)
    assert (kept.state, kept.body_source) == ("draft", "<p>Kept</p>")
    assert await live(acme, saved.id) is None
    assert (await bring_back(acme, cast.bob, saved.id, 4)).version == 4
    assert await kinds(acme, saved.id) == [(1, "saved"), (2, "published"), (3, "trashed"), (4, "restored")]


async def test_who_comes_back_to_a_taken_address_is_offered_another(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title="First", slug=unique)
    await trash(acme, cast.bob, saved.id)
    await save(acme, cast.bob, cast.acme_site, title="Second", slug=unique)
    with pytest.raises(Taken, match="Second") as caught:
        await bring_back(acme, cast.bob, saved.id)
    assert caught.value.free == f"{unique}-2"
    with pytest.raises(Invalid):
        await bring_back(acme, cast.bob, saved.id, slug="No Address")
    assert (await bring_back(acme, cast.bob, saved.id, slug=caught.value.free)).slug == f"{unique}-2"


async def test_only_the_trash_is_emptied(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    with pytest.raises(Conflict, match="not in the trash"):
        await delete(acme, cast.bob, saved.id)
    assert (await post(acme, saved.id)).title == unique


async def test_deleting_leaves_history_and_a_tombstone(acme: TenantDatabase, cast: Cast, unique: str, worker: Shared) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, tags=(unique,), body_source="<p>Kept</p>")
    await trash(acme, cast.alice, saved.id)
    await delete(acme, cast.alice, saved.id, 2)
    with pytest.raises(NotFound):
        await post(acme, saved.id)
    assert await kinds(acme, saved.id) == [(1, "saved"), (2, "trashed"), (3, "deleted")]
    last = await acme.read(lambda reading: version_of_post(reading, saved.id, 3))
    assert (last.payload["body_source"], last.payload["tags"][0]["label"]) == ("<p>Kept</p>", unique)
    tombstones = select(ChangeIn.version).where(ChangeIn.thing_id == saved.id, ChangeIn.is_deleted)
    assert await worker.read(lambda session: session.scalar(tombstones)) == 3


async def test_a_deleted_post_comes_back_and_its_versions_go_on(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, tags=(unique,), body_source="<p>Kept</p>", fields={"level": 3})
    made = await post(acme, saved.id)
    await trash(acme, cast.alice, saved.id)
    await delete(acme, cast.alice, saved.id)
    back = await undelete(acme, cast.alice, saved.id)
    assert (back.id, back.version, back.slug) == (saved.id, 4, unique)
    kept = await post(acme, saved.id)
    assert (kept.state, kept.body_source, kept.fields, kept.created_at, kept.created_by) == (
        "draft", "<p>Kept</p>", {"level": 3}, made.created_at, cast.alice.id,
    )  # fmt: skip
    assert [tag.label for tag in (await acme.read(lambda reading: tags_of_posts(reading, [saved.id])))[saved.id]] == [unique]
    with pytest.raises(Conflict, match="exists"):
        await undelete(acme, cast.alice, saved.id)
    assert (await save(acme, cast.alice, cast.acme_site, id=saved.id, expect=4, title="Goes on")).version == 5
    assert await kinds(acme, saved.id) == [(1, "saved"), (2, "trashed"), (3, "deleted"), (4, "restored"), (5, "saved")]


async def test_a_deleted_post_comes_back_beside_who_took_its_address(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title="First", slug=unique)
    await trash(acme, cast.bob, saved.id)
    await delete(acme, cast.bob, saved.id)
    await save(acme, cast.bob, cast.acme_site, title="Second", slug=unique)
    with pytest.raises(Taken) as caught:
        await undelete(acme, cast.bob, saved.id)
    assert (await undelete(acme, cast.bob, saved.id, caught.value.free)).slug == f"{unique}-2"


async def test_an_old_version_becomes_a_new_one(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, tags=(f"a{unique}", f"b{unique}"), body_source="<p>One</p>")
    await publish(acme, cast.alice, saved.id)
    await save(acme, cast.alice, cast.acme_site, id=saved.id, title="Two", slug=f"{unique}-two", body_source="<p>Two</p>")
    back = await restore(acme, cast.alice, saved.id, 1, 3)
    assert (back.version, back.slug) == (4, unique)
    kept = await post(acme, saved.id)
    assert (kept.title, kept.body_source) == (unique, "<p>One</p>")
    assert kept.published_at is not None
    tags = (await acme.read(lambda reading: tags_of_posts(reading, [saved.id])))[saved.id]
    assert [tag.slug for tag in tags] == [f"a{unique}", f"b{unique}"]
    assert (await kinds(acme, saved.id))[-1] == (4, "restored")
    row = await live(acme, saved.id)
    assert row is not None
    assert row.version == 2


async def test_restoring_a_version_of_a_deleted_post_brings_that_version_back(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique, body_source="<p>One</p>")
    await save(acme, cast.bob, cast.acme_site, id=saved.id, title=unique, body_source="<p>Two</p>")
    await trash(acme, cast.bob, saved.id)
    await delete(acme, cast.bob, saved.id)
    with pytest.raises(ChangedElsewhere):
        await restore(acme, cast.bob, saved.id, 1, 3)
    assert (await restore(acme, cast.bob, saved.id, 1, 4)).version == 5
    assert (await post(acme, saved.id)).body_source == "<p>One</p>"


async def test_what_is_gone_is_left_out_of_a_restored_version(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    cover = await upload(acme, cast.alice, f"cover-{unique}", widths=())
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, cover_id=cover)
    await save(acme, cast.alice, cast.acme_site, id=saved.id, title="No cover")

    async def remove(work) -> None:
        await MEDIA.delete(work, await MEDIA.get(work, cover), expect=None)

    await acme.run(cast.alice, "delete file", remove)
    await restore(acme, cast.alice, saved.id, 1)
    kept = await post(acme, saved.id)
    assert (kept.title, kept.cover_id) == (unique, None)


async def test_an_old_address_that_others_have_now_is_not_taken_from_them(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title="First", slug=unique)
    await save(acme, cast.bob, cast.acme_site, id=saved.id, title="First", slug=f"{unique}-moved")
    await save(acme, cast.bob, cast.acme_site, title="Second", slug=unique)
    with pytest.raises(Taken, match="Second"):
        await restore(acme, cast.bob, saved.id, 1)
    assert (await restore(acme, cast.bob, saved.id, 1, slug=f"{unique}-moved")).slug == f"{unique}-moved"


async def test_strangers_readers_others_and_the_late_are_refused(
    acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str
) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, title=unique)
    await save(acme, cast.alice, cast.acme_site, id=saved.id, title="Two")

    async def restore_first(db: TenantDatabase, actor: Actor, post_id: UUID, expect: int | None = None) -> Saved:
        return await restore(db, actor, post_id, 1, expect)

    for act in (trash, bring_back, delete, restore_first):
        with pytest.raises(NotFound):
            await act(globex, cast.mallory, saved.id)
        for person in (cast.rita, cast.bob):
            with pytest.raises(Forbidden):
                await act(acme, person, saved.id)
        with pytest.raises(ChangedElsewhere):
            await act(acme, cast.alice, saved.id, 1)
    with pytest.raises(NotFound):
        await restore(acme, cast.alice, saved.id, 99)
    assert (await post(acme, saved.id)).version == 2


async def test_strangers_and_others_bring_no_deleted_post_back(
    acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str
) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, title=unique)
    await trash(acme, cast.alice, saved.id)
    await delete(acme, cast.alice, saved.id)
    with pytest.raises(NotFound):
        await undelete(globex, cast.mallory, saved.id)
    for person in (cast.rita, cast.bob):
        with pytest.raises(Forbidden):
            await undelete(acme, person, saved.id)
        with pytest.raises(Forbidden):
            await restore(acme, person, saved.id, 1)


async def test_a_trashed_post_is_restored_from_the_trash_only(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    await trash(acme, cast.bob, saved.id)
    with pytest.raises(Conflict, match="Bring it back first"):
        await restore(acme, cast.bob, saved.id, 1)
