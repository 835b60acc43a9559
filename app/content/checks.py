"""What a request must be before anything is asked of the database. Pure: gives the request in its stored form or says what to mend."""

import re
from collections.abc import Iterable

from msgspec import structs

from app.content.requests import FieldValue, SaveAuthor, SaveMenu, SavePost, SaveTag
from app.document.input import one_line, storable, wrong_lines
from app.document.snapshots import MenuItem
from app.errors import Invalid
from app.settings import LIMITS

SUMMARY_CHARACTERS = 10_000
LABEL_CHARACTERS = 120
TAGS_EACH = 100
FIELDS_EACH = 100
MENU_ITEMS = 1_000
MENU_DEPTH = 10
NUMBER_LIMIT = 2**53

_CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")
_MENU_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_SCHEME = re.compile(r"(?i)(https?://[^/]|mailto:.|tel:.)")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\]")


def checked_post(request: SavePost) -> SavePost:
    """The request as it is stored. Raises Invalid with every field that needs another look."""
    body = storable(request.body_source)
    clean = structs.replace(
        request,
        title=one_line(request.title),
        slug=request.slug.strip().strip("/"),
        summary=storable(request.summary).strip(),
        body_source=body,
        seo_title=one_line(request.seo_title),
        tags=_distinct(request.tags),
        fields={key: _value(value) for key, value in request.fields.items()},
    )
    wrong = _wrong_texts(clean) | _wrong_tags(clean.tags) | _wrong_fields(clean.fields) | _wrong_numbers(clean)
    if wrong:
        raise Invalid(wrong)
    return clean


def _wrong_texts(request: SavePost) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if request.kind not in ("post", "page"):
        wrong["kind"] = "Choose post or page."
    if request.body_format not in ("html", "markdown"):
        wrong["body_format"] = "Choose html or markdown."
    if not request.title:
        wrong["title"] = "Write a title."
    for name, most in (("title", LIMITS.title_characters), ("seo_title", LIMITS.title_characters), ("summary", SUMMARY_CHARACTERS)):
        length = len(getattr(request, name))
        if length > most:
            wrong[name] = f"This has {length:,} characters. Shorten it to {most:,} or fewer."
    size = len(request.body_source.encode())
    if size > LIMITS.body_bytes:
        wrong["body_source"] = f"The text is {size:,} bytes long. Shorten it to {LIMITS.body_bytes:,} or split it into several posts."
    return wrong


def _wrong_tags(tags: tuple[str, ...]) -> dict[str, str]:
    if len(tags) > TAGS_EACH:
        return {"tags": f"There are {len(tags)} tags. Use {TAGS_EACH} or fewer."}
    if any(len(tag) > LABEL_CHARACTERS for tag in tags):
        return {"tags": f"A tag is longer than {LABEL_CHARACTERS} characters. Shorten it."}
    return {}


def _wrong_fields(fields: dict[str, FieldValue]) -> dict[str, str]:
    if len(fields) > FIELDS_EACH:
        return {"fields": f"There are {len(fields)} fields. Use {FIELDS_EACH} or fewer."}
    strange = sorted(code for code in fields if not _CODE.fullmatch(code))
    if strange:
        return {"fields": "Use small letters, digits and underscores in the code of a field, for example brew_time."}
    if any(isinstance(value, int | float) and not abs(value) <= NUMBER_LIMIT for value in fields.values()):
        return {"fields": "A number is too large to be kept exactly. Write it as text."}
    return {}


def _wrong_numbers(request: SavePost) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if abs(request.position) > NUMBER_LIMIT:
        wrong["position"] = "This number is too large."
    for name in ("published_at", "updated_at"):
        at = getattr(request, name)
        if at is not None and at.tzinfo is None:
            wrong[name] = "Say the time zone too, for example 2026-11-20T08:00:00+01:00."
    return wrong


def checked_tag(request: SaveTag) -> SaveTag:
    """The request as it is stored. Raises Invalid."""
    clean = structs.replace(
        request,
        label=one_line(request.label),
        slug=request.slug.strip(),
        summary=storable(request.summary).strip(),
        labels={lang: one_line(label) for lang, label in request.labels.items() if label.strip()},
    )
    labels = (clean.label, *clean.labels.values())
    _require_label("label", clean.label, "Write a label.", labels)
    _require_length("summary", (clean.summary,))
    return clean


def checked_author(request: SaveAuthor) -> SaveAuthor:
    """The request as it is stored. Raises Invalid."""
    strange = sorted({key for texts in request.texts.values() for key in texts} - {"name", "role", "bio"})
    if strange:
        raise Invalid({"texts": "Only name, role and bio can differ by language."})
    clean = structs.replace(
        request,
        name=one_line(request.name),
        slug=request.slug.strip(),
        role=one_line(request.role),
        bio=storable(request.bio).strip(),
        texts={lang: {key: storable(text).strip() for key, text in texts.items()} for lang, texts in request.texts.items()},
    )
    _require_label("name", clean.name, "Write a name.", (clean.name, clean.role))
    _require_length("bio", (clean.bio,))
    _require_length("texts", (text for texts in clean.texts.values() for text in texts.values()))
    return clean


def _require_length(field: str, texts: Iterable[str]) -> None:
    if wrong := wrong_lines(texts, SUMMARY_CHARACTERS):
        raise Invalid({field: wrong})


def _require_label(field: str, label: str, remedy: str, all_labels: Iterable[str]) -> None:
    if not label:
        raise Invalid({field: remedy})
    if any(len(text) > LABEL_CHARACTERS for text in all_labels):
        raise Invalid({field: f"This is longer than {LABEL_CHARACTERS} characters. Shorten it."})


def checked_menu(request: SaveMenu) -> SaveMenu:
    """The request as it is stored. Raises Invalid; `items` names the first entry that cannot be."""
    if not _MENU_NAME.fullmatch(request.name):
        raise Invalid({"name": "Use small letters, digits and hyphens, for example main."})
    items = tuple(_menu_item(item, 1) for item in request.items)
    if _count(items) > MENU_ITEMS:
        raise Invalid({"items": f"A menu has at most {MENU_ITEMS:,} entries."})
    return structs.replace(request, items=items)


def _menu_item(item: MenuItem, depth: int) -> MenuItem:
    label, url = one_line(item.label), (item.url or "").strip() or None
    if depth > MENU_DEPTH:
        raise Invalid({"items": f"“{label}” is too deep. A menu has at most {MENU_DEPTH} levels."})
    if not label:
        raise Invalid({"items": "An entry has no label. Write one, or remove the entry."})
    if len(label) > LABEL_CHARACTERS:
        raise Invalid({"items": f"“{label[:40]}…” is longer than {LABEL_CHARACTERS} characters. Shorten it."})
    if url is not None and not _leads_somewhere(url):
        raise Invalid({"items": f"“{label}” leads nowhere. Begin its address with / or https://."})
    return MenuItem(label=label, url=url, children=tuple(_menu_item(child, depth + 1) for child in item.children))


def _leads_somewhere(url: str) -> bool:
    is_own = url.startswith(("/", "#", "?")) and not url.startswith("//")
    return len(url) <= 2_000 and not _UNSAFE.search(url) and (is_own or _SCHEME.match(url) is not None)


def _count(items: tuple[MenuItem, ...]) -> int:
    return sum(1 + _count(item.children) for item in items)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for line in filter(None, map(one_line, words)):
        first.setdefault(line.casefold(), line)
    return tuple(first.values())


def _value(value: FieldValue) -> FieldValue:
    return storable(value) if isinstance(value, str) else value
