"""Stretches of lists that grow: where a page of a list begins and ends, and the addresses of those before and after it."""

from typing import Generic, TypeVar

from msgspec import Struct

from app.errors import NotFound
from app.publishing.repository import NEWEST, Listed, Shelf
from app.publishing.visits import Edge, Visit

T = TypeVar("T")

# What an address calls the older and the newer side of a cursor.
OLDER, NEWER = "before", "after"


class Stretch(Struct, Generic[T], frozen=True):
    """A page of a list. `address` is its own, None for the first page, which has the plain one."""

    items: tuple[T, ...]
    address: str | None
    newer_url: str | None
    older_url: str | None


async def stretch(visit: Visit, shelf: Shelf[T], first: str, size: int) -> Stretch[T]:
    """The page of a list that the request asks for, at most `size` items. `first` is the address of the first one.

    Raises NotFound for a cursor that is not of this list, and for more than one.
    """
    asked = [(side, text) for side in (OLDER, NEWER) for text in visit.request.query.get(side, ())]
    if not asked:
        entries = await shelf.after(visit.reading, NEWEST, size + 1)
        return _stretch(entries[:size], None, None, cursor_url(visit, shelf, first, OLDER, entries[:size]) if len(entries) > size else None)
    if len(asked) > 1:
        raise NotFound()
    side, text = asked[0]
    edge = visit.press.cursors.read(_bound_to(visit, shelf), text)
    if edge is None:
        raise NotFound()
    address = f"{first}?{side}={text}"
    return await (_older if side == OLDER else _newer)(visit, shelf, first, size, edge, address)


async def _older(visit: Visit, shelf: Shelf[T], first: str, size: int, edge: Edge, address: str) -> Stretch[T]:
    entries = await shelf.after(visit.reading, edge, size + 1)
    shown = entries[:size]
    newer_url = await _newer_url(visit, shelf, first, size, shown) if shown else first
    return _stretch(shown, address, newer_url, cursor_url(visit, shelf, first, OLDER, shown) if len(entries) > size else None)


async def _newer(visit: Visit, shelf: Shelf[T], first: str, size: int, edge: Edge, address: str) -> Stretch[T]:
    shown = await shelf.after(visit.reading, edge, size, is_upward=True)
    if not shown:
        return _stretch([], address, None, first)
    newer_url = await _newer_url(visit, shelf, first, size, shown)
    has_older = await shelf.count_after(visit.reading, shown[-1].edge, 1)
    return _stretch(shown, address, newer_url, cursor_url(visit, shelf, first, OLDER, shown) if has_older else None)


async def _newer_url(visit: Visit, shelf: Shelf[T], first: str, size: int, shown: list[Listed[T]]) -> str | None:
    """The page of newer items: the plain address when the first page has them all, so that nobody lands on a short page."""
    newer = await shelf.count_after(visit.reading, shown[0].edge, size + 1, is_upward=True)
    if newer > size:
        return cursor_url(visit, shelf, first, NEWER, shown)
    return first if newer else None


def cursor_url(visit: Visit, shelf: Shelf[T], first: str, side: str, shown: list[Listed[T]]) -> str:
    """The address of the items beyond those shown, on one side."""
    edge = shown[-1 if side == OLDER else 0].edge
    return f"{first}?{side}={visit.press.cursors.write(_bound_to(visit, shelf), edge)}"


def _bound_to(visit: Visit, shelf: Shelf[T]) -> str:
    return f"{visit.reading.customer_id}:{visit.site_id}:{shelf.name}"


def _stretch(shown: list[Listed[T]], address: str | None, newer_url: str | None, older_url: str | None) -> Stretch[T]:
    return Stretch(tuple(entry.item for entry in shown), address, newer_url, older_url)
