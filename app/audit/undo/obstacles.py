"""What stands in the way of a step besides later changes: what it needs is gone, others have its place or use it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from app.audit.undo.repository import Used, payloads, present, users_of
from app.audit.undo.restorers import REFUSED, RESTORERS
from app.audit.undo.steps import Item
from app.db.returning import Holder, Payload, Reference
from app.db.work import Reading

WORDS = {"media": "picture", "author": "byline", "api_key": "key"}


class Facts(Struct, frozen=True, kw_only=True):
    """What was found about one step. `needs` are things that must exist, as far as they do not."""

    item: Item
    needs: tuple[Reference, ...] = ()
    holders: tuple[Holder, ...] = ()
    users: tuple[Used, ...] = ()
    obstacle: str = ""


async def facts_of(reading: Reading, items: Sequence[Item], together: Set[UUID]) -> list[Facts]:
    """What stands in the way of some steps; `together` are all things of the undo."""
    grouped: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        grouped[item.thing_type].append(item)
    found: list[Facts] = []
    for thing, some in grouped.items():
        if thing in RESTORERS:
            found += await _facts(reading, thing, some, together)
        else:
            said = REFUSED.get(thing, "Nothing is known of how this kind of thing returns.")
            found += [Facts(item=item, obstacle=said) for item in some]
    return found


async def _facts(reading: Reading, thing: str, items: Sequence[Item], together: Set[UUID]) -> list[Facts]:
    restorer = RESTORERS[thing]
    versions = {item.thing_id: item.before for item in items if item.what != "remove"}
    kept = {thing_id: payload for thing_id, payload in (await payloads(reading, restorer.repository, versions)).items() if payload}
    wanted: dict[UUID, Payload | None] = {item.thing_id: kept.get(item.thing_id) for item in items}
    lost = dict.fromkeys(versions.keys() - kept.keys(), "Its earlier version is no longer kept.")
    obstacles = lost | await restorer.obstacles(reading, {key: wanted[key] for key in wanted.keys() - lost.keys()}, together)
    needs = {thing_id: tuple(restorer.refers_to(payload)) for thing_id, payload in kept.items()}
    missing = await _missing(reading, {reference for some in needs.values() for reference in some})
    holders = await restorer.holders(reading, kept)
    removed = [item.thing_id for item in items if item.what == "remove"]
    fresh = [item.thing_id for item in items if item.what == "remove" and item.before == 0]
    users = await users_of(reading, restorer.repository, removed, fresh) if removed else []
    return [
        Facts(
            item=item,
            needs=tuple(reference for reference in needs.get(item.thing_id, ()) if reference in missing),
            holders=tuple(holder for holder in holders if holder.wanting == item.thing_id),
            users=tuple(used for used in users if used.used == item.thing_id),
            obstacle=obstacles.get(item.thing_id, ""),
        )
        for item in items
    ]


async def _missing(reading: Reading, references: Set[Reference]) -> set[Reference]:
    missing: set[Reference] = set()
    for thing in {reference.thing for reference in references}:
        ids = {reference.id for reference in references if reference.thing == thing}
        gone = ids - await present(reading, RESTORERS[thing].repository, ids)
        missing |= {Reference(thing, thing_id) for thing_id in gone}
    return missing


def resolved(facts: Sequence[Facts], together: Set[UUID] = frozenset()) -> list[Item]:
    """The steps with their conflicts; `together` are further things of the same undo.

    A step that is left alone may stand in the way of another, so this goes on until nothing changes.
    """
    found = {fact.item.thing_id: fact.item for fact in facts}
    while True:
        is_open = {thing_id: item for thing_id, item in found.items() if item.is_open}
        fresh = {
            fact.item.thing_id: said for fact in facts if fact.item.thing_id in is_open and (said := _conflict(fact, is_open, together))
        }
        if not fresh:
            return [found[fact.item.thing_id] for fact in facts]
        found |= {thing_id: replace(found[thing_id], conflict=said) for thing_id, said in fresh.items()}


def _conflict(fact: Facts, is_open: Mapping[UUID, Item], together: Set[UUID]) -> str:
    """Why a step cannot be done, empty when it can."""
    if fact.obstacle:
        return fact.obstacle
    for reference in fact.needs:
        if reference.id not in is_open or is_open[reference.id].what != "return":
            return f"The {WORDS.get(reference.thing, reference.thing)} that it had is gone. Bring that back first."
    for holder in fact.holders:
        if holder.id is None or (holder.id not in is_open and holder.id not in together):
            return holder.said
    return next((used.said for used in fact.users if used.by not in is_open and used.by not in together), "")


def waits_of(facts: Sequence[Facts]) -> dict[UUID, set[UUID]]:
    """Which step comes after which others, because those have its place until then."""
    return {fact.item.thing_id: {holder.id for holder in fact.holders if holder.id} for fact in facts if fact.holders}
