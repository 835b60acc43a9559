"""What is asked of this room by a visitor's request, what it answers, and what every read of a page has at hand."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Struct

from app.db.work import Reading
from app.publishing.chrome import Chrome, Edition
from app.publishing.snapshots import PostSnapshot
from app.publishing.targets import Address
from app.publishing.themes import Themes

HTML = "text/html; charset=utf-8"


class Edge(NamedTuple):
    """A place in a list: the order and the id of the row beside it."""

    at: datetime
    id: UUID


class Cursors(Protocol):
    """How a place in a list travels to the visitor and back. `bound_to` names the one list that it is good for."""

    def write(self, bound_to: str, edge: Edge) -> str:
        """The cursor, made of letters that need no escaping in an address."""

    def read(self, bound_to: str, text: str) -> Edge | None:
        """The place, None for a cursor that was not written for this list."""


class Press(Struct, frozen=True):
    """What making pages takes beside the database. `origin_of` gives scheme, host and port of a site's host."""

    themes: Themes
    cursors: Cursors
    origin_of: Callable[[str], str]
    console_origin: str


class PreviewOf(Struct, frozen=True, kw_only=True):
    """The version of a post that is looked at before it is published; `base` is the path that every link stays under."""

    post_id: UUID
    version: int
    expires_at: datetime
    base: str


class PageRequest(Struct, frozen=True, kw_only=True):
    """A visitor's wish for a page at one moment (UTC). `host` is the one that was asked for; `address` None leads nowhere."""

    host: str
    address: Address | None
    now: datetime
    query: dict[str, list[str]] = {}
    preview: PreviewOf | None = None

    @property
    def address_with_slash(self) -> str:
        """Where the page is that was asked for without the slash at its end."""
        base = self.preview.base if self.preview else ""
        path = self.address.path if self.address else "/"
        return base + path + (f"?{urlencode(self.query, doseq=True)}" if self.query else "")


class Page(Struct, frozen=True, kw_only=True):
    """A finished answer. Its entity tag is that of its body, which is all that it depends on; `location` only with status 308."""

    body: bytes = b""
    status: int = 200
    media_type: str = HTML
    location: str | None = None


Finish = Callable[[], str | bytes]


class Visit(Struct, frozen=True):
    """One read of what a page needs. `draft` is the version that a preview shows at its own address."""

    reading: Reading
    press: Press
    site_id: UUID
    chrome: Chrome
    request: PageRequest
    draft: PostSnapshot | None = None

    @property
    def now(self) -> datetime:
        """The moment that the page is made for."""
        return self.request.now

    def edition(self, lang: str) -> Edition:
        """The site in a language."""
        return self.chrome.edition(lang, self.now)
