"""The first screen of a site."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from app.editor.views.parts import Status
from app.editor.views.shell import Kind, Link, Who


class Attention(Struct, frozen=True, kw_only=True):
    """Something that waits for a person: what is wrong, in one sentence, what follows from it, and where to mend it."""

    status: Status
    title: str
    text: str = ""
    action: Link | None = None


class Edited(Struct, frozen=True, kw_only=True):
    """A post or page that was edited lately."""

    kind: Kind
    id: UUID
    title: str
    status: Status
    at: datetime
    by: Who
    lang: str = ""


class LivePost(Struct, frozen=True, kw_only=True):
    """One of the newest posts that readers see."""

    id: UUID
    title: str
    url: str
    at: datetime
    lang: str = ""


class Overview(Struct, frozen=True, kw_only=True):
    """overview.html, at /c/{customer}/s/{site}. `site_url` is the public address of the site, None while it has none."""

    site_url: str | None = None
    site_host: str = ""
    attention: tuple[Attention, ...] = ()
    edited: tuple[Edited, ...] = ()
    live: tuple[LivePost, ...] = ()
    can_write: bool = False
