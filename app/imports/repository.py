"""Reads and writes of imports and of what their items became."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

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


async def known_items(reading: Reading, keys: Collection[Key]) -> dict[Key, Item]:
    """Those of the keys that some import has made already."""
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
