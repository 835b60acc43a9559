"""Bodies: how a page and a feed show stored HTML, which is finished but for its addresses.

Stored HTML is written by one tool: every `<` in it begins a tag, and every attribute value stands between double quotes.
"""

import re
from collections.abc import Callable

from markupsafe import Markup

from app.publishing.links import Addresses
from app.publishing.snapshots import TocSnapshot
from app.publishing.views import TocEntry

_TAG = re.compile(r'<[a-z][a-z0-9]*(?:[^>"]|"[^"]*")*>')
_LINK = re.compile(r'(\shref=")([^"]*)"')
_ADDRESS = re.compile(r'(\s(?:href|src|cite)=")([^"]*)"')
_SRCSET = re.compile(r'(\ssrcset=")([^"]*)"')


def page_body(html: str, addresses: Addresses) -> Markup:
    """Stored HTML as a page shows it. In a preview its links to pages of the site stay inside."""
    if addresses.base:
        html = _map_tags(html, lambda tag: _LINK.sub(lambda m: f'{m[1]}{addresses.inside(m[2])}"', tag))
    return Markup(html)  # noqa: S704  # cleaned when it was published


def toc_view(toc: tuple[TocSnapshot, ...]) -> tuple[TocEntry, ...]:
    """The table of contents of a body."""
    return tuple(TocEntry(level=x.level, id=x.id, text=x.text) for x in toc)


def absolute_body(html: str, origin: str, page_url: str) -> str:
    """Stored HTML for readers far away from the site: every address in it is absolute."""

    def complete(url: str) -> str:
        if url.startswith("/") and not url.startswith("//"):
            return origin + url
        return page_url + url if url.startswith(("#", "?")) else url

    def change(tag: str) -> str:
        tag = _ADDRESS.sub(lambda m: f'{m[1]}{complete(m[2])}"', tag)
        return _SRCSET.sub(lambda m: m[1] + ", ".join(complete(part.strip()) for part in m[2].split(", ")) + '"', tag)

    return _map_tags(html, change)


def _map_tags(html: str, change: Callable[[str], str]) -> str:
    return _TAG.sub(lambda m: change(m[0]), html)
