"""Products on the wire. Money is an amount in minor units with its ISO 4217 currency: 1450 GBP is £14.50."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.api.schemas.plain import (
    Body,
    BodyFormat,
    Fields,
    FieldValue,
    Ids,
    Lang,
    Line,
    Moment,
    Revision,
    Slug,
    Summary,
    Title,
    Version,
    Word,
    Words,
)
from app.catalog.requests import Availability
from app.settings import LIMITS

Amount = Annotated[int, Meta(ge=0, le=LIMITS.money_minor_units)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Sku = Annotated[str, Meta(min_length=1, max_length=100)]
Decimals = Annotated[str, Meta(pattern=r"^[0-9]{1,9}(\.[0-9]{1,4})?$")]
Percent = Annotated[int, Meta(ge=0, le=100)]
Code = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,62}$")]
Grams = Annotated[int, Meta(ge=0, le=10**9)]
Pieces = Annotated[int, Meta(ge=0, le=10**9)]
Choices = Annotated[dict[str, str], Meta(max_length=10)]
Names = Annotated[tuple[Word, ...], Meta(max_length=100)]


class Money(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An amount in minor units of its currency."""

    amount: Amount
    currency: Currency


class Sale(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reduced price, from `starts_at` until before `ends_at`; null leaves that side open."""

    amount: Amount
    currency: Currency
    starts_at: Moment | None = None
    ends_at: Moment | None = None


class UnitMeasure(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much is in a unit, and for how much a unit price is told: 250 g per 100."""

    quantity: Decimals
    unit: Annotated[str, Meta(min_length=1, max_length=20)]
    base: Decimals


class ProductOption(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What variants differ in, with its choices in order."""

    code: Code
    label: Word
    choices: Words


class OfferFields(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prices and stock of a variant. What is left out stays as it is, null ends it; `on_hand` null means that nobody counts.

    Stock needs the scope stock:write, wholesale the scope wholesale:read beside products:write.
    """

    retail: Money | None | UnsetType = UNSET
    wholesale: Money | None | UnsetType = UNSET
    sale: Sale | None | UnsetType = UNSET
    on_hand: Pieces | None | UnsetType = UNSET
    availability: Availability | UnsetType = UNSET
    available_from: date | None | UnsetType = UNSET


class VariantInput(OfferFields, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A variant of a product, known by its id or else by its SKU; one that is unknown is made. `images` are names of pictures."""

    sku: Sku
    id: UUID | None = None
    gtin: Annotated[str, Meta(max_length=14)] | None = None
    option_values: Choices = {}
    unit_measure: UnitMeasure | None = None
    weight_g: Grams | None = None
    images: Names = ()


class ProductInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole product. What is left out is emptied, but for `slug`, `sites`, `published_at` and the variants' prices and stock.

    `images`, `posts` and `sites` are ids. Variants that are left out are removed.
    """

    title: Title
    lang: Lang
    slug: Slug = ""
    summary: Summary = ""
    body_source: Body = ""
    body_format: BodyFormat = "html"
    translation_key: UUID | None = None
    brand: Line = ""
    category_id: UUID | None = None
    tags: Words = ()
    fields: Fields = {}
    tax_rate_percent: Percent = 0
    is_featured: bool = False
    published_at: Moment | None = None
    options: Annotated[tuple[ProductOption, ...], Meta(max_length=10)] = ()
    images: Ids = ()
    posts: Ids = ()
    sites: Ids | None = None
    variants: Annotated[tuple[VariantInput, ...], Meta(max_length=500)] = ()


class NewProduct(ProductInput, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new product. Without `slug` it takes a free one from its title, without `sites` it is for all of them."""


class ProductPatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some fields of a product; what is left out stays as it is. A list that is sent replaces the whole list."""

    title: Title | UnsetType = UNSET
    lang: Lang | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET
    summary: Summary | UnsetType = UNSET
    body_source: Body | UnsetType = UNSET
    body_format: BodyFormat | UnsetType = UNSET
    translation_key: UUID | None | UnsetType = UNSET
    brand: Line | UnsetType = UNSET
    category_id: UUID | None | UnsetType = UNSET
    tags: Words | UnsetType = UNSET
    fields: Fields | UnsetType = UNSET
    tax_rate_percent: Percent | UnsetType = UNSET
    is_featured: bool | UnsetType = UNSET
    published_at: Moment | UnsetType = UNSET
    options: Annotated[tuple[ProductOption, ...], Meta(max_length=10)] | UnsetType = UNSET
    images: Ids | UnsetType = UNSET
    posts: Ids | UnsetType = UNSET
    sites: Ids | UnsetType = UNSET
    variants: Annotated[tuple[VariantInput, ...], Meta(max_length=500)] | UnsetType = UNSET


class RestoreProduct(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version to bring back; prices and stock of variants that still exist stay as they are."""

    version: Version


class OfferInput(OfferFields, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """New prices or stock of one variant, which is named by its id or its SKU."""

    variant_id: UUID | None = None
    sku: Sku | None = None


class OffersInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A price or stock act; visitors see it at once. `reason` stands in the stock movements."""

    offers: Annotated[tuple[OfferInput, ...], Meta(min_length=1, max_length=500)]
    reason: Line = ""


class VariantItem(Struct, frozen=True, kw_only=True):
    """One thing that can be bought. `wholesale` is there only for keys with the scope wholesale:read."""

    id: UUID
    sku: str
    gtin: str | None
    option_values: dict[str, str]
    unit_measure: UnitMeasure | None
    weight_g: int | None
    images: tuple[str, ...]
    retail: Money | None
    sale: Sale | None
    on_hand: int | None
    availability: str
    available_from: date | None
    wholesale: Money | None | UnsetType = UNSET


class Offers(Struct, frozen=True, kw_only=True):
    """The variants of a product after a price or stock act."""

    id: UUID
    version: int
    variants: tuple[VariantItem, ...]


class ProductText(Struct, frozen=True, kw_only=True):
    """A product with its variants, without its body. `state` is draft, active (visitors see it) or archived."""

    state: str
    lang: str
    slug: str
    title: str
    summary: str
    translation_key: UUID | None
    brand: str
    category_id: UUID | None
    tags: tuple[str, ...]
    fields: dict[str, FieldValue]
    tax_rate_percent: int
    is_featured: bool
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    options: tuple[ProductOption, ...]
    images: tuple[UUID, ...]
    posts: tuple[UUID, ...]
    sites: tuple[UUID, ...]
    variants: tuple[VariantItem, ...]


class ProductSummary(ProductText, frozen=True, kw_only=True):
    """A product in a list."""

    id: UUID
    version: int


class ProductItem(ProductSummary, frozen=True, kw_only=True):
    """A product with its body, in the format in which it is edited."""

    body_source: str
    body_format: str


class PastProduct(ProductText, frozen=True, kw_only=True):
    """A product as a version holds it."""

    body_source: str
    body_format: str


class ProductRevision(Revision, frozen=True, kw_only=True):
    """One version with its whole contents."""

    product: PastProduct
