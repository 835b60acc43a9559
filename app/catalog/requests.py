"""What is asked of this room and what it answers. Pure: doors and imports build the requests, actions check them."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from app.catalog.states import OptionState

FieldValue = str | int | float | bool
Availability = Literal["in_stock", "out_of_stock", "backorder", "preorder"]


class Sale(Struct, frozen=True, kw_only=True):
    """A reduced price in minor units, from `starts_at` until before `ends_at`; None leaves that side open."""

    amount: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class SaveVariant(Struct, frozen=True, kw_only=True):
    """A variant of a product; `id` None makes a new one. What is UNSET stays as it is (for a new variant: none).

    Prices are in minor units of the request's currency.
    """

    sku: str
    id: UUID | None = None
    gtin: str | None = None
    option_values: dict[str, str] = {}
    unit_measure: dict[str, str] | None = None
    weight_g: int | None = None
    images: tuple[str, ...] = ()
    retail: int | None | UnsetType = UNSET
    wholesale: int | None | UnsetType = UNSET
    sale: Sale | None | UnsetType = UNSET
    on_hand: int | None | UnsetType = UNSET
    availability: Availability | UnsetType = UNSET
    available_from: date | None | UnsetType = UNSET


class SaveProduct(Struct, frozen=True, kw_only=True):
    """The whole working copy of a product; `id` None makes a new one, `expect` is the version that was opened.

    Without `slug` a new product takes a free one from its title. `sites` None means every site of the customer for a
    new product, and no change for an old one. `currency` is that of all prices in the request. `new_id` is the id that a new
    product is to have, made with the form, so that a form which is sent twice makes one product.
    """

    title: str
    lang: str
    currency: str
    id: UUID | None = None
    new_id: UUID | None = None
    expect: int | None = None
    slug: str = ""
    summary: str = ""
    body_source: str = ""
    body_format: Literal["html", "markdown"] = "html"
    translation_key: UUID | None = None
    brand: str = ""
    category_id: UUID | None = None
    tags: tuple[str, ...] = ()
    fields: dict[str, FieldValue] = {}
    tax_rate_percent: int = 0
    is_featured: bool = False
    published_at: datetime | None = None
    options: tuple[OptionState, ...] = ()
    images: tuple[UUID, ...] = ()
    posts: tuple[UUID, ...] = ()
    sites: tuple[UUID, ...] | None = None
    variants: tuple[SaveVariant, ...] = ()


class ChangeOffer(Struct, frozen=True, kw_only=True):
    """New prices or stock of one variant; what is UNSET stays as it is."""

    variant_id: UUID
    retail: int | None | UnsetType = UNSET
    wholesale: int | None | UnsetType = UNSET
    sale: Sale | None | UnsetType = UNSET
    on_hand: int | None | UnsetType = UNSET
    availability: Availability | UnsetType = UNSET
    available_from: date | None | UnsetType = UNSET


class ChangeOffers(Struct, frozen=True, kw_only=True):
    """A price or stock act: it changes no text and is seen by visitors at once. `reason` stands in the stock movements."""

    product_id: UUID
    currency: str
    offers: tuple[ChangeOffer, ...]
    expect: int | None = None
    reason: str = ""


class SaveCategory(Struct, frozen=True, kw_only=True):
    """A shelf of the catalogue. `slug` is its whole path; its parents must exist."""

    slug: str
    label: str
    id: UUID | None = None
    expect: int | None = None
    labels: dict[str, str] = {}
    summary: str = ""
    position: int = 0


class SaveField(Struct, frozen=True, kw_only=True):
    """A custom field of posts or products, known by its code."""

    thing_type: Literal["post", "product"]
    code: str
    label: str
    labels: dict[str, str] = {}
    is_facet: bool = False
    position: int = 0


class Saved(Struct, frozen=True, kw_only=True):
    """A thing as it stands after an act. `dropped` says in words what cleaning will leave out of the body."""

    id: UUID
    version: int
    slug: str = ""
    dropped: tuple[str, ...] = ()


class Published(Struct, frozen=True, kw_only=True):
    """A product that visitors can see on `sites`."""

    id: UUID
    version: int
    sites: tuple[UUID, ...]
    is_new: bool
