"""What templates see around posts and products: the site, the page itself and its head. Frozen values, made for templates."""

from datetime import datetime

from markupsafe import Markup

from app.publishing.views import Image, Link, MenuEntry, TocEntry, View


class Menus(View, frozen=True):
    """The menus of a site by where they stand."""

    header: tuple[MenuEntry, ...]
    footer: tuple[MenuEntry, ...]
    docs: tuple[MenuEntry, ...]


class Social(View, frozen=True):
    """A profile elsewhere."""

    label: str
    url: str


class Feed(View, frozen=True):
    """A feed by media type."""

    type: str
    title: str
    url: str


class Language(View, frozen=True):
    """A language of the site and where this page, or else its home page, is found in it."""

    lang: str
    label: str
    url: str
    dir: str
    is_current: bool


class Site(View, frozen=True):
    """The site around every page, in the page's language."""

    name: str
    tagline: str
    description: str
    locale: str
    home_url: str
    search_url: str | None
    logo: Image | None
    icon_svg: str | None
    icon_png: str | None
    menus: Menus
    menu_lang: str
    social: tuple[Social, ...]
    feeds: tuple[Feed, ...]
    languages: tuple[Language, ...]
    copyright: str
    tax_note: str


class Crumb(View, frozen=True):
    """A step of the way to a page; the last one, the page itself, has no address."""

    label: str
    url: str | None


class Preview(View, frozen=True):
    """That this page is not what visitors see, until when it can be seen, and the way back."""

    version: int
    expires_text: str
    editor_url: str | None


class Page(View, frozen=True):
    """The page itself; from `body` on only for kind page."""

    kind: str
    url: str
    absolute_url: str
    title: str
    summary: str | None
    lang: str
    dir: str
    name_tag: str
    breadcrumbs: tuple[Crumb, ...] = ()
    prev_url: str | None = None
    next_url: str | None = None
    shows_prices: bool = False
    preview: Preview | None = None
    body: Markup | None = None
    toc: tuple[TocEntry, ...] = ()
    cover: Image | None = None
    updated_at: datetime | None = None
    children: tuple[Link, ...] = ()
    previous: Link | None = None
    next: Link | None = None


class Alternate(View, frozen=True):
    """The same page in another language, as an absolute address."""

    lang: str
    url: str


class Meta(View, frozen=True):
    """A named fact for the head."""

    name: str
    value: str


class ThemeColor(View, frozen=True):
    """The colour of the browser's frame, for one colour scheme or for all."""

    value: str
    media: str | None


class Head(View, frozen=True):
    """All that the platform puts into the head."""

    title: str
    description: str | None
    robots: str | None
    canonical: str | None
    alternates: tuple[Alternate, ...]
    og: tuple[Meta, ...]
    twitter: tuple[Meta, ...]
    theme_colors: tuple[ThemeColor, ...]
    feeds: tuple[Feed, ...]
    jsonld: Markup | None
