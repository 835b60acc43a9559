"""What surrounds every page of a site: names, menus, languages, feeds. Made once per site and kept; pages only look things up in it."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.publishing.assets import Asset, css_asset
from app.publishing.colours import settings_css
from app.publishing.links import Addresses, is_served, safe_link
from app.publishing.page_views import Feed, Language, Menus, Page, Site, Social
from app.publishing.pictures import image_view
from app.publishing.snapshots import LanguageSnapshot, MenuItem, SiteSnapshot
from app.publishing.themes import Theme, Themes
from app.publishing.views import MenuEntry
from app.publishing.wording import Wording, base_language, direction, language_name, make_wording

FEED_TYPE = "application/feed+json"


class PreviewPass(Struct, frozen=True, kw_only=True):
    """A look at what is not published. `base` is the path that every link stays under, `/-/preview/<token>`."""

    base: str
    version: int
    expires_at: datetime
    editor_url: str | None = None


class Chrome(Struct, frozen=True, kw_only=True):
    """A site's frame: its settings, its theme, the stylesheet of its settings and the languages that have a home page."""

    site: SiteSnapshot
    theme: Theme
    strings: dict[str, dict[str, str | dict[str, str]]]
    settings_css: Asset
    languages_live: tuple[str, ...]
    preview: PreviewPass | None = None

    def edition(self, lang: str, now: datetime) -> "Edition":
        """The site in one language at one moment."""
        site = self.site
        format_tag = site.format_locale or lang if lang == site.locale else lang
        wording = make_wording(self.strings, lang, format_tag, site.timezone)
        base = self.preview.base if self.preview else ""
        return Edition(chrome=self, lang=lang, now=now, wording=wording, links=Addresses(first=site.locale, base=base))

    def asset(self, url: str) -> Asset | None:
        """The stylesheet at an address, if it is one that this site's pages use now."""
        return next((a for a in (self.theme.css, self.settings_css) if a.url == url), None)


class Edition(Struct, frozen=True, kw_only=True):
    """One site in one language at one moment: everything that turning a snapshot into a view depends on."""

    chrome: Chrome
    lang: str
    now: datetime
    wording: Wording
    links: Addresses

    @property
    def site(self) -> SiteSnapshot:
        """The settings of the site."""
        return self.chrome.site

    @property
    def said(self) -> LanguageSnapshot:
        """What the site says about itself in this language, or else in its first."""
        site = self.site
        bases = (self.lang, base_language(self.lang))
        own = next((x for x in site.languages if x.lang in bases), LanguageSnapshot(lang=self.lang))
        return LanguageSnapshot(
            lang=self.lang,
            tagline=own.tagline or site.tagline,
            description=own.description or site.description,
            tax_note=own.tax_note or site.tax_note,
        )


def make_chrome(themes: Themes, site: SiteSnapshot, languages_live: tuple[str, ...]) -> Chrome:
    """The frame of a site. `languages_live` are those whose home page exists; no other language is linked to."""
    theme = themes.get(site.theme.name)
    css = css_asset("theme", settings_css(site.theme, theme.papers))
    return Chrome(site=site, theme=theme, strings=themes.strings, settings_css=css, languages_live=languages_live)


def in_preview(chrome: Chrome, preview: PreviewPass) -> Chrome:
    """The same frame for a preview: a banner above every page, links that stay inside, nothing for search engines."""
    return replace(chrome, preview=preview)


def site_view(edition: Edition, page: Page, translations: dict[str, str]) -> Site:
    """The site around a page. `translations` maps languages to this page's own address in them."""
    site, said, lang = edition.site, edition.said, edition.lang
    menu_lang = next((x for x in (lang, base_language(lang)) if x in site.menus), site.locale)
    return Site(
        name=site.name,
        tagline=said.tagline or "",
        description=said.description or "",
        locale=site.locale,
        home_url=home_url(edition),
        search_url=None,
        logo=image_view(site.logo, lang),
        icon_svg=safe_link(site.icon_svg),
        icon_png=safe_link(site.icon_png),
        menus=_menus(edition, menu_lang, page),
        menu_lang=menu_lang,
        social=tuple(Social(label=x.label, url=url) for x in site.social if (url := safe_link(x.url))),
        feeds=_feeds(edition),
        languages=_languages(edition, translations),
        copyright=f"{edition.wording.local(edition.now).year} {site.copyright_holder or site.name}",
        tax_note=said.tax_note or "",
    )


def home_url(edition: Edition) -> str:
    """The home page of this language if there is one, else the site's."""
    return edition.links.home(edition.lang if edition.lang in edition.chrome.languages_live else edition.site.locale)


def section_label(edition: Edition, url: str, otherwise: str) -> str:
    """What the site calls a section: the label of its menu entry for that address, else the platform's word."""
    items = edition.site.menus.get(edition.lang, {}).get(edition.site.header_menu, ())
    return next((x.label for x in items if x.url and edition.links.inside(x.url) == url), otherwise)


def _feeds(edition: Edition) -> tuple[Feed, ...]:
    if edition.chrome.preview:
        # A feed has no preview, and in the language of a first draft there is none yet.
        return ()
    lang = edition.lang if edition.lang in edition.chrome.languages_live else edition.site.locale
    return (Feed(type=FEED_TYPE, title=f"{edition.site.name} (JSON Feed)", url=edition.links.feed(lang)),)


def _languages(edition: Edition, translations: dict[str, str]) -> tuple[Language, ...]:
    live = edition.chrome.languages_live
    return tuple(
        Language(
            lang=lang,
            label=language_name(lang, live),
            url=translations.get(lang) or edition.links.home(lang),
            dir=direction(lang),
            is_current=lang == edition.lang,
        )
        for lang in live
    )


def _menus(edition: Edition, menu_lang: str, page: Page) -> Menus:
    site = edition.site
    own, first = site.menus.get(menu_lang, {}), site.menus.get(site.locale, {})

    def menu(name: str) -> tuple[MenuEntry, ...]:
        return _entries(edition, own.get(name) or first.get(name, ()), page)

    header = menu(site.header_menu)
    if page.kind == "post" and not any(entry.current for entry in header):
        # A blog whose posts are reached from its front page has no entry of its own for them.
        header = tuple(replace(e, current="true") if e.url == edition.links.home(edition.lang) else e for e in header)
    return Menus(header=header, footer=menu(site.footer_menu), docs=menu(site.docs_menu))


def _entries(edition: Edition, items: tuple[MenuItem, ...], page: Page) -> tuple[MenuEntry, ...]:
    """The entries that lead somewhere or head others. One whose address may not be linked to keeps its place only for its children."""
    entries = ((item, _entry(edition, item, page)) for item in items)
    return tuple(entry for item, entry in entries if entry.url or entry.children or not item.url)


def _entry(edition: Edition, item: MenuItem, page: Page) -> MenuEntry:
    link = safe_link(item.url)
    url = edition.links.inside(link) if link and is_served(link) else None
    children = _entries(edition, item.children, page)
    return MenuEntry(label=item.label, url=url, current=_current(edition, url, page), children=children)


def _current(edition: Edition, url: str | None, page: Page) -> str | None:
    path = page.url.split("?")[0]
    if not url or page.kind == "error":
        return None
    if url == path:
        return "page" if path == page.url else "true"
    is_above = url.startswith("/") and path.startswith(url.rstrip("/") + "/")
    return "true" if is_above and url not in _front_pages(edition) else None


def _front_pages(edition: Edition) -> set[str]:
    """Every address begins with one of these, so none of them is above another page."""
    return {edition.links.home(lang) for lang in (edition.lang, edition.site.locale, *edition.chrome.languages_live)}
