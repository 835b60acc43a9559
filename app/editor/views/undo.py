"""Undoing an act: what would happen, what stands in the way, and the question whether to do it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from app.editor.views.shell import Who


class UndoRow(Struct, frozen=True, kw_only=True):
    """One thing of the act: "Brew water", a "post", which "becomes what it was"; `conflict` says why it is left alone."""

    thing: str
    kind: str
    what: str = ""
    href: str | None = None
    conflict: str = ""


class UndoAct(Struct, frozen=True, kw_only=True):
    """undo.html, at /c/{customer}/audit/{act}/undo. Undoing posts there: `reason`, and `skip` where there are conflicts.

    `rows`       the first of the `steps` things that the undo would change; `conflicts` the first of the `left` ones.
    `said`       the act in words: "imported file". `problem` is why an attempt has just failed.
    `undoer_href` the address of the act that has undone this one already, empty when none has.
    `command`    what to type instead where an act is too large for a page.
    """

    id: UUID
    at: datetime
    by: Who
    said: str
    steps: int
    left: int
    rows: tuple[UndoRow, ...] = ()
    conflicts: tuple[UndoRow, ...] = ()
    done: int = 0
    notes: tuple[str, ...] = ()
    reason: str = ""
    problem: str = ""
    undoer_href: str = ""
    command: str = ""
    is_unfinished: bool = False
    errors: dict[str, str] = {}

    @property
    def can_undo(self) -> bool:
        """Whether there is a button."""
        return not self.command and (self.steps > 0 or self.is_unfinished)
