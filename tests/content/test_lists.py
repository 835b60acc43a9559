"""Lists: filtered and paged in the database, with what stands beside each row, in one statement."""

from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from app.content.actions import save_author
from app.content.repository import (
    PostRow,
    authors_of_customer,
    last_version_of_post,
    posts_of_site,
    posts_page,
    row_of_post,
    tags_of_posts,
    version_of_post,
    versions_of_post,
)
from app.content.requests import SaveAuthor
from app.content.states import status_of
from app.db.database import Tenancy, TenantDatabase
from app.errors import NotFound
from tests.cast import Cast
from tests.content.acting import publish, save, trash, unpublish


async def listed(db: TenantDatabase, site_id: UUID, **filters) -> list[PostRow]:
    return await db.read(lambda reading: posts_of_site(reading, site_id, **filters))


@pytest.mark.parametrize(
    ("state", "version", "live_version", "status"),
    [("draft", 3, None, "draft"), ("draft", 3, 3, "live"), ("draft", 4, 3, "waiting"), ("trashed", 4, None, "trashed")],
)
def test_the_status_is_derived(state: str, version: int, live_version: int | None, status: str) -> None:
    assert status_of(state, version, live_version) == status


async def test_views_show_each_post_where_it_belongs(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    names = ("draft", "live", "waiting", "trashed", "unpublished")
    ids = {name: (await save(acme, cast.bob, cast.acme_site, title=f"{unique} {name}")).id for name in names}
    for name in ("live", "waiting", "trashed", "unpublished"):
        await publish(acme, cast.bob, ids[name])
    await save(acme, cast.alice, cast.acme_site, id=ids["waiting"], title=f"{unique} waiting", summary="newer")
    await trash(acme, cast.bob, ids["trashed"])
    await unpublish(acme, cast.bob, ids["unpublished"])
    found = {}
    for view in ("all", "drafts", "live", "waiting", "trash"):
        rows = await listed(acme, cast.acme_site, view=view, words=unique.upper())
        found[view] = {row.post.title.split()[1]: row.status for row in rows}
    assert found == {
        "all": {"draft": "draft", "live": "live", "waiting": "waiting", "unpublished": "draft"},
        "drafts": {"draft": "draft", "unpublished": "draft"},
        "live": {"live": "live", "waiting": "waiting"},
        "waiting": {"waiting": "waiting"},
        "trash": {"trashed": "trashed"},
    }


async def test_a_row_says_who_edited_it_when_and_what_is_live(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique, body_source="<p>Long</p>")
    await publish(acme, cast.bob, saved.id)
    await save(acme, cast.alice, cast.acme_site, id=saved.id, title=unique, body_source="<p>Longer</p>")
    (row,) = await listed(acme, cast.acme_site, words=unique)
    stored = await acme.read(lambda reading: version_of_post(reading, saved.id, 3))
    assert (row.post.id, row.editor, row.live_version, row.edited_at) == (saved.id, "Alice", 2, stored.at)
    with pytest.raises(SQLAlchemyError):
        _ = row.post.body_source
    whole = await acme.read(lambda reading: row_of_post(reading, saved.id))
    assert (whole.post.body_source, whole.status, whole.editor) == ("<p>Longer</p>", "waiting", "Alice")


async def test_pages_follow_each_other_without_gap_or_repetition(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    made = [(await save(acme, cast.bob, cast.acme_site, title=f"{unique} {number}")).id for number in range(7)]
    await save(acme, cast.bob, cast.acme_site, id=made[0], title=f"{unique} edited last")
    first = await listed(acme, cast.acme_site, words=unique, limit=3)
    second = await listed(acme, cast.acme_site, words=unique, limit=3, edge=(first[-1].edited_at, first[-1].post.id))
    third = await listed(acme, cast.acme_site, words=unique, limit=3, edge=(second[-1].edited_at, second[-1].post.id))
    assert [row.post.id for row in (*first, *second, *third)] == [made[0], *reversed(made[1:])]


async def test_lists_are_narrowed_by_kind_byline_and_tag(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    author = await acme.run(cast.alice, "byline", lambda work: save_author(work, cast.alice, SaveAuthor(name=unique)))
    both = await save(acme, cast.alice, cast.acme_site, title=unique, author_id=author.id, tags=(unique,))
    await save(acme, cast.alice, cast.acme_site, title=unique, tags=())
    page = await save(acme, cast.alice, cast.acme_site, kind="page", title=unique)
    tag = (await acme.read(lambda reading: tags_of_posts(reading, [both.id])))[both.id][0]
    assert [row.post.id for row in await listed(acme, cast.acme_site, author_id=author.id)] == [both.id]
    assert [row.post.id for row in await listed(acme, cast.acme_site, tag_id=tag.id)] == [both.id]
    assert [row.post.id for row in await listed(acme, cast.acme_site, kind="page", words=unique)] == [page.id]
    assert len(await listed(acme, cast.acme_site, words=unique)) == 2
    assert author.id in [row.id for row in await acme.read(authors_of_customer)]


async def test_words_are_words_and_no_pattern(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    await save(acme, cast.bob, cast.acme_site, title=f"100% {unique}")
    assert len(await listed(acme, cast.acme_site, words=f"100% {unique}")) == 1
    assert await listed(acme, cast.acme_site, words=f"%{unique}") == []


async def test_the_api_walks_by_id_over_all_sites_or_one(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    made = sorted([(await save(acme, cast.bob, cast.acme_site, title=unique, body_source=unique)).id for _ in range(3)])
    trashed = await save(acme, cast.bob, cast.acme_site, title=unique)
    await trash(acme, cast.bob, trashed.id)
    walked: list[PostRow] = []
    while page := await acme.read(
        lambda reading: posts_page(
            reading, site_id=cast.acme_site, limit=2, after=walked[-1].post.id if walked else UUID(int=0), has_bodies=True
        )
    ):
        walked.extend(page)
    ids = [row.post.id for row in walked]
    assert ids == sorted(set(ids))
    assert [post_id for post_id in ids if post_id in made] == made
    assert trashed.id not in ids
    assert next(row.post.body_source for row in walked if row.post.id == made[0]) == unique
    after = UUID(int=made[0].int - 1)
    (first,) = await acme.read(lambda reading: posts_page(reading, after=after, limit=1))
    assert first.post.id == made[0]


async def test_versions_are_paged_from_the_newest(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    for number in range(2, 6):
        await save(acme, cast.bob, cast.acme_site, id=saved.id, title=f"{unique} {number}")
    first = await acme.read(lambda reading: versions_of_post(reading, saved.id, limit=3))
    rest = await acme.read(lambda reading: versions_of_post(reading, saved.id, before=first[-1].version, limit=3))
    assert [row.version for row in (*first, *rest)] == [5, 4, 3, 2, 1]
    assert (first[0].title, first[0].actor_name, first[0].door) == (f"{unique} 5", "Bob", "console")
    assert (await acme.read(lambda reading: last_version_of_post(reading, saved.id))).version == 5


async def test_a_stranger_sees_nothing_of_it(acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, tags=(unique,))
    await publish(acme, cast.alice, saved.id)
    assert await listed(globex, cast.acme_site, words=unique) == []
    assert await globex.read(lambda reading: versions_of_post(reading, saved.id)) == []
    assert await globex.read(lambda reading: tags_of_posts(reading, [saved.id])) == {saved.id: []}
    for ask in (row_of_post, last_version_of_post):
        with pytest.raises(NotFound):
            await globex.read(lambda reading, ask=ask: ask(reading, saved.id))
    with pytest.raises(NotFound):
        await globex.read(lambda reading: version_of_post(reading, saved.id, 1))


async def test_a_list_is_one_statement_however_long(acme: TenantDatabase, cast: Cast, unique: str, tenancy: Tenancy) -> None:
    made = [(await save(acme, cast.bob, cast.acme_site, title=unique)).id for _ in range(5)]
    sent: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        sent.append(statement)

    engine = tenancy._transactions.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        rows = await listed(acme, cast.acme_site, words=unique)
        tags = await acme.read(lambda reading: tags_of_posts(reading, [row.post.id for row in rows]))
        assert ({row.status for row in rows}, set(tags)) == ({"draft"}, set(made))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(sent) == 2
