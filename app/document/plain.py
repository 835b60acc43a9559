"""Plain text: of a body, cut to a length, and as a part of an address."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from itertools import count, islice

from app.document.tree import read, text_of

SLUG_LIMIT = 80
ANCHOR_LIMIT = 80
_ATTEMPTS = 10_000

RESERVED = frozenset(
    {"posts", "products", "tags", "authors", "search", "media", "feeds", "preview", "-"}
    | {"feed.xml", "atom.xml", "feed.json", "sitemap.xml", "robots.txt", "favicon.ico", ".well-known"}
)

# ISO 639-1. A page must not take the address that a language added later will need.
_CODES = (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi "
    "fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv "
    "kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm "
    "rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa "
    "wo xh yi yo za zh zu"
)
LANGUAGE_CODES = frozenset(_CODES.split())

_YEAR = re.compile(r"[0-9]{4}")
_APOSTROPHES = re.compile("['’ʼ]")
# Marks that belong to no letter of another script.
_LOOSE_MARKS = re.compile("(?<![^\x00-\x7f])[\u0300-\u036f]+")
_LATIN = {
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "oe", "å": "a",
    "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h", "ŋ": "ng",
}  # fmt: skip


def plain_text(html: str) -> str:
    """The words of any HTML on one line, without scripts, styles and footnote numbers."""
    return text_of(read(html)[0])


def cut(text: str, limit: int = 160) -> str:
    """Text of at most `limit` characters: cut at the end of a word where there is one, and marked with an ellipsis."""
    if len(text) <= limit:
        return text
    head = text[:limit].rpartition(" ")[0].rstrip()
    kept = head if len(head) >= limit // 2 else text[: limit - 1]
    return kept.rstrip(" ,;:.–—-") + "…"


def slugify(title: str) -> str:
    """An address from a title: lower case, Latin letters as ASCII, letters of other scripts kept, at most 80 characters."""
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", title)).lower()
    folded = "".join(_folded(char) for char in unicodedata.normalize("NFC", text))
    return _shortened(_joined(_LOOSE_MARKS.sub("", folded), keep_underscore=False), SLUG_LIMIT) or "post"


def anchor(text: str) -> str:
    """The id of a heading: its words in lower case and their own script, joined by hyphens; "section" for none."""
    return _shortened(_joined(unicodedata.normalize("NFKC", text).lower(), keep_underscore=True), ANCHOR_LIMIT) or "section"


def slug_candidates(wanted: str) -> Iterator[str]:
    """The wanted slug, then the same with -2, -3 and so on, none longer than 80 characters."""
    yield wanted
    for number in count(2):
        ending = f"-{number}"
        yield wanted[: SLUG_LIMIT - len(ending)].rstrip("-") + ending


def free_slug(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """The first candidate that is not taken. Raises ValueError after ten thousand."""
    for candidate in islice(slug_candidates(wanted), _ATTEMPTS):
        if not is_taken(candidate):
            return candidate
    raise ValueError(f"No free address like {wanted!r} was found in {_ATTEMPTS} attempts.")


def is_reserved(slug: str, languages: Collection[str] = ()) -> bool:
    """Whether the first segment of a page's address belongs to the site itself: a list, a feed, a year or a language."""
    first = slug.strip("/").split("/", 1)[0].casefold()
    known = {language.casefold() for language in languages}
    return first in RESERVED or first in LANGUAGE_CODES or first in known or _YEAR.fullmatch(first) is not None


def _folded(char: str) -> str:
    if char.isascii():
        return char
    if char in _LATIN:
        return _LATIN[char]
    if not unicodedata.name(char, "").startswith("LATIN "):
        return char
    bare = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    return "".join(_LATIN.get(part, part) for part in bare)


def _joined(text: str, *, keep_underscore: bool) -> str:
    words = (char if _is_of_word(char, keep_underscore) else "-" for char in text)
    return re.sub("-{2,}", "-", "".join(words)).strip("-")


def _is_of_word(char: str, keep_underscore: bool) -> bool:
    # Vowel signs of Indic scripts are marks, not letters; without them the words would fall apart.
    return char.isalnum() or (char == "_" and keep_underscore) or unicodedata.category(char) in {"Mn", "Mc"}


def _shortened(slug: str, limit: int) -> str:
    if len(slug) <= limit:
        return slug
    head, separator, _ = slug[: limit + 1].rpartition("-")
    return head if separator and len(head) >= limit // 2 else slug[:limit].rstrip("-")
