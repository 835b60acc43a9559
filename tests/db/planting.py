"""One row of every table for two customers, made from the models alone, so that a new table is planted by itself.

Both customers have the same ids, wherever a key lets them: what is told apart by its customer alone must be told apart.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Table, create_engine, insert

from app.db.base import Base

ACME, GLOBEX = UUID(int=0xACE << 64), UUID(int=0x610BE << 64)
CUSTOMERS = (ACME, GLOBEX)
MOMENT = {ACME: datetime(2025, 1, 1, tzinfo=UTC), GLOBEX: datetime(2026, 1, 1, tzinfo=UTC)}
Row = dict[str, Any]


@dataclass(frozen=True)
class Ground:
    """An installation of its own with one row of every tenant table for each of two customers."""

    addresses: dict[str, str]
    admin: str
    rows: dict[UUID, dict[str, Row]]

    @property
    def prefix(self) -> str:
        """What the names of this installation's roles begin with."""
        return re.search(r"//(\w+)_app[:@]", self.addresses["app"])[1]


def is_tenant(table: Table) -> bool:
    """Whether each row of a table belongs to a customer; the customers themselves belong to themselves."""
    return tenant_column(table) is not None


def tenant_column(table: Table) -> str | None:
    """The column that says whose a row is."""
    return "customer_id" if "customer_id" in table.c else "id" if table.fullname == "tenancy.customers" else None


def tenant_tables() -> list[Table]:
    """Every tenant table, parents first."""
    return [table for table in Base.metadata.sorted_tables if is_tenant(table)]


def plant(admin: str) -> dict[UUID, dict[str, Row]]:
    """Insert the rows as an administrator, whom neither guard nor row-level security binds."""
    rows: dict[UUID, dict[str, Row]] = {customer: {} for customer in CUSTOMERS}
    engine = create_engine(admin)
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            for customer in CUSTOMERS:
                row = a_row(table, customer, rows[customer])
                rows[customer][table.fullname] = row
                connection.execute(insert(table).values(row))
    engine.dispose()
    return rows


def a_row(table: Table, customer: UUID, rows: dict[str, Row], salt: str = "") -> Row:
    """A row that all constraints accept. Another `salt` gives another row of the same customer, with the same parents."""
    row = {column.name: a_value(table, column, customer, salt) for column in table.c}
    for key in table.constraints:
        if isinstance(key, ForeignKeyConstraint):
            row |= {part.parent.name: rows[part.column.table.fullname][part.column.name] for part in key.elements}
    if tenant_column(table) == "customer_id":
        row["customer_id"] = customer
    return row


def a_value(table: Table, column: Column[Any], customer: UUID, salt: str) -> Any:
    """A value of the column's type, from the closed list of its CHECK where it has one."""
    if table.fullname == "tenancy.customers" and column.name == "id":
        return customer
    kind = column.type.python_type
    whose = "" if is_own(table, column) else customer.hex[:12]
    if kind is str:
        return allowed(table, column) or f"{column.name}-{salt}{whose}"[: column.type.length]
    if kind in (UUID, bytes):
        made = uuid5(NAMESPACE_OID, f"{table.fullname} {column.name} {whose} {salt}")
        return made if kind is UUID else made.bytes
    number = 1 if whose == "" or is_tenant(table) else 1 + CUSTOMERS.index(customer)
    return {int: number, bool: False, datetime: MOMENT[customer], date: date(2025, 1, 1), dict: {}, list: []}[kind]


def is_own(table: Table, column: Column[Any]) -> bool:
    """Whether two customers may have the same value: not where a key or an index of this column leaves the customer out."""
    if not is_tenant(table) or table.fullname == "tenancy.customers":
        return False
    keys = [list(table.primary_key.columns), *(list(index.columns) for index in table.indexes if index.unique)]
    return not any(column.name in {part.name for part in key} and "customer_id" not in {part.name for part in key} for key in keys)


def allowed(table: Table, column: Column[Any]) -> str | None:
    """The first value that a CHECK lists for a column."""
    for check in table.constraints:
        if isinstance(check, CheckConstraint) and (found := re.match(rf"{column.name} IN \('(\w+)'", str(check.sqltext))):
            return found[1]
    return None
