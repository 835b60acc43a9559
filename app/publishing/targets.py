"""Which page an address means. Pure: the language is the first segment, the kind the next, the slug the rest."""

import unicodedata
from collections.abc import Sequence
from typing import Literal
from urllib.parse import quote, unquote_to_bytes

from msgspec import Struct

from app.document.plain import is_reserved

TargetKind = Literal["home", "posts", "post", "page", "tag", "products", "product", "feed"]
FEED = "feed.json"
SLUG_CHARACTERS = 200
_LISTS: dict[str, TargetKind] = {"posts": "posts", "products": "products"}
_SINGLES: dict[str, TargetKind] = {"posts": "post", "products": "product", "tags": "tag"}


class Address(Struct, frozen=True):
    """A path by its decoded segments; `is_folder` when it ends with a slash, as every page does."""

    segments: tuple[str, ...]
    is_folder: bool

    @property
    def path(self) -> str:
        """The path with a slash at its end, encoded, and never more than one slash at a time."""
        return "/" + "".join(f"{quote(segment)}/" for segment in self.segments)


class Target(Struct, frozen=True):
    """One page of a site. `slug` is that of a post, product or tag, or the whole path of a page."""

    kind: TargetKind
    lang: str
    slug: str = ""


def address_of(path: str) -> Address | None:
    """The address of an encoded path, None for one that no page of this product can have. An empty one is home without its slash."""
    if not path:
        return Address((), is_folder=False)
    if not path.startswith("/"):
        return None
    *names, last = path[1:].split("/")
    raw = [*names, last] if last else names
    segments = tuple(segment for name in raw if (segment := _decoded(name)))
    return Address(segments, is_folder=not last) if len(segments) == len(raw) else None


def target_of(address: Address, languages: Sequence[str]) -> Target | None:
    """What an address means on a site with these languages, the first of which has no prefix; None for nothing."""
    lang, rest = languages[0], address.segments
    if rest and rest[0] in languages[1:]:
        lang, rest = rest[0], rest[1:]
    if rest == (FEED,):
        return None if address.is_folder else Target("feed", lang)
    if not rest:
        return Target("home", lang)
    if len(rest) == 1 and rest[0] in _LISTS:
        return Target(_LISTS[rest[0]], lang)
    if len(rest) == 2 and rest[0] in _SINGLES:
        return Target(_SINGLES[rest[0]], lang, rest[1])
    path = "/".join(rest)
    return None if is_reserved(path, languages) or len(path) > SLUG_CHARACTERS else Target("page", lang, path)


def _decoded(segment: str) -> str:
    """The text of an encoded segment; empty for one that is not UTF-8 or holds what no slug holds."""
    try:
        text = unquote_to_bytes(segment.encode()).decode()
    except UnicodeError:
        return ""
    is_strange = any(char in "/\\" or unicodedata.category(char) == "Cc" for char in text)
    return "" if is_strange or text in (".", "..") else text
