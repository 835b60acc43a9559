"""From what an act did to what its undo would do: a step for each thing, and whether somebody has changed the thing since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from typing import Literal, TypeVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from app.audit.undo.repository import Doer, Happened, doers, history_since, returns_of
from app.audit.undo.restorers import RESTORERS
from app.db.work import Reading

T = TypeVar("T")
# What happens to a thing: it goes, it becomes again what it was, or it comes back.
What = Literal["remove", "change", "return"]


class Item(Struct, frozen=True, kw_only=True):
    """What the undo would do with one thing.

    `before` is its version before the act (0 when there was none), `after` the last one of the act, `present` the newest.
    `conflict` says why it is left alone; `is_done` that it is already as it was.
    """

    thing_type: str
    thing_id: UUID
    label: str
    what: What
    before: int
    after: int
    present: int
    conflict: str = ""
    is_done: bool = False

    @property
    def is_open(self) -> bool:
        """Whether there is something to do."""
        return not self.conflict and not self.is_done


class Draft(Struct, frozen=True):
    """What an act did to one thing, from its first event to its last."""

    first: Happened
    last: Happened


def drafts_of(events: Iterable[Happened]) -> list[Draft]:
    """The things of events, which come in order of thing and version."""
    groups = [list(group) for _, group in groupby(events, lambda event: event.thing_id)]
    return [Draft(group[0], group[-1]) for group in groups]


def chunks(things: Sequence[T], size: int) -> Iterator[list[T]]:
    """The things in lists of a bounded length."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


async def items_of(reading: Reading, drafts: Sequence[Draft]) -> list[Item]:
    """The steps for some things. What an act both made and removed needs none."""
    since = await history_since(reading, {draft.first.thing_id: draft.first.from_version for draft in drafts})
    items = [item for draft in drafts if (item := _item(draft, since[draft.first.thing_id])) is not None]
    moved = [item for item in items if item.present != item.after]
    if not moved:
        return items
    returns = await _returns(reading, moved)
    newest = {item.thing_id: since[item.thing_id][-1] for item in moved}
    known = await doers(reading, {event.change_set_id for event in newest.values()})
    return [_weighed(item, returns, known.get(newest[item.thing_id].change_set_id)) if item in moved else item for item in items]


def _item(draft: Draft, since: Sequence[Happened]) -> Item | None:
    first, last = draft.first, draft.last
    kinds = {event.to_version: event.kind for event in since}
    was_there = first.from_version > 0 and kinds.get(first.from_version) != "deleted"
    is_there = last.kind != "deleted"
    if not was_there and not is_there:
        return None
    return Item(
        thing_type=first.thing_type,
        thing_id=first.thing_id,
        label=last.label,
        what="remove" if not was_there else "change" if is_there else "return",
        before=first.from_version,
        after=last.to_version,
        present=since[-1].to_version if since else last.to_version,
    )


async def _returns(reading: Reading, items: Sequence[Item]) -> dict[tuple[UUID, int], int]:
    found: dict[tuple[UUID, int], int] = {}
    for thing, restorer in RESTORERS.items():
        ids = [item.thing_id for item in items if item.thing_type == thing]
        if ids:
            found |= await returns_of(reading, restorer.repository, ids)
    return found


def _weighed(item: Item, returns: Mapping[tuple[UUID, int], int], doer: Doer | None) -> Item:
    """A thing with later versions: they may have cancelled each other, they may have undone this act, or somebody has changed it."""
    now, then, before = (_root(item.thing_id, version, returns) for version in (item.present, item.after, item.before))
    if now == then:
        return item
    if now == before:
        return replace(item, is_done=True)
    who = f" by {doer.actor_name}, “{doer.verb}”, on {doer.at:%d %B %Y at %H:%M} UTC" if doer else ""
    return replace(item, conflict=f"It was changed since{who}.")


def _root(thing_id: UUID, version: int, returns: Mapping[tuple[UUID, int], int]) -> int:
    """The version that a version equals, when it only brought that one back."""
    while (thing_id, version) in returns:
        version = returns[thing_id, version]
    return version
