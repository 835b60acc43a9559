"""Pass 2 over WordPress exports: what stands here afterwards, that nothing is made twice, and what happens when something goes wrong."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest

from app.content.actions import publish_post, save_author, save_post, save_tag, trash_post
from app.content.actions.trashing import delete_post
from app.content.models import Author, Post, Publication, Tag
from app.content.repository import tags_of_posts
from app.content.requests import SaveAuthor, SavePost, SaveTag
from app.db.base import Base
from app.db.database import Shared, Tenancy, TenantDatabase, open_engine
from app.db.record.tables import ChangeSet, ChangeSetMark, Event
from app.db.rules import tenant_rules
from app.errors import Forbidden, Invalid, NotFound, OutcomeUnknown
from app.imports import apply, ordering
from app.imports.apply import preview_import
from app.imports.models import Import, ImportItem
from app.imports.plan import BrokenFile
from app.imports.report import report_of
from app.imports.wxr import check_wxr
from app.tenancy.actions import CreateSite, create_site
from tests.cast import OPERATOR, Cast, make_person
from tests.imports.applying import Shelf, make_shelf
from tests.imports.corpus import corpus_file, no_progress
from tests.imports.test_wxr_parse import item, wxr
from tests.installations import Faults

THEME = "wxr/themeunittestdata.wordpress.xml"
BLOCKS = "wxr/64-block-test-data.xml"


@pytest.fixture
async def shelf(tenancy: Tenancy, backoffice: Tenancy, worker: Shared, unique: str) -> Shelf:
    return await make_shelf(tenancy, backoffice, worker, unique)


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Write an export of some items to a file."""

    def writing(*items: str, **options: str) -> Path:
        path = tmp_path / "export.xml"
        path.write_text(wxr(*items, **options), encoding="utf-8")
        return path

    return writing


def guid(number: int, **more: Any) -> str:
    """An item that has a guid, as WordPress writes it."""
    return item(number, more=f"<guid>https://old.example/blog/?p={number}</guid>", **more)


async def slugs(shelf: Shelf, model: type[Post] | type[Publication] = Post) -> set[str]:
    return {row.slug for row in await shelf.all(model)}


async def act(shelf: Shelf, fn: Callable[[Any], Awaitable[Any]]) -> Any:
    return await shelf.database.run(OPERATOR, "prepare", fn)


async def a_post(shelf: Shelf, **request: Any) -> UUID:
    asked = SavePost(**{"site_id": shelf.site_id, "lang": "en", "title": "Own", **request})
    return (await act(shelf, lambda work: save_post(work, OPERATOR, asked))).id


# What a file becomes


async def test_posts_keep_their_state_and_their_date(shelf, export):
    path = export(
        guid(1),
        guid(2, status="draft", post_date_gmt="0000-00-00 00:00:00"),
        guid(3, status="trash", post_name="gone__trashed"),
        guid(4, status="future", post_date_gmt="2090-01-01 00:00:00"),
        guid(5, status="future", post_date_gmt="2020-05-05 05:05:05"),
    )
    applied = await shelf.wxr(path)
    assert (applied.made, applied.here, applied.refused) == ({"author": 1, "post": 5}, {}, ())
    posts = {row.slug: row for row in await shelf.all(Post)}
    live = {row.slug: row for row in await shelf.all(Publication)}
    assert {slug: row.state for slug, row in posts.items()} == {f"post-{n}": "draft" for n in (1, 2, 4, 5)} | {"gone": "trashed"}
    assert {slug: row.published_at for slug, row in live.items()} == {
        "post-1": datetime(2024, 3, 1, 9, tzinfo=UTC),
        "post-5": datetime(2020, 5, 5, 5, 5, 5, tzinfo=UTC),
    }
    assert posts["post-1"].published_at == posts["post-1"].updated_at == live["post-1"].updated_at == live["post-1"].published_at
    assert posts["post-4"].published_at == datetime(2090, 1, 1, tzinfo=UTC)
    assert posts["post-2"].published_at is None
    assert [w.source_id for w in applied.warnings if "date has not come" in w.message] == ["4"]


