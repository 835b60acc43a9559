"""From the state of a product to the contract. Wholesale prices are there only for those who may see them."""

from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType

from app.api.moments import utc
from app.api.post_items import revision
from app.api.schemas import Money, ProductItem, ProductOption, ProductRevision, ProductSummary, Sale, UnitMeasure, VariantItem
from app.api.schemas.products import PastProduct, ProductText
from app.catalog.models import ProductVersion
from app.catalog.states import PriceState, ProductState, VariantState, state_in

MOMENTS = ("published_at", "created_at", "updated_at")
COPIED = [name for name in ProductText.__struct_fields__ if name not in ("options", "variants", *MOMENTS)]


def variant_item(variant: VariantState, *, has_wholesale: bool) -> VariantItem:
    """One variant with its prices and stock."""
    wholesale: Money | None | UnsetType = money(variant.wholesale) if has_wholesale else UNSET
    return VariantItem(
        id=variant.id,
        sku=variant.sku,
        gtin=variant.gtin,
        option_values=variant.option_values,
        unit_measure=UnitMeasure(**variant.unit_measure) if variant.unit_measure else None,
        weight_g=variant.weight_g,
        images=variant.images,
        retail=money(variant.retail),
        sale=sale(variant.sale),
        on_hand=variant.on_hand,
        availability=variant.availability,
        available_from=variant.available_from,
        wholesale=wholesale,
    )


def money(price: PriceState | None) -> Money | None:
    """A price."""
    return Money(amount=price.amount, currency=price.currency) if price else None


def sale(price: PriceState | None) -> Sale | None:
    """A reduced price with its period."""
    if price is None:
        return None
    return Sale(amount=price.amount, currency=price.currency, starts_at=utc(price.starts_at), ends_at=utc(price.ends_at))


def product_text(state: ProductState, *, has_wholesale: bool) -> dict[str, Any]:
    """What lists, single products and versions have in common."""
    said = {name: getattr(state, name) for name in COPIED} | {name: utc(getattr(state, name)) for name in MOMENTS}
    said["options"] = tuple(ProductOption(code=option.code, label=option.label, choices=option.choices) for option in state.options)
    said["variants"] = tuple(variant_item(variant, has_wholesale=has_wholesale) for variant in state.variants)
    return said


def product_summary(product_id: UUID, version: int, state: ProductState, *, has_wholesale: bool) -> ProductSummary:
    """A product in a list."""
    return ProductSummary(id=product_id, version=version, **product_text(state, has_wholesale=has_wholesale))


def product_item(product_id: UUID, version: int, state: ProductState, *, has_wholesale: bool) -> ProductItem:
    """A product with its body."""
    text = product_text(state, has_wholesale=has_wholesale)
    return ProductItem(id=product_id, version=version, body_source=state.body_source, body_format=state.body_format, **text)


def product_revision(row: ProductVersion, *, has_wholesale: bool) -> ProductRevision:
    """A version with its contents."""
    state = state_in(row.payload)
    text = product_text(state, has_wholesale=has_wholesale)
    return ProductRevision(**revision(row), product=PastProduct(**text, body_source=state.body_source, body_format=state.body_format))
