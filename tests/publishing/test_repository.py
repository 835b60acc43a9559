"""Reads of what is live: of one site of one customer, without bodies where nobody needs them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from app.actor import Actor
from app.catalog.actions import publish_product, save_product
from app.catalog.requests import SaveProduct, SaveVariant
from app.db.database import TenantDatabase
from app.publishing import repository
from app.publishing.repository import NEWEST, posts_shelf, products_shelf
from app.publishing.visits import Edge
from tests.cast import Cast
from tests.content.acting import publish, save, unpublish


async def live_post(db: TenantDatabase, actor: Actor, site_id: UUID, title: str, **fields) -> UUID:
    saved = await save(db, actor, site_id, title=title, body_source=f"<h2>Part</h2><p>{title}</p>", **fields)
    await publish(db, actor, saved.id)
    return saved.id


async def live_product(db: TenantDatabase, actor: Actor, title: str, **fields) -> UUID:
    asked = SaveProduct(
        **{
            "title": title,
            "lang": "en",
            "currency": "EUR",
            "variants": (SaveVariant(sku=uuid4().hex, retail=500, wholesale=321),),
            **fields,
        }
    )
    saved = await db.run(actor, "save", lambda work: save_product(work, actor, asked))
    await db.run(actor, "publish", lambda work: publish_product(work, actor, saved.id, None))
    return saved.id


async def test_cards_have_everything_but_the_body(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    post = await live_post(acme, cast.alice, cast.acme_site, unique, summary="short", published_at=datetime(2999, 1, 1, tzinfo=UTC))
    product = await live_product(acme, cast.alice, unique, body_source="<h2>Part</h2>", published_at=datetime(2999, 1, 1, tzinfo=UTC))
    cards = await acme.read(lambda reading: posts_shelf(cast.acme_site, "en").newest(reading, 1))
    whole = await acme.read(lambda reading: posts_shelf(cast.acme_site, "en", has_bodies=True).newest(reading, 1))
    shown = await acme.read(lambda reading: products_shelf(cast.acme_site, "en").newest(reading, 1))
    assert [(x.id, x.title, x.summary, x.html, x.toc) for x in cards] == [(post, unique, "short", "", ())]
    assert whole[0].html.endswith(f"<p>{unique}</p>")
    assert [(x.text.id, x.text.html, x.text.toc) for x in shown] == [(product, "", ())]
    await unpublish(acme, cast.alice, post)


async def test_a_shelf_is_read_in_both_directions_from_an_edge(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    at = [datetime(2001, 1, day, tzinfo=UTC) for day in (1, 2, 3)]
    ids = [await live_post(acme, cast.alice, cast.acme_site, f"{unique} {x.day}", published_at=x) for x in at]
    shelf, middle = posts_shelf(cast.acme_site, "en"), Edge(at[1], ids[1])
    older = await acme.read(lambda reading: shelf.after(reading, middle, 1))
    newer = await acme.read(lambda reading: shelf.after(reading, middle, 1, is_upward=True))
    around = await acme.read(lambda reading: shelf.around(reading, middle))
    assert [entry.edge for entry in (*older, *newer)] == [Edge(at[0], ids[0]), Edge(at[2], ids[2])]
    assert [x.id for x in around] == [ids[0], ids[2]]
    assert await acme.read(lambda reading: shelf.count_after(reading, Edge(at[0], ids[0]), 2, is_upward=True)) == 2


async def test_nothing_of_a_site_is_read_by_another_customer(acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    key = uuid4()
    post = await live_post(acme, cast.alice, cast.acme_site, unique, slug=unique, tags=(unique,), translation_key=key)
    product = await live_product(acme, cast.alice, unique, slug=unique, posts=(post,))
    site = cast.acme_site

    async def everything(reading) -> dict[str, bool]:
        return {
            "post": await repository.find_post(reading, site, "post", "en", unique) is not None,
            "posts": bool(await repository.posts_by_id(reading, site, [post])),
            "translations": bool(await repository.translations_of_post(reading, site, "post", str(key))),
            "tag": await repository.find_tag(reading, site, unique) is not None,
            "product": await repository.find_product(reading, site, "en", unique) is not None,
            "products": product in [x.text.id for x in await repository.products_about(reading, site, "en", post, 9)],
            "list": bool(await posts_shelf(site, "en").after(reading, NEWEST, 1)),
            "shelf": bool(await products_shelf(site, "en").after(reading, NEWEST, 1)),
            "languages": bool(await repository.languages_with_content(reading, site, ["en"])),
        }

    assert set((await acme.read(everything)).values()) == {True}
    assert set((await globex.read(everything)).values()) == {False}


async def test_a_relation_that_waits_for_publishing_is_not_shown(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    post = await live_post(acme, cast.alice, cast.acme_site, unique)
    product = await live_product(acme, cast.alice, unique)
    waiting = SaveProduct(
        title=unique, lang="en", currency="EUR", id=product, posts=(post,), variants=(SaveVariant(sku=f"{unique}-2", retail=5),)
    )
    await acme.run(cast.alice, "save", lambda work: save_product(work, cast.alice, waiting))

    async def beside(reading) -> list[UUID]:
        return [x.text.id for x in await repository.products_about(reading, cast.acme_site, "en", post, 9)]

    assert await acme.read(beside) == []
    await acme.run(cast.alice, "publish", lambda work: publish_product(work, cast.alice, product, None))
    assert await acme.read(beside) == [product]


async def test_pages_near_are_those_below_and_those_named(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    for path in (unique, f"{unique}/a", f"{unique}/a/b", f"{unique}-other", f"{unique}x/c"):
        await live_post(acme, cast.alice, cast.acme_site, path, kind="page", slug=path)
    near = await acme.read(lambda reading: repository.pages_near(reading, cast.acme_site, "en", unique, [f"{unique}-other", "none"]))
    assert sorted(x.slug for x in near) == [f"{unique}-other", f"{unique}/a", f"{unique}/a/b"]
