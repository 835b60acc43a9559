"""Rows of a sample customer, made from the models alone, so that a new table has its sample by itself."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from msgspec import Struct, to_builtins
from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, MetaData, Table
from sqlalchemy.orm import Mapper

from app.db.base import Base

CUSTOMER = uuid5(NAMESPACE_OID, "the customer of the rehearsal")
CUSTOMERS = "tenancy.customers"
Row = dict[str, Any]


class Sample(Struct, frozen=True):
    """One row of every table. A second sample with another `salt` shares nothing with the first but the customer.

    `documents` gives JSON columns their contents, by `schema.table.column`.
    """

    rows: dict[str, Row]
    salt: str
    moment: datetime

    def of(self, table: Table) -> Row:
        """The row of one table."""
        return self.rows[table.fullname]


def make_sample(metadata: MetaData, documents: Mapping[str, Any], *, salt: str = "") -> Sample:
    """One row of every table that all constraints accept, parents first."""
    sample = Sample({}, salt, datetime.now(UTC) - timedelta(minutes=1))
    for table in metadata.sorted_tables:
        row = {column.name: value_of(table, column, sample, documents) for column in table.c}
        for key in table.constraints:
            if isinstance(key, ForeignKeyConstraint):
                row |= {part.parent.name: sample.rows[part.column.table.fullname][part.column.name] for part in key.elements}
        if "customer_id" in table.c:
            row["customer_id"] = CUSTOMER
        sample.rows[table.fullname] = row
    follow_names(metadata, sample)
    return sample


def follow_names(metadata: MetaData, sample: Sample) -> None:
    """Let what is called like a foreign key lead to the same row: history has no foreign keys, and means the same things."""
    keys = {key.parent.name: key.column for table in metadata.sorted_tables for key in table.foreign_keys}
    for table in metadata.sorted_tables:
        for column in table.c:
            if column.name in keys and column.name != "customer_id" and not column.foreign_keys:
                parent = keys[column.name]
                sample.of(table)[column.name] = sample.of(parent.table)[parent.name]


def value_of(table: Table, column: Column[Any], sample: Sample, documents: Mapping[str, Any]) -> Any:
    """A value of a column's type: what a CHECK lists first, the given document, or something that tells the column's name."""
    place = f"{table.fullname}.{column.name}"
    if place in documents:
        return to_builtins(documents[place])
    if place == f"{CUSTOMERS}.id":
        return CUSTOMER
    kind = column.type.python_type
    if kind is str:
        length = getattr(column.type, "length", None)
        return listed(table, column) or f"{sample.salt}{column.name}"[:length]
    made = uuid5(NAMESPACE_OID, f"{place} {sample.salt}")
    moment = None if column.nullable else sample.moment
    return {UUID: made, bytes: made.bytes, int: 1, bool: False, datetime: moment, date: date(2026, 1, 1), dict: {}, list: []}[kind]


def listed(table: Table, column: Column[Any]) -> str | None:
    """The first value that a CHECK lists for a column."""
    for check in table.constraints:
        if isinstance(check, CheckConstraint) and (found := re.match(rf"{column.name} IN \('(\w+)'", str(check.sqltext))):
            return found[1]
    return None


def mapper_of(table: Table) -> Mapper[Any]:
    """The mapped class of a table. Raises KeyError when nothing is mapped to it."""
    return {mapper.local_table: mapper for mapper in Base.registry.mappers}[table]


def instance(table: Table, row: Row) -> Any:
    """A new object of the table's mapped class."""
    mapper = mapper_of(table)
    return mapper.class_(**{mapper.get_property_by_column(column).key: row[column.name] for column in table.c})


def identity(table: Table, row: Row) -> tuple[Any, ...]:
    """The primary key by which a session finds the row, in the mapper's order."""
    return tuple(row[column.name] for column in mapper_of(table).primary_key)


def changed(table: Table, row: Row) -> Row:
    """Another value for one column that is no key, no foreign key, and stands in no index and no CHECK, else for a time; or for none."""
    bound = {part.name for part in table.primary_key} | {part.parent.name for part in table.foreign_keys} | {"version"}
    bound |= {getattr(part, "name", "") for index in table.indexes for part in index.expressions}
    checks = " ".join(str(check.sqltext) for check in table.constraints if isinstance(check, CheckConstraint))
    free = [column for column in table.c if column.name not in bound and not re.search(rf"\b{column.name}\b", checks)]
    for column in free:
        if column.type.python_type is str:
            return {column.name: row[column.name][::-1]}
    times = [column for column in table.c if column.type.python_type is datetime and not column.primary_key]
    numbers = {column.name: row[column.name] + 1 for column in free if column.type.python_type is int}
    return dict([*numbers.items(), *((column.name, datetime.now(UTC)) for column in times)][:1])
