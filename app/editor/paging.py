"""Pages of lists that run from the newest: signed cursors, which remember the way back."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

from app.db.functions import LATEST
from app.editor.local import query
from app.editor.views.parts import Pager
from app.web.context import AnyRequest, services_of
from app.web.tokens import BadToken, sign, unsign

ROWS = 25
# Further back than this, "Newer" leads to the first page.
STEPS = 20

Edge = tuple[datetime, UUID]
T = TypeVar("T")


class Place(Struct, frozen=True):
    """Where in a list one is: the edges after which this page and those before it begin. `bound_to` names list and filters."""

    bound_to: str
    edges: tuple[Edge, ...] = ()

    @property
    def edge(self) -> Edge:
        """The last row of the page before, or the beginning of the list."""
        return self.edges[-1] if self.edges else LATEST


def place_in(request: AnyRequest, bound_to: str) -> Place:
    """The place that `after` names. A cursor of another list, or of other filters, begins at the first page."""
    token = request.query_params.get("after", "")
    if not token:
        return Place(bound_to)
    try:
        edges = unsign(services_of(request).keys("cursor"), bound_to, token, tuple[Edge, ...])
    except BadToken:
        return Place(bound_to)
    return Place(bound_to, edges)


def cut(rows: Sequence[T]) -> tuple[Sequence[T], bool]:
    """The rows of one page out of one row more than that, and whether there are older ones."""
    return rows[:ROWS], len(rows) > ROWS


def pager(request: AnyRequest, place: Place, text: str, last: Edge | None, **filters: str) -> Pager | None:
    """The end of a page. `last` is its last row where older ones follow; None when everything fits on one page."""
    if last is None and not place.edges:
        return None
    keys = services_of(request).keys("cursor")
    newer = older = None
    if place.edges:
        before = place.edges[:-1]
        newer = query(**filters, after=sign(keys, place.bound_to, before) if before else "") or "?"
    if last is not None:
        older = query(**filters, after=sign(keys, place.bound_to, (*place.edges, last)[-STEPS:]))
    return Pager(text=text, newer=newer, older=older)
