"""Names and labels of all kinds: what breaks other software is kept on one line, or refused with the field and the reason."""

import json
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from app.actor import Actor
from app.catalog.actions import save_category, save_field
from app.catalog.repository import CATEGORIES
from app.catalog.requests import SaveCategory, SaveField
from app.content.actions import save_author, save_menu, save_tag
from app.content.repository import AUTHORS, TAGS
from app.content.requests import SaveAuthor, SaveMenu, SaveTag
from app.db.database import Shared, TenantDatabase
from app.db.work import Work
from app.document.input import one_line
from app.document.snapshots import MenuItem
from app.errors import Invalid
from app.identity.actions import CreateKey, create_key
from app.identity.credentials import Passwords
from app.identity.people import People
from app.tenancy.actions import CreateSite, create_site
from tests.api.test_naughty import OWN
from tests.cast import Cast
from tests.imports.corpus import corpus_file

HARSH = [*OWN, "a\x00b", "\ud800 half", "x" * 1_000_000, " \t\n ", "two\nlines"]


async def kept_or_refused(work: Work, actor: Actor, cast: Cast, text: str) -> None:
    """A tag, a byline and a category of this name; one that is empty or too long is refused in words."""
    line = one_line(text)
    if not 0 < len(line) <= 120:
        with pytest.raises(Invalid) as caught:
            await save_tag(work, actor, SaveTag(site_id=cast.acme_site, label=text, slug=f"n-{uuid4().hex}"))
        assert all(len(said) > 10 for said in caught.value.fields.values())
        return
    tag = await save_tag(work, actor, SaveTag(site_id=cast.acme_site, label=text, slug=f"n-{uuid4().hex}"))
    author = await save_author(work, actor, SaveAuthor(name=text, slug=f"n-{uuid4().hex}", bio=text))
    category = await save_category(work, actor, SaveCategory(slug=f"n-{uuid4().hex}", label=text, labels={"de": text}))
    assert (await TAGS.get(work, tag.id)).label == line
    assert (await AUTHORS.get(work, author.id)).name == line
    stored = await CATEGORIES.get(work, category.id)
    assert (stored.label, stored.labels) == (line, {"de": line})


async def test_names_of_tags_bylines_and_categories(acme: TenantDatabase, cast: Cast) -> None:
    for text in HARSH:
        await acme.run(cast.alice, "name", lambda work, text=text: kept_or_refused(work, cast.alice, cast, text))


@pytest.mark.timeout(300)
async def test_every_naughty_string_as_a_name(acme: TenantDatabase, cast: Cast) -> None:
    strings = json.loads(corpus_file("strings/blns.json").read_text("utf-8"))

    async def act(work: Work, some: list[str]) -> None:
        for text in some:
            await kept_or_refused(work, cast.alice, cast, text)

    for start in range(0, len(strings), 20):
        await acme.run(cast.alice, "name", lambda work, start=start: act(work, strings[start : start + 20]))


Make = Callable[[Work, Actor, Cast, str], Awaitable[object]]
ACTS: dict[str, Make] = {
    "tag": lambda work, actor, cast, text: save_tag(work, actor, SaveTag(site_id=cast.acme_site, label=text)),
    "tag summary": lambda work, actor, cast, text: save_tag(work, actor, SaveTag(site_id=cast.acme_site, label="x", summary=text)),
    "byline": lambda work, actor, cast, text: save_author(work, actor, SaveAuthor(name=text)),
    "byline bio": lambda work, actor, cast, text: save_author(work, actor, SaveAuthor(name="x", bio=text)),
    "menu": lambda work, actor, cast, text: save_menu(
        work, actor, SaveMenu(site_id=cast.acme_site, lang="en", name="main", items=(MenuItem(label=text, url="/"),))
    ),
    "category": lambda work, actor, cast, text: save_category(work, actor, SaveCategory(slug="x", label=text)),
    "category label": lambda work, actor, cast, text: save_category(work, actor, SaveCategory(slug="x", label="x", labels={"de": text})),
    "field": lambda work, actor, cast, text: save_field(work, actor, SaveField(thing_type="post", code="x", label=text)),
    "key": lambda work, actor, cast, text: create_key(work, actor, CreateKey(name=text, scopes=("content:read",))),
    "site": lambda work, actor, cast, text: create_site(work, actor, CreateSite(slug="long-name", name=text, host="long-name.example")),
}


@pytest.mark.parametrize("name", ACTS)
async def test_a_name_of_a_megabyte_is_refused_with_the_limit(acme: TenantDatabase, cast: Cast, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        await acme.run(cast.alice, "name", lambda work: ACTS[name](work, cast.alice, cast, "x" * 1_000_000))
    said = " ".join(caught.value.fields.values())
    assert "120" in said or "10,000" in said


async def test_a_person_needs_a_name_and_an_address_that_can_be_kept(directory: Shared) -> None:
    passwords = Passwords()
    people = People(directory, passwords, b"x" * 32)
    for email, name in (
        ("a\x00b@example.org", "A"),
        ("a\x1bb@example.org", "A"),
        ("ok@example.org", " "),
        ("ok@example.org", "x" * 1_000_000),
    ):
        with pytest.raises(Invalid):
            await people.create_person(email, name)
    passwords.close()
