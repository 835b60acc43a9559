"""Reads of the numbered changes and of the change sets behind them. Every read is bounded, by numbers or by rows."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from sqlalchemy import select

from app.db.functions import LATEST, owned
from app.db.record.tables import Change, ChangeHead, ChangeSet
from app.db.work import Reading


class Numbered(Struct, frozen=True):
    """How far the numbers of a customer go, and the oldest from which they can be followed without missing a deletion."""

    newest: int
    oldest: int


async def numbered(reading: Reading) -> Numbered:
    """The range of a customer's numbers; before the first change 0 and 1."""
    statement = select(ChangeHead.number, ChangeHead.oldest).where(ChangeHead.customer_id == reading.customer_id)
    row = (await reading.session.execute(statement)).one_or_none()
    return Numbered(row[0], row[1]) if row else Numbered(0, 1)


async def changes_between(reading: Reading, after: int, until: int) -> list[Change]:
    """The changes with a number above `after`, up to `until`, in order. Deletions that were forgotten leave gaps."""
    statement = select(Change).where(Change.customer_id == reading.customer_id, Change.number > after, Change.number <= until)
    return list((await reading.session.execute(statement.order_by(Change.number))).scalars())


async def recent_change_sets(reading: Reading, *, edge: tuple[datetime, UUID] = LATEST, limit: int = 50) -> list[ChangeSet]:
    """Acts, newest first. `edge` is (at, id) of the last one of the page before."""
    listed = owned("audit.recent_change_sets", *edge, limit)
    statement = select(ChangeSet).join(listed, listed.c.id == ChangeSet.id).where(ChangeSet.customer_id == reading.customer_id)
    return list((await reading.session.execute(statement.order_by(listed.c.at.desc(), listed.c.id.desc()))).scalars())
