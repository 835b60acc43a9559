"""Following what happens: numbered changes, and the acts behind them."""

from datetime import datetime
from uuid import UUID

from msgspec import structs

from app.api.moments import utc
from app.api.operations import Answer, Call, Operation, Parameter, plain_answer
from app.api.paging import CURSOR, LIMIT, asked_limit, asked_page, next_link, page_answer, whole_number
from app.api.problems import ChangesGone
from app.api.schemas import ChangeItem, ChangeSetItem, ChangesPage, Page
from app.db.functions import LATEST
from app.db.record.changes import changes_between, numbered, recent_change_sets
from app.db.record.tables import Change, ChangeSet
from app.db.work import Reading
from app.identity.access import Act

AFTER = Parameter("after", "The last number that was read; 0 begins anew.", {"type": "integer", "minimum": 0, "default": 0})


async def list_changes(call: Call) -> Answer:
    """The changes after a number, tombstones of what was deleted among them.

    Raises ChangesGone where a tombstone may have been forgotten, and for numbers that were never given here.
    """
    after, limit = whole_number(call, "after", 0), asked_limit(call)

    async def read(reading: Reading) -> Answer:
        known = await numbered(reading)
        if not known.oldest - 1 <= after <= known.newest:
            raise ChangesGone(known.newest)
        until = min(after + limit, known.newest)
        items = tuple(map(change_item, await changes_between(reading, after, until)))
        headers = next_link(call, after=until) if until < known.newest else {}
        return plain_answer(ChangesPage(items=items, next=until, newest=known.newest), headers)

    return await call.database.read(read)


def change_item(row: Change) -> ChangeItem:
    """A change on the wire."""
    return ChangeItem(
        number=row.number, type=row.thing_type, id=row.thing_id, version=row.version, deleted=row.is_deleted, at=utc(row.at)
    )  # fmt: skip


async def list_change_sets(call: Call) -> Answer:
    """The audit log: acts, newest first."""
    asked = asked_page(call, tuple[datetime, UUID])

    async def read(reading: Reading) -> Answer:
        rows = await recent_change_sets(reading, edge=asked.after or LATEST, limit=asked.one_more)
        return page_answer(call, asked, rows, lambda row: (row.at, row.id), change_set_item)

    return await call.database.read(read)


def change_set_item(row: ChangeSet) -> ChangeSetItem:
    """An act on the wire."""
    said = {name: getattr(row, name) for name in ChangeSetItem.__struct_fields__}
    return structs.replace(ChangeSetItem(**said), at=utc(row.at))


def record_operations() -> list[Operation]:
    """Changes and audit."""
    return [
        Operation(id="list_changes", method="GET", path="/changes", summary="Follow everything that changes", tag="changes",
                  acts=(Act.READ_CHANGES,), run=list_changes, answers=(ChangesPage,), query=(AFTER, LIMIT)),
        Operation(id="list_change_sets", method="GET", path="/audit", summary="List the acts, newest first", tag="audit",
                  acts=(Act.READ_AUDIT,), run=list_change_sets, answers=(Page[ChangeSetItem],), query=(CURSOR, LIMIT)),
    ]  # fmt: skip
