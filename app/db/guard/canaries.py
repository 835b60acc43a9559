"""Statements that must be refused, tried on the live dialect at start-up.

The guard leans on private parts of SQLAlchemy. Should an upgrade move one of them, a canary is accepted, its name is
reported, and the process must not start.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    MetaData,
    Table,
    Text,
    Uuid,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateTable

from app.db.guard.engine import prove
from app.db.guard.errors import TenantMismatch
from app.db.guard.rules import GuardRules

OURS, THEIRS = UUID(int=1), UUID(int=2)
METADATA = MetaData()


def table_of(name: str) -> Table:
    """A small tenant table."""
    columns = [Column("customer_id", Uuid), Column("id", Uuid), Column("cage_id", Uuid), Column("name", Text)]
    return Table(name, METADATA, *columns, schema="canary")


BIRDS, CAGES = table_of("birds"), table_of("cages")
PINNED = BIRDS.c.customer_id == OURS
JOINED = (CAGES.c.customer_id == BIRDS.c.customer_id) & (CAGES.c.id == BIRDS.c.cage_id)
ROW = {"customer_id": OURS, "id": OURS, "name": "wren"}


def spoofed_union() -> Any:
    """A UNION whose second arm claims the customer by a constant, as text."""
    arm = select(literal_column("'1'").label("customer_id"), CAGES.c.id)
    both = select(BIRDS.c.customer_id, BIRDS.c.id).where(PINNED).union_all(arm).subquery()
    return select(CAGES).join(both, both.c.customer_id == CAGES.c.customer_id)


def unpinned_cte() -> Any:
    """A CTE that reads everybody's rows."""
    everybody = select(BIRDS.c.customer_id, BIRDS.c.id).cte("everybody")
    return select(everybody).where(everybody.c.customer_id == OURS)


def upsert(**options: Any) -> Any:
    """An INSERT that meets existing rows."""
    return postgresql.insert(BIRDS).values(ROW).on_conflict_do_update(**options)


BAD: dict[str, Callable[[], Any]] = {
    "select": lambda: select(BIRDS),
    "count": lambda: select(func.count()).select_from(BIRDS),
    "unknown table": lambda: select(Table("eggs", MetaData(), Column("customer_id", Uuid), schema="canary")),
    "catalog": lambda: select(Table("pg_class", MetaData(), Column("relname", Text), schema="pg_catalog")),
    "text": lambda: text("SELECT * FROM canary.birds"),
    "text fragment": lambda: select(BIRDS).where(PINNED, text("1 = 1 OR true")),
    "literal column": lambda: select(literal_column("(SELECT max(name) FROM canary.birds)")),
    "custom operator": lambda: select(BIRDS).where(PINNED, BIRDS.c.name.op("= 'x' OR ", precedence=100)("y")),
    "suffix": lambda: select(BIRDS.c.id).where(PINNED).suffix_with("UNION ALL SELECT id FROM canary.birds"),
    "or": lambda: select(BIRDS).where(or_(PINNED, BIRDS.c.name == "x")),
    "not": lambda: select(BIRDS).where(~PINNED),
    "having": lambda: select(BIRDS.c.customer_id).group_by(BIRDS.c.customer_id).having(PINNED),
    "itself": lambda: select(BIRDS).where(BIRDS.c.customer_id == BIRDS.c.customer_id),
    "wrong column": lambda: select(BIRDS).where(BIRDS.c.cage_id == OURS),
    "second table": lambda: select(BIRDS, CAGES.c.name).join(CAGES, CAGES.c.id == BIRDS.c.cage_id).where(PINNED),
    "left join": lambda: select(BIRDS).outerjoin(CAGES, PINNED & JOINED),
    "full join": lambda: select(BIRDS).join(CAGES, PINNED & JOINED, full=True),
    "scalar subquery": lambda: select(BIRDS, select(func.count(CAGES.c.id)).scalar_subquery()).where(PINNED),
    "cte": unpinned_cte,
    "union arm": lambda: select(BIRDS.c.id).where(PINNED).union(select(CAGES.c.id)),
    "spoofed union": spoofed_union,
    "lateral": lambda: select(BIRDS, select(CAGES.c.name).lateral().c.name).where(PINNED),
    "exists": lambda: select(BIRDS).where(PINNED, exists().where(JOINED).correlate(BIRDS)),
    "in select": lambda: select(BIRDS).where(PINNED, BIRDS.c.cage_id.in_(select(CAGES.c.id).where(CAGES.c.customer_id == OURS))),
    "function": lambda: select(func.everything().table_valued("id")),
    "set_config": lambda: select(func.set_config("app.customer_id", str(THEIRS), true())),
    "insert without": lambda: insert(BIRDS).values(id=OURS),
    "insert from select": lambda: insert(BIRDS).from_select(["customer_id", "id"], select(CAGES.c.customer_id, CAGES.c.id)),
    "conflict elsewhere": lambda: upsert(index_elements=["id"], set_={"name": "x"}),
    "conflict moves": lambda: upsert(index_elements=["customer_id", "id"], set_={"customer_id": THEIRS}),
    "update": lambda: update(BIRDS).values(name="x"),
    "update moves": lambda: update(BIRDS).where(PINNED).values(customer_id=THEIRS),
    "delete": lambda: delete(BIRDS),
    "ddl": lambda: CreateTable(BIRDS),
}
GOOD: dict[str, Callable[[], Any]] = {
    "select": lambda: select(BIRDS).where(PINNED),
    "late value": lambda: select(BIRDS).where(BIRDS.c.customer_id == bindparam("whose")),
    "list": lambda: select(BIRDS).where(BIRDS.c.customer_id.in_([OURS, THEIRS])),
    "constant": lambda: insert(CAGES).from_select(["customer_id", "id"], select(literal(OURS), BIRDS.c.id).where(PINNED)),
    "insert": lambda: insert(BIRDS).values(ROW),
}


def canaries(dialect: Dialect, rules: GuardRules) -> list[str]:
    """The names of known-bad statements that the guard would let pass on this dialect; it must be empty.

    Statements that are fine but for their value must leave a value to compare, and that comparison must refuse.
    """
    known = replace(rules, tenant_tables=rules.tenant_tables | {"canary.birds", "canary.cages"})
    passed = [name for name, build in BAD.items() if prove(build(), dialect, known).ok]
    return passed + [f"value of {name}" for name, build in GOOD.items() if not compares(build(), dialect, known)]


def compares(statement: Any, dialect: Dialect, rules: GuardRules) -> bool:
    """Whether the foreign value is caught, and the guard did not simply refuse the form."""
    proof = prove(statement, dialect, rules)
    foreign = {bind.name: [THEIRS] * 2 if bind.expanding else THEIRS for bind in proof.binds}
    try:
        proof.require()
        proof.compare(foreign, OURS)
    except TenantMismatch:
        return True
    return False