async def test_a_post_has_its_byline_its_tags_in_order_and_its_place(shelf, export):
    terms = "".join(
        f'<category domain="{d}" nicename="{n}">{label}</category>'
        for d, n, label in [("category", "b", "Beta"), ("post_tag", "a", "Alpha")]
    )
    await shelf.wxr(export(item(1, more=terms, excerpt="Short.", is_sticky="1", menu_order="7", content="<p>Text with <b>b</b>.</p>")))
    post, author = await shelf.one(Post), await shelf.one(Author)
    assert (author.slug, author.name, post.author_id) == ("ann", "Ann Other", author.id)
    assert (post.summary, post.is_featured, post.position, post.lang, post.kind) == ("Short.", True, 7, "en", "post")
    tags = (await shelf.database.read(lambda reading: tags_of_posts(reading, [post.id])))[post.id]
    assert [(tag.slug, tag.label) for tag in tags] == [("b", "Beta"), ("a", "Alpha")]
    shown = await shelf.one(Publication)
    assert "Text with" in shown.snapshot["html"]
    assert shown.snapshot["author"]["name"] == "Ann Other"


async def test_pages_stand_below_their_parents_wherever_those_stand_in_the_file(shelf, export):
    await shelf.wxr(
        export(
            guid(1, post_type="page", post_name="leaf", post_parent="2"),
            guid(2, post_type="page", post_name="branch", post_parent="3"),
            guid(3, post_type="page", post_name="root"),
        )
    )
    assert await slugs(shelf) == await slugs(shelf, Publication) == {"root", "root/branch", "root/branch/leaf"}


async def test_pages_that_are_each_others_parent_are_made_all_the_same(shelf, export):
    loop = (guid(1, post_type="page", post_name="egg", post_parent="2"), guid(2, post_type="page", post_name="hen", post_parent="1"))
    applied = await shelf.wxr(export(*loop, guid(3, post_type="page", post_name="orphan", post_parent="99")))
    assert (applied.made["page"], len(await slugs(shelf))) == (3, 3)


async def test_pages_follow_a_parent_whose_address_was_taken(shelf, export):
    await a_post(shelf, kind="page", slug="root")
    applied = await shelf.wxr(
        export(guid(1, post_type="page", post_name="leaf", post_parent="3"), guid(3, post_type="page", post_name="root"))
    )
    assert await slugs(shelf) == {"root", "root-2", "root-2/leaf"}
    assert ["“root-2”" in w.message for w in applied.warnings] == [True]


async def test_an_address_that_is_taken_becomes_the_free_one_with_a_warning(shelf, export):
    mine = await a_post(shelf, slug="post-1")
    await act(shelf, lambda work: publish_post(work, OPERATOR, mine, None))
    applied = await shelf.wxr(export(guid(1)))
    assert (await slugs(shelf), applied.made["post"]) == ({"post-1", "post-1-2"}, 1)
    assert [w.message for w in applied.warnings] == ["Another post of the site has the address “post-1”; this one becomes “post-1-2”."]


async def test_bylines_and_tags_that_are_here_are_used_and_not_changed(shelf, export):
    await act(shelf, lambda work: save_author(work, OPERATOR, SaveAuthor(name="ann OTHER", slug="ann", bio="Mine.")))
    await act(shelf, lambda work: save_tag(work, OPERATOR, SaveTag(site_id=shelf.site_id, label="My beta", slug="b")))
    applied = await shelf.wxr(export(item(1, more='<category domain="category" nicename="b">Beta</category>')))
    assert (applied.made, applied.here) == ({"post": 1}, {"author": 1, "tag": 1})
    assert ((await shelf.one(Author)).bio, (await shelf.one(Tag)).label) == ("Mine.", "My beta")
    assert (await shelf.one(Post)).author_id == (await shelf.one(Author)).id


