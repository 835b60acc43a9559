"""Tags, bylines and menus: small things with a history of their own."""

from uuid import UUID, uuid4

import pytest
from msgspec import structs
from sqlalchemy import select

from app import keys
from app.actor import Actor
from app.content.actions import save_author, save_menu, save_tag
from app.content.repository import find_author, find_menu, menus_of_site, tags_of_site
from app.content.requests import SaveAuthor, Saved, SaveMenu, SaveTag
from app.db.database import TenantDatabase
from app.db.record.tables import ThingVersion
from app.db.work import Reading
from app.document.snapshots import MenuItem
from app.errors import ChangedElsewhere, Forbidden, Invalid, NotFound, Taken
from tests.cast import Cast
from tests.content.acting import bumps


async def tag(db: TenantDatabase, actor: Actor, site_id: UUID, **request) -> Saved:
    asked = SaveTag(site_id=site_id, **request)
    return await db.run(actor, "save tag", lambda work: save_tag(work, actor, asked))


async def author(db: TenantDatabase, actor: Actor, **request) -> Saved:
    asked = SaveAuthor(**request)
    return await db.run(actor, "save byline", lambda work: save_author(work, actor, asked))


async def menu(
    db: TenantDatabase, actor: Actor, site_id: UUID, name: str, *items: MenuItem, lang: str = "en", expect: int | None = None
) -> Saved:
    asked = SaveMenu(site_id=site_id, lang=lang, name=name, items=items, expect=expect)
    return await db.run(actor, "save menu", lambda work: save_menu(work, actor, asked))


async def history(db: TenantDatabase, thing_id: UUID) -> list[tuple[str, int, dict]]:
    async def ask(reading: Reading):
        statement = select(ThingVersion.thing_type, ThingVersion.version, ThingVersion.payload).where(
            ThingVersion.customer_id == reading.customer_id, ThingVersion.thing_id == thing_id
        )
        return [tuple(row) for row in await reading.session.execute(statement.order_by(ThingVersion.version))]

    return await db.read(ask)


