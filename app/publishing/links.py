"""Addresses: those of a site's own pages, and whether an address that a person typed may be put into a link."""

import re
from urllib.parse import quote, urlsplit

from msgspec import Struct

from app.publishing.snapshots import PostSnapshot, ProductText

# A browser drops tabs and newlines inside an address and reads a backslash as a slash, so neither may stand in one.
_UNSAFE_CHARACTERS = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_SAFE_SCHEMES = {"http", "https", "mailto"}
# Addresses that the platform keeps for pages of later parts: a menu may name them already, but nothing answers there yet.
_UNSERVED = re.compile(r"^/(?:[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*/)?(?:search/|authors/|products/in/|feed\.xml|atom\.xml)")
# The machinery and the media of a site have one address each, in previews as in public.
_SHARED = ("/-/", "/media/", "//")


def safe_link(url: str | None) -> str | None:
    """The address if it is http(s), mailto or relative to this site, else None. Nothing that could run as a script passes."""
    text = (url or "").strip()
    if not text or _UNSAFE_CHARACTERS.search(text) or text.startswith("//"):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    if parts.scheme:
        is_complete = bool(parts.netloc if parts.scheme != "mailto" else parts.path)
        return text if parts.scheme in _SAFE_SCHEMES and is_complete else None
    return None if ":" in text.split("/")[0].split("?")[0].split("#")[0] else text


def is_served(url: str) -> bool:
    """Whether something may answer at a root-absolute address; false for the platform's pages that do not exist yet."""
    return not _UNSERVED.match(url)


def absolute(origin: str, url: str) -> str:
    """A root-absolute address with the site's origin before it; other addresses unchanged."""
    return origin + url if url.startswith("/") else url


class Addresses(Struct, frozen=True):
    """Where the pages of one site are. `first` is the language without a prefix; `base` is the path that a preview lives under."""

    first: str
    base: str = ""

    def prefix(self, lang: str) -> str:
        """What stands before every path of a language: nothing, or `/de`; in previews also their base."""
        return self.base + ("" if lang == self.first else f"/{quote(lang)}")

    def home(self, lang: str) -> str:
        """The home page of a language."""
        return f"{self.prefix(lang)}/"

    def posts(self, lang: str) -> str:
        """The first page of the list of posts."""
        return f"{self.prefix(lang)}/posts/"

    def post(self, lang: str, slug: str) -> str:
        """A post."""
        return f"{self.prefix(lang)}/posts/{quote(slug)}/"

    def page(self, lang: str, path: str) -> str:
        """A page; `path` has no slash at either end."""
        return f"{self.prefix(lang)}/{quote(path)}/"

    def tag(self, lang: str, slug: str) -> str:
        """The posts of a tag."""
        return f"{self.prefix(lang)}/tags/{quote(slug)}/"

    def products(self, lang: str) -> str:
        """The first page of the list of products."""
        return f"{self.prefix(lang)}/products/"

    def product(self, lang: str, slug: str, sku: str | None = None) -> str:
        """A product, or one of its variants."""
        return f"{self.prefix(lang)}/products/{quote(slug)}/" + (f"?sku={quote(sku, safe='')}" if sku else "")

    def feed(self, lang: str) -> str:
        """The JSON Feed of a language, which has no preview."""
        return f"{self.prefix(lang).removeprefix(self.base)}/feed.json"

    def of_post(self, post: PostSnapshot) -> str:
        """A post or a page by its kind."""
        return self.post(post.lang, post.slug) if post.kind == "post" else self.page(post.lang, post.slug)

    def of_product(self, text: ProductText, sku: str | None = None) -> str:
        """A product by its text part."""
        return self.product(text.lang, text.slug, sku)

    def inside(self, url: str) -> str:
        """A link of this site as a preview must follow it: under the preview's base."""
        is_own_page = url.startswith("/") and not url.startswith(_SHARED)
        return self.base + url if self.base and is_own_page else url
