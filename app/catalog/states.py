"""A product as its history keeps it: texts, variants, prices and stock in one value. Pure.

The same value says what a product is to become, so that saving, changing prices and restoring a version are one way.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct


class PriceState(Struct, frozen=True, kw_only=True):
    """A price in minor units, for a sale with its period (from `starts_at`, until before `ends_at`; None is open)."""

    amount: int
    currency: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class VariantState(Struct, frozen=True, kw_only=True):
    """One thing that can be bought. `on_hand` None means that nobody counts; `images` are names of pictures."""

    id: UUID
    sku: str
    gtin: str | None = None
    option_values: dict[str, str] = {}
    unit_measure: dict[str, str] | None = None
    weight_g: int | None = None
    images: tuple[str, ...] = ()
    retail: PriceState | None = None
    wholesale: PriceState | None = None
    sale: PriceState | None = None
    on_hand: int | None = None
    availability: str = "in_stock"
    available_from: date | None = None


class OptionState(Struct, frozen=True, kw_only=True):
    """What variants differ in, with its choices in order."""

    code: str
    label: str
    choices: tuple[str, ...]


class ProductState(Struct, frozen=True, kw_only=True):
    """Everything that a version holds. Names are those of the columns; images, sites and posts are ids."""

    lang: str
    slug: str
    title: str
    created_at: datetime
    updated_at: datetime
    summary: str = ""
    body_source: str = ""
    body_format: str = "html"
    translation_key: UUID | None = None
    brand: str = ""
    category_id: UUID | None = None
    tags: tuple[str, ...] = ()
    fields: dict[str, Any] = {}
    tax_rate_percent: int = 0
    is_featured: bool = False
    state: str = "draft"
    text_version: int = 1
    published_at: datetime | None = None
    created_by: UUID | None = None
    options: tuple[OptionState, ...] = ()
    images: tuple[UUID, ...] = ()
    sites: tuple[UUID, ...] = ()
    posts: tuple[UUID, ...] = ()
    variants: tuple[VariantState, ...] = ()


# What a price or stock act may change of a variant; everything else belongs to the texts.
OFFER_FIELDS = ("retail", "wholesale", "sale", "on_hand", "availability", "available_from")
STOCK_FIELDS = ("on_hand", "availability", "available_from")
# Columns of the working row that a state sets.
COLUMNS = (
    "lang",
    "translation_key",
    "slug",
    "title",
    "summary",
    "body_source",
    "body_format",
    "brand",
    "category_id",
    "tags",
    "fields",
    "tax_rate_percent",
    "is_featured",
    "state",
    "published_at",
)


def payload_of(state: ProductState) -> dict[str, Any]:
    """A state in the form in which versions are stored."""
    return dict(msgspec.to_builtins(state))


def state_in(payload: dict[str, Any]) -> ProductState:
    """The state that a version holds. Columns that a later release added have their defaults."""
    return msgspec.convert(payload, ProductState)


def without_wholesale(state: ProductState) -> ProductState:
    """The same state for those who may not see wholesale prices."""
    return msgspec.structs.replace(state, variants=tuple(msgspec.structs.replace(variant, wholesale=None) for variant in state.variants))


def texts_of(state: ProductState) -> dict[str, Any]:
    """Everything of a state that only Publish moves: all but prices, stock and bookkeeping."""
    said = payload_of(state)
    for name in ("updated_at", "text_version", "state", "published_at"):
        said.pop(name)
    said["variants"] = [{name: value for name, value in variant.items() if name not in OFFER_FIELDS} for variant in said["variants"]]
    return said


def changed_fields(before: ProductState, after: ProductState) -> tuple[str, ...]:
    """The names of what differs between two states, with the kind of price named for itself."""
    names = [name for name in ProductState.__struct_fields__ if name not in ("updated_at", "text_version", "variants")]
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    old, new = {v.id: v for v in before.variants}, {v.id: v for v in after.variants}
    if [v.id for v in before.variants] != [v.id for v in after.variants]:
        changed.append("variants")
    for name in VariantState.__struct_fields__:
        if any(getattr(old[key], name) != getattr(new[key], name) for key in old.keys() & new.keys()):
            changed.append(name)
    return tuple(dict.fromkeys(changed))
