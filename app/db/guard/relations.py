"""Reading a FROM: which relations stand in it, and what its ON conditions guarantee for which of them."""

from typing import Any

from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.schema import Table
from sqlalchemy.sql.selectable import (
    CTE,
    AliasedReturnsRows,
    CompoundSelect,
    FromGrouping,
    Join,
    Select,
    SelectStatementGrouping,
    TableClause,
    Values,
)

from app.db.guard.elements import bare, claims_of, cte_name, is_trusted, relation_name
from app.db.guard.facts import Relation, RelationName, Scope
from app.db.guard.rules import UNFOLDING

Names = frozenset[RelationName]


def read_from(compiler: Any, scope: Scope, item: Any) -> Names:
    """Enter every relation of one FROM element into the scope, with the claims of its joins; returns their names."""
    if isinstance(item, FromGrouping):
        return read_from(compiler, scope, item.element)
    if isinstance(item, Join):
        left, right = read_from(compiler, scope, item.left), read_from(compiler, scope, item.right)
        scope.claims.extend(claims_of(compiler, item.onclause, filtered_by(item, left, right)))
        return left | right
    name = relation_name(compiler, item) if hasattr(item, "name") else (None, type(item).__name__)
    relation = relation_of(compiler, item, name)
    if relation is None:
        compiler.find("relation", f"{'.'.join(filter(None, name))} is not a relation that may be read here")
    elif name in scope.relations:
        compiler.find("relation", f"{name[1]} stands twice in one FROM")
    else:
        scope.relations[name] = relation
    return frozenset({name})


def filtered_by(join: Any, left: Names, right: Names) -> Names:
    """The relations whose rows pass only if the ON condition holds: both sides, the right one of LEFT JOIN, none of FULL."""
    if join.full:
        return frozenset()
    return right if join.isouter else left | right


def relation_of(compiler: Any, item: Any, name: RelationName) -> Relation | None:
    """What a FROM element is, or None when that is unknown."""
    if not is_trusted(bare(item)):
        return None
    if isinstance(item, CTE):
        return Relation(name, "derived", ("cte", cte_name(compiler, item)), source=item)
    source = item
    while isinstance(source, (AliasedReturnsRows, FromGrouping, SelectStatementGrouping)) and not isinstance(source, CTE):
        source = source.element
    if isinstance(source, (Select, CompoundSelect, UpdateBase, CTE)):
        return Relation(name, "derived", bare(item), source=source)
    if isinstance(source, Values):
        return Relation(name, "rows", bare(item))
    if isinstance(source, FunctionElement):
        return function_relation(compiler, source, name, bare(item))
    return stored_relation(compiler, source, name, item) if isinstance(source, TableClause) else None


def stored_relation(compiler: Any, table: Any, name: RelationName, item: Any) -> Relation | None:
    """A table, known by its schema and name and not by the object, so that copies of it do not escape."""
    if not is_trusted(bare(table)):
        return None
    schema, label = compiler.preparer.schema_for_object(table), table.name
    thing = (schema, label) if isinstance(item, (Table, TableClause)) else bare(item)
    key = compiler.rules.tenant_key(schema, label)
    compiler.judged.add((schema, label))
    if key is not None:
        return Relation(name, "tenant", thing, key=key, label=f"{schema}.{label}")
    return Relation(name, "open", thing) if compiler.rules.is_open(schema, label) else None


def function_name(function: Any) -> tuple[str, ...]:
    """The name of a function in its parts, as it is written."""
    return (*(str(part) for part in getattr(function, "packagenames", ())), str(function.name))


def function_relation(compiler: Any, function: Any, name: RelationName, thing: Any) -> Relation | None:
    """An owned function, or one that only unfolds its arguments.

    Neither vouches for others: the caller names the columns of a function, so a name says nothing about what it holds.
    """
    if not is_trusted(bare(function)) or not hasattr(function, "name"):
        return None
    called = function_name(function)
    allowed = called in UNFOLDING or compiler.rules.owns(called, len(list(function.clauses)))
    return Relation(name, "rows", thing) if allowed else None
