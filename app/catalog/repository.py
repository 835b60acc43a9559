"""Reads and writes of products with their parts, categories, custom fields and publications."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import load_only

from app.catalog.live import Shown
from app.catalog.models import (
    Category,
    FieldDefinition,
    Movement,
    Option,
    Price,
    PriceHistory,
    Product,
    ProductImage,
    ProductPost,
    ProductPublication,
    ProductSite,
    ProductVersion,
    Stock,
    Variant,
)
from app.db.functions import LATEST, owned
from app.db.repository import Repository
from app.db.work import Reading
from app.errors import NotFound

PARTS = (ProductSite, ProductImage, Option, Variant, Price, PriceHistory, Stock, Movement, ProductPost, ProductPublication)
PRODUCTS = Repository(
    Product, "product", parts=PARTS, history=ProductVersion, history_columns=("title",), label=lambda product: product.title
)
CATEGORIES = Repository(Category, "category", label=lambda category: category.label)
FIELDS = Repository(FieldDefinition, "field", label=lambda definition: definition.label)


class Parts(NamedTuple):
    """The rows that belong to one product, in order."""

    sites: list[ProductSite]
    images: list[ProductImage]
    options: list[Option]
    posts: list[ProductPost]
    variants: list[Variant]
    prices: dict[tuple[UUID, str], Price]
    stock: dict[UUID, Stock]


class Edited(NamedTuple):
    """A row of the console's list: the product, when and by whom it was last changed, and on how many sites it is live."""

    product: Product
    at: datetime
    editor: str
    live_on: int
    live_text_version: int | None


async def parts_of(reading: Reading, product_ids: Collection[UUID]) -> dict[UUID, Parts]:
    """The parts of several products, in one statement a table."""
    ids = list(product_ids)
    variants = await _rows(reading, Variant, ids, Variant.position, Variant.id)
    variant_ids = [variant.id for variant in variants]
    prices = await _of_variants(reading, Price, variant_ids)
    stock = await _of_variants(reading, Stock, variant_ids)
    sites = await _rows(reading, ProductSite, ids, ProductSite.site_id)
    images = await _rows(reading, ProductImage, ids, ProductImage.position)
    options = await _rows(reading, Option, ids, Option.position)
    posts = await _rows(reading, ProductPost, ids, ProductPost.position)
    return {key: _parts(key, sites, images, options, posts, variants, prices, stock) for key in ids}


def _parts(
    key: UUID,
    sites: list[ProductSite],
    images: list[ProductImage],
    options: list[Option],
    posts: list[ProductPost],
    variants: list[Variant],
    prices: list[Price],
    stock: list[Stock],
) -> Parts:
    mine = [variant for variant in variants if variant.product_id == key]
    ids = {variant.id for variant in mine}
    return Parts(
        [row for row in sites if row.product_id == key],
        [row for row in images if row.product_id == key],
        [row for row in options if row.product_id == key],
        [row for row in posts if row.product_id == key],
        mine,
        {(row.variant_id, row.kind): row for row in prices if row.variant_id in ids},
        {row.variant_id: row for row in stock if row.variant_id in ids},
    )


async def _rows(reading: Reading, model: Any, product_ids: list[UUID], *order: Any) -> list[Any]:
    """The rows of one table of parts, in order."""
    statement = select(model).where(model.customer_id == reading.customer_id, model.product_id.in_(product_ids)).order_by(*order)
    return list((await reading.session.execute(statement)).scalars())


async def _of_variants(reading: Reading, model: Any, variant_ids: list[UUID]) -> list[Any]:
    """The rows of one table that belongs to variants."""
    if not variant_ids:
        return []
    statement = select(model).where(model.customer_id == reading.customer_id, model.variant_id.in_(variant_ids))
    return list((await reading.session.execute(statement)).scalars())


