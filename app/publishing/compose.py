"""What every kind of page has in common: the page's own view, and putting site, head and template together."""

from collections.abc import Sequence
from typing import Any

from app.publishing.chrome import Edition, home_url, site_view
from app.publishing.discovery import About, head_view
from app.publishing.page_views import Crumb, Page, Preview, Site
from app.publishing.pictures import picture
from app.publishing.structured_data import Node, listing_graph
from app.publishing.views import Image, Listing
from app.publishing.wording import direction


def page_view(
    edition: Edition,
    kind: str,
    url: str,
    title: str,
    summary: str | None = None,
    *,
    crumbs: Sequence[tuple[str, str | None]] = (),
    name_tag: str = "p",
    **extra: Any,
) -> Page:
    """The page itself. `crumbs` are the steps below the home page, the page last; `extra` are further fields of `Page`."""
    home = Crumb(label=edition.site.name, url=home_url(edition))
    trail = (home, *(Crumb(label=label, url=link) for label, link in crumbs)) if crumbs else ()
    return Page(
        kind=kind,
        url=url,
        absolute_url=edition.site.origin + url,
        title=title,
        summary=summary or None,
        lang=edition.lang,
        dir=direction(edition.lang),
        name_tag=name_tag,
        breadcrumbs=trail,
        preview=_preview(edition),
        **extra,
    )


def _preview(edition: Edition) -> Preview | None:
    preview = edition.chrome.preview
    if not preview:
        return None
    return Preview(version=preview.version, expires_text=edition.wording.date(preview.expires_at), editor_url=preview.editor_url)


def write_listing(
    edition: Edition, page: Page, listing: Listing, address: str | None, image: Image | None, slug: str = "", **own: Any
) -> str:
    """A page that lists posts or products. `address` is its own with a cursor; only the first stretch, without one, is indexed."""
    about = About(canonical=page.url, robots="noindex,follow" if address else None, image=image)
    site = site_view(edition, page, {})
    return write(edition, page, site, about, listing_graph(edition, page), slug=slug, listing=listing, **own)


def write(edition: Edition, page: Page, site: Site, about: About, graph: list[Node], *, slug: str = "", **own: Any) -> str:
    """The finished page. `own` are the variables of its kind."""
    assets = {"theme.css": edition.chrome.theme.css.url, "settings.css": edition.chrome.settings_css.url}
    context = {
        "page": page,
        "site": site,
        "head": head_view(edition, page, site, about, graph),
        "t": edition.wording.t,
        "time": edition.wording.time,
        "picture": picture,
        "asset": assets.__getitem__,
        "listing": None,
        "search": None,
        "search_id": None,
    }
    return edition.chrome.theme.render(page.kind, slug, context | own)
