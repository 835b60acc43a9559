"""Writes of the chain: a new seal by the worker, and by the operator the trace of an erasure in the salts of old ones."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.record.digests import ERASED, chained, unpack_marks
from app.db.record.seals import End, Numbered
from app.db.record.tables import ChangeSet, Event, Seal, SealHead, Version
from app.db.work import RECORDED, Work
from app.errors import Conflict

QUIETLY = {"recorded": RECORDED, "synchronize_session": False}


async def append(
    session: AsyncSession,
    customer_id: UUID,
    end: End,
    changes: Sequence[Numbered],
    *,
    entries: Sequence[tuple[bytes, bytes]],
    marks: bytes,
    at: datetime,
) -> None:
    """Insert the seal after `end` and move the head to it. Raises Conflict when seals and head do not agree."""
    seal = Seal(
        customer_id=customer_id,
        number=end.number + 1,
        first_number=end.last_number + 1,
        last_number=changes[-1].number if changes else end.last_number,
        at=at,
        previous=end.hash,
        entries=b"".join(entry for entry, _ in entries),
        salts=b"".join(salts for _, salts in entries),
        marks=marks,
    )
    seal.hash = chained(seal)
    sealed_marks = end.marks + len(unpack_marks(marks))
    head = {"number": seal.number, "last_number": seal.last_number, "marks": sealed_marks, "hash": seal.hash, "at": seal.at}
    # The head comes first: a sealer that began at the same end loses the race there, begins again, and finds its lease gone.
    moved = insert(SealHead).values(customer_id=customer_id, **head)
    moved = moved.on_conflict_do_update(index_elements=["customer_id"], set_=head, where=SealHead.number == end.number)
    link = insert(Seal).values({column.name: getattr(seal, column.name) for column in Seal.__table__.c})
    link = link.on_conflict_do_nothing(index_elements=["customer_id", "number"])
    for made in (moved.returning(SealHead.number), link.returning(Seal.number)):
        if (await session.execute(made)).first() is None:
            raise Conflict(f"The chain of seals does not end where its head says, at seal {end.number}. Run: agoat audit verify")


async def blank_content(work: Work, event: Event, version: Version) -> None:
    """Take payload, title and label of one version away. Only the role `backoffice` may."""
    values: dict[str, Any] = {"payload": {}} | ({"title": ERASED} if hasattr(version, "title") else {})
    model = type(version)
    same = (model.customer_id == work.customer_id, model.thing_id == version.thing_id, model.version == version.version)
    await work.session.execute(update(model).where(*same).values(values), execution_options=QUIETLY)
    whole = (Event.customer_id == work.customer_id, Event.change_set_id == event.change_set_id)
    one = (Event.thing_id == event.thing_id, Event.to_version == event.to_version)
    await work.session.execute(update(Event).where(*whole, *one).values(label=ERASED), execution_options=QUIETLY)


async def blank_names(work: Work, version: Version, act: ChangeSet) -> None:
    """Take the names away that stand at one version and at its act, and what leads to a session or request."""
    model = type(version)
    same = (model.customer_id == work.customer_id, model.thing_id == version.thing_id, model.version == version.version)
    await work.session.execute(update(model).where(*same).values(actor_name=ERASED), execution_options=QUIETLY)
    values = {"actor_name": ERASED, "reason": None, "session_id": None, "request_id": None}
    mine = (ChangeSet.customer_id == work.customer_id, ChangeSet.id == act.id)
    await work.session.execute(update(ChangeSet).where(*mine).values(values), execution_options=QUIETLY)


async def replace_salts(work: Work, number: int, salts: bytes) -> None:
    """Write the salts of a seal anew."""
    statement = update(Seal).where(Seal.customer_id == work.customer_id, Seal.number == number).values(salts=salts)
    await work.session.execute(statement, execution_options=QUIETLY)
