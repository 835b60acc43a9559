"""Loads the demonstration, each part as one act of the product itself; a part that was loaded is never loaded again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from app.actor import system
from app.audit.repository import was_done
from app.catalog.actions import publish_product, save_category, save_field, save_product
from app.catalog.models import PriceHistory
from app.catalog.repository import PRODUCTS, categories_of, parts_of
from app.catalog.requests import Sale
from app.content.actions import publish_post, save_author, save_menu, save_post, save_tag
from app.content.models import Post
from app.content.repository import POSTS, authors_of_customer
from app.db.database import Shared, Tenancy, TenantDatabase
from app.db.work import Reading, Work
from app.demo import requests
from app.demo.stories import KEYS, Calendar, Story, calendar_of, read_story
from app.errors import Conflict, NotFound
from app.media.actions import AddPicture, add_picture, store_files
from app.media.repository import pictures
from app.media.storage import Storage
from app.tenancy.actions import CreateCustomer, create_customer, create_site, free_built_in_host
from app.tenancy.models import Customer
from app.tenancy.repository import customer_by_slug, site_by_slug

ACTOR = system("demonstration", door="demo")
FIRST = "load demonstration: customer and site"


@dataclass(frozen=True)
class Loader:
    """What loading needs: the operator's role, which is given all the time that a busy machine takes, look-ups, and the place for files."""

    backoffice: Tenancy
    directory: Shared
    storage: Storage
    sites_domain: str

    async def load(self, report: Callable[[str], None] = lambda line: None) -> dict[str, UUID]:
        """Load what is missing of both customers; gives their ids by key. Raises Conflict when somebody else has their slugs."""
        stories = [read_story(key) for key in KEYS]
        calendar = calendar_of(stories, datetime.now(UTC))
        return {story.key: await self.load_story(story, calendar, report) for story in stories}

    async def load_story(self, story: Story, calendar: Calendar, report: Callable[[str], None]) -> UUID:
        """One customer, part after part."""
        customer_id = await self.customer(story)
        database = self.backoffice.of(customer_id)
        site_id = await database.read(lambda reading: site_id_of(reading, story))
        part = Part(story, calendar, site_id)
        if await is_missing(database, PICTURES):
            added = [await self.stored(customer_id, story, name) for name in story.media]
            await database.run(ACTOR, PICTURES, lambda work: add_pictures(work, added))
        for verb, act in PARTS.items():
            if await is_missing(database, verb):
                report(f"{story.site['site']['name']}: {verb.partition(': ')[2]}")
                await database.run(ACTOR, verb, partial(act, part=part))
        return customer_id

    async def customer(self, story: Story) -> UUID:
        """The customer with its site, made when it is missing. Raises Conflict for one that the demonstration has not made."""
        known = await self.find_customer(story.key)
        if known is not None:
            if await is_missing(self.backoffice.of(known.id), FIRST):
                raise Conflict(f"A customer {story.key} exists that is not of the demonstration. Use another folder: AGOAT_DATA_DIR.")
            return known.id
        slug = story.site["site"]["slug"]
        host = await free_built_in_host(self.directory, slug, story.key, self.sites_domain)
        customer = CreateCustomer(id=uuid4(), slug=story.key, name=story.site["customer"]["name"])
        site = requests.site_request(story, host)

        async def begin(work: Work) -> None:
            await create_customer(work, ACTOR, customer)
            await create_site(work, ACTOR, site)

        await self.backoffice.of(customer.id).run(ACTOR, FIRST, begin, reason="agoat demo")
        return customer.id

    async def find_customer(self, slug: str) -> Customer | None:
        """The customer of a slug, or None."""
        try:
            return await self.directory.read(lambda session: customer_by_slug(session, slug))
        except NotFound:
            return None

    async def stored(self, customer_id: UUID, story: Story, name: str) -> AddPicture:
        """A picture whose files are stored."""
        raw, files = story.media[name], requests.files_of(story, name)
        kept = await store_files(self.storage, customer_id, files)
        return AddPicture(
            name=name, content_type=files[0].content_type, width=raw["width"],
            height=raw["height"], files=kept, alt=raw["alt"],
        )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """What the acts that load one customer have in common."""

    story: Story
    calendar: Calendar
    site_id: UUID


