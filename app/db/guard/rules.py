"""What the guard is told about the database, and the register in which each refusal is one named function."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

TENANT_COLUMN = "customer_id"

# Functions of the database that only unfold their arguments into rows.
UNFOLDING = frozenset(
    {
        ("unnest",),
        ("generate_series",),
        ("jsonb_array_elements",),
        ("jsonb_array_elements_text",),
        ("jsonb_each",),
        ("jsonb_each_text",),
    }
)


@dataclass(frozen=True, kw_only=True)
class GuardRules:
    """The relations and functions that one role may touch; everything else is refused.

    Tables and functions are named "schema.name". `tenant_keys` names the column that carries the tenant where it is
    not `customer_id`. `open_tables` have no tenant. `functions` are the owned functions, which pin the tenant in
    their body, with their number of arguments.
    """

    tenant_tables: frozenset[str]
    tenant_keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    open_tables: frozenset[str] = frozenset()
    functions: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def tenant_key(self, schema: str | None, table: str) -> str | None:
        """The column that carries the tenant, or None when this is no tenant table."""
        for name in self.tenant_tables:
            if tuple(name.split(".", 1)) == (schema, table):
                return self.tenant_keys.get(name, TENANT_COLUMN)
        return None

    def is_open(self, schema: str | None, table: str) -> bool:
        """Whether this is a table without a tenant that may be touched."""
        return any(tuple(name.split(".", 1)) == (schema, table) for name in self.open_tables)

    def owns(self, name: tuple[str, ...], arguments: int) -> bool:
        """Whether this is an owned function called with the right number of arguments."""
        return any(tuple(owned.split(".")) == name and count == arguments for owned, count in self.functions.items())


# A rule is given the compiler and what it looks at, and says what is wrong with it.
Check = Callable[..., Iterable[str]]
RULES: dict[str, Check] = {}
WATCHED: dict[str, list[str]] = {}


def rule(name: str, *moments: str) -> Callable[[Check], Check]:
    """Register a refusal. A moment is "visit:<kind>" (a node is compiled), "scope", "statement", "insert", "update" or "upsert"."""

    def register(check: Check) -> Check:
        RULES[name] = check
        for moment in moments:
            WATCHED.setdefault(moment, []).append(name)
        return check

    return register


def broken(moment: str, *seen: Any) -> Iterable[tuple[str, str]]:
    """Every rule of this moment that is broken, as (name of the rule, detail). A rule taken out of RULES is not asked."""
    for name in WATCHED.get(moment, ()):
        check = RULES.get(name)
        for detail in check(*seen) if check else ():
            yield name, detail
