"""What the undo of an act would do, thing by thing, and what stands in its way. Nothing is written here."""

from collections.abc import Mapping, Sequence, Set
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from app.audit.undo.obstacles import Facts, facts_of, resolved, waits_of
from app.audit.undo.repository import Ask, Doer, doers, events_of_act, payloads, undoers
from app.audit.undo.restorers import KEPT, RANKS, RESTORERS
from app.audit.undo.steps import Draft, Item, chunks, drafts_of, items_of
from app.db.database import Shared
from app.errors import NotFound
from app.tenancy.repository import hosts_taken

# How many things are looked at in one read, which must end within the limit of a transaction.
LOOKED_AT = 50
# What others refer to: it comes back before them and goes after them.
NAMED = ("site", "media", "author", "tag", "field", "category")


class Plan(Struct, frozen=True, kw_only=True):
    """What an undo would do. `steps` are in the order in which it would be done; `notes` say what stays as it is."""

    act: Doer
    steps: tuple[Item, ...]
    conflicts: tuple[Item, ...] = ()
    done: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
    undoers: dict[UUID, set[str]] = {}

    @property
    def unfinished(self) -> UUID | None:
        """The undo that was begun and neither ended nor undone, if there is one: it is to be continued."""
        return next((undoer for undoer, marks in self.undoers.items() if not marks & {"completed", "undone"}), None)


async def plan_undo(ask: Ask, act_id: UUID, *, directory: Shared | None = None) -> Plan:
    """What the undo of an act would do. `directory` knows the host names of all customers. Raises NotFound."""
    act = (await ask(lambda reading: doers(reading, [act_id]))).get(act_id)
    if act is None:
        raise NotFound()
    drafts: list[Draft] = []
    kinds: set[str] = set()
    async for events in events_of_act(ask, act_id):
        kinds |= {event.thing_type for event in events}
        drafts += drafts_of(event for event in events if event.thing_type not in KEPT)
    found = await examined(ask, drafts, directory=directory)
    return Plan(
        act=act,
        steps=tuple(found.steps),
        conflicts=tuple(item for item in found.items if item.conflict),
        done=tuple(item for item in found.items if item.is_done),
        notes=tuple(KEPT[kind] for kind in sorted(kinds & KEPT.keys())),
        undoers=await ask(lambda reading: undoers(reading, act_id)),
    )


class Examined(Struct, frozen=True):
    """Things that were looked at: all of them, and what is to be done in its order."""

    items: list[Item]
    steps: list[Item]


async def examined(ask: Ask, drafts: Sequence[Draft], *, together: Set[UUID] = frozenset(), directory: Shared | None = None) -> Examined:
    """Look at things; `together` are those of the same undo that are looked at elsewhere."""
    items: list[Item] = []
    for some in chunks(drafts, LOOKED_AT):
        items += await ask(lambda reading, some=some: items_of(reading, some))  # type: ignore[misc]
    is_open = [item for item in items if item.is_open]
    company = {item.thing_id for item in is_open} | together
    facts: list[Facts] = []
    for few in chunks(sorted(is_open, key=lambda item: item.thing_type), LOOKED_AT):
        facts += await ask(lambda reading, few=few: facts_of(reading, few, company))  # type: ignore[misc]
    if directory is not None:
        facts = await _hosts_elsewhere(ask, facts, directory)
    weighed = {item.thing_id: item for item in ordered(resolved(facts, together), waits_of(facts))}
    return Examined(
        [weighed.get(item.thing_id, item) for item in items],
        [item for item in weighed.values() if item.is_open],
    )


def ordered(items: Sequence[Item], waits: Mapping[UUID, set[UUID]]) -> list[Item]:
    """The steps in their order; those that wait for each other are conflicts."""
    pending = sorted(items, key=_place)
    placed: list[Item] = []
    while pending:
        blocking = {item.thing_id for item in pending if item.is_open}
        ready = [item for item in pending if not item.is_open or not waits.get(item.thing_id, set()) & (blocking - {item.thing_id})]
        if not ready:
            said = "Others of the same act have its place, and each waits for the other. Undo them one by one."
            return [*placed, *(replace(item, conflict=said) for item in pending)]
        placed += ready
        done = {item.thing_id for item in ready}
        pending = [item for item in pending if item.thing_id not in done]
    return placed


def _place(item: Item) -> tuple[int, int]:
    rank = RANKS.get(item.thing_type, 0)
    if item.what == "remove":
        return (5, -rank) if item.thing_type in NAMED else (0, -rank)
    if item.thing_type in NAMED:
        return (1 if item.what == "return" else 2), rank
    return (3 if item.what == "change" else 4), rank


async def _hosts_elsewhere(ask: Ask, facts: Sequence[Facts], directory: Shared) -> list[Facts]:
    """The facts, with those host names that another customer has taken; only the directory sees all of them."""
    back = {fact.item.thing_id: fact.item.before for fact in facts if fact.item.thing_type == "domain" and fact.item.what == "return"}
    if not back:
        return list(facts)
    kept = await ask(lambda reading: payloads(reading, RESTORERS["domain"].repository, back))
    hosts = {thing_id: payload["host"] for thing_id, payload in kept.items()}
    taken = await directory.read(lambda session: hosts_taken(session, list(hosts.values())))
    said = "Its host name leads to another site now."
    return [replace(fact, obstacle=said) if hosts.get(fact.item.thing_id) in taken and not fact.holders else fact for fact in facts]
