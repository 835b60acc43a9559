"""From the words of the files to what the rooms are asked for. Pure."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec

from app.catalog.requests import Sale, SaveCategory, SaveField, SaveProduct, SaveVariant
from app.catalog.states import OptionState
from app.content.requests import SaveAuthor, SaveMenu, SavePost, SaveTag
from app.demo.stories import Calendar, Story
from app.document.snapshots import MenuItem
from app.media.actions import File
from app.tenancy.actions import CreateSite

CONTENT_TYPES = {".webp": "image/webp", ".jpg": "image/jpeg", ".svg": "image/svg+xml", ".png": "image/png"}
ICON = 180
# A price that nobody has changed for long, and within the 30 days before a sale one week of a lower one.
LONG_BEFORE, CHEAPER_FROM, CHEAPER_UNTIL = timedelta(days=60), timedelta(days=21), timedelta(days=14)
# What a site says about itself in its first language and as a whole; the names are those that its pages ask for.
SAID = (
    "tagline", "description", "format_locale", "prices_include_tax", "tax_note", "low_stock_threshold", "posts_per_page", "social", "email",
    "telephone", "founded", "address",
)  # fmt: skip
MENUS = ("header_menu", "footer_menu", "docs_menu")
LOOKS = ("accent", "face", "width", "color_scheme")


def site_request(story: Story, host: str) -> CreateSite:
    """The site with its languages, theme and settings. Its address in the files stays there: the built-in one is primary."""
    said, theme = story.site["site"], story.site["site"]["theme"]
    settings = {name: said[name] for name in SAID if name in said} | {name: theme[name] for name in MENUS} | {"logo": theme["logo"]}
    owner, facets = story.site["customer"]["name"], story.site["facets"]
    return CreateSite(
        slug=said["slug"],
        name=said["name"],
        host=host,
        languages=tuple(said["locales"]),
        timezone=said["timezone"],
        currency=said["currency"],
        settings=settings | {"copyright_holder": owner, "order_url": "/ordering/", "facets": facets},
        language_texts=texts_by_language(said),
        theme=theme["name"],
        theme_settings={name: theme[name] for name in LOOKS},
    )


def texts_by_language(said: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the site says in its further languages."""
    found: dict[str, dict[str, Any]] = {lang: dict(texts) for lang, texts in said.get("translations", {}).items()}
    for lang, note in said.get("tax_notes", {}).items():
        found.setdefault(lang, {})["tax_note"] = note
    return found


def files_of(story: Story, name: str) -> list[File]:
    """The files of a picture: its renditions, the card for services that show links, and for a logo its small square."""
    raw = story.media[name]
    files = [file_of("rendition", story.pictures / one["file"], one) for one in raw["renditions"]]
    if "og" in raw:
        files.append(file_of("sharing", story.pictures / raw["og"]["file"], raw["og"]))
    icon = story.pictures / f"{story.key}-icon-{ICON}.png"
    if name == story.site["site"]["theme"]["logo"] and icon.is_file():
        files.append(file_of("icon", icon, {"width": ICON, "height": ICON}))
    return files


def file_of(purpose: str, path: Path, size: dict[str, Any]) -> File:
    """One file from the disk."""
    return File(
        purpose=purpose, name=path.name, content_type=CONTENT_TYPES[path.suffix], width=size["width"], height=size["height"],
        data=path.read_bytes(),
    )  # fmt: skip


def author_request(raw: dict[str, Any], pictures: dict[str, UUID]) -> SaveAuthor:
    """A byline with its words in other languages."""
    texts: dict[str, dict[str, str]] = {}
    for name in ("name", "role", "bio"):
        for lang, text in raw.get(f"{name}s", {}).items():
            texts.setdefault(lang, {})[name] = text
    return SaveAuthor(
        slug=raw["slug"], name=raw["name"], role=raw["role"], bio=raw["bio"], image_id=pictures.get(raw["image"]), texts=texts
    )


def tag_request(raw: dict[str, Any], site_id: UUID) -> SaveTag:
    """A tag with its labels."""
    return SaveTag(site_id=site_id, slug=raw["slug"], label=raw["label"], labels=raw.get("labels", {}), summary=raw["summary"])


def menu_requests(story: Story, site_id: UUID) -> list[SaveMenu]:
    """All menus in all languages."""
    return [
        SaveMenu(site_id=site_id, lang=lang, name=name, items=msgspec.convert(items, tuple[MenuItem, ...]))
        for lang, menus in story.site["menus"].items()
        for name, items in menus.items()
    ]


def category_requests(level: list[dict[str, Any]]) -> list[SaveCategory]:
    """Categories in the order of the shop, parents before their children."""
    found: list[SaveCategory] = []
    for position, raw in enumerate(level):
        labels, summary = raw.get("labels", {}), raw["summary"]
        found.append(SaveCategory(slug=raw["slug"], label=raw["label"], labels=labels, summary=summary, position=position))
        found += category_requests(raw["children"])
    return found


