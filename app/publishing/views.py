"""What templates see of posts and products: frozen values made for them, and nothing else. Themes are written against these classes.

Every object that can be linked to has `url`; None there means that its target does not exist and that templates show plain text.
"""

from datetime import datetime
from typing import Any

from markupsafe import Markup
from msgspec import Struct


class View(Struct, frozen=True, kw_only=True):
    """The root of all views."""


class Rendition(View, frozen=True):
    """One file of a picture, in pixels."""

    url: str
    width: int
    height: int


class Image(View, frozen=True):
    """A picture: its largest rendition, all of them from small to large, and the one for sharing."""

    url: str
    width: int
    height: int
    alt: str
    renditions: tuple[Rendition, ...]
    og: Rendition


class TocEntry(View, frozen=True):
    """A heading in the table of contents."""

    level: int
    id: str
    text: str


class Link(View, frozen=True):
    """A link to a neighbour, a chapter or an act."""

    title: str
    url: str
    summary: str | None = None
    lang_attrs: str = ""


class Author(View, frozen=True):
    """A byline; `url` is None until authors have pages."""

    name: str
    role: str | None
    bio: str | None
    url: str | None
    image: Image | None


class Tag(View, frozen=True):
    """A tag in the page's language."""

    slug: str
    label: str
    summary: str | None
    url: str


class Field(View, frozen=True):
    """A custom field; `text` is its value as people of the page's language write it."""

    code: str
    label: str
    value: Any
    text: str


class PostCard(View, frozen=True):
    """A post in a list."""

    title: str
    summary: str | None
    url: str
    lang: str
    lang_attrs: Markup
    cover: Image | None
    author: Author | None
    published_at: datetime
    tags: tuple[Tag, ...]
    minutes: int


class Post(PostCard, frozen=True):
    """A post on its own page."""

    body: Markup
    toc: tuple[TocEntry, ...]
    words: int
    updated_at: datetime
    is_updated: bool
    fields: tuple[Field, ...]
    previous: Link | None
    next: Link | None
    products: "tuple[ProductCard, ...]"


class Price(View, frozen=True):
    """Money for machines (`value`, "14.50") and people (`text`, "£14.50")."""

    amount: int
    currency: str
    value: str
    text: str


class Availability(View, frozen=True):
    """in_stock, low, out_of_stock, backorder or preorder; `available_from` is the start of that day in the site's zone."""

    code: str
    text: str
    available_from: datetime | None = None


class Measure(View, frozen=True):
    """What a unit price was reckoned from."""

    quantity: str
    unit: str
    base: str


class OptionValue(View, frozen=True):
    """The value of one option of an offer."""

    code: str
    label: str
    value: str


class Offer(View, frozen=True):
    """A variant at its price of this moment. `was`, `until` (its last moment) and `lowest` only while it is reduced."""

    sku: str
    gtin: str | None
    price: Price | None
    was: Price | None
    unit_price: str | None
    measure: Measure | None
    until: datetime | None
    until_text: str
    lowest: Price | None
    is_from: bool
    availability: Availability
    options: tuple[OptionValue, ...]
    url: str
    anchor: str
    images: tuple[Image, ...]


class ProductCard(View, frozen=True):
    """A product in a list, at its lowest price. A product without variants has neither offer nor availability."""

    title: str
    summary: str | None
    url: str
    lang: str
    lang_attrs: Markup
    images: tuple[Image, ...]
    card_offer: Offer | None
    availability: Availability | None
    badge: str | None


class Category(View, frozen=True):
    """A category; `url` is None until categories have pages."""

    label: str
    url: str | None


class Choice(View, frozen=True):
    """A value that can be chosen, which leads to the variant that has it."""

    label: str
    url: str
    is_current: bool
    is_available: bool


class Option(View, frozen=True):
    """An option with its choices."""

    code: str
    label: str
    choices: tuple[Choice, ...]


class Product(ProductCard, frozen=True):
    """A product on its own page, with one of its variants chosen (`offer`)."""

    body: Markup
    toc: tuple[TocEntry, ...]
    brand: str | None
    category: Category | None
    fields: tuple[Field, ...]
    options: tuple[Option, ...]
    variants: tuple[Offer, ...]
    offer: Offer | None
    action: Link | None
    posts: tuple[PostCard, ...]
    related: tuple[ProductCard, ...]


class FacetChoice(View, frozen=True):
    """A filter, a sort order, or a filter to take away."""

    label: str
    url: str
    count: int | None = None
    is_active: bool = False


class Facet(View, frozen=True):
    """A property that products can be filtered by."""

    code: str
    label: str
    choices: tuple[FacetChoice, ...]


class MenuEntry(View, frozen=True):
    """A menu item; `current` is "page" for the page itself, "true" for a page above it."""

    label: str
    url: str | None
    current: str | None = None
    children: "tuple[MenuEntry, ...]" = ()
    count: int | None = None


class Listing(View, frozen=True):
    """One stretch of a list; from `count_text` on only for products."""

    items: tuple[PostCard | ProductCard, ...]
    newer_url: str | None = None
    older_url: str | None = None
    count_text: str | None = None
    sorts: tuple[FacetChoice, ...] = ()
    category_tree: tuple[MenuEntry, ...] = ()
    facets: tuple[Facet, ...] = ()
    active: tuple[FacetChoice, ...] = ()


class Home(View, frozen=True):
    """What the home page shows: `lead` is the first of `posts`."""

    posts: tuple[PostCard, ...]
    products: tuple[ProductCard, ...]
    older_url: str | None


class Problem(View, frozen=True):
    """Why there is no page here, and what to read instead."""

    status: int
    text: str
    suggestions: tuple[PostCard, ...]