async def price_history(reading: Reading, variant_ids: Collection[UUID]) -> dict[UUID, list[PriceHistory]]:
    """The price history of variants, oldest first; wholesale prices are left out."""
    if not variant_ids:
        return {}
    statement = (
        select(PriceHistory)
        .where(
            PriceHistory.customer_id == reading.customer_id,
            PriceHistory.variant_id.in_(list(variant_ids)),
            PriceHistory.kind.in_(["retail", "sale"]),
        )
        .order_by(PriceHistory.at)
    )
    found: dict[UUID, list[PriceHistory]] = {}
    for row in (await reading.session.execute(statement)).scalars():
        found.setdefault(row.variant_id, []).append(row)
    return found


async def skus_taken(reading: Reading, skus: Iterable[str], *, but: UUID) -> dict[str, str]:
    """Which SKUs other products have, in their normal form, and the title of the product that has each."""
    statement = (
        select(Variant.sku_norm, Product.title)
        .join(Product, and_(Product.customer_id == Variant.customer_id, Product.id == Variant.product_id))
        .where(
            Variant.customer_id == reading.customer_id,
            Product.customer_id == reading.customer_id,
            Variant.sku_norm.in_([sku.lower() for sku in skus]),
            Variant.product_id != but,
        )
    )
    return dict((await reading.session.execute(statement)).tuples().all())


