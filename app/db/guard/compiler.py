"""The compiler that watches: SQLAlchemy compiles as ever, and every scope, relation and condition is written down.

It changes no statement. The verdict is left on the compiled object as `proof`, which the cache keeps with it.
"""

import copy
import re
from typing import Any

from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler

from app.db.guard.elements import claims_of, operand, relation_name
from app.db.guard.facts import Finding, Output, Proof, RelationName, Scope
from app.db.guard.forms import is_known
from app.db.guard.relations import read_from
from app.db.guard.rules import WATCHED, GuardRules, broken
from app.db.guard.solving import conclude
from app.db.guard.writes import read_delete, read_insert, read_update

OUTPUT_NAME = re.compile(r'(?: AS |\.|^)("(?:[^"]|"")+"|[A-Za-z_][A-Za-z0-9_$]*)$')
PLAIN_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
PREDICATES = frozenset({operators.in_op, operators.not_in_op, operators.exists, operators.any_op, operators.all_op})


class Settled:
    """Hands SQLAlchemy a compile state that was already made, so that we may read it too."""

    def __init__(self, state: Any) -> None:
        self.state = state

    def _compile_state_factory(self, *_: Any, **__: Any) -> Any:
        return self.state


class GuardCompiler(SQLCompiler):
    """Stands in front of a dialect's compiler and keeps the ledger of one compilation."""

    rules: GuardRules
    proof: Proof

    def __init__(self, *args: Any, **kw: Any) -> None:
        self.scopes: list[Scope] = []
        self.findings: list[Finding] = []
        self.judged: set[RelationName] = set()
        self.rendered: set[RelationName] = set()
        self.open_scope: Scope | None = None
        self.detached = False
        self.predicates = 0
        super().__init__(*args, **kw)
        self.proof = conclude(self)
        # The cache keeps this object; what led to the verdict is not needed any more.
        self.scopes, self.open_scope = [], None

    @property
    def preparer(self) -> Any:
        """SQLAlchemy's quoting of names, under watch."""
        return self._preparer

    @preparer.setter
    def preparer(self, preparer: Any) -> None:
        watched = copy.copy(preparer)
        quote = preparer.quote

        def watch(ident: Any, force: Any = None) -> Any:
            if getattr(ident, "quote", None) is False and not PLAIN_IDENTIFIER.fullmatch(ident):
                self.find("identifier", "a name that is exempt from quoting is no plain name")
            return quote(ident, force)

        watched.quote = watch
        self._preparer = watched

    def find(self, name: str, detail: str) -> None:
        """Note one reason for a refusal."""
        self.findings.append(Finding(name, detail))

    def ask(self, moment: str, *seen: Any) -> None:
        """Put what is seen before the rules of this moment."""
        for name, detail in broken(moment, self, *seen):
            self.find(name, detail)

    def enter(self, kind: str, statement: Any) -> Scope:
        """Open a scope inside the present one; the body of a CTE sees nothing around it."""
        parent = None if self.detached else self.open_scope
        scope = Scope(kind, statement, parent, self.predicates > 0)
        self.detached = False
        self.scopes.append(scope)
        return scope

    def within(self, scope: Scope, compile_it: Any, *args: Any, **kw: Any) -> str:
        """Compile with this scope as the open one."""
        before, self.open_scope = self.open_scope, scope
        text: str = compile_it(*args, **kw)
        self.open_scope = before
        return text

    def read_where(self, scope: Scope, criteria: Any) -> None:
        """Enter what the WHERE guarantees; it holds for every relation of the scope."""
        for condition in criteria:
            scope.claims.extend(claims_of(self, condition, frozenset(scope.relations)))
        scope.read = True

    def visit_select(self, select_stmt: Any, *args: Any, **kw: Any) -> str:
        """Compile one SELECT as a scope of its own."""
        scope = self.enter("select", select_stmt)
        if kw.get("insert_into") and self.open_scope is not None and self.open_scope.kind == "insert":
            self.open_scope.source = scope
        return self.within(scope, super().visit_select, select_stmt, *args, **kw)

    def visit_compound_select(self, cs: Any, *args: Any, **kw: Any) -> str:
        """Compile a UNION, INTERSECT or EXCEPT; its arms are scopes inside it."""
        scope = self.enter("compound", cs)
        scope.arms, scope.read = list(cs.selects), True
        self.ask("scope", cs)
        if kw.get("insert_into") and self.open_scope is not None and self.open_scope.kind == "insert":
            self.open_scope.source = scope
        return self.within(scope, super().visit_compound_select, cs, *args, **kw)

    def _compose_select_body(self, text: Any, select: Any, compile_state: Any, inner_columns: Any, froms: Any, *rest: Any) -> Any:
        compose: Any = super()._compose_select_body
        body = compose(text, select, compile_state, inner_columns, froms, *rest)
        scope = self.open_scope
        if scope is not None:
            for item in froms:
                read_from(self, scope, item)
            self.read_where(scope, select._where_criteria)
            self.ask("scope", select)
        return body

    def _label_select_column(self, select: Any, column: Any, *args: Any, **kw: Any) -> Any:
        label: Any = super()._label_select_column
        text = label(select, column, *args, **kw)
        if self.open_scope is not None:
            found = OUTPUT_NAME.search(text or "")
            name = found.group(1).strip('"').replace('""', '"') if found else None
            wrapped = column.type.dialect_impl(self.dialect)._has_column_expression
            self.open_scope.outputs.append(Output(name, None if wrapped else operand(self, column)))
        return text

    def visit_insert(self, insert_stmt: Any, visited_bindparam: Any = None, visiting_cte: Any = None, **kw: Any) -> str:
        """Compile an INSERT and read which customer each row is given."""
        state = insert_stmt._compile_state_factory(insert_stmt, self, **kw)
        scope = self.enter("insert", insert_stmt)
        text = self.within(scope, super().visit_insert, Settled(state), visiting_cte=visiting_cte, **kw)
        read_insert(self, scope, state, visiting_cte is not None)
        return text

    def visit_update(self, update_stmt: Any, visiting_cte: Any = None, **kw: Any) -> str:
        """Compile an UPDATE and read its tables, its WHERE and what it sets."""
        state = update_stmt._compile_state_factory(update_stmt, self, **kw)
        scope = self.enter("update", update_stmt)
        text = self.within(scope, super().visit_update, Settled(state), visiting_cte=visiting_cte, **kw)
        read_update(self, scope, state)
        return text

    def visit_delete(self, delete_stmt: Any, visiting_cte: Any = None, **kw: Any) -> str:
        """Compile a DELETE and read its tables and its WHERE."""
        state = delete_stmt._compile_state_factory(delete_stmt, self, **kw)
        scope = self.enter("delete", delete_stmt)
        text = self.within(scope, super().visit_delete, Settled(state), visiting_cte=visiting_cte, **kw)
        read_delete(self, scope, state)
        return text

    def visit_cte(self, cte: Any, *args: Any, **kw: Any) -> Any:
        """Compile a CTE; its body cannot see the FROM in which it is first named."""
        before, self.detached = self.detached, True
        text = super().visit_cte(cte, *args, **kw)
        self.detached = before
        return text

    def visit_unary(self, unary: Any, *args: Any, **kw: Any) -> str:
        """Compile EXISTS, ANY and ALL as the subquery predicates that they are."""
        return self.as_predicate(unary, super().visit_unary, *args, **kw)

    def visit_binary(self, binary: Any, *args: Any, **kw: Any) -> str:
        """Compile IN as the subquery predicate that it may be."""
        return self.as_predicate(binary, super().visit_binary, *args, **kw)

    def as_predicate(self, element: Any, compile_it: Any, *args: Any, **kw: Any) -> str:
        """Mark every scope inside a predicate."""
        marked = element.operator in PREDICATES
        self.predicates += marked
        text: str = compile_it(element, *args, **kw)
        self.predicates -= marked
        return text

    def visit_table(self, table: Any, *args: Any, **kw: Any) -> str:
        """Note every table that is written into a FROM, so that none goes unjudged."""
        if kw.get("asfrom") or (args and args[0]):
            self.rendered.add(relation_name(self, table))
        compile_it: Any = super().visit_table
        return str(compile_it(table, *args, **kw))


def watched(cls: type[Any], kind: str) -> Any:
    """A visit method that asks the rules of its kind before it compiles."""
    name, moment = f"visit_{kind}", f"visit:{kind}"

    def visit(self: Any, element: Any, *args: Any, **kw: Any) -> Any:
        if not is_known(kind):
            self.ask("visit:unknown", element, kind)
        self.ask(moment, element, kw)
        return getattr(super(cls, self), name)(element, *args, **kw)

    return visit


def guarded(base: type[Any], rules: GuardRules) -> type[Any]:
    """The dialect's compiler with the guard in front of it."""
    parents = (base,) if issubclass(base, GuardCompiler) else (GuardCompiler, base)
    cls = type(f"Guarded{base.__name__}", parents, {"rules": rules})
    for name in dir(base):
        kind = name.removeprefix("visit_")
        if name != kind and not issubclass(base, GuardCompiler) and (not is_known(kind) or f"visit:{kind}" in WATCHED):
            setattr(cls, name, watched(cls, kind))
    return cls
