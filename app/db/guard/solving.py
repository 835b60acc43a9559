"""The verdict: which tenant tables are proven, by which bound values, and which rules are broken.

A tenant table is proven when its tenant column equals a bound value, or a column that itself can only hold the customer.
That is the least fixed point: nothing is proven by a circle. Only a recursive CTE may lean on itself, because its first
arm cannot; what is assumed of it is checked at the end and taken back when an arm does not keep it.
"""

from typing import Any

from sqlalchemy.sql.selectable import CTE, SelectStatementGrouping

from app.db.guard.elements import bare, cte_name
from app.db.guard.facts import ColumnRef, Operand, Proof, Relation, Scope, SourceColumn, TenantBind


def conclude(compiler: Any) -> Proof:
    """The proof of a statement that has just been compiled."""
    solver = Solver(compiler)
    solver.solve()
    compiler.ask("statement", solver)
    return Proof(tuple(dict.fromkeys(compiler.findings)), tuple(sorted(solver.binds, key=lambda bind: (bind.name, bind.position))))


class Solver:
    """Works out which relations are proven."""

    def __init__(self, compiler: Any) -> None:
        self.compiler = compiler
        self.scopes: list[Scope] = compiler.scopes
        self.proven: set[Relation] = set()
        self.binds: set[TenantBind] = set()
        self.doubted: set[tuple[Any, int]] = set()
        self.assumed: set[tuple[Any, int]] = set()

    def solve(self) -> None:
        """Prove what can be proven; start again whenever an assumption about a recursive CTE fails."""
        while True:
            self.proven, self.binds, self.assumed = set(), set(), set()
            self.spread()
            broken = {(body, index) for body, index in self.assumed if not self.arms_good(body, index)}
            if not broken:
                return
            self.doubted |= broken

    def spread(self) -> None:
        """Let proofs follow from one another until none is added."""
        grown = True
        while grown:
            fresh = {rel for scope in self.scopes for rel in self.tenants(scope) if rel not in self.proven and self.follows(scope, rel)}
            self.proven |= fresh
            grown = bool(fresh)

    def tenants(self, scope: Scope) -> list[Relation]:
        """The tenant tables that stand in a scope."""
        return [relation for relation in scope.relations.values() if relation.kind == "tenant"]

    def follows(self, scope: Scope, relation: Relation) -> bool:
        """Whether a relation is proven by what is known so far."""
        if scope.kind == "insert":
            return bool(scope.rows) and all(self.holds(scope, row) for row in scope.rows)
        key = ColumnRef(relation.name, relation.key)
        claims = [claim for claim in scope.claims if relation.name in claim.proves]
        pairs = [(claim.left, claim.right) for claim in claims] + [(claim.right, claim.left) for claim in claims]
        # Every equality is asked, so that each value given for the tenant is compared, also the second of two.
        held = [self.holds(scope, other) for one, other in pairs if one == key]
        return any(held)

    def holds(self, scope: Scope, operand: Operand) -> bool:
        """Whether an operand can only be the customer or NULL; the bound values that this rests on are kept for comparing."""
        if isinstance(operand, TenantBind):
            self.binds.add(operand)
            return True
        if isinstance(operand, SourceColumn):
            return scope.source is not None and self.position_good(scope.source, operand.index)
        return isinstance(operand, ColumnRef) and self.column_good(scope, operand)

    def column_good(self, scope: Scope, ref: ColumnRef) -> bool:
        """Whether a column, as the database resolves it from this scope, can only hold the customer."""
        relation = next((s.relations[ref.relation] for s in (scope, *scope.ancestors()) if ref.relation in s.relations), None)
        if relation is None or relation.kind in ("open", "rows"):
            return False
        if relation.kind == "tenant":
            return ref.column == relation.key and relation in self.proven
        return self.derived_good(relation, ref.column)

    def derived_good(self, relation: Relation, column: str) -> bool:
        """Whether a column of a subquery or CTE is good in every place where its body was compiled."""
        cte = self.cte_of(relation)
        if cte is not None and (cte.recursive or getattr(cte.element, "name_cte_columns", False)):
            names = listed_names(self.compiler, cte)
            if names.count(column) != 1 or (bare(cte.element), names.index(column)) in self.doubted:
                return False
            self.assumed.add((bare(cte.element), names.index(column)))
            return True
        bodies = self.bodies(cte.element if cte is not None else relation.source)
        return bool(bodies) and all(self.named_good(body, column) for body in bodies)

    def arms_good(self, body: Any, index: int) -> bool:
        """Whether a column of a statement is good in every place where the statement was compiled."""
        bodies = self.bodies(body)
        return bool(bodies) and all(self.position_good(scope, index) for scope in bodies)

    def cte_of(self, relation: Relation) -> Any:
        """The CTE that a relation's name stands for in the rendered statement, which for a recursion is the whole of it."""
        if not isinstance(relation.source, CTE):
            return None
        return self.compiler.ctes_by_level_name.get((1, cte_name(self.compiler, relation.source)))

    def bodies(self, statement: Any) -> list[Scope]:
        """The scopes in which a statement was compiled."""
        while isinstance(statement, SelectStatementGrouping):
            statement = statement.element
        return [scope for scope in self.scopes if bare(scope.statement) is bare(statement)]

    def named_good(self, scope: Scope, column: str) -> bool:
        """Whether the one column of this name is good."""
        names = self.names(scope)
        return names.count(column) == 1 and self.position_good(scope, names.index(column))

    def names(self, scope: Scope) -> list[str | None]:
        """The names of a scope's columns; a UNION takes those of its first arm."""
        if scope.kind != "compound":
            return [output.name for output in scope.outputs]
        first = self.bodies(scope.arms[0])
        return self.names(first[0]) if first else []

    def position_good(self, scope: Scope, index: int) -> bool:
        """Whether the column at this place can only hold the customer, in every arm of a UNION."""
        if scope.kind == "compound":
            return all(self.arms_good(arm, index) for arm in scope.arms)
        return index < len(scope.outputs) and self.holds(scope, scope.outputs[index].operand)

    def touches(self, scope: Scope, seen: frozenset[int] = frozenset()) -> bool:
        """Whether a scope reads a tenant table, directly or through subqueries and CTEs."""
        if id(scope) in seen:
            return False
        seen |= {id(scope)}
        for relation in scope.relations.values():
            cte = self.cte_of(relation)
            bodies = self.bodies(cte.element if cte is not None else relation.source) if relation.kind == "derived" else []
            if relation.kind == "tenant" or any(self.touches(body, seen) for body in bodies):
                return True
        return scope.kind == "compound" and any(self.touches(body, seen) for arm in scope.arms for body in self.bodies(arm))


def listed_names(compiler: Any, cte: Any) -> list[str]:
    """The column names in `WITH RECURSIVE name (columns)`, which override those of the body."""
    listed = []
    for _, proxy_name, fallback, _, repeated in cte.element._generate_columns_plus_names(True):
        if not repeated:
            name = fallback or proxy_name
            listed.append(str(name.apply_map(compiler.anon_map) if hasattr(name, "apply_map") else name))
    return listed
