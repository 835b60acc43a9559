"""What the worker does for rooms: making live posts anew, and emptying the trash after thirty days."""

from datetime import UTC, datetime, timedelta

from app.content.actions import bring_back_post, save_tag
from app.content.repository import find_publication, last_version_of_post, post_by_id
from app.content.requests import SaveTag
from app.db.database import Shared, Tenancy, TenantDatabase
from app.db.record.outbox import open_promises
from app.errors import NotFound
from app.jobs import HANDLERS, empty_trash, remove_from_trash
from app.settings import LIMITS
from tests.cast import Cast
from tests.content.acting import publish, save, trash
from tests.test_jobs import at_work
from tests.waiting import until

LATER = LIMITS.trash + timedelta(minutes=1)


async def exists(database: TenantDatabase, post_id) -> bool:
    try:
        await database.read(lambda reading: post_by_id(reading, post_id))
    except NotFound:
        return False
    return True


async def test_a_renamed_tag_reaches_live_posts(worker: Shared, tenancy: Tenancy, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    tag = await acme.run(cast.alice, "save tag", lambda work: save_tag(work, cast.alice, SaveTag(site_id=cast.acme_site, label=unique)))
    posts = [await save(acme, cast.alice, cast.acme_site, title=f"{unique} {number}", tags=(tag.slug,)) for number in range(3)]
    for post in posts:
        await publish(acme, cast.alice, post.id)
    change = SaveTag(id=tag.id, site_id=cast.acme_site, label=f"{unique} renamed")
    await acme.run(cast.alice, "save tag", lambda work: save_tag(work, cast.alice, change))

    async def renamed() -> bool:
        rows = [await acme.read(lambda reading, key=post.id: find_publication(reading, key)) for post in posts]
        return {row.snapshot["tags"][0]["label"] for row in rows if row} == {f"{unique} renamed"}

    async with at_work(worker, tenancy, None, **HANDLERS):
        await until(renamed)
    left = [row for row in await open_promises(worker) if row.payload == {"tag_id": str(tag.id)}]
    assert left == []


async def test_every_promise_of_the_product_has_a_handler() -> None:
    assert set(HANDLERS) == {"refresh_publications"}


async def test_the_trash_is_emptied_after_thirty_days_and_not_before(
    worker: Shared, tenancy: Tenancy, acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str
) -> None:
    ours = await save(acme, cast.alice, cast.acme_site, title=f"{unique} ours")
    theirs = await save(globex, cast.mallory, cast.globex_site, title=f"{unique} theirs")
    kept = await save(acme, cast.alice, cast.acme_site, title=f"{unique} kept")
    await trash(acme, cast.alice, ours.id)
    await trash(globex, cast.mallory, theirs.id)
    await empty_trash(worker, tenancy, datetime.now(UTC) + LIMITS.trash - timedelta(minutes=1))
    assert await exists(acme, ours.id)
    assert await empty_trash(worker, tenancy, datetime.now(UTC) + LATER) >= 2
    assert [await exists(acme, ours.id), await exists(globex, theirs.id), await exists(acme, kept.id)] == [False, False, True]
    last = await acme.read(lambda reading: last_version_of_post(reading, ours.id))
    assert (last.kind, last.actor_name, last.payload["title"]) == ("deleted", "housekeeping", f"{unique} ours")
    assert await empty_trash(worker, tenancy, datetime.now(UTC) + LATER) == 0


async def test_a_post_that_was_brought_back_meanwhile_stays(tenancy: Tenancy, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    post = await save(acme, cast.alice, cast.acme_site, title=unique)
    trashed = await trash(acme, cast.alice, post.id)
    await acme.run(cast.alice, "bring back", lambda work: bring_back_post(work, cast.alice, post.id, None))
    assert not await remove_from_trash(tenancy, cast.alice, cast.acme, post.id, trashed.version)
    assert await exists(acme, post.id)