async def variant_by_sku(reading: Reading, sku: str) -> Variant:
    """The variant of a SKU, whatever its case. Raises NotFound."""
    statement = select(Variant).where(Variant.customer_id == reading.customer_id, Variant.sku_norm == sku.lower())
    row = (await reading.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound(f"No variant has the SKU {sku}.")
    return row


async def slugs_taken(reading: Reading, lang: str, slugs: Collection[str], *, but: UUID) -> dict[str, str]:
    """Which addresses other products of this language have, as working copies or live, and their titles."""
    working = select(Product.slug, Product.title).where(
        Product.customer_id == reading.customer_id, Product.lang == lang, Product.slug.in_(list(slugs)), Product.id != but
    )
    live = select(ProductPublication.slug, ProductPublication.title).where(
        ProductPublication.customer_id == reading.customer_id,
        ProductPublication.lang == lang,
        ProductPublication.slug.in_(list(slugs)),
        ProductPublication.product_id != but,
    )
    found = dict((await reading.session.execute(live)).tuples().all())
    return found | dict((await reading.session.execute(working)).tuples().all())


async def find_product(reading: Reading, lang: str, slug: str) -> Product | None:
    """The working copy at an address, or None."""
    statement = select(Product).where(Product.customer_id == reading.customer_id, Product.lang == lang, Product.slug == slug)
    return (await reading.session.execute(statement)).scalar_one_or_none()


async def publications_of(reading: Reading, product_ids: Collection[UUID]) -> dict[UUID, list[ProductPublication]]:
    """What is live of products, by product."""
    statement = select(ProductPublication).where(
        ProductPublication.customer_id == reading.customer_id, ProductPublication.product_id.in_(list(product_ids))
    )
    found: dict[UUID, list[ProductPublication]] = {key: [] for key in product_ids}
    for row in (await reading.session.execute(statement)).scalars():
        found[row.product_id].append(row)
    return found


async def shown_of(reading: Reading, product_id: UUID) -> list[Shown]:
    """What is live of a product, without its texts."""
    row = ProductPublication
    statement = select(row.site_id, row.text_version, row.offer_version, row.offer)
    statement = statement.where(row.customer_id == reading.customer_id, row.product_id == product_id)
    return [
        Shown(site_id=site_id, text_version=texts, offer_version=offers, skus=tuple(variant["sku"] for variant in offer["variants"]))
        for site_id, texts, offers, offer in await reading.session.execute(statement)
    ]


async def recent_products(
    reading: Reading, *, state: str = "", words: str = "", edge: tuple[datetime, UUID] = LATEST, limit: int = 25
) -> list[Edited]:
    """Products by the time of their last change, newest first; `edge` is the last row of the page before."""
    listed = owned("catalog.recent_products", state, words, *edge, limit)
    statement = (
        select(Product, listed.c.at, ProductVersion.actor_name)
        .join(listed, listed.c.id == Product.id)
        .join(
            ProductVersion,
            and_(
                ProductVersion.customer_id == Product.customer_id,
                ProductVersion.thing_id == Product.id,
                ProductVersion.version == Product.version,
            ),
        )
        .where(Product.customer_id == reading.customer_id, ProductVersion.customer_id == reading.customer_id)
        .order_by(listed.c.at.desc(), listed.c.id.desc())
    )
    rows = (await reading.session.execute(statement)).all()
    live = await publications_of(reading, [product.id for product, *_ in rows])
    return [
        Edited(product, at, editor, len(live[product.id]), min((row.text_version for row in live[product.id]), default=None))
        for product, at, editor in rows
    ]


async def products_page(reading: Reading, *, after: UUID, limit: int) -> list[Product]:
    """Products by id, for programs; `after` is the last id of the page before."""
    listed = owned("catalog.products_page", after, limit)
    statement = (
        select(Product).join(listed, listed.c.id == Product.id).where(Product.customer_id == reading.customer_id).order_by(Product.id)
    )
    return list((await reading.session.execute(statement)).scalars())


async def versions_of_product(reading: Reading, product_id: UUID, *, before: int | None = None, limit: int = 25) -> list[ProductVersion]:
    """The versions of a product, newest first, without their contents."""
    shown = [
        getattr(ProductVersion, name) for name in ("kind", "at", "actor_kind", "actor_id", "actor_name", "door", "title", "change_set_id")
    ]
    statement: Select[tuple[ProductVersion]] = select(ProductVersion).options(load_only(*shown))
    statement = statement.where(ProductVersion.customer_id == reading.customer_id, ProductVersion.thing_id == product_id)
    if before is not None:
        statement = statement.where(ProductVersion.version < before)
    return list((await reading.session.execute(statement.order_by(ProductVersion.version.desc()).limit(limit))).scalars())


async def version_of_product(reading: Reading, product_id: UUID, version: int | None = None) -> ProductVersion:
    """One version of a product, or its newest. Raises NotFound."""
    statement = select(ProductVersion).where(ProductVersion.customer_id == reading.customer_id, ProductVersion.thing_id == product_id)
    if version is not None:
        statement = statement.where(ProductVersion.version == version)
    row = (await reading.session.execute(statement.order_by(ProductVersion.version.desc()).limit(1))).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return row


async def categories_of(reading: Reading) -> list[Category]:
    """All categories in their order."""
    statement = select(Category).where(Category.customer_id == reading.customer_id).order_by(Category.position, Category.slug)
    return list((await reading.session.execute(statement)).scalars())


async def categories_by_slug(reading: Reading, slugs: Sequence[str]) -> dict[str, Category]:
    """Categories by their paths."""
    statement = select(Category).where(Category.customer_id == reading.customer_id, Category.slug.in_(list(slugs)))
    return {row.slug: row for row in (await reading.session.execute(statement)).scalars()}


async def find_field(reading: Reading, thing_type: str, code: str) -> FieldDefinition | None:
    """The definition of a custom field."""
    statement = select(FieldDefinition).where(
        FieldDefinition.customer_id == reading.customer_id, FieldDefinition.thing_type == thing_type, FieldDefinition.code == code
    )
    return (await reading.session.execute(statement)).scalar_one_or_none()


async def fields_of(reading: Reading, thing_type: str) -> dict[str, FieldDefinition]:
    """The custom fields of a kind of thing, by code."""
    statement = select(FieldDefinition).where(FieldDefinition.customer_id == reading.customer_id, FieldDefinition.thing_type == thing_type)
    return {row.code: row for row in (await reading.session.execute(statement)).scalars()}
