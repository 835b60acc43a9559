"""Bringing the rows of a product's parts into line with a state, inside the unit that changes the product."""

from collections.abc import Callable, Hashable
from typing import Any
from uuid import UUID, uuid4

from app.catalog.models import Movement, Option, Price, PriceHistory, ProductImage, ProductPost, ProductSite, Stock, Variant
from app.catalog.repository import PRODUCTS, Parts
from app.catalog.states import PriceState, ProductState, VariantState
from app.db.base import Base
from app.db.work import Work

Wanted = dict[Hashable, dict[str, Any]]


async def write_texts(work: Work, product_id: UUID, parts: Parts, state: ProductState) -> None:
    """Sites, pictures, options, related posts and the set of variants."""
    await _align(work, parts.sites, lambda row: row.site_id, ProductSite, {site: {} for site in state.sites}, product_id, "site_id")
    images: Wanted = {media: {"position": place} for place, media in enumerate(state.images)}
    await _align(work, parts.images, lambda row: row.media_id, ProductImage, images, product_id, "media_id")
    posts: Wanted = {post: {"position": place} for place, post in enumerate(state.posts)}
    await _align(work, parts.posts, lambda row: row.post_id, ProductPost, posts, product_id, "post_id")
    options: Wanted = {
        option.code: {"label": option.label, "choices": list(option.choices), "position": place}
        for place, option in enumerate(state.options)
    }
    await _align(work, parts.options, lambda row: row.code, Option, options, product_id, "code")
    variants: Wanted = {variant.id: _columns(variant, place) for place, variant in enumerate(state.variants)}
    gone = [row for row in parts.variants if row.id not in variants]
    offers: list[Price | Stock] = [*parts.prices.values(), *parts.stock.values()]
    for row in offers:
        if row.variant_id in {variant.id for variant in gone}:
            await PRODUCTS.remove_part(work, row)
    await _align(work, parts.variants, lambda row: row.id, Variant, variants, product_id, "id")


def _columns(variant: VariantState, place: int) -> dict[str, Any]:
    return {
        "sku": variant.sku,
        "sku_norm": variant.sku.lower(),
        "gtin": variant.gtin,
        "option_values": variant.option_values,
        "unit_measure": variant.unit_measure,
        "weight_g": variant.weight_g,
        "images": list(variant.images),
        "position": place,
    }


async def _align(
    work: Work, rows: list[Any], key_of: Callable[[Any], Hashable], model: type[Base], wanted: Wanted, product_id: UUID, key: str
) -> None:
    """Remove the rows that are not wanted, change those that differ, add those that are missing."""
    present = {key_of(row): row for row in rows}
    for name, row in present.items():
        if name not in wanted:
            await PRODUCTS.remove_part(work, row)
        elif any(getattr(row, column) != value for column, value in wanted[name].items()):
            PRODUCTS.change_part(work, row, wanted[name])
    for name, values in wanted.items():
        if name not in present:
            PRODUCTS.add_part(work, model(**{key: name, "product_id": product_id}, **values))


async def write_offers(work: Work, parts: Parts, state: ProductState, reason: str) -> None:
    """Prices with their history and stock with its movements, where they differ."""
    for variant in state.variants:
        for kind in ("retail", "wholesale", "sale"):
            await _write_price(work, variant.id, kind, parts.prices.get((variant.id, kind)), getattr(variant, kind))
        _write_stock(work, variant, parts.stock.get(variant.id), reason)


async def _write_price(work: Work, variant_id: UUID, kind: str, row: Price | None, wanted: PriceState | None) -> None:
    values = {name: getattr(wanted, name) for name in PriceState.__struct_fields__} if wanted else None
    if (row is None and values is None) or (
        row is not None and values is not None and all(getattr(row, k) == v for k, v in values.items())
    ):
        return
    currency = values["currency"] if values else row.currency if row else ""
    if row is not None and values is None:
        await PRODUCTS.remove_part(work, row)
    elif row is not None and values is not None:
        PRODUCTS.change_part(work, row, values)
    elif values is not None:
        PRODUCTS.add_part(work, Price(variant_id=variant_id, kind=kind, **values))
    past = {**(values or {"amount": None, "starts_at": None, "ends_at": None}), "currency": currency}
    PRODUCTS.add_part(work, PriceHistory(variant_id=variant_id, kind=kind, at=work.now, change_set_id=work.change_set_id, **past))


def _write_stock(work: Work, variant: VariantState, row: Stock | None, reason: str) -> None:
    values = {"on_hand": variant.on_hand, "availability": variant.availability, "available_from": variant.available_from}
    before = row.on_hand if row else None
    if row is None:
        PRODUCTS.add_part(work, Stock(variant_id=variant.id, **values))
    elif any(getattr(row, name) != value for name, value in values.items()):
        PRODUCTS.change_part(work, row, values)
    if variant.on_hand is not None and variant.on_hand != before:
        delta = variant.on_hand - (before or 0)
        moved = {"delta": delta, "on_hand": variant.on_hand, "reason": reason, "at": work.now, "change_set_id": work.change_set_id}
        PRODUCTS.add_part(work, Movement(variant_id=variant.id, id=uuid4(), **moved))
