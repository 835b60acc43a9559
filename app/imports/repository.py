"""Reads and writes of imports and of what their items became."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, select

from app.db.record.tables import ChangeSetMark, Event
from app.db.repository import Repository
from app.db.work import Reading, Work
from app.imports.models import Import, ImportItem

IMPORTS = Repository(Import, "import", parts=(ImportItem,), label=lambda row: row.file_name)


class Key(NamedTuple):
    """What tells an item of a source from all others of this customer."""

    source: str
    thing_type: str
    source_id: str


class Item(NamedTuple):
    """What an item became, and in which import. The thing may have been deleted since; then it stays so."""

    thing_id: UUID
    import_id: UUID


class Looked(NamedTuple):
    """What is known of items. `again` is where an item is written down that was undone and is made once more."""

    known: dict[Key, Item]
    again: dict[Key, Key]


async def known_items(reading: Reading, keys: Collection[Key]) -> dict[Key, Item]:
    """Those of the keys that some import has made already."""
    return (await look_up(reading, keys)).known


async def look_up(reading: Reading, keys: Collection[Key]) -> Looked:
    """What is known of the keys. What went when its import was undone may be made again; that it was made once stays written down."""
    known: dict[Key, Item] = {}
    places = {key: key for key in keys}
    again: dict[Key, Key] = {}
    time = 1
    while places:
        items = await _items(reading, places.values())
        gone = await _undone(reading, items.values())
        here = {key: items[place] for key, place in places.items() if place in items}
        known |= {key: item for key, item in here.items() if item.thing_id not in gone}
        time += 1
        places = {key: key._replace(thing_type=f"{key.thing_type} {time}") for key, item in here.items() if item.thing_id in gone}
        again |= places
    return Looked(known, again)


async def _undone(reading: Reading, items: Collection[Item]) -> set[UUID]:
    """Those of the things that no longer exist and whose import was undone."""
    imports = {item.import_id for item in items}
    if not imports:
        return set()
    is_mark = and_(ChangeSetMark.customer_id == Import.customer_id, ChangeSetMark.change_set_id == Import.change_set_id)
    statement = select(Import.id).join(ChangeSetMark, is_mark)
    statement = statement.where(Import.customer_id == reading.customer_id, Import.id.in_(imports), ChangeSetMark.mark == "undone")
    undone = set((await reading.session.execute(statement)).scalars())
    things = [item.thing_id for item in items if item.import_id in undone]
    if not things:
        return set()
    last = select(Event.thing_id, Event.kind).where(Event.customer_id == reading.customer_id, Event.thing_id.in_(things))
    rows = (await reading.session.execute(last.order_by(Event.thing_id, Event.to_version))).tuples()
    kinds = dict(rows.all())
    return {thing_id for thing_id, kind in kinds.items() if kind == "deleted"}


async def _items(reading: Reading, keys: Collection[Key]) -> dict[Key, Item]:
    by_place: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key in keys:
        by_place[key.source, key.thing_type].add(key.source_id)
    found: dict[Key, Item] = {}
    for (source, thing_type), source_ids in by_place.items():
        statement = select(ImportItem.source_id, ImportItem.thing_id, ImportItem.import_id).where(
            ImportItem.customer_id == reading.customer_id,
            ImportItem.source == source,
            ImportItem.thing_type == thing_type,
            ImportItem.source_id.in_(sorted(source_ids)),
        )
        for source_id, thing_id, import_id in await reading.session.execute(statement):
            found[Key(source, thing_type, source_id)] = Item(thing_id, import_id)
    return found


def remember_item(work: Work, key: Key, item: Item) -> None:
    """Write down what an item became, in the unit that makes it."""
    row = ImportItem(**key._asdict(), **item._asdict())
    IMPORTS.add_part(work, row)
