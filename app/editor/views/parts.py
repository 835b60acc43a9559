"""Small things that several screens show: choices, tabs, pages of a list, pieces of compared text."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from app.editor.views.shell import Who

# Words shown for these: Draft, Published, Edits not published (products: Edits waiting), Scheduled, Unpublished,
# Failed, Archived, In the trash.
Status = Literal["draft", "published", "changed", "scheduled", "off", "failed", "archived", "trash"]
Door = Literal["console", "api", "cli", "worker", "demo"]


class Option(Struct, frozen=True, kw_only=True):
    """One choice of a select. An empty `value` stands for no choice."""

    value: str
    label: str


class Filter(Struct, frozen=True, kw_only=True):
    """A select above a list, sent in the query as `name`. Its first option usually is "Any …" with an empty value."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str = ""


class Tab(Struct, frozen=True, kw_only=True):
    """A named query above a list. `count` only where it leads to work and costs nothing."""

    label: str
    href: str
    count: int | None = None
    is_current: bool = False


class Pager(Struct, frozen=True, kw_only=True):
    """The end of a list: "25 posts, last edited first", and relative queries for the neighbouring pages."""

    text: str
    newer: str | None = None
    older: str | None = None


class Piece(Struct, frozen=True, kw_only=True):
    """A run of compared text. `mark` is used where neither side is the older one."""

    text: str
    op: Literal["same", "ins", "del", "mark"] = "same"


class FieldChange(Struct, frozen=True, kw_only=True):
    """What changed in one field. `note` says it in words where the text would be too long ("84 words added, 31 removed")."""

    label: str
    pieces: tuple[Piece, ...] = ()
    note: str = ""


class Live(Struct, frozen=True, kw_only=True):
    """The publication that readers see: its public address, the version it shows, since when and by whom."""

    url: str
    version: int
    at: datetime
    by: Who | None = None