async def test_another_byline_with_the_same_address_stays_another(shelf, export):
    await act(shelf, lambda work: save_author(work, OPERATOR, SaveAuthor(name="Anne Else", slug="ann")))
    applied = await shelf.wxr(export(item(1)))
    assert applied.made["author"] == 1
    assert {row.name: row.slug for row in await shelf.all(Author)} == {"Anne Else": "ann", "Ann Other": "ann-other"}


async def test_a_file_in_another_language_goes_into_the_one_that_fits(tenancy, backoffice, worker, unique, export):
    shelf = await make_shelf(tenancy, backoffice, worker, unique, languages=("de", "en"))
    await shelf.wxr(export(item(1)))
    assert (await shelf.one(Post)).lang == "en"


async def test_what_visitors_lose_is_said_and_classes_are_not(shelf, export):
    applied = await shelf.wxr(
        export(guid(1, content='<p class="x">a</p><video src="https://old.example/a.mp4"></video>'), guid(2, content='<p class="x">a</p>'))
    )
    assert [(w.source_id, "<video>" in w.message, "class" in w.message) for w in applied.warnings] == [("1", True, False)]


# Once and not twice


async def test_a_second_run_writes_nothing(shelf, export):
    path = export(guid(1), guid(2, status="draft"), guid(3, post_type="page", post_name="page"))
    first = await shelf.wxr(path)
    before = await shelf.counts()
    second = await shelf.wxr(path)
    assert await shelf.counts() == before
    assert (second.made, second.here) == ({}, first.made)
    assert (second.import_id, second.change_set_id) == (None, None)


async def test_what_was_deleted_after_an_import_stays_deleted(shelf, export):
    await shelf.wxr(export(guid(1)))
    post = await shelf.one(Post)
    await act(shelf, lambda work: trash_post(work, OPERATOR, post.id, None))
    await act(shelf, lambda work: delete_post(work, OPERATOR, post.id, None))
    again = await shelf.wxr(export(guid(1), guid(2)))
    assert (again.made, again.here, await slugs(shelf)) == ({"post": 1}, {"author": 1, "post": 1}, {"post-2"})


async def test_a_number_that_a_site_gave_out_again_is_another_post(shelf, export):
    await shelf.wxr(export(item(163, more="<guid>https://old.example/?p=163</guid>")))
    other = item(163, more="<guid>https://old.example/search/</guid>", post_name="other", title="Other")
    assert (await shelf.wxr(export(other))).made == {"post": 1}
    assert await slugs(shelf) == {"post-163", "other"}


async def test_a_draft_that_was_published_meanwhile_over_there_is_the_same_post(shelf, export):
    await shelf.wxr(export(guid(1, status="draft", link="https://old.example/?p=1")))
    again = await shelf.wxr(export(guid(1, link="https://old.example/2024/post-1/", post_name="renamed")))
    assert (again.made, again.here) == ({}, {"author": 1, "post": 1})


async def test_the_same_file_may_go_to_two_sites_of_one_customer(shelf, backoffice, export, unique):
    from_here = await shelf.wxr(export(guid(1)))
    site = await second_site(shelf, backoffice, unique)
    there = await shelf.wxr(export(guid(1)), site_id=site)
    assert (from_here.made, there.made, there.here) == ({"author": 1, "post": 1}, {"post": 1}, {"author": 1})
    assert {row.site_id for row in await shelf.all(Post)} == {shelf.site_id, site}


async def second_site(shelf: Shelf, backoffice: Tenancy, unique: str, **options: Any) -> UUID:
    request = CreateSite(slug="second", name="Second", host=f"second-{unique}.localhost", **options)
    return (await backoffice.of(shelf.customer_id).run(OPERATOR, "create site", lambda work: create_site(work, OPERATOR, request))).id


# One act in small transactions


