"""Writes what every change leaves behind, in the transaction of the change and by inserting only."""

from collections.abc import Iterable
from typing import Any, Literal, TypeVar
from uuid import UUID

from msgspec import Struct
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_unless_present

from app.actor import Actor
from app.db.base import Base
from app.db.record.tables import SHARDS, CacheBump, ChangeSet, ChangeSetMark, Event, Version
from app.db.work import RECORDED, Work

V = TypeVar("V", bound=Version)
# Inline: nothing is to be returned, because the doors may write this table and not read it.
INBOX = insert(Base.metadata.tables["ops.changes_in"]).inline()


class Entry(Struct, frozen=True, kw_only=True):
    """What is written down of one change to one thing.

    `payload` is the whole thing after the change (before it, when deleted), `fields` the names that changed,
    `label` what people call the thing, `columns` further columns of the table of versions.
    """

    thing_type: str
    thing_id: UUID
    label: str
    from_version: int
    to_version: int
    kind: str
    fields: tuple[str, ...]
    payload: dict[str, Any]
    history: type[Version]
    tags: tuple[str, ...] = ()
    columns: dict[str, Any] = {}


async def record(work: Work, entry: Entry) -> None:
    """Write version, event, change and bumps of one change; the change set comes with the first of them."""
    await open_change_set(work)
    work.write(version_row(work, entry))
    work.write(
        Event(
            customer_id=work.customer_id,
            change_set_id=work.change_set_id,
            thing_id=entry.thing_id,
            thing_type=entry.thing_type,
            from_version=entry.from_version,
            to_version=entry.to_version,
            kind=entry.kind,
            fields=list(entry.fields),
            label=entry.label,
            at=work.now,
        )
    )
    work.inbox.append(
        {
            "shard": entry.thing_id.int % SHARDS,
            "customer_id": work.customer_id,
            "thing_id": entry.thing_id,
            "version": entry.to_version,
            "thing_type": entry.thing_type,
            "is_deleted": entry.kind == "deleted",
        }
    )
    bump(work, entry.tags)


async def finish(work: Work) -> None:
    """Hand the changes of this unit to the sequencer's inbox; `at` comes from the database's own clock, by default."""
    if work.inbox:
        # Rows beside the statement instead of within it: so it is compiled once and not in every unit.
        await work.session.execute(INBOX, work.inbox, execution_options={"recorded": RECORDED})


def bump(work: Work, tags: Iterable[str]) -> None:
    """Say that every cached page carrying one of `tags` is out of date once this transaction commits."""
    for tag in dict.fromkeys(tags):
        work.write(CacheBump(customer_id=work.customer_id, tag=tag, shard=hash_shard(tag)))


def hash_shard(tag: str) -> int:
    """A stable shard of a tag; Python's own hash differs between processes."""
    return sum(tag.encode()) % SHARDS


def version_row(work: Work, entry: Entry) -> Version:
    """The row of the thing's table of versions."""
    values: dict[str, Any] = {
        "customer_id": work.customer_id,
        "thing_id": entry.thing_id,
        "version": entry.to_version,
        "kind": entry.kind,
        "at": work.now,
        "change_set_id": work.change_set_id,
        "payload": entry.payload,
        **actor_columns(work.actor),
        **entry.columns,
    }
    if hasattr(entry.history, "thing_type"):
        values["thing_type"] = entry.thing_type
    return entry.history(**values)


def actor_columns(actor: Actor) -> dict[str, Any]:
    """Who did it and through which door, as columns of versions and change sets."""
    return {"actor_kind": actor.kind, "actor_id": actor.id, "actor_name": actor.name, "door": actor.door}


async def open_change_set(work: Work) -> None:
    """Insert the change set of this act unless an earlier transaction of the same act has done so."""
    if work.has_change_set:
        return
    work.has_change_set = True
    values: dict[str, Any] = {
        "customer_id": work.customer_id,
        "id": work.change_set_id,
        "at": work.now,
        "verb": work.verb,
        "reason": work.reason,
        "session_id": work.actor.session_id,
        "request_id": work.actor.request_id,
        **actor_columns(work.actor),
    }
    if not work.joins_an_act:
        work.write(ChangeSet(**values))
        return
    statement = insert_unless_present(ChangeSet).values(values).on_conflict_do_nothing(index_elements=["customer_id", "id"])
    await work.session.execute(statement, execution_options={"recorded": RECORDED})


async def mark(work: Work, what: Literal["completed", "interrupted", "undone"]) -> None:
    """Write down what became of this unit's change set, which spans transactions."""
    await open_change_set(work)
    work.write(ChangeSetMark(customer_id=work.customer_id, change_set_id=work.change_set_id, mark=what, at=work.now))


def mark_undone(work: Work, act_id: UUID) -> None:
    """Write down that this unit's change set undoes another one; the id of the mark names the change set that does."""
    work.write(ChangeSetMark(customer_id=work.customer_id, change_set_id=act_id, id=work.change_set_id, mark="undone", at=work.now))
