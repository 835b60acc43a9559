"""The catalogue of a live database as far as the rules of the schema ask for it, read alike from both servers.

Numbers of columns come as arrays of several kinds, which the drivers hand over in several forms, so they are read as text.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from app.db.base import SCHEMAS

# LIKE has the backslash escape by itself on both servers.
SYSTEM = "(n.nspname LIKE 'pg\\_%' OR n.nspname LIKE 'crdb\\_%' OR n.nspname = 'information_schema')"
OURS = f"n.nspname IN {SCHEMAS}"
OF_TABLES = f"FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} AND c.relkind = 'r'"
PREFIX = text("SELECT r.rolname FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner WHERE n.nspname = 'tenancy'")
TABLES = text(
    "SELECT c.oid, n.nspname || '.' || c.relname, r.rolname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c "
    f"JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner WHERE {OURS} AND c.relkind = 'r' ORDER BY 2"
)
COLUMNS = text(
    "SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, "
    "a.attidentity <> '' OR a.attgenerated <> '', pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a "
    "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
    f"WHERE {OURS} AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2"
)
INDEXES = text(
    "SELECT i.indrelid, x.relname, i.indkey, i.indnkeyatts, i.indisvalid, i.indisprimary, i.indexrelid "
    "FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid "
    f"JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} ORDER BY 1, 2"
)
FOREIGN_KEYS = text(
    "SELECT k.conrelid, k.conname, k.confrelid, k.conkey, k.confkey, k.confdeltype, k.condeferrable FROM pg_constraint k "
    f"JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} AND k.contype = 'f' ORDER BY 1, 2"
)
POLICIES = text(
    f"SELECT schemaname || '.' || tablename, policyname, roles, qual, with_check FROM pg_policies WHERE schemaname IN {SCHEMAS}"
)
PUBLIC = text(
    f"SELECT DISTINCT table_schema || '.' || table_name FROM information_schema.table_privileges "
    f"WHERE lower(grantee) = 'public' AND table_schema IN {SCHEMAS}"
)
FUNCTIONS = text(
    "SELECT n.nspname || '.' || p.proname, r.rolname, p.prosecdef, has_function_privilege(CAST(:stranger AS text), p.oid, 'EXECUTE') "
    f"FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_roles r ON r.oid = p.proowner WHERE NOT {SYSTEM} ORDER BY 1"
)
STRANGERS = text(
    "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    f"WHERE NOT {SYSTEM} AND NOT {OURS} AND c.relkind NOT IN ('i', 't') ORDER BY 1"
)
RELATIONS = (
    f"SELECT n.nspname || '.' || c.relname, CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialised view' WHEN 'S' THEN 'sequence' "
    f"ELSE 'relation of another kind' END FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    f"WHERE {OURS} AND c.relkind NOT IN ('r', 'i')"
)
TRIGGERS = (
    "SELECT n.nspname || '.' || c.relname || '.' || g.tgname, 'trigger' FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid "
    f"JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} AND NOT g.tgisinternal"
)
OWN_TYPES = (
    "SELECT n.nspname || '.' || t.typname, 'type of its own' FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace "
    f"WHERE NOT {SYSTEM} AND t.typtype IN ('e', 'd', 'r')"
)
# On CockroachDB every unique index is listed as a constraint too, there are no rules, and extensions are no objects.
ONLY_POSTGRESQL = (
    (
        "SELECT n.nspname || '.' || k.conname, 'unique constraint, where a unique index belongs' FROM pg_constraint k "
        f"JOIN pg_namespace n ON n.oid = k.connamespace WHERE {OURS} AND k.contype IN ('u', 'x')"
    ),
    f"SELECT n.schemaname || '.' || n.tablename || '.' || n.rulename, 'rule' FROM pg_rules n WHERE n.schemaname IN {SCHEMAS}",
    "SELECT extname, 'extension' FROM pg_extension WHERE extname <> 'plpgsql'",
)
PINNED = r"\(*{column}\s=\s\(?NULLIF\(current_setting\('app\.customer_id'(:+\w+)?,\strue\),\s''(:+\w+)?\)\)?:+uuid\)*"


@dataclass(frozen=True)
class Index:
    """A key or index; a column that is an expression is left out. Of two the one with the higher number is the newer."""

    name: str
    columns: list[str]
    is_valid: bool
    is_primary: bool
    number: int


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key; `on_delete` is the letter of the catalogue, `waits` whether it may be checked at the end."""

    name: str
    target: str
    columns: list[str]
    targets: list[str]
    on_delete: str
    waits: bool


@dataclass(frozen=True)
class Policy:
    """A policy of row-level security."""

    name: str
    roles: list[str]
    using: str
    check: str

    def is_pinned_to(self, column: str | None) -> bool:
        """Whether it lets through exactly the rows of the transaction's customer, both ways."""
        wanted = re.compile(PINNED.format(column=column), re.I)
        return all(wanted.fullmatch(condition or "") for condition in (self.using, self.check))


@dataclass(frozen=True)
class Function:
    """A function; `is_public` when a role may call it that has no business with it."""

    name: str
    owner: str
    is_definer: bool
    is_public: bool