async def test_an_import_is_one_completed_change_set(shelf, export, monkeypatch):
    monkeypatch.setattr(ordering, "VERSIONS_EACH", 5)
    applied = await shelf.wxr(export(*(guid(n) for n in range(1, 8))), file_name="seven.xml")
    sets = await shelf.all(ChangeSet, ChangeSet.verb == "import file")
    assert [(row.id, row.reason) for row in sets] == [(applied.change_set_id, "seven.xml")]
    assert [(row.change_set_id, row.mark) for row in await shelf.all(ChangeSetMark)] == [(applied.change_set_id, "completed")]
    of_posts = await shelf.all(Event, Event.thing_type == "post")
    assert {row.change_set_id for row in of_posts} == {applied.change_set_id}
    by_transaction = await shelf.versions_by_transaction(applied.change_set_id)
    assert (len(by_transaction) > 3, max(by_transaction.values()) <= 5) == (True, True)


async def test_the_import_and_its_items_are_written_down(shelf, export):
    applied = await shelf.wxr(export(guid(1), guid(2, post_type="strange")), file_name="old.xml")
    row = await shelf.one(Import)
    assert (row.id, row.state, row.source, row.file_name, row.site_id) == (
        applied.import_id,
        "done",
        "wxr:old.example/blog",
        "old.xml",
        shelf.site_id,
    )
    assert (row.counts["made"], row.counts["found"], row.counts["refused"]) == ({"author": 1, "post": 1}, {"post": 1, "strange": 1}, 1)
    assert row.finished_at >= row.created_at
    items = {(i.thing_type, i.source_id): i.thing_id for i in await shelf.all(ImportItem)}
    assert items == {("author", "ann"): (await shelf.one(Author)).id, ("post", "1 /blog/?p=1"): (await shelf.one(Post)).id}


async def test_no_transaction_writes_more_than_two_hundred_versions(shelf, export, monkeypatch):
    monkeypatch.setattr(apply, "SECONDS_EACH", 60.0)
    tags = "".join(f"<wp:tag><wp:tag_slug>t-{n}</wp:tag_slug><wp:tag_name>T {n}</wp:tag_name></wp:tag>" for n in range(450))
    applied = await shelf.wxr(export(channel=f"<title>Old</title>{tags}<wp:base_blog_url>https://old.example</wp:base_blog_url>"))
    assert applied.made == {"tag": 450}
    # Each transaction writes 199 tags and how far the import has come; the last only that it is done.
    assert sorted((await shelf.versions_by_transaction(applied.change_set_id)).values()) == [1, 53, 200, 200]


async def test_a_slow_database_gets_smaller_transactions(shelf, export, monkeypatch):
    monkeypatch.setattr(apply, "SECONDS_EACH", 0.0)
    applied = await shelf.wxr(export(*(guid(n) for n in range(1, 6))))
    assert applied.made == {"author": 1, "post": 5}
    # Besides the thing with its two versions, each transaction writes how far the import has come.
    assert set((await shelf.versions_by_transaction(applied.change_set_id)).values()) == {1, 2, 3}


async def test_progress_reaches_the_number_of_things(shelf, export, monkeypatch):
    monkeypatch.setattr(ordering, "VERSIONS_EACH", 5)
    told: list[tuple[int, int]] = []
    await shelf.wxr(export(*(guid(n) for n in range(1, 8))), progress=lambda done, total: told.append((done, total)))
    assert (told[-1], told == sorted(told), len(told) > 2) == ((8, 8), True, True)


# When something goes wrong


async def test_lost_races_and_lost_connections_change_nothing_of_the_outcome(shelf, export, addresses, monkeypatch):
    monkeypatch.setattr(ordering, "VERSIONS_EACH", 5)
    faults = Faults()
    engine = open_engine(addresses["app"], rules=tenant_rules(Base.metadata))
    database = Tenancy(engine, committer=faults).of(shelf.customer_id)
    applied = await shelf.wxr(export(*(guid(n) for n in range(1, 20))), database=database)
    await engine.dispose()
    assert {"lose_race", "doubt_after", "drop_before"} <= set(faults.injected)
    assert (applied.made, applied.here, len(await slugs(shelf, Publication))) == ({"author": 1, "post": 19}, {}, 19)


