"""Mutants of barrier 0: the customer left out of every key that carries him, tried by the administrator, whom nothing else binds."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, Table

from tests.db.planting import ACME, GLOBEX, a_row, is_tenant, tenant_column
from tests.mutants.stage import Mutant, Probe, Stage, gives, refused_with

NOTHING_THERE, TWICE = "23503", "23505"
# Keys are checked by triggers; while they are off, rows may go of which others still speak.
UNCHECKED, CHECKED = "SET LOCAL session_replication_role = replica", "SET LOCAL session_replication_role = origin"


def keys_of(stage: Stage, table: Table) -> Iterator[Mutant]:
    """Every mutant of one table's keys."""
    for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name)):
        yield from foreign_key(stage, table, key)
    if tenant_column(table) == "customer_id":
        yield from unique_keys(stage, table)


def foreign_key(stage: Stage, table: Table, key: ForeignKeyConstraint) -> Iterator[Mutant]:
    """A foreign key without the customer, and none at all."""
    columns = [(part.parent.name, part.column.name) for part in key.elements]
    nothing = dangling(stage, table, key)
    yield Mutant(f"{key.name} dropped", f"ALTER TABLE {table.fullname} DROP CONSTRAINT {key.name}", nothing)
    if not is_tenant(key.referred_table) or len(columns) == 1:
        return
    rest = [pair for pair in columns if pair[0] != "customer_id"]
    parent, lone = key.referred_table.fullname, ", ".join(there for _, there in rest)
    change = (
        f"{UNCHECKED}; DELETE FROM {parent} WHERE customer_id = '{GLOBEX}'; {CHECKED}; CREATE UNIQUE INDEX lone ON {parent} ({lone}); "
        f"ALTER TABLE {table.fullname} DROP CONSTRAINT {key.name}; ALTER TABLE {table.fullname} ADD CONSTRAINT {key.name} "
        f"FOREIGN KEY ({', '.join(here for here, _ in rest)}) REFERENCES {parent} ({lone})"
    )
    yield Mutant(f"{key.name} without the customer", change, pointing_across(stage, table, key))


def pointing_across(stage: Stage, table: Table, key: ForeignKeyConstraint) -> Probe:
    """A row that points to a row of the other customer."""
    parent = key.referred_table
    theirs = a_row(parent, GLOBEX, stage.ground.rows[GLOBEX], salt="only theirs")
    values = {part.parent.name: theirs[part.column.name] for part in key.elements if part.parent.name != "customer_id"}
    setup = f"{UNCHECKED}; {stage.insertion(parent, theirs)}; {CHECKED}"
    return Probe(f"{key.name} does not reach another customer's row", setting(table, values), refused_with(NOTHING_THERE), setup=setup)


def dangling(stage: Stage, table: Table, key: ForeignKeyConstraint) -> Probe:
    """A row that points to nothing; the other keys of the table are gone, so that this one alone stands against it."""
    nowhere = [part.parent.name for part in key.elements if part.parent.name != "customer_id"] or ["customer_id"]
    row = a_row(table, ACME, stage.ground.rows[ACME], salt="new") | dict.fromkeys(nowhere, UUID(int=0xDEAD))
    others = [f"ALTER TABLE {table.fullname} DROP CONSTRAINT {other.name}" for other in table.foreign_key_constraints if other is not key]
    setup = "; ".join([UNCHECKED, f"DELETE FROM {table.fullname}", CHECKED, *others])
    return Probe(f"{key.name} does not point to nothing", stage.insertion(table, row), refused_with(NOTHING_THERE), setup=setup)


def setting(table: Table, values: dict[str, Any]) -> str:
    """An UPDATE of Acme's row."""
    given = ", ".join(f"{name} = '{value}'" for name, value in values.items())
    whose = f" WHERE {tenant_column(table)} = '{ACME}'" if tenant_column(table) else ""
    return f"UPDATE {table.fullname} SET {given}{whose}"


def unique_keys(stage: Stage, table: Table) -> Iterator[Mutant]:
    """The primary key and each unique index without the customer: two customers could then not have the same slug, SKU or id."""
    gone = f"{UNCHECKED}; DELETE FROM {table.fullname} WHERE customer_id = '{GLOBEX}'; {CHECKED}"
    primary = [column.name for column in table.primary_key]
    if "customer_id" in primary and len(primary) > 1:
        rest = [name for name in primary if name != "customer_id"]
        dropped = f"ALTER TABLE {table.fullname} DROP CONSTRAINT pk_{table.name} CASCADE, ADD PRIMARY KEY ({', '.join(rest)})"
        yield Mutant(f"pk_{table.name} without the customer", f"{gone}; {dropped}", the_same_again(stage, table, rest))
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        if index.unique and (rest := without_customer(index)):
            dropped = f"DROP INDEX {table.schema}.{index.name}; CREATE UNIQUE INDEX {index.name} ON {table.fullname} ({', '.join(rest)})"
            yield Mutant(f"{index.name} without the customer", f"{gone}; {dropped}", the_same_again(stage, table, rest))


def without_customer(index: Index) -> list[str]:
    """The columns of a unique index but for the customer; none for one that is the same for everybody by design."""
    names = [part.name for part in index.expressions if isinstance(part, Column)]
    return [name for name in names if name != "customer_id"] if "customer_id" in names else []


def the_same_again(stage: Stage, table: Table, columns: list[str]) -> Probe:
    """Globex has the same as Acme in these columns."""
    rows = stage.ground.rows
    row = rows[GLOBEX][table.fullname] | {name: rows[ACME][table.fullname][name] for name in columns}
    gone = f"{UNCHECKED}; DELETE FROM {table.fullname} WHERE customer_id = '{GLOBEX}'"
    said = f"{table.fullname}: both customers have the same {' '.join(columns)}"
    return Probe(said, stage.insertion(table, row), gives(), setup=gone)
