"""Addresses of posts and pages on their site. Pure: what a slug may be, which one comes next, and where a link leads."""

from collections.abc import Collection, Iterable
from itertools import islice
from urllib.parse import quote, unquote, urlsplit

from app.document.plain import is_reserved, slug_candidates, slugify
from app.errors import Invalid

SLUG_CHARACTERS = 200
POSTS = "posts"
_OFFERS = 50
_ROUNDS = 5


def slug_of(text: str) -> str:
    """The slug of a text, of which the slug is itself: whoever types it back meets the same address."""
    for _ in range(_ROUNDS):
        slug = slugify(text)
        if slug == text:
            break
        text = slug
    return text


def checked_slug(kind: str, wanted: str, languages: Collection[str]) -> str:
    """The wanted slug of a post, or path of a page, if it can be one. Raises Invalid with the nearest that can."""
    segments = wanted.split("/") if kind == "page" else [wanted]
    better = "/".join(slug_of(segment) for segment in segments if segment)
    if wanted != better:
        raise Invalid({"slug": f"An address has letters, digits and single hyphens, at most 80 between slashes. “{better}” would do."})
    if len(wanted) > SLUG_CHARACTERS:
        raise Invalid({"slug": f"This address has {len(wanted)} characters. Shorten it to {SLUG_CHARACTERS} or fewer."})
    if is_reserved(wanted, languages):
        raise Invalid({"slug": f"“{segments[0]}” is kept for the site's own pages. Choose another address."})
    return wanted


def slug_from_title(kind: str, title: str, languages: Collection[str]) -> str:
    """A slug for a title that came without one; the kind itself where the title has neither letter nor digit."""
    slug = slug_of(title) if any(char.isalnum() for char in title) else kind
    return next_slugs(slug)[0] if is_reserved(slug, languages) else slug


def short_slug(wanted: str, label: str, field: str = "slug") -> str:
    """The slug of a tag or byline: the wanted one if it can be one, else made from the label. Raises Invalid."""
    if wanted and wanted != slug_of(wanted):
        raise Invalid({field: f"An address has letters, digits and single hyphens. “{slug_of(wanted)}” would do."})
    if not wanted and not any(char.isalnum() for char in label):
        raise Invalid({field: f"“{label}” has no letter or digit to make an address from. Add one."})
    return wanted or slug_of(label)


def next_slugs(slug: str) -> list[str]:
    """The slugs that are offered when one is taken, the best one first; a number is added to the last part of a path."""
    head, slash, last = slug.rpartition("/")
    offers = (head + slash + candidate for candidate in islice(slug_candidates(last), 1, _OFFERS))
    return [offer for offer in offers if len(offer) <= SLUG_CHARACTERS]


def path_of(kind: str, lang: str, slug: str, first: str) -> str:
    """The address of a post or page on its site, whose first language is `first` and has no prefix."""
    prefix = "" if lang == first else f"/{quote(lang)}"
    middle = f"/{POSTS}" if kind == "post" else ""
    return f"{prefix}{middle}/{quote(slug)}/"


def targets(links: Iterable[str], languages: Collection[str], first: str) -> dict[str, tuple[str, str, str]]:
    """Where links lead that stay on the site, as (kind, lang, slug). Links to other kinds of pages are left out."""
    found = {link: _target(link, languages, first) for link in links if link.startswith("/") and not link.startswith("//")}
    return {link: target for link, target in found.items() if target is not None}


def _target(link: str, languages: Collection[str], first: str) -> tuple[str, str, str] | None:
    segments = [segment for segment in unquote(urlsplit(link).path).split("/") if segment]
    lang = first
    if segments and segments[0] in languages:
        lang = segments.pop(0)
    if len(segments) == 2 and segments[0] == POSTS:
        return "post", lang, segments[1]
    if not segments or is_reserved(segments[0], languages):
        return None
    return "page", lang, "/".join(segments)
