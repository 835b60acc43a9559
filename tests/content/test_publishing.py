"""Publishing: visitors see a finished snapshot, pinned to a version, and nothing else."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec import structs
from sqlalchemy import select

from app import keys
from app.actor import Actor
from app.catalog.actions import save_field
from app.catalog.requests import SaveField
from app.content.actions import refresh_publications, save_author, save_tag, what_publishing_touches
from app.content.actions.refreshing import REFRESH
from app.content.live import live_path
from app.content.models import Post
from app.content.repository import tags_of_posts, versions_of_post
from app.content.requests import SaveAuthor, SaveTag, Touches
from app.db.database import Shared, TenantDatabase
from app.db.functions import NO_ID
from app.db.record.tables import OutboxRow
from app.db.work import Reading
from app.document.published import RENDER_VERSION
from app.document.snapshots import PostSnapshot
from app.errors import ChangedElsewhere, Conflict, Forbidden, NotFound
from tests.cast import OPERATOR, Cast
from tests.content.acting import bumps, events, live, live_tags, post, publish, save, trash, unpublish, upload


async def shown(db: TenantDatabase, post_id: UUID) -> PostSnapshot:
    publication = await live(db, post_id)
    assert publication is not None
    return msgspec.convert(publication.snapshot, PostSnapshot)


async def promises(worker: Shared, customer_id: UUID) -> list[tuple[str, dict]]:
    async def ask(session) -> list[tuple[str, dict]]:
        rows = await session.execute(select(OutboxRow.name, OutboxRow.payload).where(OutboxRow.customer_id == customer_id))
        return [(name, payload) for name, payload in rows]

    return await worker.read(ask)


async def touches(db: TenantDatabase, post_id: UUID) -> Touches:
    async def ask(reading: Reading) -> Touches:
        return await what_publishing_touches(reading, await reading.session.get_one(Post, (reading.customer_id, post_id)))

    return await db.read(ask)


async def test_publishing_shows_a_finished_snapshot(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    author = await acme.run(
        cast.alice, "byline",
        lambda work: save_author(work, cast.alice, SaveAuthor(name=f"Ines {unique}", role="Roaster", texts={"de": {"role": "Rösterin"}})),
    )  # fmt: skip
    cover = await upload(acme, cast.alice, f"cover-{unique}", {"": "A drum"})
    await upload(acme, cast.alice, f"beans-{unique}", {"en": "Beans & more"})
    figure = f'<figure data-asset="beans-{unique}"><figcaption>Four</figcaption></figure>'
    body = f'<h2>Heat</h2><p onclick="x()">Text<script>1</script></p>{figure}'
    saved = await save(
        acme, cast.alice, cast.acme_site, title=unique, summary="In short", body_source=body, tags=(f"Tag {unique}",), author_id=author.id,
        cover_id=cover, fields={"brew_time": "PT3M"}, seo_title="Seo", is_featured=True,
    )  # fmt: skip
    published = await publish(acme, cast.alice, saved.id, 1)
    assert (published.path, published.is_new, published.old_path, published.version) == (f"/posts/{unique}/", True, None, 2)
    page = await shown(acme, saved.id)
    assert "<script" not in page.html
    assert "onclick" not in page.html
    assert '<h2 id="heat">Heat</h2>' in page.html
    assert f'<img src="/media/{960:064x}/beans-{unique}-960.webp" srcset="/media/{480:064x}/beans-{unique}-480.webp 480w, ' in page.html
    assert 'alt="Beans &amp; more" loading="lazy"' in page.html
    assert [(entry.level, entry.id, entry.text) for entry in page.toc] == [(2, "heat", "Heat")]
    assert page.cover is not None
    assert [file.width for file in page.cover.renditions] == [480, 960]
    assert page.author is not None
    assert (page.author.name, page.author.texts["de"].role, page.author.bio) == (f"Ines {unique}", "Rösterin", None)
    assert [(tag.slug, tag.label) for tag in page.tags] == [(f"tag-{unique}", f"Tag {unique}")]
    assert [(field.code, field.label, field.value) for field in page.fields] == [("brew_time", "brew_time", "PT3M")]
    assert (page.id, page.summary, page.seo_title, page.is_featured, page.words) == (saved.id, "In short", "Seo", True, 3)


async def test_the_row_holds_the_snapshot_exactly_and_what_lists_need(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    key = uuid4()
    saved = await save(acme, cast.bob, cast.acme_site, title=unique, tags=(), translation_key=key)
    published = await publish(acme, cast.bob, saved.id)
    row = await live(acme, saved.id)
    assert row is not None
    again = msgspec.to_builtins(msgspec.convert(row.snapshot, PostSnapshot))
    assert row.snapshot == msgspec.json.decode(msgspec.json.encode(again))
    assert (row.site_id, row.kind, row.lang, row.slug, row.title) == (cast.acme_site, "post", "en", unique, unique)
    assert (row.version, row.render_version, row.translation_key) == (2, RENDER_VERSION, key)
    assert row.published_at == published.published_at == (await post(acme, saved.id)).published_at


async def test_publishing_is_a_version_and_an_event(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    await publish(acme, cast.bob, saved.id)
    await unpublish(acme, cast.bob, saved.id)
    assert [row.kind for row in await acme.read(lambda reading: versions_of_post(reading, saved.id))] == [
        "unpublished",
        "published",
        "saved",
    ]
    assert [(event.kind, event.fields) for event in (await events(acme, saved.id))[1:]] == [
        ("published", ["published_at", "publication"]), ("unpublished", ["publication"]),
    ]  # fmt: skip


async def test_later_edits_wait_until_they_are_published(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique, body_source="<p>Old</p>")
    first = await publish(acme, cast.bob, saved.id)
    await save(acme, cast.bob, cast.acme_site, id=saved.id, title="New title", body_source="<p>New</p>")
    assert ((await shown(acme, saved.id)).title, (await shown(acme, saved.id)).html) == (unique, "<p>Old</p>")
    again = await publish(acme, cast.bob, saved.id)
    assert (again.is_new, again.published_at) == (False, first.published_at)
    assert ((await shown(acme, saved.id)).title, (await shown(acme, saved.id)).html) == ("New title", "<p>New</p>")


async def test_a_date_that_was_given_stays(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    at = datetime(2019, 5, 1, 8, 30, tzinfo=UTC)
    saved = await save(acme, cast.bob, cast.acme_site, title=unique, published_at=at, updated_at=at, tags=())
    assert (await publish(acme, cast.bob, saved.id)).published_at == at
    page = await shown(acme, saved.id)
    assert (page.published_at, page.updated_at) == (at, at)


async def test_a_new_address_moves_the_live_post(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    await publish(acme, cast.bob, saved.id)
    await save(acme, cast.bob, cast.acme_site, id=saved.id, title=unique, slug=f"{unique}-moved")
    assert await acme.read(lambda reading: live_path(reading, saved.id)) == f"/posts/{unique}/"
    published = await publish(acme, cast.bob, saved.id)
    assert (published.path, published.old_path) == (f"/posts/{unique}-moved/", f"/posts/{unique}/")
    assert await acme.read(lambda reading: live_path(reading, saved.id)) == f"/posts/{unique}-moved/"
    assert (await save(acme, cast.bob, cast.acme_site, title="Other", slug=unique)).slug == unique


async def test_addresses_of_other_languages_and_pages(globex: TenantDatabase, cast: Cast, unique: str) -> None:
    page = await save(globex, cast.mallory, cast.globex_site, kind="page", lang="de", title="Wasser", slug=f"{unique}/wasser")
    assert (await publish(globex, cast.mallory, page.id)).path == f"/de/{unique}/wasser/"
    arabic = await save(globex, cast.mallory, cast.globex_site, lang="ar", title=f"ليلة {unique}")
    assert (await publish(globex, cast.mallory, arabic.id)).path == f"/ar/posts/%D9%84%D9%8A%D9%84%D8%A9-{unique}/"
    assert await globex.read(lambda reading: live_path(reading, uuid4())) is None


async def test_footnotes_speak_the_language_of_the_post(globex: TenantDatabase, cast: Cast, unique: str) -> None:
    body = '<p>A<sup><a href="#fn-1" id="fnref-1">1</a></sup></p><section class="footnotes"><ol><li id="fn-1">B</li></ol></section>'
    saved = await save(globex, cast.mallory, cast.globex_site, lang="de", title=unique, body_source=body)
    await publish(globex, cast.mallory, saved.id)
    html = (await shown(globex, saved.id)).html
    assert "Anmerkungen</h2>" in html
    assert 'aria-label="Zurück zum Text"' in html


async def test_tags_carry_the_post_in_their_lists(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    a, b = f"a{unique}", f"b{unique}"
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, tags=(a, b))
    await publish(acme, cast.alice, saved.id)
    before = {row.tag_id for row in await live_tags(acme, saved.id)}
    await save(acme, cast.alice, cast.acme_site, id=saved.id, title=unique, tags=(b,), published_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert {row.tag_id for row in await live_tags(acme, saved.id)} == before
    await publish(acme, cast.alice, saved.id)
    rows = await live_tags(acme, saved.id)
    tags = (await acme.read(lambda reading: tags_of_posts(reading, [saved.id])))[saved.id]
    assert [(row.tag_id, row.lang, row.published_at.year) for row in rows] == [(tags[0].id, "en", 2020)]
    await unpublish(acme, cast.alice, saved.id)
    assert await live_tags(acme, saved.id) == []


async def test_publishing_renews_every_page_that_shows_the_post(globex: TenantDatabase, cast: Cast, unique: str) -> None:
    key = uuid4()
    german = await save(globex, cast.mallory, cast.globex_site, lang="de", title=unique, translation_key=key)
    await publish(globex, cast.mallory, german.id)
    saved = await save(globex, cast.mallory, cast.globex_site, title=unique, translation_key=key, tags=(f"a{unique}",))
    tag = (await globex.read(lambda reading: tags_of_posts(reading, [saved.id])))[saved.id][0]
    wanted = [keys.post_tag(saved.id), keys.post_tag(german.id), keys.tag_tag(tag.id), keys.posts_tag(cast.globex_site, "en")]
    before = await bumps(globex, *wanted)
    await save(
        globex, cast.mallory, cast.globex_site, id=saved.id, title=unique, tags=(f"a{unique}",), translation_key=key, summary="draft"
    )
    assert await bumps(globex, *wanted) == before
    await publish(globex, cast.mallory, saved.id)
    assert await bumps(globex, *wanted) == {name: count + 1 for name, count in before.items()}
    await save(globex, cast.mallory, cast.globex_site, id=saved.id, title=unique, lang="ar")
    await publish(globex, cast.mallory, saved.id)
    assert await bumps(globex, *wanted) == {name: count + 2 for name, count in before.items()}
    assert (await bumps(globex, keys.posts_tag(cast.globex_site, "ar"))).popitem()[1] > 0


async def test_an_address_that_was_taken_in_the_meantime_is_refused(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    first = await save(acme, cast.bob, cast.acme_site, title=unique)
    await publish(acme, cast.bob, first.id)
    await save(acme, cast.bob, cast.acme_site, id=first.id, title=unique, slug=f"{unique}-x")
    await trash(acme, cast.bob, first.id)
    second = await save(acme, cast.bob, cast.acme_site, title=unique, slug=f"{unique}-x")
    assert (await publish(acme, cast.bob, second.id)).path == f"/posts/{unique}-x/"
    with pytest.raises(Conflict, match="in the trash"):
        await publish(acme, cast.bob, first.id)


async def test_strangers_readers_others_and_the_late_are_refused(
    acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str
) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, title=unique)
    for act in (publish, unpublish):
        with pytest.raises(NotFound):
            await act(globex, cast.mallory, saved.id)
        for person in (cast.rita, cast.bob):
            with pytest.raises(Forbidden):
                await act(acme, person, saved.id)
        with pytest.raises(ChangedElsewhere) as caught:
            await act(acme, cast.alice, saved.id, 7)
        assert caught.value.thing.title == unique
    assert await live(acme, saved.id) is None


async def test_a_key_publishes_only_with_its_own_scope(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    writer = Actor(kind="key", door="api", name="k", id=uuid4(), customer_id=cast.acme, scopes=frozenset({"content:write"}))
    saved = await save(acme, writer, cast.acme_site, title=unique)
    with pytest.raises(Forbidden, match="content:publish"):
        await publish(acme, writer, saved.id)
    await publish(acme, cast.alice, saved.id)
    with pytest.raises(Forbidden, match="content:publish"):
        await trash(acme, writer, saved.id)
    assert await live(acme, saved.id) is not None


async def test_unpublishing_keeps_the_working_copy_and_twice_changes_nothing(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    await publish(acme, cast.bob, saved.id)
    assert (await unpublish(acme, cast.bob, saved.id, 2)).version == 3
    assert (await unpublish(acme, cast.bob, saved.id, 3)).version == 3
    assert await live(acme, saved.id) is None
    assert (await post(acme, saved.id)).published_at is not None


async def test_two_who_publish_at_once_end_with_one_publication(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    answers = await asyncio.gather(*(publish(acme, cast.bob, saved.id, 1) for _ in range(4)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["ChangedElsewhere"] * 3 + ["Published"]
    row = await live(acme, saved.id)
    assert row is not None
    assert row.version == 2


async def test_two_who_want_one_address_at_once_do_not_both_get_it(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    answers = await asyncio.gather(
        *(save(acme, cast.bob, cast.acme_site, title=unique, slug=unique) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Saved"] + ["Taken"] * 3


async def test_the_publish_page_knows_what_is_new(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique, summary="Yes.")
    assert await touches(acme, saved.id) == Touches(
        path=f"/posts/{unique}/", old_path=None, is_new=True, live_version=None, has_changes=True, problems=()
    )
    await publish(acme, cast.bob, saved.id)
    assert await touches(acme, saved.id) == Touches(
        path=f"/posts/{unique}/", old_path=None, is_new=False, live_version=2, has_changes=False, problems=()
    )
    await save(acme, cast.bob, cast.acme_site, id=saved.id, title=unique, summary="Yes.", slug=f"{unique}-x")
    present = await touches(acme, saved.id)
    assert (present.path, present.old_path, present.has_changes) == (f"/posts/{unique}-x/", f"/posts/{unique}/", True)


async def test_the_publish_page_names_what_to_mend(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    await upload(acme, cast.alice, f"told-{unique}", {"": "A drum"})
    await upload(acme, cast.alice, f"mute-{unique}")
    cover = await upload(acme, cast.alice, f"cover-{unique}", {"de": "Nur deutsch"})
    alive = await save(acme, cast.alice, cast.acme_site, title=f"alive {unique}")
    await publish(acme, cast.alice, alive.id)
    draft = await save(acme, cast.alice, cast.acme_site, kind="page", title="Draft", slug=f"{unique}/draft")
    links = [alive.slug, unique]
    body = "".join(f'<a href="/posts/{slug}/#top">x</a>' for slug in links) + "".join(
        f'<a href="{link}">x</a>'
        for link in (f"/{draft.slug}/", "/products/none/", "/tags/none/", "https://elsewhere.example/posts/none/", "//x/y", "#a")
    )
    figures = "".join(f'<figure data-asset="{name}-{unique}"></figure>' for name in ("told", "mute", "gone"))
    saved = await save(acme, cast.alice, cast.acme_site, title="T", slug=unique, cover_id=cover, body_source=f"<p>{body}</p>{figures}")
    problems = [(problem.kind, problem.subject) for problem in (await touches(acme, saved.id)).problems]
    assert problems == [
        ("summary", ""), ("picture", f"gone-{unique}"), ("description", f"cover-{unique}"), ("description", f"mute-{unique}"),
        ("link", f"/{draft.slug}/"),
    ]  # fmt: skip
    await publish(acme, cast.alice, saved.id)
    page = await shown(acme, saved.id)
    assert (f"told-{unique}" in page.html, f"gone-{unique}" in page.html) == (True, False)


async def test_a_changed_tag_is_renewed_in_live_posts_but_not_their_text(
    acme: TenantDatabase, cast: Cast, unique: str, worker: Shared
) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, tags=(f"Old {unique}",), body_source="<p>Live</p>")
    await publish(acme, cast.alice, saved.id)
    await save(acme, cast.alice, cast.acme_site, id=saved.id, title="Waiting", tags=(f"Old {unique}",), body_source="<p>Waiting</p>")
    tag = (await acme.read(lambda reading: tags_of_posts(reading, [saved.id])))[saved.id][0]
    change = SaveTag(id=tag.id, expect=1, site_id=cast.acme_site, label=f"New {unique}")
    await acme.run(cast.alice, "rename tag", lambda work: save_tag(work, cast.alice, change))
    assert (REFRESH, {"tag_id": str(tag.id)}) in await promises(worker, cast.acme)
    edge = await acme.run(OPERATOR, "refresh", lambda work: refresh_publications(work, OPERATOR, tag_id=tag.id))
    assert edge is None
    page = await shown(acme, saved.id)
    assert ([tag.label for tag in page.tags], page.title, page.html) == ([f"New {unique}"], unique, "<p>Live</p>")
    assert (await post(acme, saved.id)).version == 3


async def test_a_changed_byline_is_renewed_a_few_posts_at_a_time(acme: TenantDatabase, cast: Cast, unique: str, worker: Shared) -> None:
    asked = SaveAuthor(name=f"Ines {unique}")
    author = await acme.run(cast.alice, "byline", lambda work: save_author(work, cast.alice, asked))
    posts = [await save(acme, cast.alice, cast.acme_site, title=unique, author_id=author.id) for _ in range(3)]
    for saved in posts:
        await publish(acme, cast.alice, saved.id)
    await acme.run(
        cast.alice, "byline", lambda work: save_author(work, cast.alice, structs.replace(asked, id=author.id, expect=1, bio="Roasts."))
    )
    assert (REFRESH, {"author_id": str(author.id)}) in await promises(worker, cast.acme)

    async def go_on(after: UUID) -> UUID | None:
        return await acme.run(
            OPERATOR, "refresh", lambda work: refresh_publications(work, OPERATOR, author_id=author.id, after=after, limit=2)
        )

    edge = await go_on(NO_ID)
    assert edge == sorted(saved.id for saved in posts)[1]
    assert [bool((await shown(acme, saved.id)).author.bio) for saved in sorted(posts, key=lambda saved: saved.id)] == [True, True, False]
    assert await go_on(edge) is None
    assert (await shown(acme, max(saved.id for saved in posts))).author.bio == "Roasts."
    with pytest.raises(Forbidden):
        await acme.run(cast.bob, "refresh", lambda work: refresh_publications(work, cast.bob))


async def test_custom_fields_are_told_by_the_labels_of_the_catalogue(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    defined = SaveField(thing_type="post", code=unique, label="Time", labels={"de": "Zeit"})
    await acme.run(cast.alice, "define", lambda work: save_field(work, cast.alice, defined))
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, fields={unique: "PT3M", "other": 4})
    await publish(acme, cast.alice, saved.id)
    fields = [(field.label, field.labels, field.value) for field in (await shown(acme, saved.id)).fields]
    assert sorted(fields) == [("Time", {"de": "Zeit"}, "PT3M"), ("other", {}, 4)]
