"""What the guard writes down while a statement is compiled: scopes, relations, claims, and the proof at the end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from app.db.guard.errors import TenantMismatch, TenantUnscoped

# A relation as the database reads it: (schema or None, table or alias).
RelationName = tuple[str | None, str]
RelationKind = Literal["tenant", "open", "derived", "rows"]


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A column as it is written in the statement, for example `content.posts.customer_id`."""

    relation: RelationName
    column: str


@dataclass(frozen=True, slots=True)
class TenantBind:
    """A bound value that must be the connection's customer.

    `expanding` marks the list of an IN; `position` and `width` tell which member of each of its tuples is meant.
    """

    name: str
    expanding: bool = False
    position: int = 0
    width: int = 1

    def picks(self, value: Any) -> list[Any]:
        """The values to compare, from the parameter as the caller gave it."""
        if not self.expanding:
            return [value]
        return list(value) if self.width == 1 else [row[self.position] for row in value]


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """The column at this place of the SELECT that feeds an INSERT."""

    index: int


Operand = ColumnRef | TenantBind | SourceColumn | None


@dataclass(frozen=True, slots=True)
class Claim:
    """Two operands that are equal in every row that leaves the scope, and the relations for which that counts."""

    left: Operand
    right: Operand
    proves: frozenset[RelationName]


@dataclass(frozen=True, slots=True)
class Output:
    """One column of a SELECT or of RETURNING: the name it is given and what it is made of."""

    name: str | None
    operand: Operand


@dataclass(eq=False, slots=True)
class Relation:
    """One entry of a FROM. `thing` is its identity, `source` the statement inside a derived one, `key` the tenant's column."""

    name: RelationName
    kind: RelationKind
    thing: Any
    source: Any = None
    key: str = ""
    label: str = ""


@dataclass(eq=False, slots=True)
class Scope:
    """One SELECT core, set operation, INSERT, UPDATE or DELETE of the statement."""

    kind: str
    statement: Any
    parent: "Scope | None"
    in_predicate: bool
    read: bool = False
    relations: dict[RelationName, Relation] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    arms: list[Any] = field(default_factory=list)
    rows: list[Operand] = field(default_factory=list)
    source: "Scope | None" = None

    def ancestors(self) -> Iterable["Scope"]:
        """The scopes around this one, nearest first."""
        scope = self.parent
        while scope is not None:
            yield scope
            scope = scope.parent


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason for a refusal: the name of the rule and what it saw."""

    rule: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict on one compiled statement: what is wrong with it, and which values remain to be compared."""

    findings: tuple[Finding, ...]
    binds: tuple[TenantBind, ...]

    @property
    def ok(self) -> bool:
        """True when nothing is left but to compare the values."""
        return not self.findings

    def require(self) -> None:
        """Raise TenantUnscoped with every finding, unless there is none."""
        if self.findings:
            raise TenantUnscoped("The statement is refused. " + "; ".join(map(str, self.findings)))

    def compare(self, parameters: Mapping[str, Any], customer_id: UUID) -> None:
        """Check one set of parameters, by their compiled names and as given by the caller; raises TenantUnscoped and TenantMismatch."""
        self.require()
        for bind in self.binds:
            if bind.name not in parameters:
                raise TenantMismatch(f"The value of {bind.name} is missing, so it cannot be compared with the customer.")
            same_customer(bind, bind.picks(parameters[bind.name]), customer_id)


def same_customer(bind: TenantBind, values: Iterable[Any], customer_id: UUID) -> None:
    """Raise TenantMismatch unless each value is this customer; only real UUID objects count."""
    for value in values:
        if value is not customer_id and (type(value) is not UUID or value.int != customer_id.int):
            raise TenantMismatch(f"The value of {bind.name} is not the customer of this connection.")
