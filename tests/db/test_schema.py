"""Rules that every table of the models keeps, each tried on bad tables too, and what the migrated database has of them."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Enum,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    create_engine,
    text,
)
from sqlalchemy.dialects import postgresql

from app.db.base import NAMING, SCHEMAS, WORKING, Base
from app.db.functions import FUNCTIONS
from app.db.schema_rules import CHANGING, SHARED, WITHOUT_CUSTOMER_FIRST
from tests.db import catalogue
from tests.db.planting import Ground

DIALECT = postgresql.dialect()
TYPES = re.compile(r"UUID|TEXT|VARCHAR\(\d+\)|BIGINT|SMALLINT|BOOLEAN|BYTEA|JSONB|DATE|TIMESTAMP WITH TIME ZONE")
# Keywords that CockroachDB's dialect does not quote.
BANNED_NAMES = set(
    "family none concurrently collation authorization cross full inner ilike is isnull join left like natural notnull outer overlaps right "
    "similar".split()
)
# Deleting a person or a site is rare and may read the customer's rows; the index below leaves out trashed posts on purpose.
UNINDEXED_KEYS = {"fk_held_forms_user_id", "fk_posts_customer_id_site_id", "fk_products_customer_id", "fk_domains_customer_id_site_id"}

Found = Iterator[str]


def tenant_tables(metadata: MetaData) -> list[Table]:
    return [table for table in metadata.sorted_tables if "customer_id" in table.c]


def keys_of(table: Table) -> Iterator[tuple[str, list[str], bool]]:
    """Name, columns and uniqueness of the primary key and of every index."""
    if table.primary_key.columns:
        yield f"pk_{table.name}", [column.name for column in table.primary_key.columns], True
    for index in table.indexes:
        yield str(index.name), [column_of(part) for part in index.expressions], bool(index.unique)


def column_of(part: Any) -> str:
    """The column of one part of an index, which may be written as text with a direction."""
    return getattr(part, "name", None) or str(part).split()[0]


def outside_schemas(metadata: MetaData) -> Found:
    yield from (table.fullname for table in metadata.sorted_tables if table.schema not in SCHEMAS)


def keys_without_customer(metadata: MetaData) -> Found:
    for table in tenant_tables(metadata):
        for name, columns, _ in keys_of(table):
            if columns[0] != "customer_id" and name not in WITHOUT_CUSTOMER_FIRST:
                yield f"{name} begins with {columns[0]}"


def customer_of_another_kind(metadata: MetaData) -> Found:
    for table in tenant_tables(metadata):
        column = table.c.customer_id
        if not isinstance(column.type, Uuid) or column.nullable or (column.primary_key and next(iter(table.primary_key)).nullable):
            yield f"{table.fullname}.customer_id"


def foreign_keys_without_customer(metadata: MetaData) -> Found:
    owned = {table.fullname for table in tenant_tables(metadata)}
    for table in tenant_tables(metadata):
        for key in table.foreign_key_constraints:
            pairs = [(part.parent.name, part.column.name) for part in key.elements]
            if key.referred_table.fullname in owned and pairs[0] != ("customer_id", "customer_id"):
                yield f"{table.fullname} to {key.referred_table.fullname}"


def foreign_keys_that_empty_columns(metadata: MetaData) -> Found:
    for table in metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            if key.ondelete not in ("RESTRICT", "CASCADE") or key.onupdate or key.deferrable:
                yield f"{table.fullname}: {key.name}"


def foreign_keys_of_history(metadata: MetaData) -> Found:
    """Deleting a working row leaves its history whole, so history points to no working row."""
    for table in metadata.sorted_tables:
        if table.foreign_keys and table.info["grants"].get("app") in ("SELECT, INSERT", "SELECT", "INSERT"):
            yield table.fullname


def foreign_keys_without_index(metadata: MetaData) -> Found:
    """A parent that goes looks for its children by the columns of their key."""
    for table in metadata.sorted_tables:
        whole = {tuple(columns) for name, columns, _ in keys_of(table) if name not in partial_indexes(table)}
        for key in table.foreign_key_constraints:
            columns = tuple(part.parent.name for part in key.elements)
            if key.name not in UNINDEXED_KEYS and not any(set(index[: len(columns)]) == set(columns) for index in whole):
                yield f"{table.fullname}: {key.name}"


def partial_indexes(table: Table) -> set[str]:
    return {str(index.name) for index in table.indexes if index.dialect_options["postgresql"]["where"] is not None}


def indexes_on_what_every_save_changes(metadata: MetaData) -> Found:
    for table in metadata.sorted_tables:
        if table.info["grants"].get("app") == WORKING:
            for name, columns, _ in keys_of(table):
                yield from (f"{name} has {column}" for column in columns if column in CHANGING)


def indexes_that_begin_in_one_place(metadata: MetaData) -> Found:
    """A time, a state or a truth value at the head of an index sends all writers to one end of it."""
    for table in metadata.sorted_tables:
        for name, columns, _ in keys_of(table):
            column = table.c[columns[0]]
            kind = column.type.compile(DIALECT)
            if kind in ("BOOLEAN", "DATE", "TIMESTAMP WITH TIME ZONE") or column.name in ("state", "kind"):
                yield f"{name} begins with {column.name}"


def indexes_on_unbounded_text(metadata: MetaData) -> Found:
    for table in metadata.sorted_tables:
        closed = {match[1] for check in checks_of(table) if (match := re.match(r"(\w+) IN \(", str(check.sqltext)))}
        for name, columns, _ in keys_of(table):
            yield from (f"{name} has {column}" for column in columns if isinstance(table.c[column].type, Text) and column not in closed)


def checks_of(table: Table) -> list[CheckConstraint]:
    return [check for check in table.constraints if isinstance(check, CheckConstraint)]


def columns_of_other_types(metadata: MetaData) -> Found:
    for table in metadata.sorted_tables:
        for column in table.c:
            kind = column.type.compile(DIALECT)
            if not TYPES.fullmatch(kind) or isinstance(column.type, Enum) or column.identity is not None or column.computed is not None:
                yield f"{table.fullname}.{column.name} {kind}"


def columns_with_untold_names(metadata: MetaData) -> Found:
    for table in metadata.sorted_tables:
        for column in table.c:
            kind = column.type.compile(DIALECT)
            if column.name in BANNED_NAMES:
                yield f"{table.fullname}.{column.name} is a keyword"
            if kind == "BOOLEAN" and not column.name.startswith(("is_", "has_")):
                yield f"{table.fullname}.{column.name} is a truth value"
            if kind.startswith("TIMESTAMP") and not (column.name == "at" or column.name.endswith(("_at", "_until"))):
                yield f"{table.fullname}.{column.name} is a time"


def versions_of_other_kinds(metadata: MetaData) -> Found:
    for table in metadata.sorted_tables:
        if "version" in table.c and (not isinstance(table.c.version.type, BigInteger) or table.c.version.nullable):
            yield table.fullname


def states_without_check(metadata: MetaData) -> Found:
    for table in metadata.sorted_tables:
        is_checked = any(str(check.sqltext).startswith("state IN (") for check in checks_of(table))
        if table.info["grants"].get("app") == WORKING and "state" in table.c and not is_checked:
            yield table.fullname


def unnamed_or_long(metadata: MetaData) -> Found:
    for table in metadata.sorted_tables:
        parts = [*table.constraints, *table.indexes]
        names = [table.name, *(str(part.name or "") for part in parts if part.columns or isinstance(part, CheckConstraint))]
        yield from (f"{table.fullname}: {name or 'a constraint without a name'}" for name in names if not 0 < len(name) <= 63)


def names_used_twice(metadata: MetaData) -> Found:
    """CockroachDB and people find an index or constraint by its name, so one name stands once in a schema."""
    seen: set[tuple[str | None, str]] = set()
    for table in metadata.sorted_tables:
        for name, _, _ in keys_of(table):
            if (table.schema, name) in seen:
                yield f"{table.schema}.{name}"
            seen.add((table.schema, name))


def unique_constraints(metadata: MetaData) -> Found:
    """They are dropped in different ways on the two databases; a unique index is not."""
    for table in metadata.sorted_tables:
        yield from (f"{table.fullname}: {part.name}" for part in table.constraints if isinstance(part, UniqueConstraint))


def portable_indexes(metadata: MetaData) -> Found:
    """No NULLS FIRST or LAST, no method of one server alone, no column of the primary key among the included ones."""
    for table in metadata.sorted_tables:
        for index in table.indexes:
            options = index.dialect_options["postgresql"]
            included = set(options["include"] or ()) & {column.name for column in table.primary_key}
            if options["using"] or options["ops"] or included or "NULLS" in " ".join(str(part) for part in index.expressions).upper():
                yield str(index.name)


def grants_of_unknown_roles(metadata: MetaData) -> Found:
    roles = {"app", "directory", "worker", "backoffice", "reader", "migrator"}
    for table in metadata.sorted_tables:
        for role, rights in table.info["grants"].items():
            if role not in roles or not set(rights.split(", ")) <= {"SELECT", "INSERT", "UPDATE", "DELETE"}:
                yield f"{table.fullname}: {role} {rights}"


RULES: list[Callable[[MetaData], Iterable[str]]] = [
    outside_schemas, keys_without_customer, customer_of_another_kind, foreign_keys_without_customer, foreign_keys_that_empty_columns,
    foreign_keys_of_history, foreign_keys_without_index, indexes_on_what_every_save_changes, indexes_that_begin_in_one_place,
    indexes_on_unbounded_text, columns_of_other_types, columns_with_untold_names, versions_of_other_kinds, states_without_check,
    unnamed_or_long, names_used_twice, unique_constraints, portable_indexes, grants_of_unknown_roles,
]  # fmt: skip


def bad_house() -> MetaData:
    """Tables that break every rule."""
    made = MetaData(naming_convention=NAMING)
    grants: dict[str, Any] = {"grants": {"app": WORKING, "visitor": "TRUNCATE"}, "tenant": True}
    Table(
        "owners", made, Column("customer_id", Uuid, primary_key=True), Column("id", Uuid, primary_key=True), schema="content", info=grants
    )
    Table(
        "things", made,
        Column("customer_id", BigInteger, primary_key=True), Column("owner_id", Uuid, ForeignKey("content.owners.id", ondelete="SET NULL")),
        Column("number", Integer, Identity()), Column("amount", Float), Column("mood", Enum("good", "bad", name="mood")),
        Column("version", String(9)), Column("state", Text), Column("left", Text), Column("live", postgresql.BOOLEAN),
        Column("made", postgresql.TIMESTAMP(timezone=True)), Column("id", Uuid),
        UniqueConstraint("number", name="uq_number"), CheckConstraint("amount > 0", name="a" * 70),
        Index("ix_things_made", "made"), Index("ix_things_id", "id"), Index("ix_things_text", "customer_id", "left"),
        Index("ix_things_version", "customer_id", "version"), Index("ix_things_hash", "customer_id", "id", postgresql_using="hash"),
        schema="public", info=grants,
    )  # fmt: skip
    Table(
        "copies", made, Column("customer_id", Uuid, primary_key=True), Column("owner_id", Uuid),
        ForeignKeyConstraint(["customer_id", "owner_id"], ["content.owners.customer_id", "content.owners.id"], ondelete="CASCADE"),
        Index("ix_things_id", "customer_id"), Index("ix_things_made", "customer_id"), schema="public",
        info={"grants": {"app": "SELECT, INSERT"}, "tenant": True},
    )  # fmt: skip
    return made


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_no_table_of_the_models_breaks_the_rule(rule: Callable[[MetaData], Iterable[str]]) -> None:
    assert list(rule(Base.metadata)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_finds_a_bad_table(rule: Callable[[MetaData], Iterable[str]]) -> None:
    assert list(rule(bad_house())) != []


def test_no_exception_is_left_over() -> None:
    names = {name for table in Base.metadata.sorted_tables for name, _, _ in keys_of(table)}
    keys = {key.name for table in Base.metadata.sorted_tables for key in table.foreign_key_constraints}
    assert names >= WITHOUT_CUSTOMER_FIRST
    assert keys >= UNINDEXED_KEYS


def test_the_tables_without_a_customer_are_those_of_the_closed_list() -> None:
    assert {table.fullname for table in Base.metadata.sorted_tables if "customer_id" not in table.c} == SHARED


# What the migrated database has beside the rules of tests/db/test_schema_rules.py, which are checked in every installation.


@pytest.fixture(scope="module")
def live(ground: Ground) -> Iterator[Connection]:
    engine = create_engine(ground.admin)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_unique_indexes_of_the_database_begin_with_the_customer(live: Connection, ground: Ground) -> None:
    found = [
        re.match(r"CREATE UNIQUE INDEX (\w+) ON (\S+) USING btree \((\w+)", line) for line in catalogue.read(live, ground.prefix)["indexes"]
    ]
    tenants = {table.fullname for table in tenant_tables(Base.metadata)}
    assert {match[1] for match in found if match and match[2] in tenants and match[3] != "customer_id"} == {
        name for name in WITHOUT_CUSTOMER_FIRST if name.startswith(("pk_", "ux_"))
    }


def policies_of(table: Table, pin: str) -> set[str]:
    """The policies that a table must have, as the catalogue says them."""
    grants, column = table.info["grants"], "customer_id" if "customer_id" in table.c else "id"
    made = {}
    if table.info["tenant"] and "app" in grants and ("customer_id" in table.c or table.fullname == "tenancy.customers"):
        made["tenant"] = ("app", f"({column} = {pin})")
    if table.info["tenant"] and "directory" in grants:
        made["directory"] = ("directory", "true")
    return {f"{table.fullname} {name} permissive=t for * to {role} using ({what}) check ({what})" for name, (role, what) in made.items()}


def test_the_policies_are_exactly_those_of_the_design(live: Connection, ground: Ground) -> None:
    pin = "(NULLIF(current_setting('app.customer_id'::text, true), ''::text))::uuid"
    wanted = {line for table in Base.metadata.sorted_tables for line in policies_of(table, pin)}
    assert catalogue.read(live, ground.prefix)["policies"] == wanted
    assert len(wanted) > len(FUNCTIONS)


LOOKED_UP = {"UUID": "gen_random_uuid()", "BIGINT": "1", "SMALLINT": "1", "TIMESTAMP WITH TIME ZONE": "now()", "BYTEA": "'x'::bytea"}


def test_a_row_of_a_small_table_is_found_by_its_primary_key(ground: Ground) -> None:
    """Another index that begins with the customer costs the same there, and would have all his rows read and locked."""
    engine, others = create_engine(ground.addresses["app"]), []
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            values = {column.name: LOOKED_UP.get(column.type.compile(DIALECT), "'x'") for column in table.primary_key}
            values = {name: value.replace("gen_random_uuid()", f"'{UUID(int=7)}'") for name, value in values.items()}
            if "SELECT" in table.info["grants"].get("app", "") and "customer_id" in values:
                condition = " AND ".join(f"{name} = {value}" for name, value in values.items())
                plan = connection.scalars(text(f"EXPLAIN SELECT 1 FROM {table.fullname} WHERE {condition}")).all()
                others += [] if any(f" using pk_{table.name} " in line for line in plan) else [(table.fullname, plan)]
    engine.dispose()
    assert others == []