@dataclass
class Table:
    """A table. `columns` gives the type of each and whether it must be there, `granted` the roles that may do anything with it."""

    name: str
    owner: str
    is_secured: bool
    is_forced: bool
    columns: dict[str, tuple[str, bool]] = field(default_factory=dict)
    generated: list[str] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    granted: set[str] = field(default_factory=set)
    is_working: bool = False

    @property
    def tenant(self) -> str | None:
        """The column that says whose a row is."""
        return "customer_id" if "customer_id" in self.columns else "id" if self.name == "tenancy.customers" else None

    def is_granted(self, role: str) -> bool:
        """Whether a role of the product, by its short name, or "public" may do anything with it."""
        return role in self.granted


@dataclass(frozen=True)
class Catalogue:
    """What the rules look at. `others` are things that are no tables, with what they are."""

    prefix: str
    dialect: str
    tables: list[Table]
    functions: list[Function]
    strangers: list[str]
    others: list[tuple[str, str]]

    def role(self, name: str) -> str:
        """A role of this installation by its short name."""
        return f"{self.prefix}_{name}"


def prefix_of(connection: Connection) -> str | None:
    """What the names of the installation's roles begin with, by the owner of its schemas; None where these are not."""
    owner = connection.scalar(PREFIX)
    return None if owner is None else str(owner).removesuffix("_owner")


def read_catalogue(connection: Connection, prefix: str) -> Catalogue:
    """Read everything once; `prefix` is that of the installation's roles."""
    tables = read_tables(connection)
    add_columns(connection, tables)
    add_rights(connection, tables, prefix)
    postgresql = ONLY_POSTGRESQL if connection.dialect.name == "postgresql" else ()
    others = [pair for query in (RELATIONS, TRIGGERS, OWN_TYPES, *postgresql) for pair in pairs(connection, query)]
    functions = [Function(*row) for row in connection.execute(FUNCTIONS, {"stranger": f"{prefix}_directory"})]
    return Catalogue(prefix, connection.dialect.name, list(tables.values()), functions, list(connection.scalars(STRANGERS)), others)


def older_keys(catalogue: Catalogue) -> list[tuple[str, str, str]]:
    """Table, primary key and newest index wherever these two are not the same. It matters to PostgreSQL alone."""
    found = []
    for table in catalogue.tables if catalogue.dialect == "postgresql" else []:
        newest = max(table.indexes, key=lambda index: index.number, default=None)
        key = next((index.name for index in table.indexes if index.is_primary), None)
        if newest is not None and key is not None and not newest.is_primary:
            found.append((table.name, key, newest.name))
    return found


def pairs(connection: Connection, query: str) -> list[tuple[str, str]]:
    """The rows of a query of two columns."""
    return [(str(name), str(kind)) for name, kind in connection.execute(text(query))]


def read_tables(connection: Connection) -> dict[int, Table]:
    """The tables by the number that the catalogue has for them."""
    return {oid: Table(name, owner, secured, forced) for oid, name, owner, secured, forced in connection.execute(TABLES)}


def add_columns(connection: Connection, tables: Mapping[int, Table]) -> None:
    """Add columns, keys, indexes and foreign keys."""
    names: dict[int, dict[int, str]] = defaultdict(dict)
    for oid, number, name, kind, is_needed, is_generated, default in connection.execute(COLUMNS):
        names[oid][number] = name
        tables[oid].columns[name] = (kind, is_needed)
        if is_generated or re.search(r"nextval|unique_rowid", default or ""):
            tables[oid].generated.append(name)
    for oid, name, numbers, length, *rest in connection.execute(INDEXES):
        if oid in tables:
            tables[oid].indexes.append(Index(name, named(names[oid], numbers)[:length], *rest))
    for oid, name, target, columns, targets, on_delete, waits in connection.execute(FOREIGN_KEYS):
        pointed = tables[target].name if target in tables else str(target)
        key = ForeignKey(name, pointed, named(names[oid], columns), named(names[target], targets), on_delete, waits)
        tables[oid].foreign_keys.append(key)


def named(names: Mapping[int, str], numbers: Any) -> list[str]:
    """The columns of a list of numbers."""
    return [names[int(number)] for number in re.findall(r"\d+", str(numbers)) if int(number) in names]


def add_rights(connection: Connection, tables: Mapping[int, Table], prefix: str) -> None:
    """Add policies and what the roles may do."""
    by_name = {table.name: table for table in tables.values()}
    for name, policy, roles, using, check in connection.execute(POLICIES):
        by_name[name].policies.append(Policy(policy, words(roles), using, check))
    for role in ("app", "directory", "worker", "backoffice"):
        for name in connection.scalars(having(prefix, role, "SELECT, INSERT, UPDATE, DELETE")):
            by_name[name].granted.add(role)
    updating = set(connection.scalars(having(prefix, "app", "UPDATE")))
    for name in updating & set(connection.scalars(having(prefix, "app", "DELETE"))):
        by_name[name].is_working = True
    for name in connection.scalars(PUBLIC):
        by_name[name].granted.add("public")


def having(prefix: str, role: str, rights: str) -> Any:
    """The tables with which a role has one of the rights."""
    query = text(f"SELECT n.nspname || '.' || c.relname {OF_TABLES} AND has_table_privilege(CAST(:role AS text), c.oid, '{rights}')")
    return query.bindparams(role=f"{prefix}_{role}")


def words(names: Sequence[str] | str) -> list[str]:
    """A list of names, which a driver may hand over as one text."""
    return re.findall(r"\w+", names) if isinstance(names, str) else [str(name) for name in names]
