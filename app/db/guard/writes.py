"""Reading INSERT, UPDATE and DELETE: which rows they touch, which customer a new row is given, what may not be set."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter, ClauseElement, ColumnClause
from sqlalchemy.sql.selectable import AliasedReturnsRows

from app.db.guard.elements import inner, is_trusted, plain_type
from app.db.guard.facts import Operand, Scope, SourceColumn, TenantBind
from app.db.guard.relations import read_from
from app.db.guard.rules import rule


def read_insert(compiler: Any, scope: Scope, state: Any, in_cte: bool) -> None:
    """Enter the target of an INSERT and, for each row, what its tenant column is given."""
    statement = state.statement
    read_from(compiler, scope, statement.table)
    column = tenant_column(compiler, statement.table)
    scope.rows = [] if column is None else list(given(compiler, state, column, in_cte))
    scope.read = True
    compiler.ask("scope", statement)
    compiler.ask("insert", state)


def read_update(compiler: Any, scope: Scope, state: Any) -> None:
    """Enter the tables and the WHERE of an UPDATE."""
    statement = state.statement
    for item in (statement.table, *state._extra_froms):
        read_from(compiler, scope, item)
    compiler.read_where(scope, statement._where_criteria)
    compiler.ask("scope", statement)
    compiler.ask("update", state)


def read_delete(compiler: Any, scope: Scope, state: Any) -> None:
    """Enter the tables and the WHERE of a DELETE."""
    statement = state.statement
    for item in (statement.table, *state._extra_froms):
        read_from(compiler, scope, item)
    compiler.read_where(scope, statement._where_criteria)
    compiler.ask("scope", statement)


def tenant_names(compiler: Any, table: Any) -> frozenset[str]:
    """The name of the tenant's column and the key of its object, which may differ; empty for a table without a tenant."""
    stored = table
    while isinstance(stored, AliasedReturnsRows):
        stored = stored.element
    key = compiler.rules.tenant_key(compiler.preparer.schema_for_object(stored), getattr(stored, "name", ""))
    return frozenset() if key is None else frozenset({key, *(column.key for column in table.c if column.name == key)})


def tenant_column(compiler: Any, table: Any) -> Any:
    """The column object of the tenant, found by its name in the database; None where there is none."""
    names = tenant_names(compiler, table)
    return next((column for column in table.c if column.name in names and column.key in names), None)


def keyed(row: Any) -> dict[Any, Any]:
    """The values of one row by the key of their column."""
    return {getattr(key, "key", key): value for key, value in (row or {}).items()}


def given(compiler: Any, state: Any, column: Any, in_cte: bool) -> Iterator[Operand]:
    """What the tenant column of each row is given: a bound value, a column of the feeding SELECT, or nothing that counts."""
    names = state.statement._select_names
    if names:
        yield SourceColumn(names.index(column.key)) if names.count(column.key) == 1 else None
    elif state._has_multi_parameters:
        for index, row in enumerate(state._multi_parameters):
            yield bound(compiler, keyed(row).get(column.key), column, None if in_cte else f"{column.key}_m{index}")
    else:
        yield single(compiler, state, column, in_cte)


def single(compiler: Any, state: Any, column: Any, in_cte: bool) -> Operand:
    """What the tenant column is given in an INSERT of one form of row."""
    values = keyed(state._dict_parameters)
    if column.key in values:
        return bound(compiler, values[column.key], column, None if in_cte else column.key)
    wanted = state._no_parameters if compiler.column_keys is None else column.key in compiler.column_keys
    return rendered(compiler, column.key) if wanted and not in_cte and plain_type(column.type) else None


def bound(compiler: Any, value: Any, column: Any, crud_name: str | None) -> Operand:
    """The bound value behind one entry of VALUES. SQLAlchemy names it after the column (`crud_name`), except inside a CTE."""
    if not plain_type(column.type):
        return None
    if isinstance(value, BindParameter):
        if not plain_type(value.type) or value.literal_execute or value.expanding:
            return None
        name = compiler.bind_names.get(value) or compiler.truncated_names.get(("bindparam", value.key)) or value.key
        return rendered(compiler, name)
    return rendered(compiler, crud_name) if crud_name and value is not None and not isinstance(value, ClauseElement) else None


def rendered(compiler: Any, name: str) -> TenantBind | None:
    """A bound value of this name, if the statement really has one."""
    return TenantBind(name) if name in compiler.binds else None


def named(element: Any, names: frozenset[str]) -> bool:
    """Whether a name or an expression on the left of a SET is, or contains, one of these columns."""
    if isinstance(element, str):
        return str(element) in names
    return any(getattr(part, "name", None) in names for part in visitors.iterate(element) if isinstance(part, ColumnClause))


@rule("set", "update")
def sets_the_tenant(compiler: Any, state: Any) -> Iterable[str]:
    """No UPDATE may move a row to another customer, nor even write its customer again."""
    names, column = tenant_names(compiler, state.statement.table), tenant_column(compiler, state.statement.table)
    pairs = state._ordered_values or list((state._dict_parameters or {}).items())
    everything = state._no_parameters and compiler.column_keys is None
    if any(named(target, names) for target, _ in pairs) or (names and everything) or not names.isdisjoint(compiler.column_keys or ()):
        yield "UPDATE sets the customer"
    if column is not None and (column.onupdate is not None or column.server_onupdate is not None):
        yield "the customer has a default for UPDATE"


@rule("conflict", "insert")
def conflict_without_tenant(compiler: Any, state: Any) -> Iterable[str]:
    """ON CONFLICT must name the tenant's column in its target, or it would meet rows of others."""
    clause, column = state.statement._post_values_clause, tenant_column(compiler, state.statement.table)
    if clause is None or column is None:
        return
    targets = [inner(part) for part in getattr(clause, "inferred_target_elements", None) or ()]
    plain = [str(part if isinstance(part, str) else part.name) for part in targets if isinstance(part, (str, ColumnClause))]
    if not is_trusted(clause) or clause.constraint_target is not None or column.name not in plain:
        yield "ON CONFLICT does not name the customer in its target"


@rule("upsert", "insert")
def upsert_sets_the_tenant(compiler: Any, state: Any) -> Iterable[str]:
    """DO UPDATE may not set the tenant's column."""
    names = tenant_names(compiler, state.statement.table)
    targets = dict(getattr(state.statement._post_values_clause, "update_values_to_set", None) or {})
    if any(named(target, names) for target in targets):
        yield "ON CONFLICT DO UPDATE sets the customer"
