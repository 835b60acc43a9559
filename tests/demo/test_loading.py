"""The demonstration is what its files say, once, with dates of today and prices whose history the law can read."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from app.audit.repository import recent_acts
from app.catalog.models import Category, FieldDefinition, Product
from app.catalog.repository import CATEGORIES, FIELDS, PRODUCTS, parts_of, price_history, publications_of
from app.content.models import Author, Menu, Post, Tag
from app.content.repository import AUTHORS, MENUS, POSTS, TAGS, find_publication
from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.rules import shared_rules, tenant_rules
from app.db.work import Reading
from app.demo.loading import Loader
from app.demo.stories import KEYS, Story, read_story
from app.document.snapshots import ProductOffer
from app.errors import Conflict
from app.media.models import Media
from app.media.repository import MEDIA, pictures
from app.media.storage import LocalStorage, stored_name
from app.tenancy.repository import domains_of_site, languages_of_site, site_by_slug, theme_of_site
from tests.cast import make_customer
from tests.installations import installation

STORIES = {key: read_story(key) for key in KEYS}


@pytest.fixture(scope="module")
def demo_addresses(admin_url: str) -> Iterator[dict[str, str]]:
    """An installation in which nobody else has made an Acme."""
    with installation(admin_url) as made:
        yield made


@pytest.fixture(scope="module")
async def loader(demo_addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Loader]:
    backoffice = open_engine(demo_addresses["backoffice"], rules=tenant_rules(Base.metadata))
    directory = open_engine(demo_addresses["directory"], rules=shared_rules(Base.metadata, "directory"))
    yield Loader(Tenancy(backoffice), Shared(directory), LocalStorage(tmp_path_factory.mktemp("media")), "localhost")
    await backoffice.dispose()
    await directory.dispose()


@pytest.fixture(scope="module")
async def visitors(demo_addresses: dict[str, str]) -> AsyncIterator[Tenancy]:
    """What the role of the doors sees of it."""
    engine = open_engine(demo_addresses["app"], rules=tenant_rules(Base.metadata))
    yield Tenancy(engine)
    await engine.dispose()


@pytest.fixture(scope="module")
async def loaded(loader: Loader) -> dict[str, UUID]:
    return await loader.load()


async def counts(reading: Reading) -> Counter[str]:
    """How many of everything a customer has."""
    posts = await POSTS.page(reading, order=(Post.id,), limit=1000)
    products = await PRODUCTS.page(reading, order=(Product.id,), limit=1000)
    parts = await parts_of(reading, [row.id for row in products])
    lists = {
        "media": await MEDIA.page(reading, order=(Media.id,), limit=1000),
        "authors": await AUTHORS.page(reading, order=(Author.id,), limit=1000),
        "tags": await TAGS.page(reading, order=(Tag.id,), limit=1000),
        "menus": await MENUS.page(reading, order=(Menu.id,), limit=1000),
        "categories": await CATEGORIES.page(reading, order=(Category.id,), limit=1000),
        "fields": await FIELDS.page(reading, order=(FieldDefinition.id,), limit=1000),
        "products": products,
    }
    found = Counter({name: len(rows) for name, rows in lists.items()})
    found.update(f"{post.kind}s" for post in posts)
    found["variants"] = sum(len(part.variants) for part in parts.values())
    found["publications"] = len([post for post in posts if await find_publication(reading, post.id)])
    found["product publications"] = sum(len(rows) for rows in (await publications_of(reading, [row.id for row in products])).values())
    return found


def told(story: Story) -> dict[str, int]:
    """The same, as the files tell it."""
    site = story.site

    def size(level: list[dict[str, Any]]) -> int:
        return sum(1 + size(category["children"]) for category in level)

    fields = {
        (kind, code)
        for kind, things in (("post", story.posts), ("product", story.products))
        for thing in things
        for code in thing["fields"]
    }
    return {
        "media": len(story.media),
        "authors": len(site["authors"]),
        "tags": len(site["tags"]),
        "menus": sum(len(menus) for menus in site["menus"].values()),
        "categories": size(site["categories"]),
        "fields": len(fields),
        "posts": len(story.posts),
        "pages": len(story.pages),
        "products": len(story.products),
        "variants": sum(len(product["variants"]) for product in story.products),
        "publications": len(story.posts) + len(story.pages),
        "product publications": len(story.products),
    }


@pytest.mark.parametrize("key", KEYS)
async def test_everything_of_the_files_is_there_and_live(visitors: Tenancy, loaded: dict[str, UUID], key: str) -> None:
    assert await visitors.of(loaded[key]).read(counts) == told(STORIES[key])


async def test_loading_again_makes_nothing_twice(loader: Loader, visitors: Tenancy, loaded: dict[str, UUID]) -> None:
    before = {key: await visitors.of(loaded[key]).read(lambda reading: recent_acts(reading, limit=100)) for key in KEYS}
    assert await loader.load() == loaded
    for key in KEYS:
        assert await visitors.of(loaded[key]).read(lambda reading: recent_acts(reading, limit=100)) == before[key]
        assert len(before[key]) == 5
        assert {(act.actor_kind, act.actor_name, act.door) for act in before[key]} == {("system", "demonstration", "demo")}


@pytest.mark.parametrize("key", KEYS)
async def test_the_site_says_what_its_file_says(visitors: Tenancy, loaded: dict[str, UUID], key: str) -> None:
    said = STORIES[key].site["site"]

    async def look(reading: Reading) -> None:
        site = await site_by_slug(reading, key)
        assert (site.name, site.lang, site.currency, site.timezone) == (said["name"], said["locale"], said["currency"], said["timezone"])
        assert {name: site.settings[name] for name in ("tagline", "tax_note", "posts_per_page", "social")} == {
            name: said[name] for name in ("tagline", "tax_note", "posts_per_page", "social")
        }
        assert (site.settings["logo"], site.settings["docs_menu"]) == (said["theme"]["logo"], said["theme"]["docs_menu"])
        theme = await theme_of_site(reading, site.id)
        assert (theme.theme, theme.settings["accent"]) == (said["theme"]["name"], said["theme"]["accent"])
        languages = await languages_of_site(reading, site.id)
        assert [language.lang for language in languages] == said["locales"]
        assert [language.texts.get("tagline") for language in languages[1:]] == [
            said["translations"][lang]["tagline"] for lang in said["locales"][1:]
        ]
        (domain,) = await domains_of_site(reading, site.id)
        assert (domain.host, domain.is_primary, domain.is_built_in) == (f"{key}.localhost", True, True)

    await visitors.of(loaded[key]).read(look)


async def test_the_newest_post_is_of_yesterday_and_nothing_lies_ahead(visitors: Tenancy, loaded: dict[str, UUID]) -> None:
    dates = []
    for key in KEYS:
        rows = await visitors.of(loaded[key]).read(lambda reading: POSTS.page(reading, order=(Post.id,), limit=1000))
        dates += [row.published_at for row in rows if row.published_at is not None]
    assert max(dates).date() == (datetime.now(UTC) - timedelta(days=1)).date()
    first, last = (datetime.fromisoformat(text) for text in ("2026-10-20T06:30:00Z", "2026-10-27T10:00:00Z"))
    assert last - first in {max(dates) - moment for moment in dates}


@pytest.mark.parametrize("key", KEYS)
async def test_sales_are_on_and_name_the_lowest_price_of_thirty_days(visitors: Tenancy, loaded: dict[str, UUID], key: str) -> None:
    raw = {variant["sku"]: variant for product in STORIES[key].products for variant in product["variants"]}

    async def look(reading: Reading) -> list[tuple[str, int | None, datetime, datetime]]:
        products = await PRODUCTS.page(reading, order=(Product.id,), limit=1000)
        live = await publications_of(reading, [row.id for row in products])
        offers = [msgspec.convert(row.offer, ProductOffer) for rows in live.values() for row in rows]
        return [
            (one.sku, one.sale.lowest_30_days.amount if one.sale.lowest_30_days else None, one.sale.since, one.sale.until)
            for offer in offers
            for one in offer.variants
            if one.sale is not None
        ]

    now, sales = datetime.now(UTC), await visitors.of(loaded[key]).read(look)
    assert {sku: lowest for sku, lowest, _, _ in sales} == {
        sku: variant["sale"]["lowest_30_days"]["amount"] for sku, variant in raw.items() if variant["sale"]
    }
    assert all(since <= now < until for _, _, since, until in sales)


async def test_every_price_has_a_history_from_before_today(visitors: Tenancy, loaded: dict[str, UUID]) -> None:
    async def look(reading: Reading) -> list[datetime]:
        products = await PRODUCTS.page(reading, order=(Product.id,), limit=1000)
        variants = [row.id for part in (await parts_of(reading, [row.id for row in products])).values() for row in part.variants]
        history = await price_history(reading, variants)
        return [min(row.at for row in history[variant] if row.kind == "retail") for variant in variants]

    oldest = await visitors.of(loaded["globex"]).read(look)
    assert len(oldest) == told(STORIES["globex"])["variants"]
    assert max(oldest) < datetime.now(UTC) - timedelta(days=31)


@pytest.mark.parametrize("key", KEYS)
async def test_every_file_of_the_pictures_is_stored_under_its_hash(
    loader: Loader, visitors: Tenancy, loaded: dict[str, UUID], key: str
) -> None:
    story = STORIES[key]
    found = await visitors.of(loaded[key]).read(lambda reading: pictures(reading, names=list(story.media)))
    addresses = [file.url for picture in found for file in (*picture.snapshot.renditions, *filter(None, [picture.snapshot.og]))]
    assert len(addresses) == sum(len(raw["renditions"]) + ("og" in raw) for raw in story.media.values())
    for address in addresses:
        _, _, digest, name = address.split("/")
        assert await loader.storage.get(stored_name(loaded[key], digest)) == (story.pictures / name).read_bytes()


def test_every_file_that_the_content_names_is_part_of_the_product() -> None:
    for story in STORIES.values():
        named = {one["file"] for raw in story.media.values() for one in (*raw["renditions"], *filter(None, [raw.get("og")]))}
        assert named | {f"{story.key}-icon-180.png"} == {path.name for path in story.pictures.iterdir()}


async def test_somebody_elses_acme_is_left_alone(admin_url: str, tmp_path: Path) -> None:
    with installation(admin_url) as made:
        backoffice = open_engine(made["backoffice"], rules=tenant_rules(Base.metadata))
        directory = open_engine(made["directory"], rules=shared_rules(Base.metadata, "directory"))
        tenancy = Tenancy(backoffice)
        await make_customer(tenancy, "acme")
        try:
            with pytest.raises(Conflict, match="not of the demonstration"):
                await Loader(tenancy, Shared(directory), LocalStorage(tmp_path), "localhost").load()
        finally:
            await backoffice.dispose()
            await directory.dispose()


def test_no_file_names_a_registered_host() -> None:
    text = json.dumps([story.site for story in STORIES.values()])
    assert ".example" in text
    assert ".com" not in text