async def test_a_tag_has_labels_an_address_and_a_history(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    made = await tag(acme, cast.alice, cast.acme_site, label=f" Größe {unique} ", labels={"de": "Größe", "fr": " "}, summary="Sizes")
    assert made.slug == f"groesse-{unique}"
    before = await bumps(acme, keys.tag_tag(made.id))
    changed = await tag(acme, cast.alice, cast.acme_site, id=made.id, expect=1, label=f"Size {unique}")
    assert (changed.version, changed.slug) == (2, made.slug)
    assert (await bumps(acme, keys.tag_tag(made.id)))[keys.tag_tag(made.id)] == before[keys.tag_tag(made.id)] + 1
    assert [(kind, version, payload["label"], payload["labels"]) for kind, version, payload in await history(acme, made.id)] == [
        ("tag", 1, f"Größe {unique}", {"de": "Größe"}), ("tag", 2, f"Size {unique}", {}),
    ]  # fmt: skip
    assert made.id in [row.id for row in await acme.read(lambda reading: tags_of_site(reading, cast.acme_site))]


async def test_tags_with_one_address_are_refused(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    first = await tag(acme, cast.alice, cast.acme_site, label=unique)
    with pytest.raises(Taken, match=f"“{unique}” already"):
        await tag(acme, cast.alice, cast.acme_site, label=unique)
    assert (await tag(acme, cast.alice, cast.acme_site, id=first.id, label="Other", slug=unique)).version == 2


async def test_tags_refuse_who_may_not_and_what_cannot_be(acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    made = await tag(acme, cast.alice, cast.acme_site, label=unique)
    for person in (cast.bob, cast.rita):
        with pytest.raises(Forbidden):
            await tag(acme, person, cast.acme_site, id=made.id, label="x")
    with pytest.raises(NotFound):
        await tag(globex, cast.mallory, cast.globex_site, id=made.id, label="x")
    with pytest.raises(NotFound):
        await tag(globex, cast.mallory, cast.acme_site, label="x")
    with pytest.raises(ChangedElsewhere):
        await tag(acme, cast.alice, cast.acme_site, id=made.id, expect=3, label="x")
    for field, request in {
        "label": {"label": " "}, "slug": {"label": "x", "slug": "No Address"}, "site_id": {"label": "x", "id": made.id},
    }.items():  # fmt: skip
        with pytest.raises(Invalid) as caught:
            await tag(acme, cast.alice, uuid4() if field == "site_id" else cast.acme_site, **request)
        assert list(caught.value.fields) == [field]


async def test_a_byline_takes_a_free_address_and_keeps_it(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    first = await author(acme, cast.alice, name=f"Ines {unique}", bio="Roasts.", texts={"de": {"bio": "Röstet."}})
    second = await author(acme, cast.alice, name=f"Ines {unique}")
    assert (first.slug, second.slug) == (f"ines-{unique}", f"ines-{unique}-2")
    with pytest.raises(Taken, match="Ines"):
        await author(acme, cast.alice, name="Other", slug=first.slug)
    changed = await author(acme, cast.alice, id=first.id, expect=1, name="Ines Calder")
    assert (changed.version, changed.slug) == (2, first.slug)
    row = await acme.read(lambda reading: find_author(reading, first.slug))
    assert row is not None
    assert (row.name, row.bio) == ("Ines Calder", "")
    assert [version for _, version, _ in await history(acme, first.id)] == [1, 2]
    assert (await bumps(acme, keys.author_tag(first.id)))[keys.author_tag(first.id)] == 1


async def test_bylines_refuse_who_may_not_and_what_cannot_be(acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    made = await author(acme, cast.alice, name=unique)
    for person in (cast.bob, cast.rita):
        with pytest.raises(Forbidden):
            await author(acme, person, name="x")
    with pytest.raises(NotFound):
        await author(globex, cast.mallory, id=made.id, name="x")
    with pytest.raises(ChangedElsewhere):
        await author(acme, cast.alice, id=made.id, expect=9, name="x")
    for field, request in {
        "name": {"name": ""}, "texts": {"name": "x", "texts": {"de": {"salary": "1"}}}, "image_id": {"name": "x", "image_id": uuid4()},
    }.items():  # fmt: skip
        with pytest.raises(Invalid) as caught:
            await author(acme, cast.alice, **request)
        assert list(caught.value.fields) == [field]


async def test_a_menu_is_set_as_a_whole_and_shown_at_once(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    before = await bumps(acme, keys.menu_tag(cast.acme_site))
    water = MenuItem(label=" Water ", url="/handbook/water/")
    made = await menu(
        acme,
        cast.alice,
        cast.acme_site,
        unique,
        MenuItem(label="Foundations", children=(water,)),
        MenuItem(label="Out", url="https://x.example/"),
    )
    row = await acme.read(lambda reading: find_menu(reading, cast.acme_site, "en", unique))
    assert row is not None
    assert row.items == [
        {"label": "Foundations", "url": None, "children": [{"label": "Water", "url": "/handbook/water/", "children": []}]},
        {"label": "Out", "url": "https://x.example/", "children": []},
    ]
    changed = await menu(acme, cast.alice, cast.acme_site, unique, expect=1)
    assert (changed.id, changed.version) == (made.id, 2)
    assert [(version, len(payload["items"])) for _, version, payload in await history(acme, made.id)] == [(1, 2), (2, 0)]
    assert (await bumps(acme, keys.menu_tag(cast.acme_site))).popitem()[1] == before.popitem()[1] + 2
    assert unique in [one.name for one in await acme.read(lambda reading: menus_of_site(reading, cast.acme_site))]


def deep(levels: int) -> MenuItem:
    item = MenuItem(label="end", url="/")
    for number in range(levels - 1):
        item = MenuItem(label=str(number), children=(item,))
    return item


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (MenuItem(label=" "), "has no label"),
        (MenuItem(label="x" * 121), "longer than 120"),
        (MenuItem(label="Run", url="javascript:alert(1)"), "“Run” leads nowhere"),
        (MenuItem(label="Run", url=" java\nscript:x"), "leads nowhere"),
        (MenuItem(label="Away", url="//evil.example/"), "leads nowhere"),
        (MenuItem(label="Back", url="/\\evil.example/"), "leads nowhere"),
        (deep(11), "at most 10 levels"),
        (MenuItem(label="Many", children=tuple(MenuItem(label="x") for _ in range(1000))), "at most 1,000"),
    ],
)
async def test_a_menu_refuses_what_would_lead_nowhere(acme: TenantDatabase, cast: Cast, unique: str, item: MenuItem, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        await menu(acme, cast.alice, cast.acme_site, unique, item)
    assert words in caught.value.fields["items"]


async def test_menus_refuse_who_may_not_and_what_cannot_be(acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    await menu(acme, cast.alice, cast.acme_site, unique, deep(10))
    for person in (cast.bob, cast.rita):
        with pytest.raises(Forbidden):
            await menu(acme, person, cast.acme_site, unique)
    with pytest.raises(NotFound):
        await menu(globex, cast.mallory, cast.acme_site, unique)
    with pytest.raises(ChangedElsewhere) as caught:
        await menu(acme, cast.alice, cast.acme_site, unique, expect=5)
    assert caught.value.thing.name == unique
    for field, request in {"name": ("Main menu", "en"), "lang": (unique, "de")}.items():
        with pytest.raises(Invalid) as wrong:
            await menu(acme, cast.alice, cast.acme_site, request[0], lang=request[1])
        assert list(wrong.value.fields) == [field]


async def test_a_member_of_one_site_changes_no_menu_of_another(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    with pytest.raises(Forbidden):
        await menu(acme, structs.replace(cast.alice, site_id=uuid4()), cast.acme_site, unique)
