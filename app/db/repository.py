"""The base of every room's repository: the only way by which a tenant's rows are written.

A `Repository` is stateless and stands as a constant beside the named reads of its room. Each of its writes also writes
version, event, change and cache bumps in the same transaction; a session refuses to flush anything else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import object_mapper
from sqlalchemy.sql import ColumnElement

from app.db.base import Base, Thing
from app.db.record.tables import ThingVersion, Version
from app.db.record.writer import Entry, bump, record
from app.db.work import Reading, UnrecordedWrite, Work
from app.errors import ChangedElsewhere, NotFound

M = TypeVar("M", bound=Thing)
P = TypeVar("P", bound=Base)

# Stands in the payload of a version that brought a thing back: the version that it equals, 0 for none. So an undone change is no change.
RETURNED_TO = "returned_to"
# Every repository of the product, so that a test can prove that each mapped table has exactly one.
REPOSITORIES: list["Repository[Any]"] = []
EPHEMERA: list["Slips[Any]"] = []


@dataclass(frozen=True)
class Repository(Generic[M]):
    """Reads and writes the rows of one kind of thing.

    `thing` names the kind in events and changes, `parts` are the tables that belong to the thing and change with it,
    `history` is its table of versions, `label` says what people call a row.
    """

    model: type[M]
    thing: str
    parts: tuple[type[Base], ...] = ()
    history: type[Version] = ThingVersion
    history_columns: tuple[str, ...] = ()
    label: Callable[[M], str] = field(default=lambda row: str(getattr(row, "name", "")))

    def __post_init__(self) -> None:
        REPOSITORIES.append(self)

    async def find(self, reading: Reading, thing_id: UUID) -> M | None:
        """The row of this id, or None when the customer has none."""
        return await reading.session.get(self.model, (reading.customer_id, thing_id))

    async def get(self, reading: Reading, thing_id: UUID) -> M:
        """The row of this id. Raises NotFound, also when it belongs to another customer."""
        row = await self.find(reading, thing_id)
        if row is None:
            raise NotFound()
        return row

    async def exists(self, reading: Reading, *conditions: ColumnElement[bool]) -> bool:
        """Whether the customer has a row that meets all conditions."""
        statement = select(self.model.id).where(self.model.customer_id == reading.customer_id, *conditions).limit(1)
        return (await reading.session.execute(statement)).first() is not None

    async def page(self, reading: Reading, *conditions: ColumnElement[bool], order: Sequence[Any], limit: int) -> list[M]:
        """Up to `limit` rows in the given order; a keyset condition among `conditions` begins the page."""
        statement = select(self.model).where(self.model.customer_id == reading.customer_id, *conditions).order_by(*order).limit(limit)
        return list((await reading.session.execute(statement)).scalars())

    async def add(
        self, work: Work, row: M, *, tags: Iterable[str] = (), kind: str = "saved", payload: dict[str, Any] | None = None, version: int = 1
    ) -> M:
        """Insert a new thing. `version` is above 1 when a deleted thing comes back and continues its history."""
        row.customer_id, row.version = work.customer_id, version
        work.write(row)
        await self.note(work, row, version - 1, kind, tuple(columns_of(row)), tags, payload)
        return row

    async def change(
        self,
        work: Work,
        row: M,
        values: dict[str, Any],
        *,
        expect: int | None,
        tags: Iterable[str] = (),
        kind: str = "saved",
        payload: dict[str, Any] | Callable[[], dict[str, Any]] | None = None,
        fields: Iterable[str] = (),
    ) -> M:
        """Change a thing and raise its version by one.

        `expect` is the version the actor opened, None only where no person looked first. Raises ChangedElsewhere.
        `fields` names what changed in parts of the thing, beside the columns in `values`.
        """
        self.check_version(row, expect)
        changed = tuple(name for name, value in values.items() if getattr(row, name) != value)
        work.sanctioned.add(row)
        for name in changed:
            setattr(row, name, values[name])
        row.version += 1
        await self.note(work, row, row.version - 1, kind, (*changed, *fields), tags, payload)
        return row

    async def delete(
        self, work: Work, row: M, *, expect: int | None, tags: Iterable[str] = (), payload: dict[str, Any] | None = None
    ) -> None:
        """Remove the working row; its history stays and ends with a version of kind `deleted`. Raises ChangedElsewhere."""
        self.check_version(row, expect)
        before = payload if payload is not None else snapshot(row)
        work.sanctioned.add(row)
        await work.session.delete(row)
        await self.write_entry(work, row, row.version, row.version + 1, "deleted", (), tags, before)

    def check_version(self, row: M, expect: int | None) -> None:
        """Raise ChangedElsewhere unless the row still has the version that the actor opened."""
        if expect is not None and row.version != expect:
            raise ChangedElsewhere("A newer version was saved in the meantime.", expected=expect, current=row.version)

    async def note(
        self,
        work: Work,
        row: M,
        before: int,
        kind: str,
        fields: tuple[str, ...],
        tags: Iterable[str],
        payload: dict[str, Any] | Callable[[], dict[str, Any]] | None,
    ) -> None:
        """Write down a change that has just been made to `row`."""
        whole = payload() if callable(payload) else payload if payload is not None else snapshot(row)
        await self.write_entry(work, row, before, row.version, kind, fields, tags, whole)

    async def write_entry(
        self, work: Work, row: M, before: int, after: int, kind: str, fields: tuple[str, ...], tags: Iterable[str], payload: dict[str, Any]
    ) -> None:
        """Hand one change to the record."""
        if row.id in work.returning:
            payload = payload | {RETURNED_TO: work.returning[row.id]}
        entry = Entry(
            thing_type=self.thing,
            thing_id=row.id,
            label=self.label(row),
            from_version=before,
            to_version=after,
            kind=kind,
            fields=fields,
            payload=plain(payload),
            history=self.history,
            tags=tuple(tags),
            columns={name: getattr(row, name) for name in self.history_columns},
        )
        await record(work, entry)

    def add_part(self, work: Work, row: Base) -> None:
        """Insert a row that belongs to a thing which is added or changed in the same unit."""
        self.check_part(row)
        row.customer_id = work.customer_id  # type: ignore[attr-defined]
        work.write(row)

    def change_part(self, work: Work, row: Base, values: dict[str, Any]) -> None:
        """Change a row that belongs to a thing which is changed in the same unit."""
        self.check_part(row)
        work.sanctioned.add(row)
        for name, value in values.items():
            setattr(row, name, value)

    async def remove_part(self, work: Work, row: Base) -> None:
        """Remove a row that belongs to a thing which is changed in the same unit."""
        self.check_part(row)
        work.sanctioned.add(row)
        await work.session.delete(row)

    def check_part(self, row: Base) -> None:
        """Raise UnrecordedWrite when the row is no part of this kind of thing."""
        if not isinstance(row, self.parts):
            raise UnrecordedWrite(f"{type(row).__name__} is no part of {self.thing}")

    def bump(self, work: Work, tags: Iterable[str]) -> None:
        """Mark cached pages as out of date without a change of the thing itself, for example for the things it names."""
        bump(work, tags)


@dataclass(frozen=True)
class Slips(Generic[P]):
    """Rows that are no history and belong to no thing, such as held forms and idempotency claims."""

    model: type[P]

    def __post_init__(self) -> None:
        EPHEMERA.append(self)

    def add(self, work: Work, row: P) -> P:
        """Insert the row for the customer of this unit."""
        row.customer_id = work.customer_id  # type: ignore[attr-defined]
        work.write(row)
        return row

    async def remove(self, work: Work, row: P) -> None:
        """Remove the row."""
        work.sanctioned.add(row)
        await work.session.delete(row)


def columns_of(row: object) -> list[str]:
    """The names of the columns of a row that say something about the thing, without its key and version."""
    return [a.key for a in object_mapper(row).column_attrs if a.key not in ("customer_id", "id", "version")]


def snapshot(row: object) -> dict[str, Any]:
    """The columns of a row as they stand in its history."""
    return {name: getattr(row, name) for name in columns_of(row)}


def plain(value: Any) -> Any:
    """A value as JSON keeps it: ids and times as text, tuples as lists."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