async def test_two_imports_of_one_file_at_the_same_time_make_it_once(shelf, export, monkeypatch):
    monkeypatch.setattr(ordering, "VERSIONS_EACH", 5)
    path = export(*(guid(n) for n in range(1, 13)))
    one, other = await asyncio.gather(shelf.wxr(path), shelf.wxr(path))
    assert one.made.get("post", 0) + other.made.get("post", 0) == 12
    assert one.here.get("post", 0) + other.here.get("post", 0) == 12
    assert await slugs(shelf) == {f"post-{n}" for n in range(1, 13)}


class Doubtful(TenantDatabase):
    """A database that commits and then says that it does not know whether it did, the first time."""

    doubts = 1

    async def run(self, *args: Any, **options: Any) -> Any:
        result = await super().run(*args, **options)
        if self.doubts:
            self.doubts -= 1
            raise OutcomeUnknown()
        return result


async def test_what_was_committed_without_anybody_knowing_counts_as_made_and_is_made_once(shelf, export):
    database = Doubtful(shelf.database._transactions, shelf.customer_id, None)
    applied = await shelf.wxr(export(guid(1), guid(2)), database=database)
    assert (applied.made, applied.here, await slugs(shelf)) == ({"author": 1, "post": 2}, {}, {"post-1", "post-2"})
    assert (await shelf.one(Import)).state == "done"


async def test_an_interrupted_import_says_so_and_the_next_one_makes_the_rest(shelf, export, monkeypatch):
    monkeypatch.setattr(ordering, "VERSIONS_EACH", 5)
    path = export(*(guid(n) for n in range(1, 8)))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await shelf.wxr(path, progress=stop)
    stopped = await shelf.one(Import)
    assert (stopped.state, [row.mark for row in await shelf.all(ChangeSetMark)]) == ("failed", ["interrupted"])
    made = len(await slugs(shelf))
    again = await shelf.wxr(path)
    assert 0 < made < 7
    assert (again.made, again.here, len(await slugs(shelf))) == ({"post": 7 - made}, {"author": 1, "post": made}, 7)
    assert sorted(row.mark for row in await shelf.all(ChangeSetMark)) == ["completed", "interrupted"]


async def test_a_broken_file_writes_nothing(shelf, tmp_path):
    path = tmp_path / "broken.xml"
    path.write_text(wxr(item(1)).replace("</item>", ""), encoding="utf-8")
    before = await shelf.counts()
    with pytest.raises(BrokenFile):
        await shelf.wxr(path)
    assert await shelf.counts() == before


async def test_a_rehearsal_counts_and_writes_nothing(shelf, export):
    await shelf.wxr(export(guid(1)))
    before = await shelf.counts()
    checked = check_wxr(export(guid(1), guid(2)), no_progress)
    told = await preview_import(shelf.database, OPERATOR, checked, site_id=shelf.site_id)
    assert (told.made, told.here, await shelf.counts()) == ({"post": 1}, {"author": 1, "post": 1}, before)


async def test_posts_need_a_site(shelf, export):
    with pytest.raises(Invalid) as caught:
        await shelf.wxr(export(guid(1)), site_id=None)
    assert list(caught.value.fields) == ["site"]


# Who may


async def test_a_strangers_site_is_not_found(shelf: Shelf, export, cast: Cast):
    with pytest.raises(NotFound):
        await shelf.wxr(export(guid(1)), site_id=cast.acme_site)


@pytest.mark.parametrize("role", ["reader", "author"])
async def test_who_may_not_import_is_refused_before_anything_is_read(shelf, export, directory, backoffice, role):
    person = await make_person(directory, backoffice, shelf.customer_id, "Rita", role)
    before = await shelf.counts()
    with pytest.raises(Forbidden):
        await shelf.wxr(export(guid(1)), person)
    assert await shelf.counts() == before


