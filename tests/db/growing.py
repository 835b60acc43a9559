"""Thousands of rows of one customer in every table that grows, made by the server itself from the sample of the rehearsal.

Ids of all tables count alike, so that the seventh version, publication and event belong to the seventh post.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Table, create_engine, func, insert, literal, literal_column, select, text

from app.db.base import Base
from app.db.rehearsal.sample import CUSTOMER, Row, listed

OTHER = UUID(int=0x07E << 64)
# A customer has few of these, however large he is.
FEW = {
    "tenancy.customers", "tenancy.sites", "tenancy.site_languages", "tenancy.theme_settings", "tenancy.domains",
    "ops.leases", "ops.outbox_shards", "ops.processes", "catalog.field_definitions",
}  # fmt: skip
# Many rows point to one of these, which is what makes their lists long.
COMMON = {"site_id", "tag_id", "author_id", "category_id", "cover_id"}
SPECIAL = {
    "content.posts.state": "CASE WHEN g % 100 = 0 THEN 'trashed' ELSE 'draft' END",
    "ops.outbox.done_at": "CASE WHEN g % 10 = 0 THEN NULL ELSE now() END",
    "content.media_renditions.hash": "'hash' || g",
    "content.media_renditions.purpose": "'rendition'",
}
# Other customers of the installation, of whom nothing is known but what stands in these tables.
STRANGERS = {"tenancy.customers", "tenancy.domains"}


def grow(admin: str, rows: dict[str, Row], each: int) -> int:
    """Fill an installation's tables and have the server look at them; gives how many rows its largest customer has."""
    engine, total = create_engine(admin, isolation_level="AUTOCOMMIT"), 0
    with engine.connect() as connection:
        # Foreign keys hold by construction, and checking a million of them would take longer than all else.
        connection.execute(text("SET session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            is_one_each = [column.name for column in table.primary_key] == ["customer_id"]
            if table.fullname not in FEW and not is_one_each:
                total += fill(connection, table, rows[table.fullname], CUSTOMER, each)
                fill(connection, table, rows[table.fullname], OTHER, 50)
            elif is_one_each or table.fullname in STRANGERS:
                fill(connection, table, rows[table.fullname], None, 1000)
        connection.execute(text("ANALYZE"))
    engine.dispose()
    return total


def fill(connection: Connection, table: Table, row: Row, customer_id: UUID | None, count: int) -> int:
    """Insert rows like the sample's, told apart by their number; without a customer each belongs to another one."""
    varying = varied(table)
    values = [expression(table, column, row, customer_id, is_varied=column.name in varying) for column in table.c]
    numbers = func.generate_series(1, count).alias("g")
    statement = insert(table).from_select([column.name for column in table.c], select(*values).select_from(numbers))
    connection.execute(statement)
    return count


def varied(table: Table) -> set[str]:
    """The columns that tell the rows of a table apart: ids that are not common, and the last column of a key that has none."""
    names = {column.name for column in table.c if column.type.python_type is UUID} - COMMON - {"customer_id", "change_set_id"}
    if table.fullname in ("audit.events", "audit.change_set_marks"):
        names |= {"change_set_id"}
    keys = [list(table.primary_key.columns), *(list(index.columns) for index in table.indexes if index.unique)]
    for key in keys:
        free = [column for column in key if column.name != "customer_id" and not listed(table, column)]
        if free and not names & {column.name for column in free}:
            names.add(free[-1].name)
    return names


def expression(table: Table, column: Column[Any], row: Row, customer_id: UUID | None, *, is_varied: bool) -> Any:
    """What stands in a column of the g-th row."""
    place, value, kind = f"{table.fullname}.{column.name}", row[column.name], column.type.python_type
    if column.name == "customer_id":
        return literal_column("md5('c' || g)::uuid") if customer_id is None else literal(customer_id, column.type)
    if place in SPECIAL:
        return literal_column(SPECIAL[place])
    if column.name == "shard":
        return literal_column("g % 16")
    if kind.__name__ == "datetime":
        return literal_column("now() - g * interval '1 minute'") if value is not None else literal(None, column.type)
    if not is_varied or value is None:
        return literal(value, column.type)
    whose = {CUSTOMER: "g", OTHER: "h", None: "c"}[customer_id]
    forms = {
        "UUID": f"md5('{whose}' || g)::uuid",
        "bytes": f"decode(md5('{whose}' || g), 'hex')",
        "int": "g + 1000",
        "str": f"'{whose}' || g",
    }
    return literal_column(forms[kind.__name__])
