"""What a page is made from: the content of publication rows and of a site's settings, as frozen values.

The JSON columns of publications hold exactly these Structs (`msgspec.to_builtins` in, `msgspec.convert` out; unknown keys are dropped).
The wholesale price is in none of them, so no page can show it. Money is in minor units, times are aware, languages are BCP 47 tags.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from msgspec import Struct, field


class Snapshot(Struct, frozen=True, kw_only=True):
    """The root of all snapshots: compared by value, never changed."""


class RenditionSnapshot(Snapshot, frozen=True):
    """One file of a picture. `url` is root-absolute or an http(s) address; sizes are pixels."""

    url: str
    width: int
    height: int


class ImageSnapshot(Snapshot, frozen=True):
    """A picture with its renditions from small to large. `alt` maps a language, or "" for any, to the alternative text."""

    name: str
    width: int
    height: int
    renditions: tuple[RenditionSnapshot, ...]
    alt: dict[str, str] = {}
    og: RenditionSnapshot | None = None


class TocSnapshot(Snapshot, frozen=True):
    """A heading of a body: level 2 to 4, its id without `#`, its plain text."""

    level: int
    id: str
    text: str


class AuthorTexts(Snapshot, frozen=True):
    """The words about an author in one language; None keeps those of the author."""

    name: str | None = None
    role: str | None = None
    bio: str | None = None


class AuthorSnapshot(Snapshot, frozen=True):
    """A byline. `texts` maps languages other than the site's first to their words."""

    slug: str
    name: str
    role: str | None = None
    bio: str | None = None
    image: ImageSnapshot | None = None
    texts: dict[str, AuthorTexts] = {}


class TagSnapshot(Snapshot, frozen=True):
    """A tag. `summary` is in the site's first language; `labels` and `summaries` map the others."""

    slug: str
    label: str
    summary: str | None = None
    labels: dict[str, str] = {}
    summaries: dict[str, str] = {}


class CategorySnapshot(Snapshot, frozen=True):
    """A category with its parents, outermost first. `slug` is the whole path."""

    slug: str
    label: str
    labels: dict[str, str] = {}
    parents: "tuple[CategorySnapshot, ...]" = ()


class FieldSnapshot(Snapshot, frozen=True):
    """A custom field. A text such as `PT1H30M` is an ISO 8601 duration and is shown as one."""

    code: str
    label: str
    value: str | int | float | bool
    labels: dict[str, str] = {}


class Reference(Snapshot, frozen=True):
    """As much of a post, page or product as a link to it needs."""

    lang: str
    slug: str
    title: str = ""
    summary: str | None = None


class PostSnapshot(Snapshot, frozen=True):
    """The content of one row of `content.publications`, a post or a page. Lists may leave `html` and `toc` out.

    `html` is sanitised, its headings have ids and its figures are resolved. A page's `slug` is its whole path without outer slashes.
    """

    id: UUID
    kind: Literal["post", "page"]
    lang: str
    slug: str
    title: str
    updated_at: datetime
    published_at: datetime
    summary: str | None = None
    html: str = ""
    toc: tuple[TocSnapshot, ...] = ()
    words: int = 0
    minutes: int = 1
    cover: ImageSnapshot | None = None
    author: AuthorSnapshot | None = None
    tags: tuple[TagSnapshot, ...] = ()
    fields: tuple[FieldSnapshot, ...] = ()
    translation_key: str | None = None
    seo_title: str | None = None
    is_featured: bool = False


class Money(Snapshot, frozen=True):
    """An amount in minor units of an ISO 4217 currency: 1450 GBP is £14.50."""

    amount: int
    currency: str


class SaleSnapshot(Snapshot, frozen=True):
    """A reduced price, from `since` up to but without `until`; None leaves that side open."""

    price: Money
    since: datetime | None = field(default=None, name="from")
    until: datetime | None = None
    lowest_30_days: Money | None = None


class UnitMeasure(Snapshot, frozen=True):
    """How much is in a unit (`quantity`), and for how much a unit price is told (`base`)."""

    quantity: Decimal
    unit: str
    base: Decimal


