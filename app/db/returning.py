"""How a thing returns to an earlier state: what each room says of its kinds of things, and the common way of plain rows.

A room knows how one of its things becomes a payload of its history again. The undo of a whole act asks it what stands in the
way, and has it done; which things take part, and in which order, is not the room's business.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Index, Table, inspect, select
from sqlalchemy.orm import class_mapper

from app.db.base import Base, Thing
from app.db.repository import REPOSITORIES, Repository, plain, snapshot
from app.db.work import Reading, Work

M = TypeVar("M", bound=Thing)
Payload = dict[str, Any]
UNDONE = "undone"


class Back(Struct, frozen=True, kw_only=True):
    """Where one thing goes: to `payload`, which was its version `before`, or out of existence (None). `present` is its newest version."""

    thing_id: UUID
    payload: Payload | None
    before: int
    present: int


class Reference(NamedTuple):
    """Another thing that a payload names and that must exist."""

    thing: str
    id: UUID


class Holder(NamedTuple):
    """Somebody else has what the thing `wanting` needs for itself; `id` is None for a thing of another customer."""

    wanting: UUID
    id: UUID | None
    said: str


class Restorer(Protocol):
    """How the things of one repository return."""

    @property
    def repository(self) -> Repository[Any]:
        """Whose things they are."""

    def refers_to(self, payload: Payload) -> Iterable[Reference]:
        """What must exist before the thing can be as the payload says."""

    async def holders(self, reading: Reading, wanted: Mapping[UUID, Payload]) -> list[Holder]:
        """Who has the addresses and names that the payloads need."""

    async def obstacles(self, reading: Reading, wanted: Mapping[UUID, Payload | None], together: Set[UUID]) -> dict[UUID, str]:
        """What else forbids a return, in words; `together` are all things of the act that return with these."""

    async def put_back(self, work: Work, back: Back) -> None:
        """Bring the thing to its payload, as one new version. Raises ChangedElsewhere when `present` is no longer its version."""


@dataclass(frozen=True)
class Rows:
    """Rows of parts that stand in the payload of their thing under `key`; `link` is the column that names the thing."""

    model: type[Base]
    key: str
    link: str

    async def of(self, reading: Reading, thing_id: UUID) -> list[Any]:
        """The rows of one thing."""
        model: Any = self.model
        statement = select(model).where(model.customer_id == reading.customer_id, getattr(model, self.link) == thing_id)
        return list((await reading.session.execute(statement)).scalars())

    def told(self, rows: Iterable[object]) -> Payload:
        """The rows as a payload keeps them, in the order of their keys."""
        known = [{name: value for name, value in snapshot(row).items() if name != self.link} for row in rows]
        return {self.key: sorted(plain(known), key=str)}


def nobody(row: Any) -> Iterable[str]:
    """No page shows the row."""
    return ()


def nothing(work: Work, row: Any) -> None:
    """Nothing follows."""


@dataclass(frozen=True)
class PlainRows(Generic[M]):
    """The way of a thing that is one row, with or without lists of parts. `tags` are of the pages that show it, `follow` comes after."""

    repository: Repository[M]
    lists: Sequence[Rows] = ()
    tags: Callable[[M], Iterable[str]] = nobody
    follow: Callable[[Work, M], None] = nothing

    def refers_to(self, payload: Payload) -> Iterable[Reference]:
        """What the foreign keys of its table lead to."""
        for name, thing in references_of(self.repository.model):
            if payload.get(name):
                yield Reference(thing, UUID(payload[name]))

    async def holders(self, reading: Reading, wanted: Mapping[UUID, Payload]) -> list[Holder]:
        """Who stands in the way in the unique indexes of its table."""
        found: list[Holder] = []
        for thing_id, payload in wanted.items():
            for index in unique_indexes(self.repository.model):
                found += await self._holder(reading, thing_id, payload, [column.name for column in index.columns])
        return found

    async def _holder(self, reading: Reading, thing_id: UUID, payload: Payload, names: list[str]) -> list[Holder]:
        model: Any = self.repository.model
        values = values_in(model, payload)
        mine = [name for name in names if name != "customer_id"]
        same = [getattr(model, name) == values[name] for name in mine if name in values]
        statement = select(model).where(model.customer_id == reading.customer_id, model.id != thing_id, *same).limit(1)
        row = (await reading.session.execute(statement)).scalar_one_or_none()
        if row is None:
            return []
        name = values[mine[-1]]
        told = "Another one is in its place now." if isinstance(name, UUID) else f"“{self.repository.label(row)}” has “{name}” now."
        return [Holder(thing_id, row.id, f"{told} Change or remove that one first.")]

    async def obstacles(self, reading: Reading, wanted: Mapping[UUID, Payload | None], together: Set[UUID]) -> dict[UUID, str]:
        """Nothing else forbids it."""
        return {}

    async def put_back(self, work: Work, back: Back) -> None:
        """Remove, change or add the row with its parts."""
        row = await self.repository.find(work, back.thing_id)
        if row is not None:
            self.repository.check_version(row, back.present)
        if back.payload is None:
            if row is not None:
                await self._remove(work, row)
            return
        values = values_in(self.repository.model, back.payload)
        whole = plain(values) | {rows.key: back.payload.get(rows.key, []) for rows in self.lists}
        if row is None:
            made: Any = self.repository.model
            row = made(id=back.thing_id, **values)
            await self.repository.add(work, row, kind=UNDONE, payload=whole, version=back.present + 1, tags=self.tags(row))
        else:
            tags = list(self.tags(row))
            await self.repository.change(work, row, values, expect=None, kind=UNDONE, payload=whole, tags=tags)
        await self._write_lists(work, row, back.payload)
        self.follow(work, row)

    async def _remove(self, work: Work, row: M) -> None:
        payload = snapshot(row)
        for rows in self.lists:
            present = await rows.of(work, row.id)
            payload |= rows.told(present)
            for part in present:
                await self.repository.remove_part(work, part)
        await self.repository.delete(work, row, expect=None, tags=self.tags(row), payload=payload)

    async def _write_lists(self, work: Work, row: M, payload: Payload) -> None:
        for rows in self.lists:
            wanted = {str(values): values for values in payload.get(rows.key, [])}
            for part in await rows.of(work, row.id):
                (said,) = rows.told([part])[rows.key]
                if wanted.pop(str(said), None) is None:
                    await self.repository.remove_part(work, part)
                    await work.session.flush()
            for values in wanted.values():
                self.repository.add_part(work, rows.model(**{rows.link: row.id}, **values_in(rows.model, values)))


def values_in(model: type[Any], payload: Payload) -> dict[str, Any]:
    """The columns of a row that a payload holds, as the table keeps them. Columns of a later release keep their defaults."""
    found: dict[str, Any] = {}
    for attribute in class_mapper(model).column_attrs:
        if attribute.key in payload and attribute.key not in ("customer_id", "id", "version"):
            kind = attribute.columns[0].type.python_type
            value = payload[attribute.key]
            found[attribute.key] = msgspec.convert(value, kind) if value is not None and kind in (UUID, datetime, date) else value
    return found


def table_of(model: type[Any]) -> Table:
    """The table of a model."""
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return table


def unique_indexes(model: type[Any]) -> list[Index]:
    """The indexes of a table that allow a value once."""
    return [index for index in sorted(table_of(model).indexes, key=lambda index: str(index.name)) if index.unique]


def references_of(model: type[Any]) -> list[tuple[str, str]]:
    """Which columns of a table name which kinds of things of the same customer."""
    things = {table_of(repository.model): repository.thing for repository in REPOSITORIES}
    return [
        (name, things[key.referred_table])
        for key in table_of(model).foreign_key_constraints
        for name in key.column_keys
        if name != "customer_id" and key.referred_table in things
    ]
