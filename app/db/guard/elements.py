"""Reading single SQLAlchemy elements: what they are underneath, how the database will know them, what they compare.

`compiler` is always the guarded compiler at work: names that SQLAlchemy makes up exist only inside one compilation.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import (
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    ColumnClause,
    ExpressionClauseList,
    Grouping,
    Label,
    Tuple,
    _truncated_label,
)
from sqlalchemy.sql.selectable import SelectStatementGrouping
from sqlalchemy.sql.sqltypes import UUID, NullType, TupleType, Uuid

from app.db.guard.facts import Claim, ColumnRef, Operand, RelationName, TenantBind

# Types that hand a UUID to the driver as it is; any other could change the value after it was compared.
PLAIN_TYPES = (Uuid, UUID, NullType)


def bare(element: Any) -> Any:
    """The element underneath the annotations that the ORM puts around it; its identity."""
    while hasattr(element, "_Annotated__element"):
        element = element._Annotated__element
    return element


def is_trusted(element: Any) -> bool:
    """Whether the class of an element is SQLAlchemy's own, so that it compiles as we expect."""
    cls: Any = type(element)
    return is_own(cls) and not hasattr(cls, "_compiler_dispatcher")


@cache
def is_own(cls: Any) -> bool:
    """Whether a class, and every class from which it has its way of compiling, is SQLAlchemy's own."""
    compiling = [base for base in cls.__mro__ if base is cls or not {"_compiler_dispatch", "__visit_name__"}.isdisjoint(vars(base))]
    return all(base.__module__.startswith(("sqlalchemy.", "sqlalchemy_cockroachdb.")) for base in compiling)


def relation_name(compiler: Any, table: Any) -> RelationName:
    """How the compiled statement refers to a table, alias or CTE."""
    name = table.name
    if isinstance(name, _truncated_label):
        name = compiler._truncated_identifier("alias", name)
    return compiler.preparer.schema_for_object(table), name


def cte_name(compiler: Any, cte: Any) -> str:
    """The name under which the body of a CTE is written, whatever its alias here."""
    return relation_name(compiler, cte if cte._cte_alias is None else cte._cte_alias)[1]


def column_name(compiler: Any, column: Any) -> str:
    """The name of a column as it is written."""
    name = column.name
    return str(compiler._truncated_identifier("colident", name) if isinstance(name, _truncated_label) else name)


def plain_type(type_: Any) -> bool:
    """Whether a value of this type reaches the database unchanged."""
    return type(type_) in PLAIN_TYPES


def inner(element: Any) -> Any:
    """The element inside parentheses and labels."""
    while isinstance(element, (Grouping, Label, SelectStatementGrouping)):
        element = element.element
    return element


def column_ref(compiler: Any, element: Any) -> ColumnRef | None:
    """The column that an element is, provided that it is written with its relation's name."""
    element = inner(element)
    if not isinstance(element, ColumnClause) or not is_trusted(bare(element)) or element.is_literal:
        return None
    table = element.table
    if table is None or not getattr(table, "named_with_column", False):
        return None
    return ColumnRef(relation_name(compiler, table), column_name(compiler, element))


def tenant_bind(compiler: Any, element: Any) -> TenantBind | None:
    """The bound value that an element is, provided that it was really compiled as one and is not rendered as text."""
    element = inner(element)
    if not isinstance(element, BindParameter) or element.expanding or element.literal_execute:
        return None
    name = compiler.bind_names.get(element)
    return TenantBind(name) if name in compiler.binds and plain_type(element.type) else None


def operand(compiler: Any, element: Any) -> Operand:
    """A column or a bound value; anything else proves nothing."""
    return column_ref(compiler, element) or tenant_bind(compiler, element)


def is_all_of(element: Any) -> bool:
    """Whether this is a list of conditions that must all hold."""
    return isinstance(element, (BooleanClauseList, ExpressionClauseList)) and element.operator is operators.and_


def conjuncts(condition: Any) -> Iterator[Any]:
    """The conditions that must each hold for a row to pass."""
    condition = inner(condition)
    if is_all_of(condition):
        for clause in condition.clauses:
            yield from conjuncts(clause)
    else:
        yield condition


def claims_of(compiler: Any, condition: Any, proves: frozenset[RelationName]) -> Iterator[Claim]:
    """The equalities that a WHERE or ON guarantees for the given relations."""
    for clause in conjuncts(condition):
        if type(bare(clause)) is not BinaryExpression:
            continue
        if clause.operator is operators.eq:
            yield Claim(operand(compiler, clause.left), operand(compiler, clause.right), proves)
        elif clause.operator is operators.in_op:
            yield from membership(compiler, clause, proves)


def membership(compiler: Any, clause: Any, proves: frozenset[RelationName]) -> Iterator[Claim]:
    """The claims of `column IN (list)` and `(column, column) IN (list of tuples)`, where the list is a bound value."""
    bind, left = inner(clause.right), inner(clause.left)
    if not isinstance(bind, BindParameter) or not bind.expanding or bind.literal_execute:
        return
    name = compiler.bind_names.get(bind)
    if name not in compiler.binds:
        return
    columns = list(left.clauses) if isinstance(left, Tuple) else [left]
    types = bind.type.types if isinstance(bind.type, TupleType) else [bind.type]
    for position, column in enumerate(columns):
        ref = column_ref(compiler, column)
        if ref and plain_type(column.type) and plain_type(types[position] if position < len(types) else NullType()):
            yield Claim(ref, TenantBind(name, True, position, len(columns)), proves)