def field_requests(story: Story) -> list[SaveField]:
    """The definition of every custom field that posts or products use."""
    labels, translated, facets = story.site["field_labels"], story.site.get("field_labels_i18n", {}), story.site["facets"]
    used = {"post": story.posts, "product": story.products}
    return [
        SaveField(
            thing_type="post" if kind == "post" else "product", code=code, label=label, position=position, is_facet=code in facets,
            labels={lang: words[code] for lang, words in translated.items() if code in words},
        )
        for kind, things in used.items()
        for position, (code, label) in enumerate(labels.items())
        if any(code in thing["fields"] for thing in things)
    ]  # fmt: skip


def post_request(
    raw: dict[str, Any], kind: str, site_id: UUID, calendar: Calendar, pictures: dict[str, UUID], authors: dict[str, UUID]
) -> SavePost:
    """A post, or a page, whose date for readers is that of its last change."""
    key = raw.get("translation_key")
    return SavePost(
        site_id=site_id, kind="page" if kind == "page" else "post", lang=raw["lang"], slug=raw["slug"], title=raw["title"],
        summary=raw["summary"], body_source=raw["body"], body_format="html", tags=tuple(raw.get("tags", ())),
        author_id=authors.get(raw.get("author", "")), cover_id=pictures.get(raw["cover"] or ""),
        translation_key=uuid5(site_id, key) if key else None, fields=raw.get("fields", {}), is_featured=raw.get("is_featured", False),
        position=raw.get("order", 0), published_at=calendar.at(raw.get("published_at", raw["updated_at"])),
        updated_at=calendar.at(raw["updated_at"]),
    )  # fmt: skip


def product_request(
    raw: dict[str, Any], calendar: Calendar, pictures: dict[str, UUID], categories: dict[str, UUID], posts: dict[tuple[str, str], UUID]
) -> SaveProduct:
    """A product with its variants, prices and stock."""
    return SaveProduct(
        title=raw["title"], lang=raw["lang"], currency=raw["variants"][0]["retail"]["currency"], slug=raw["slug"], summary=raw["summary"],
        body_source=raw["body"], brand=raw["brand"], category_id=categories[raw["category"]], tags=tuple(raw["tags"]), fields=raw["fields"],
        tax_rate_percent=raw["tax_rate_percent"], is_featured=raw["is_featured"], published_at=calendar.at(raw["published_at"]),
        options=tuple(OptionState(code=one["code"], label=one["label"], choices=tuple(one["values"])) for one in raw["options"]),
        images=tuple(pictures[name] for name in raw["images"]),
        posts=tuple(posts[raw["lang"], slug] for slug in raw["related_posts"]),
        variants=tuple(variant_request(one, calendar) for one in raw["variants"]),
    )  # fmt: skip


def variant_request(raw: dict[str, Any], calendar: Calendar) -> SaveVariant:
    """One variant."""
    stock = raw["stock"]
    return SaveVariant(
        sku=raw["sku"], gtin=raw["gtin"], option_values=raw["options"], unit_measure=raw["unit_measure"], weight_g=raw["shipping_weight_g"],
        images=tuple(raw.get("images", ())), retail=raw["retail"]["amount"],
        wholesale=raw["wholesale"]["amount"] if raw["wholesale"] else None, sale=sale_of(raw["sale"], calendar), on_hand=stock["on_hand"],
        availability=stock["availability"], available_from=calendar.day(stock["available_from"]),
    )  # fmt: skip


def sale_of(raw: dict[str, Any] | None, calendar: Calendar) -> Sale | None:
    """A reduced price with its period."""
    if raw is None:
        return None
    since, until = calendar.period(raw["from"], raw["until"])
    return Sale(amount=raw["price"]["amount"], starts_at=since, ends_at=until)


def past_prices(raw: dict[str, Any], known_since: datetime, sale: Sale | None) -> list[tuple[datetime, int]]:
    """What a variant cost before today, so that the lowest price of the 30 days before its sale is the one that the files name."""
    retail: int = raw["retail"]["amount"]
    entries = [(known_since, retail)]
    if sale is not None and sale.starts_at is not None:
        begin, lowest = sale.starts_at, raw["sale"]["lowest_30_days"]["amount"]
        entries = [(min(known_since, begin - LONG_BEFORE), retail)]
        if lowest != retail:
            entries += [(begin - CHEAPER_FROM, lowest), (begin - CHEAPER_UNTIL, retail)]
    return entries


def currency_of(raw: dict[str, Any]) -> str:
    """The currency of a variant's prices."""
    return str(raw["retail"]["currency"])
