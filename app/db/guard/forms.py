"""Forms of SQL that are refused wherever they stand, one rule each: text, strange operators, hints, and their like."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy.dialects.postgresql.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.schema import Table
from sqlalchemy.sql.selectable import SelectBase, Values

from app.db.guard.elements import bare, is_trusted
from app.db.guard.facts import RelationName
from app.db.guard.relations import function_name
from app.db.guard.rules import rule

HARMLESS_LITERAL = re.compile(r"\*|-?\d+(\.\d+)?|'[^'\\]*'")
SYMBOLS = re.compile(r"[-+*/<>=~!@#%^&|`?]+")
FIELD = re.compile(r"[A-Za-z_]+")
PLAIN_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_ ]*(\(\d+(, ?\d+)?\))?( WITH(OUT)? TIME ZONE)?(\[\])*")
# Functions that run SQL given as text, read files or other databases, or change what the session is allowed to see.
REACHING = re.compile(
    r"set_config|(query|table|schema|database|cursor)_to_xml.*|ts_stat|ts_rewrite|dblink.*|lo_.*|pg_read_.*|pg_ls_.*|pg_stat_file"
    r"|pg_logical_.*|pg_create_.*|pg_reload_conf|pg_terminate_backend|pg_cancel_backend|currval|lastval|setval|nextval"
)

# The nodes that may be compiled; a statement with any other is refused. Operators and functions follow by their endings.
NODES = """aggregate_order_by alias array binary bindparam case cast clauselist collation column compound_select cte
    delete empty_set_expr empty_set_op_expr expression_clauselist extract false funcfilter function grouping
    ilike_case_insensitive_operand insert join label label_reference lateral null on_conflict_do_nothing
    on_conflict_do_update over override_binds release_savepoint rollback_to_savepoint savepoint
    scalar_function_column scalar_values select select_statement_grouping slice subquery table table_valued_alias
    table_valued_column tablesample textclause textual_label_reference textual_select true tuple type_coerce typeclause unary
    unsupported_compilation update values withingroup"""
KINDS = frozenset(NODES.split())
ENDINGS = ("_binary", "_unary_operator", "_unary_modifier", "_func")
NEVER = frozenset({"next_value_func"})


def is_known(kind: str) -> bool:
    """Whether nodes of this kind may be compiled at all."""
    return kind in KINDS or (kind.endswith(ENDINGS) and kind not in NEVER)


@rule("unknown", "visit:unknown")
def unknown_node(compiler: Any, element: Any, kind: str) -> Iterable[str]:
    """Only the kinds of node that the guard knows may be compiled."""
    yield f"{kind} is not a form of SQL that is allowed here"


@rule("text", "visit:textclause")
def text_fragment(compiler: Any, element: Any, kw: Any) -> Iterable[str]:
    """Text cannot be verified."""
    yield "the statement contains a text fragment"


@rule("literal", "visit:column")
def literal_text(compiler: Any, element: Any, kw: Any) -> Iterable[str]:
    """literal_column() is text too, beyond numbers, `*` and quoted constants."""
    if element.is_literal and not HARMLESS_LITERAL.fullmatch(str(element.name)):
        yield "a literal column is more than a number, a star or a quoted constant"


@rule("operator", "visit:custom_op_binary", "visit:custom_op_unary_operator", "visit:custom_op_unary_modifier")
def strange_operator(compiler: Any, element: Any, kw: Any) -> Iterable[str]:
    """A custom operator may consist of symbols only, or it could carry any text."""
    symbols = (element.operator or element.modifier).opstring
    if not SYMBOLS.fullmatch(symbols) or "--" in symbols or "/*" in symbols:
        yield "a custom operator is more than symbols"


@rule("extract", "visit:extract")
def strange_field(compiler: Any, element: Any, kw: Any) -> Iterable[str]:
    """The field of EXTRACT is rendered as it is."""
    if not FIELD.fullmatch(str(element.field)):
        yield "the field of EXTRACT is no plain word"


@rule("type", "visit:typeclause")
def strange_type(compiler: Any, element: Any, kw: Any) -> Iterable[str]:
    """The name of a type in a CAST is rendered as it is."""
    if not PLAIN_TYPE.fullmatch(compiler.dialect.type_compiler_instance.process(element.type)):
        yield "CAST names a type that is not plain"


@rule("bind type", "visit:bindparam")
def strange_bind_type(compiler: Any, element: Any, kw: Any) -> Iterable[str]:
    """A type of our own must not render a cast around a bound value."""
    impl = element.type._unwrapped_dialect_impl(compiler.dialect)
    if impl.render_bind_cast and not type(impl).__module__.startswith("sqlalchemy"):
        yield "a bound value has a user-defined type"


@rule("reach", "visit:function")
def reaching_function(compiler: Any, element: Any, kw: Any) -> Iterable[str]:
    """Functions that run text as SQL or change the session are no expressions; those of a schema of ours are a closed list."""
    name = tuple(part.lower() for part in function_name(element))
    if REACHING.fullmatch(name[-1]):
        yield f"{'.'.join(name)} reaches beyond its arguments"
    if len(name) > 1 and name[0] != "pg_catalog" and not compiler.rules.owns(function_name(element), len(list(element.clauses))):
        yield f"{'.'.join(name)} is not an owned function"


@rule("hint", "scope")
def text_around(compiler: Any, element: Any) -> Iterable[str]:
    """Hints, prefixes and suffixes are text."""
    if any(getattr(element, name, None) for name in ("_hints", "_statement_hints", "_prefixes", "_suffixes")):
        yield "the statement carries a hint, prefix or suffix"


@rule("nesting", "visit:cte")
def nested_cte(compiler: Any, element: Any, kw: Any) -> Iterable[str]:
    """A CTE that is nested could hide another of the same name."""
    if element.nesting or getattr(kw.get("cte_opts"), "nesting", False):
        yield "a CTE is nested"


def parts(root: Any) -> Iterator[Any]:
    """The elements of one scope, without those of the SELECTs inside it, which are scopes themselves."""
    waiting, seen = [root], {id(root)}
    while waiting:
        element = waiting.pop()
        yield element
        if element is root or not isinstance(element, (SelectBase, Table)):
            fresh = [part for part in (*element.get_children(), *held(element)) if id(part) not in seen]
            seen.update(map(id, fresh))
            waiting.extend(fresh)


def held(element: Any) -> Iterator[Any]:
    """The elements that VALUES and ON CONFLICT hold in lists, where SQLAlchemy's own walk does not go."""
    if isinstance(element, (Values, Insert, OnConflictDoNothing, OnConflictDoUpdate)):
        for value in list(vars(element).values()):
            yield from flat(value)


