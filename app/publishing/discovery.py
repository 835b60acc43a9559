"""What search engines, feed readers and people who share a link are told: the head of a page."""

from collections.abc import Callable

from msgspec import Struct

from app.document.plain import cut
from app.publishing.chrome import Edition
from app.publishing.links import absolute
from app.publishing.page_views import Alternate, Head, Meta, Page, Site, ThemeColor
from app.publishing.snapshots import Reference
from app.publishing.structured_data import Node, crumbs_graph, dump
from app.publishing.views import Image, Offer, Post

_FACEBOOK_AVAILABILITY = {"low": "in stock"}


class About(Struct, frozen=True, kw_only=True):
    """What a page says of itself beside what it shows. `canonical` is a path; None for pages that have no address of their own."""

    canonical: str | None = None
    robots: str | None = None
    seo_title: str | None = None
    image: Image | None = None
    og_type: str = "website"
    og_extra: tuple[tuple[str, str], ...] = ()
    alternates: tuple[Alternate, ...] = ()


def head_view(edition: Edition, page: Page, site: Site, about: About, graph: list[Node]) -> Head:
    """The head of a page. A preview and a page without an address of its own tell machines nothing but not to index them."""
    if page.preview:
        about = About(robots="noindex,nofollow", seo_title=about.seo_title)
    is_indexed = about.canonical is not None and not (about.robots or "").startswith("noindex")
    description = cut(page.summary) if page.summary else None
    return Head(
        title=_title(page, site, about.seo_title),
        description=description,
        robots=about.robots,
        canonical=absolute(edition.site.origin, about.canonical) if about.canonical else None,
        alternates=about.alternates,
        og=_open_graph(edition, page, about, description) if about.canonical else (),
        twitter=_twitter(about.image) if about.canonical else (),
        theme_colors=_theme_colors(edition),
        feeds=site.feeds,
        jsonld=dump(graph + crumbs_graph(edition, page)) if is_indexed and graph else None,
    )


def translations_of(edition: Edition, urls: dict[str, str]) -> tuple[Alternate, ...]:
    """The links between translations of one page, itself included, the same set on each; nothing if there is only one."""
    if len(urls) < 2:
        return ()
    links = [Alternate(lang=lang, url=absolute(edition.site.origin, url)) for lang, url in sorted(urls.items())]
    first = urls.get(edition.site.locale)
    return (*links, *([Alternate(lang="x-default", url=absolute(edition.site.origin, first))] if first else []))


def post_facts(edition: Edition, post: Post) -> tuple[tuple[str, str], ...]:
    """The Open Graph facts of an article."""
    local = edition.wording.local
    author_url = post.author.url if post.author else None
    return (
        ("article:published_time", local(post.published_at).isoformat()),
        ("article:modified_time", local(post.updated_at).isoformat()),
        *((("article:author", absolute(edition.site.origin, author_url)),) if author_url else ()),
        *(("article:tag", tag.label) for tag in post.tags),
    )


def offer_facts(offer: Offer | None) -> tuple[tuple[str, str], ...]:
    """The Open Graph facts of the offer that a product page shows."""
    if not offer or not offer.price:
        return ()
    code = offer.availability.code
    return (
        ("product:price:amount", offer.price.value),
        ("product:price:currency", offer.price.currency),
        ("product:availability", _FACEBOOK_AVAILABILITY.get(code, code.replace("_", " "))),
        ("product:retailer_item_id", offer.sku),
    )


def languages_of(own: tuple[str, str], translations: tuple[Reference, ...], url_of: Callable[[str, str], str]) -> dict[str, str]:
    """The address of a page in each language it has: its own, then those of its translations."""
    return dict([own]) | {x.lang: url_of(x.lang, x.slug) for x in translations if x.lang != own[0]}


def _title(page: Page, site: Site, seo_title: str | None) -> str:
    if page.kind == "home":
        return seo_title or (f"{site.name}: {site.tagline}" if site.tagline else site.name)
    return f"{seo_title or page.title} · {site.name}"


def _open_graph(edition: Edition, page: Page, about: About, description: str | None) -> tuple[Meta, ...]:
    origin = edition.site.origin
    facts = [
        ("og:site_name", edition.site.name),
        ("og:type", about.og_type),
        ("og:title", page.title),
        ("og:description", description or ""),
        ("og:url", absolute(origin, about.canonical or page.url)),
        ("og:locale", str(edition.wording.locale)),
    ]
    if about.image:
        og = about.image.og
        facts += [("og:image", absolute(origin, og.url)), ("og:image:width", str(og.width)), ("og:image:height", str(og.height))]
        facts.append(("og:image:alt", about.image.alt))
    return tuple(Meta(name=name, value=value) for name, value in (*facts, *about.og_extra) if value)


def _twitter(image: Image | None) -> tuple[Meta, ...]:
    is_wide = image is not None and image.og.width > image.og.height
    return (Meta(name="twitter:card", value="summary_large_image" if is_wide else "summary"),)


def _theme_colors(edition: Edition) -> tuple[ThemeColor, ...]:
    papers, scheme = edition.chrome.theme.papers, edition.site.theme.color_scheme
    if scheme in ("light", "dark"):
        return (ThemeColor(value=papers.paper if scheme == "light" else papers.night, media=None),)
    return (
        ThemeColor(value=papers.paper, media="(prefers-color-scheme:light)"),
        ThemeColor(value=papers.night, media="(prefers-color-scheme:dark)"),
    )