async def is_missing(database: TenantDatabase, verb: str) -> bool:
    """Whether a part has not been loaded yet; the audit log is what remembers it."""
    return not await database.read(lambda reading: was_done(reading, verb, "demo"))


async def site_id_of(reading: Reading, story: Story) -> UUID:
    """The id of the customer's site."""
    return (await site_by_slug(reading, story.site["site"]["slug"])).id


async def add_pictures(work: Work, added: list[AddPicture]) -> None:
    """All pictures of a customer."""
    for request in added:
        await add_picture(work, ACTOR, request)


async def load_names(work: Work, part: Part) -> None:
    """Bylines, tags, menus, categories and custom fields."""
    story, known = part.story, await picture_ids(work, part.story)
    for raw in story.site["authors"]:
        await save_author(work, ACTOR, requests.author_request(raw, known))
    for raw in story.site["tags"]:
        await save_tag(work, ACTOR, requests.tag_request(raw, part.site_id))
    for menu in requests.menu_requests(story, part.site_id):
        await save_menu(work, ACTOR, menu)
    for category in requests.category_requests(story.site["categories"]):
        await save_category(work, ACTOR, category)
    for field in requests.field_requests(story):
        await save_field(work, ACTOR, field)


async def load_posts(work: Work, part: Part) -> None:
    """Posts and pages, all of them published."""
    known = await picture_ids(work, part.story)
    authors = {author.slug: author.id for author in await authors_of_customer(work)}
    for kind, things in (("page", part.story.pages), ("post", part.story.posts)):
        for raw in things:
            request = requests.post_request(raw, kind, part.site_id, part.calendar, known, authors)
            saved = await save_post(work, ACTOR, request)
            await publish_post(work, ACTOR, saved.id, saved.version)


async def load_products(work: Work, part: Part) -> None:
    """Products with prices, stock and the history of their prices, all of them published."""
    known = await picture_ids(work, part.story)
    categories = {category.slug: category.id for category in await categories_of(work)}
    rows = await POSTS.page(work, order=(Post.id,), limit=1000)
    posts = {(row.lang, row.slug): row.id for row in rows if row.kind == "post"}
    for raw in part.story.products:
        request = requests.product_request(raw, part.calendar, known, categories, posts)
        saved = await save_product(work, ACTOR, request)
        await note_past_prices(work, part, saved.id, raw["variants"], part.calendar.at(raw["published_at"]))
        await publish_product(work, ACTOR, saved.id, saved.version)


async def note_past_prices(work: Work, part: Part, product_id: UUID, variants: list[dict[str, Any]], since: datetime) -> None:
    """What the variants of a product, which is added in the same unit, cost before today."""
    rows = {row.sku: row.id for row in (await parts_of(work, [product_id]))[product_id].variants}
    for raw in variants:
        sale = requests.variant_request(raw, part.calendar).sale
        for at, amount in requests.past_prices(raw, since, sale if isinstance(sale, Sale) else None):
            PRODUCTS.add_part(work, PriceHistory(
                variant_id=rows[raw["sku"]], kind="retail", at=at, change_set_id=work.change_set_id, amount=amount,
                currency=requests.currency_of(raw), starts_at=None, ends_at=None,
            ))  # fmt: skip


async def picture_ids(work: Work, story: Story) -> dict[str, UUID]:
    """The ids of a customer's pictures by name."""
    return {picture.snapshot.name: picture.id for picture in await pictures(work, names=list(story.media))}


PICTURES = "load demonstration: pictures"
PARTS: dict[str, Callable[..., Awaitable[None]]] = {
    "load demonstration: bylines, tags, menus and categories": load_names,
    "load demonstration: posts and pages": load_posts,
    "load demonstration: products": load_products,
}
