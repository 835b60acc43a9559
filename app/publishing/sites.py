"""From the rows of a site to the frame of its pages: names, settings, theme, menus, pictures and the languages that can be read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

import msgspec
from msgspec import structs

from app.content.models import Menu
from app.content.repository import menus_of_site
from app.db.work import Reading
from app.errors import Gone, Unavailable
from app.media.models import Rendition
from app.media.repository import image_snapshot
from app.publishing.chrome import Chrome, make_chrome
from app.publishing.repository import PictureRow, SiteRow, languages_with_content, pictures_by_name, site_row
from app.publishing.snapshots import ImageSnapshot, LanguageSnapshot, MenuItem, SiteSnapshot, Snapshot, ThemeSettings
from app.publishing.visits import Press
from app.tenancy.models import SiteLanguage
from app.tenancy.repository import languages_of_site

S = TypeVar("S", bound=Snapshot)

# What the owner of a site may say in its settings, beside the names of the pictures `logo` and `icon`.
SETTABLE = (
    "tagline",
    "description",
    "format_locale",
    "prices_include_tax",
    "tax_note",
    "low_stock_threshold",
    "posts_per_page",
    "social",
    "header_menu",
    "footer_menu",
    "docs_menu",
    "copyright_holder",
    "order_url",
)
MOST_PER_PAGE = 100
SUSPENDED_S = 3600


async def load_chrome(reading: Reading, press: Press, site_id: UUID, host: str, extra_language: str | None = None) -> Chrome:
    """The frame of a site. `host` stands in where the site has no primary one; `extra_language` is shown though nothing in it is live.

    Raises NotFound, Unavailable for a suspended site and Gone for an archived one.
    """
    row = await open_site(reading, site_id)
    languages = await languages_of_site(reading, site_id)
    order = [language.lang for language in languages] or [row.site.lang]
    live = await languages_with_content(reading, site_id, order[1:]) | {order[0], extra_language}
    pictures = await pictures_by_name(reading, picture_names(row))
    menus = await menus_of_site(reading, site_id)
    snapshot = site_snapshot(row, languages, menus, pictures, press.origin_of(row.host or host))
    return make_chrome(press.themes, snapshot, tuple(lang for lang in order if lang in live))


async def open_site(reading: Reading, site_id: UUID) -> SiteRow:
    """The site, if visitors may come in. Raises NotFound, Unavailable, Gone."""
    row = await site_row(reading, site_id)
    if row.site.state == "suspended":
        raise Unavailable("This site is resting.", retry_after=SUSPENDED_S)
    if row.site.state == "archived":
        raise Gone("This site has been closed for good.")
    return row


def site_snapshot(
    row: SiteRow, languages: Sequence[SiteLanguage], menus: Sequence[Menu], pictures: Sequence[PictureRow], origin: str
) -> SiteSnapshot:
    """The settings of a site as its pages need them. A setting that cannot be understood counts as not set."""
    site, said = row.site, _said(row)
    known = understood(SiteSnapshot, {name: said[name] for name in SETTABLE if name in said})
    per_page = known.pop("posts_per_page", None)
    if per_page is not None:
        known["posts_per_page"] = min(max(per_page, 1), MOST_PER_PAGE)
    theme = row.theme
    look = understood(ThemeSettings, {**theme.settings, "name": theme.theme} if theme else {})
    svg, png = icons(pictures, _name(said, "icon") or _name(said, "logo"))
    return SiteSnapshot(
        name=site.name,
        locale=languages[0].lang if languages else site.lang,
        origin=origin,
        timezone=site.timezone,
        currency=site.currency,
        languages=tuple(language_snapshot(language) for language in languages),
        theme=ThemeSettings(**look),
        logo=_picture(pictures, _name(said, "logo")),
        icon_svg=svg,
        icon_png=png,
        menus=menus_by_language(menus),
        **known,
    )


def understood(kind: type[S], said: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that fit the field of their name."""
    found: dict[str, Any] = {}
    for field in structs.fields(kind):
        if field.name in said:
            try:
                found[field.name] = msgspec.convert(said[field.name], field.type)
            except msgspec.ValidationError:
                continue
    return found


def language_snapshot(language: SiteLanguage) -> LanguageSnapshot:
    """What a site says about itself in one language."""
    return LanguageSnapshot(**{**understood(LanguageSnapshot, language.texts), "lang": language.lang})


def menus_by_language(menus: Sequence[Menu]) -> dict[str, dict[str, tuple[MenuItem, ...]]]:
    """The menus of a site by language and name."""
    found: dict[str, dict[str, tuple[MenuItem, ...]]] = {}
    for menu in menus:
        found.setdefault(menu.lang, {})[menu.name] = msgspec.convert(menu.items, tuple[MenuItem, ...])
    return found


def picture_names(row: SiteRow) -> list[str]:
    """The names of the pictures that a site's settings speak of."""
    said = _said(row)
    return sorted({name for key in ("logo", "icon") if (name := _name(said, key))})


def icons(pictures: Sequence[PictureRow], name: str | None) -> tuple[str | None, str | None]:
    """The addresses of a picture's drawing and of its small square, as far as it has them."""
    files = [row.file for row in pictures if row.media.name == name and row.file is not None]
    svg = _first(files, lambda file: file.content_type == "image/svg+xml")
    png = _first(files, lambda file: file.purpose == "icon" and file.content_type == "image/png")
    return svg, png


def _first(files: Sequence[Rendition], is_wanted: Callable[[Rendition], bool]) -> str | None:
    return next((f"/media/{file.hash}/{quote(file.name)}" for file in files if is_wanted(file)), None)


def _picture(pictures: Sequence[PictureRow], name: str | None) -> ImageSnapshot | None:
    rows = [row for row in pictures if row.media.name == name]
    return image_snapshot(rows[0].media, [row.file for row in rows if row.file is not None]) if rows else None


def _said(row: SiteRow) -> dict[str, Any]:
    return {**row.site.settings, **(row.theme.settings if row.theme else {})}


def _name(said: Mapping[str, Any], key: str) -> str | None:
    value = said.get(key)
    return value if isinstance(value, str) and value else None
