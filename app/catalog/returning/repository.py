"""Reads that the return of products needs: who has the addresses and SKUs that they had, and what they were."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, or_, select, union_all

from app.catalog.models import Product, ProductPublication, ProductVersion, Variant
from app.db.work import Reading


class HolderOfName(NamedTuple):
    """A product that has an address or a SKU."""

    name: str
    product_id: UUID
    title: str


async def holders_of_addresses(reading: Reading, lang: str, slugs: Collection[str]) -> list[HolderOfName]:
    """Every product that has one of the slugs in a language, as working copy or live."""
    working = select(Product.slug, Product.id, Product.title).where(
        Product.customer_id == reading.customer_id, Product.lang == lang, Product.slug.in_(slugs)
    )
    row = ProductPublication
    live = select(row.slug, row.product_id, row.title).where(row.customer_id == reading.customer_id, row.lang == lang, row.slug.in_(slugs))
    return [HolderOfName(*found) for found in await reading.session.execute(union_all(working, live))]


async def holders_of_skus(reading: Reading, skus: Collection[str]) -> list[HolderOfName]:
    """Every product that has one of the SKUs, which are given in small letters."""
    is_his = and_(Product.customer_id == Variant.customer_id, Product.id == Variant.product_id)
    statement = select(Variant.sku_norm, Variant.product_id, Product.title).join(Product, is_his)
    statement = statement.where(Variant.customer_id == reading.customer_id, Variant.sku_norm.in_(skus))
    return [HolderOfName(*found) for found in await reading.session.execute(statement)]


async def stored_products(reading: Reading, versions: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], dict[str, Any]]:
    """What versions of products hold."""
    if not versions:
        return {}
    row = ProductVersion
    named = [and_(row.thing_id == product_id, row.version == version) for product_id, version in versions]
    statement = select(row.thing_id, row.version, row.payload).where(row.customer_id == reading.customer_id, or_(*named))
    return {(product_id, version): payload for product_id, version, payload in await reading.session.execute(statement)}