async def test_an_editor_may_and_is_named_in_the_history(shelf, export, directory, backoffice):
    person = await make_person(directory, backoffice, shelf.customer_id, "Edith", "editor")
    applied = await shelf.wxr(export(guid(1)), person)
    (made,) = await shelf.all(ChangeSet, ChangeSet.id == applied.change_set_id)
    assert (made.actor_name, (await shelf.one(Post)).created_by) == ("Edith", person.id)


# Files that nobody here wrote


def independent_counts(path: Path) -> Counter[tuple[str, str]]:
    """Items of a real file by type and status, read by another parser."""
    found: Counter[tuple[str, str]] = Counter()
    for entry in ElementTree.parse(path).iter("item"):
        texts = {tag.tag.rpartition("}")[2]: tag.text for tag in entry}
        found[texts["post_type"] or "", texts["status"] or ""] += 1
    return found


@pytest.mark.parametrize("name", [THEME, BLOCKS])
async def test_a_real_file_is_made_whole_and_once(shelf, name):
    path = corpus_file(name)
    checked = check_wxr(path, no_progress)
    applied = await shelf.apply(checked)
    counted = independent_counts(path)
    by_type = Counter[str]()
    for (kind, _), number in counted.items():
        by_type[kind] += number
    lines = {line.kind: line for line in report_of(checked, applied).lines}
    assert {kind: lines[kind].found for kind in by_type} == dict(by_type)
    assert all(line.found == line.made + line.here + line.refused + line.left_out for line in lines.values())
    assert (lines["post"].made, lines["page"].made) == (by_type["post"], by_type["page"])
    rows = await shelf.counts()
    assert rows["posts"] == by_type["post"] + by_type["page"]
    assert (rows["authors"], rows["tags"]) == (applied.made["author"], applied.made["tag"])
    protected = sum("password" in w.message for w in checked.warnings)
    assert rows["publications"] == sum(counted[kind, "publish"] for kind in ("post", "page")) - protected
    assert max((await shelf.versions_by_transaction(applied.change_set_id)).values()) <= 200
    again = await shelf.apply(checked)
    assert (again.made, again.here, await shelf.counts()) == ({}, applied.made, rows)


async def test_dates_of_a_real_file_are_those_that_readers_see(shelf):
    path = corpus_file(THEME)
    await shelf.wxr(path)
    dates: Counter[str] = Counter()
    for entry in ElementTree.parse(path).iter("item"):
        texts = {tag.tag.rpartition("}")[2]: tag.text or "" for tag in entry}
        if texts["post_type"] in ("post", "page") and texts["status"] == "publish" and not texts.get("post_password"):
            dates[texts["post_date_gmt"]] += 1
    assert Counter(row.published_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") for row in await shelf.all(Publication)) == dates


async def test_two_real_files_of_one_site_share_a_number_and_lose_no_post(shelf):
    first, second = await shelf.wxr(corpus_file(THEME)), await shelf.wxr(corpus_file(BLOCKS))
    assert (first.made["post"], second.made["post"], second.made["page"]) == (58, 61, 1)
    assert (await shelf.counts())["posts"] == 58 + 21 + 61 + 1
    assert second.here["tag"] > 0


async def test_naughty_strings_survive_as_titles(shelf, export):
    naughty = json.loads(corpus_file("strings/blns.json").read_text(encoding="utf-8"))
    # XML has no place for these signs, with or without escapes.
    fit = [text for text in naughty if all(sign in "\t\n" or (sign >= " " and sign not in "\x7f\ufffe\uffff") for sign in text)]
    titles = [" ".join(text.split()) for text in fit]
    path = export(
        *(guid(n, title=escape(text).replace("]]>", "]]&gt;"), post_name=f"n-{n}", status="draft") for n, text in enumerate(fit, 1))
    )
    applied = await shelf.wxr(path)
    stored = {row.slug: row.title for row in await shelf.all(Post)}
    assert applied.refused == ()
    assert len(stored) == len(fit) > 400
    lost = {title: stored[f"n-{n}"] for n, title in enumerate(titles, 1) if title != stored[f"n-{n}"]}
    assert lost == {"": "Untitled"}