def flat(value: Any) -> Iterator[Any]:
    """The elements inside nested lists, tuples and dictionaries."""
    if isinstance(value, ClauseElement):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from flat(one)
    elif isinstance(value, Mapping):
        yield from flat([*value.keys(), *value.values()])


@rule("foreign", "scope")
def foreign_construct(compiler: Any, statement: Any) -> Iterable[str]:
    """A construct that compiles itself could render anything."""
    for part in parts(statement):
        if isinstance(part, ClauseElement) and not is_trusted(bare(part)):
            yield f"{type(part).__name__} is not SQLAlchemy's own"


@rule("unproven", "statement")
def unproven_relation(compiler: Any, solver: Any) -> Iterable[str]:
    """The rule that all others serve: every tenant table is proven."""
    for scope in solver.scopes:
        for relation in solver.tenants(scope):
            if relation not in solver.proven:
                yield f"{relation.label} is not limited to one customer"


@rule("unread", "statement")
def unread_scope(compiler: Any, solver: Any) -> Iterable[str]:
    """A scope that no hook read means that SQLAlchemy compiles differently from what we know."""
    kinds = {scope.kind for scope in solver.scopes}
    made = {"insert": compiler.isinsert, "update": compiler.isupdate, "delete": compiler.isdelete}
    if any(not scope.read for scope in solver.scopes) or any(wanted and kind not in kinds for kind, wanted in made.items()):
        yield "a part of the statement was not read"


@rule("stray", "statement")
def stray_table(compiler: Any, solver: Any) -> Iterable[str]:
    """No table may be written into a FROM without having been judged."""
    for schema, name in sorted(compiler.rendered - compiler.judged, key=str):
        yield f"{schema}.{name} was not judged"


@rule("predicate", "statement")
def subquery_predicate(compiler: Any, solver: Any) -> Iterable[str]:
    """EXISTS, IN (SELECT), any() and has() on tenant tables run once a row under row-level security; write a join."""
    if any(scope.in_predicate and solver.touches(scope) for scope in solver.scopes):
        yield "a subquery on a tenant table is used as a predicate"


def same_name(one: RelationName, other: RelationName) -> bool:
    """Whether a reference could mean either of two relations."""
    return one == other or (one[1] == other[1] and None in (one[0], other[0]))


@rule("shadow", "statement")
def shadowed_relation(compiler: Any, solver: Any) -> Iterable[str]:
    """Inside a subquery no relation may take the name of another one around it."""
    for scope in solver.scopes:
        for outer in scope.ancestors():
            for relation in scope.relations.values():
                if any(same_name(relation.name, other.name) and not is_same(relation, other) for other in outer.relations.values()):
                    yield f"{relation.name[1]} names two relations"


def is_same(relation: Any, other: Any) -> bool:
    """Whether two entries of a FROM are the same thing."""
    return bool(relation.thing == other.thing) if isinstance(relation.thing, tuple) else relation.thing is other.thing


@rule("default", "statement")
def executed_default(compiler: Any, solver: Any) -> Iterable[str]:
    """A default that SQLAlchemy would run as a statement of its own is never verified."""
    made = [(column, column.default) for column in getattr(compiler, "insert_prefetch", ())]
    made += [(column, column.onupdate) for column in getattr(compiler, "update_prefetch", ())]
    for column, default in made:
        if default is not None and (default.is_clause_element or default.is_sequence):
            yield f"the default of {column.key} is SQL that would be executed by itself"
