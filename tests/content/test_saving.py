"""Saving a post: what is kept, what is refused and in which words, and that nobody's text is lost."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from msgspec import structs
from sqlalchemy import event

from app.actor import Actor
from app.content.repository import tags_of_posts, tags_of_site, version_of_post, versions_of_post
from app.db.database import Tenancy, TenantDatabase
from app.errors import ChangedElsewhere, Conflict, Forbidden, Invalid, NotFound, Taken
from app.settings import LIMITS
from tests.cast import Cast
from tests.content.acting import events, live, post, publish, save, trash

BODY = "<p>One <script>alert(1)</script>two.</p>"


async def test_a_new_post_is_a_draft_with_a_first_version(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=f"  Kenya\n Nyeri {unique} ", summary=" Fruit. ", body_source=BODY)
    kept = await post(acme, saved.id)
    assert (kept.title, kept.summary, kept.slug) == (f"Kenya Nyeri {unique}", "Fruit.", f"kenya-nyeri-{unique}")
    assert (kept.state, kept.version, kept.created_by, kept.published_at) == ("draft", 1, cast.bob.id, None)
    assert (saved.version, saved.slug) == (1, kept.slug)
    stored = await acme.read(lambda reading: version_of_post(reading, saved.id, 1))
    assert (stored.kind, stored.actor_name, stored.payload["title"], stored.payload["tags"]) == ("saved", "Bob", kept.title, [])
    assert await live(acme, saved.id) is None


async def test_the_body_is_kept_word_for_word_and_the_answer_says_what_publishing_drops(
    acme: TenantDatabase, cast: Cast, unique: str
) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique, body_source=BODY)
    assert (await post(acme, saved.id)).body_source == BODY
    assert any("script" in words for words in saved.dropped)
    markdown = await save(acme, cast.bob, cast.acme_site, title=unique, body_source="# <script>", body_format="markdown")
    assert (markdown.dropped, (await post(acme, markdown.id)).body_source) == ((), "# <script>")


async def test_a_change_raises_the_version_and_keeps_the_address(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    first = await save(acme, cast.bob, cast.acme_site, title=unique)
    second = await save(acme, cast.bob, cast.acme_site, id=first.id, expect=1, title="Another title altogether", body_source="<p>New.</p>")
    assert (second.version, second.slug) == (2, unique)
    versions = await acme.read(lambda reading: versions_of_post(reading, first.id))
    assert [(row.version, row.kind, row.title) for row in versions] == [(2, "saved", "Another title altogether"), (1, "saved", unique)]
    assert set((await events(acme, first.id))[-1].fields) == {"title", "body_source", "updated_at"}


async def test_saving_the_same_again_leaves_no_version(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    request = {"title": unique, "tags": (f"Tag {unique}",), "fields": {"level": "Easy"}, "summary": "Yes."}
    first = await save(acme, cast.alice, cast.acme_site, **request)
    again = await save(acme, cast.alice, cast.acme_site, id=first.id, expect=1, **request)
    assert again.version == 1
    assert (await save(acme, cast.alice, cast.acme_site, id=first.id, expect=1, **request | {"tags": ()})).version == 2


async def test_an_autosave_is_a_version_of_its_own_kind(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    await save(acme, cast.bob, cast.acme_site, id=saved.id, expect=1, title=unique, body_source="<p>More</p>", is_autosave=True)
    assert [row.kind for row in await acme.read(lambda reading: versions_of_post(reading, saved.id))] == ["autosaved", "saved"]


async def test_a_stale_save_carries_the_present_post_and_changes_nothing(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique, body_source="first")
    await save(acme, cast.alice, cast.acme_site, id=saved.id, expect=1, title=unique, body_source="Alice's words")
    with pytest.raises(ChangedElsewhere) as caught:
        await save(acme, cast.bob, cast.acme_site, id=saved.id, expect=1, title=unique, body_source="Bob's words")
    assert (caught.value.expected, caught.value.current, caught.value.thing.body_source) == (1, 2, "Alice's words")
    assert (await post(acme, saved.id)).body_source == "Alice's words"


async def test_a_stranger_finds_nothing(acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    with pytest.raises(NotFound):
        await save(globex, cast.mallory, cast.globex_site, id=saved.id, title="mine now")
    with pytest.raises(NotFound):
        await save(globex, cast.mallory, cast.acme_site, title="on somebody else's site")
    assert (await post(acme, saved.id)).title == unique


async def test_a_reader_may_not_write(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    with pytest.raises(Forbidden) as caught:
        await save(acme, cast.rita, cast.acme_site, title=unique)
    assert caught.value.needs == "role author, editor or owner"
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    with pytest.raises(Forbidden):
        await save(acme, cast.rita, cast.acme_site, id=saved.id, expect=1, title="changed")


async def test_an_author_changes_only_his_own_posts_and_no_page(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    alices = await save(acme, cast.alice, cast.acme_site, title=unique)
    with pytest.raises(Forbidden, match="somebody else"):
        await save(acme, cast.bob, cast.acme_site, id=alices.id, expect=1, title="Bob was here")
    with pytest.raises(Forbidden, match="pages"):
        await save(acme, cast.bob, cast.acme_site, kind="page", title=unique)
    bobs = await save(acme, cast.bob, cast.acme_site, title=unique)
    assert (await save(acme, cast.bob, cast.acme_site, id=bobs.id, expect=1, title="Mine")).version == 2


async def test_a_member_of_one_site_writes_there_alone(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    guest = structs.replace(cast.bob, site_id=uuid4())
    with pytest.raises(Forbidden, match="this site"):
        await save(acme, guest, cast.acme_site, title=unique)


async def test_a_key_needs_the_scope(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    key = Actor(kind="key", door="api", name="shop", id=uuid4(), customer_id=cast.acme, scopes=frozenset({"content:write"}))
    assert (await save(acme, key, cast.acme_site, title=unique)).version == 1
    with pytest.raises(Forbidden):
        await save(acme, structs.replace(key, scopes=frozenset({"content:read"})), cast.acme_site, title=unique)


@pytest.mark.parametrize(
    ("field", "request_", "words"),
    [
        ("title", {"title": " \n "}, "Write a title."),
        ("title", {"title": "x" * (LIMITS.title_characters + 1)}, "501 characters. Shorten it to 500"),
        ("body_source", {"body_source": "é" * (LIMITS.body_bytes // 2 + 1)}, "1,000,002 bytes"),
        ("lang", {"lang": "de"}, "no language “de”. Choose en."),
        ("slug", {"slug": "Nyeri AA"}, "“nyeri-aa” would do."),
        ("slug", {"slug": "a/b"}, "“a-b” would do."),
        ("slug", {"slug": "x" * 81}, "letters, digits and single hyphens"),
        ("author_id", {"author_id": uuid4()}, "no such byline"),
        ("cover_id", {"cover_id": uuid4()}, "no such picture"),
        ("tags", {"tags": ("nowhere to be found",)}, "ask an editor to add it"),
        ("tags", {"tags": ("x" * 121,)}, "longer than 120"),
        ("tags", {"tags": tuple(str(n) for n in range(101))}, "101 tags"),
        ("fields", {"fields": {"Brew time": "3"}}, "brew_time"),
        ("fields", {"fields": {"weight": float("inf")}}, "too large"),
        ("fields", {"fields": {"weight": float("nan")}}, "too large"),
        ("published_at", {"published_at": datetime(2026, 1, 1)}, "time zone"),  # noqa: DTZ001
        ("summary", {"summary": "x" * 10_001}, "10,001 characters"),
        ("position", {"position": 2**60}, "too large"),
    ],
)
async def test_bad_input_names_the_field_and_the_remedy(
    acme: TenantDatabase, cast: Cast, unique: str, field: str, request_: dict, words: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await save(acme, cast.bob, cast.acme_site, **{"title": unique, **request_})
    assert list(caught.value.fields) == [field]
    assert words in caught.value.fields[field]


async def test_all_bad_fields_are_named_at_once(acme: TenantDatabase, cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        await save(acme, cast.bob, cast.acme_site, title="", summary="x" * 10_001, fields={"": 1})
    assert set(caught.value.fields) == {"title", "summary", "fields"}


async def test_the_limits_themselves_are_allowed(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    title = unique + "x" * (LIMITS.title_characters - len(unique))
    saved = await save(acme, cast.bob, cast.acme_site, title=title, body_source="x" * LIMITS.body_bytes)
    assert len((await post(acme, saved.id)).title) == 500


async def test_what_no_database_can_keep_is_left_out(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=f"{unique}\x00", body_source="a\x00b\ud800c", fields={"code": "\x00z"})
    kept = await post(acme, saved.id)
    assert (kept.title, kept.body_source, kept.fields) == (unique, "ab\ufffdc", {"code": "z"})


async def test_a_taken_address_offers_a_free_one(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    await save(acme, cast.alice, cast.acme_site, title="Decaf without regret", slug=unique)
    with pytest.raises(Taken) as caught:
        await save(acme, cast.bob, cast.acme_site, title="Other", slug=unique)
    assert (caught.value.field, caught.value.free) == ("slug", f"{unique}-2")
    assert "“Decaf without regret” already has this address" in caught.value.detail
    second = await save(acme, cast.bob, cast.acme_site, title="Other", slug=caught.value.free)
    with pytest.raises(Taken) as caught:
        await save(acme, cast.bob, cast.acme_site, id=second.id, expect=1, title="Other", slug=unique)
    assert caught.value.free == f"{unique}-2"


async def test_an_address_that_only_visitors_know_is_taken_too(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    first = await save(acme, cast.alice, cast.acme_site, title="Live one", slug=unique)
    await publish(acme, cast.alice, first.id)
    await save(acme, cast.alice, cast.acme_site, id=first.id, title="Live one", slug=f"{unique}-moved")
    with pytest.raises(Taken, match="Live one"):
        await save(acme, cast.bob, cast.acme_site, title="Other", slug=unique)


async def test_a_title_that_is_used_again_gets_a_number(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    slugs = [(await save(acme, cast.bob, cast.acme_site, title=unique)).slug for _ in range(3)]
    assert slugs == [unique, f"{unique}-2", f"{unique}-3"]


async def test_the_same_address_is_free_for_another_kind_language_and_in_the_trash(globex: TenantDatabase, cast: Cast, unique: str) -> None:
    english = await save(globex, cast.mallory, cast.globex_site, title="A", slug=unique)
    await save(globex, cast.mallory, cast.globex_site, title="B", slug=unique, lang="de")
    await save(globex, cast.mallory, cast.globex_site, title="C", slug=unique, kind="page")
    await trash(globex, cast.mallory, english.id)
    assert (await save(globex, cast.mallory, cast.globex_site, title="D", slug=unique)).slug == unique


async def test_changing_the_language_asks_for_the_address_there(globex: TenantDatabase, cast: Cast, unique: str) -> None:
    await save(globex, cast.mallory, cast.globex_site, title="Deutsch", slug=unique, lang="de")
    english = await save(globex, cast.mallory, cast.globex_site, title="English", slug=unique)
    with pytest.raises(Taken, match="Deutsch"):
        await save(globex, cast.mallory, cast.globex_site, id=english.id, expect=1, title="English", slug=unique, lang="de")
    with pytest.raises(Invalid, match="fields"):
        await save(globex, cast.mallory, cast.globex_site, id=english.id, expect=1, title="English", lang="fr")


@pytest.mark.parametrize("slug", ["posts", "search/engines", "de", "de/about", "2026", "products", "fr", "-"])
async def test_addresses_of_the_platform_are_kept_from_pages(acme: TenantDatabase, cast: Cast, slug: str) -> None:
    with pytest.raises(Invalid) as caught:
        await save(acme, cast.alice, cast.acme_site, kind="page", title="Page", slug=slug)
    assert list(caught.value.fields) == ["slug"]


async def test_a_title_that_would_give_a_kept_address_gets_a_number(acme: TenantDatabase, cast: Cast) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, kind="page", title="Search")
    assert saved.slug.startswith("search-")


async def test_a_page_has_a_path_and_needs_no_parent(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    page = await save(acme, cast.alice, cast.acme_site, kind="page", title="Water", slug=f"/{unique}/water/", position=3)
    assert (page.slug, (await post(acme, page.id)).position) == (f"{unique}/water", 3)
    for wrong in (f"{unique}//water", f"{unique}/Hard water", f"{unique}/../water"):
        with pytest.raises(Invalid):
            await save(acme, cast.alice, cast.acme_site, kind="page", title="Water", slug=wrong)


async def test_a_post_does_not_become_a_page_or_leave_its_site(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, title=unique)
    with pytest.raises(Invalid):
        await save(acme, cast.alice, cast.acme_site, id=saved.id, expect=1, title=unique, kind="page")


async def test_tags_are_found_by_slug_and_label_and_made_when_new(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    first = await save(acme, cast.alice, cast.acme_site, title=unique, tags=(f"Roast {unique}", f"Brew {unique}", f"roast {unique}"))
    second = await save(acme, cast.bob, cast.acme_site, title=unique, tags=(f"brew-{unique}", f"ROAST {unique}"))
    tags = await acme.read(lambda reading: tags_of_posts(reading, [first.id, second.id]))
    assert [tag.label for tag in tags[first.id]] == [f"Roast {unique}", f"Brew {unique}"]
    assert [tag.id for tag in tags[second.id]] == [tag.id for tag in reversed(tags[first.id])]
    assert [tag.slug for tag in await acme.read(lambda reading: tags_of_site(reading, cast.acme_site)) if unique in tag.slug] == [
        f"brew-{unique}", f"roast-{unique}",
    ]  # fmt: skip
    assert [event.kind for event in await events(acme, tags[first.id][0].id)] == ["saved"]


async def test_tags_are_exchanged_and_kept_in_order(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    a, b, c = (f"{letter}{unique}" for letter in "abc")
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, tags=(a, b))
    await save(acme, cast.alice, cast.acme_site, id=saved.id, expect=1, title=unique, tags=(c, a))
    tags = await acme.read(lambda reading: tags_of_posts(reading, [saved.id]))
    assert [tag.label for tag in tags[saved.id]] == [c, a]
    assert (await events(acme, saved.id))[-1].fields == ["updated_at", "tags"]
    stored = await acme.read(lambda reading: version_of_post(reading, saved.id, 2))
    assert [mark["label"] for mark in stored.payload["tags"]] == [c, a]


async def test_imports_give_the_dates(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    first, last = datetime(2019, 5, 1, tzinfo=UTC), datetime(2020, 6, 2, tzinfo=UTC)
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, published_at=first, updated_at=last)
    kept = await post(acme, saved.id)
    assert (kept.published_at, kept.updated_at) == (first, last)
    await save(acme, cast.alice, cast.acme_site, id=saved.id, expect=1, title="Changed")
    kept = await post(acme, saved.id)
    assert kept.published_at == first
    assert kept.updated_at > last


async def test_a_trashed_post_is_not_edited_there(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await save(acme, cast.bob, cast.acme_site, title=unique)
    await trash(acme, cast.bob, saved.id)
    with pytest.raises(Conflict, match="in the trash"):
        await save(acme, cast.bob, cast.acme_site, id=saved.id, title="x")


@pytest.fixture
def statements(tenancy: Tenancy):
    """Every statement that the role `app` sends while the fixture is in use."""
    sent: list[str] = []
    engine = tenancy._transactions.engine.sync_engine

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.usefixtures("undisturbed")
async def test_a_save_is_about_ten_statements(acme: TenantDatabase, cast: Cast, unique: str, statements: list[str]) -> None:
    tags = (f"a{unique}", f"b{unique}")
    saved = await save(acme, cast.alice, cast.acme_site, title=unique, tags=tags)
    statements.clear()
    await save(acme, cast.alice, cast.acme_site, id=saved.id, expect=1, title=unique, tags=tags, body_source="<p>More</p>")
    assert len(statements) <= 10, statements
    assert not [text for text in statements if text.startswith("UPDATE") and "content.posts" not in text]


@pytest.mark.usefixtures("undisturbed")
async def test_two_saves_of_different_posts_touch_no_common_row(
    acme: TenantDatabase, cast: Cast, unique: str, statements: list[str]
) -> None:
    saved = await save(acme, cast.alice, cast.acme_site, title=unique)
    statements.clear()
    await save(acme, cast.alice, cast.acme_site, id=saved.id, expect=1, title="Changed")
    written = [text.split()[:3] for text in statements if text.split()[0] in ("UPDATE", "DELETE")]
    assert written == [["UPDATE", "content.posts", "SET"]]


async def test_a_form_that_is_sent_twice_makes_one_post(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    once = uuid4()
    first = await save(acme, cast.bob, cast.acme_site, title=unique, new_id=once)
    second = await save(acme, cast.bob, cast.acme_site, title=unique, new_id=once)
    assert (first.id, second.id, second.version) == (once, once, 1)


async def test_the_id_of_somebody_elses_post_cannot_be_taken(acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    hers = await save(acme, cast.alice, cast.acme_site, title=unique)
    with pytest.raises(Forbidden):
        await save(acme, cast.bob, cast.acme_site, title="Mine", new_id=hers.id)
    theirs = await save(globex, cast.mallory, cast.globex_site, title="Other", new_id=hers.id)
    assert theirs.version == 1
    assert (await post(acme, hers.id)).title == unique