class StockSnapshot(Snapshot, frozen=True):
    """Whether a variant can be had. `on_hand` None means that nobody counts; `available_from` is a day of the site's time zone."""

    availability: Literal["in_stock", "out_of_stock", "backorder", "preorder"]
    on_hand: int | None = None
    available_from: date | None = None


class VariantSnapshot(Snapshot, frozen=True):
    """One variant as its retail offer. `options` maps option codes to values. There is no wholesale price here, on purpose."""

    sku: str
    stock: StockSnapshot
    retail: Money | None = None
    gtin: str | None = None
    options: dict[str, str] = {}
    sale: SaleSnapshot | None = None
    unit_measure: UnitMeasure | None = None
    images: tuple[ImageSnapshot, ...] = ()


class OptionSnapshot(Snapshot, frozen=True):
    """What variants differ in, with its values in the order of the shop."""

    code: str
    label: str
    values: tuple[str, ...]


class ProductText(Snapshot, frozen=True):
    """The text part of a product publication: all that only Publish moves."""

    id: UUID
    lang: str
    slug: str
    title: str
    summary: str | None = None
    html: str = ""
    toc: tuple[TocSnapshot, ...] = ()
    brand: str | None = None
    category: CategorySnapshot | None = None
    fields: tuple[FieldSnapshot, ...] = ()
    options: tuple[OptionSnapshot, ...] = ()
    images: tuple[ImageSnapshot, ...] = ()
    tags: tuple[TagSnapshot, ...] = ()
    translation_key: str | None = None
    seo_title: str | None = None
    is_featured: bool = False
    related_posts: tuple[UUID, ...] = ()


class ProductOffer(Snapshot, frozen=True):
    """The offer part of a product publication: what every price or stock act rewrites."""

    variants: tuple[VariantSnapshot, ...] = ()


class ProductSnapshot(Snapshot, frozen=True):
    """One row of `catalog.product_publications`: the text part and the offer part, which move apart from each other."""

    text: ProductText
    offer: ProductOffer = ProductOffer()


class MenuItem(Snapshot, frozen=True):
    """An entry of a menu; without `url` it is a heading."""

    label: str
    url: str | None = None
    children: "tuple[MenuItem, ...]" = ()


class SocialLink(Snapshot, frozen=True):
    """Where else the site is found."""

    label: str
    url: str


class LanguageSnapshot(Snapshot, frozen=True):
    """What the site says about itself in one language; None keeps the words of its first language."""

    lang: str
    tagline: str | None = None
    description: str | None = None
    tax_note: str | None = None


class ThemeSettings(Snapshot, frozen=True):
    """A site's choices for its theme. Values that the theme does not know are ignored when they are used."""

    name: str = "journal"
    accent: str | None = None
    face: str | None = None
    width: str | None = None
    color_scheme: str = "auto"


class SiteSnapshot(Snapshot, frozen=True):
    """A site's settings as its pages need them.

    `locale` is its first language, whose pages have no prefix. `format_locale` names a region for dates and prices when `locale` has none.
    `menus` maps a language to its menus by name. `origin` is scheme, host and port without a slash at the end.
    `order_url` leads to the page that says how to order, if the site has one.
    """

    name: str
    locale: str
    origin: str
    tagline: str = ""
    description: str = ""
    format_locale: str | None = None
    languages: tuple[LanguageSnapshot, ...] = ()
    timezone: str = "UTC"
    currency: str = "EUR"
    prices_include_tax: bool = True
    tax_note: str = ""
    low_stock_threshold: int = 0
    posts_per_page: int = 10
    theme: ThemeSettings = ThemeSettings()
    logo: ImageSnapshot | None = None
    icon_svg: str | None = None
    icon_png: str | None = None
    social: tuple[SocialLink, ...] = ()
    menus: dict[str, dict[str, tuple[MenuItem, ...]]] = {}
    header_menu: str = "main"
    footer_menu: str = "foot"
    docs_menu: str = "docs"
    copyright_holder: str = ""
    order_url: str | None = None
