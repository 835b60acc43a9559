"""Barrier 0 alone: keys that carry the customer, tried by a superuser without guard and without row-level security."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, ForeignKeyConstraint, Table, create_engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.db.base import Base
from tests.db.planting import ACME, GLOBEX, Ground, a_row, is_tenant, tenant_tables

KEYS = [
    pytest.param(table, key, id=f"{table.fullname} {' '.join(part.parent.name for part in key.elements[1:])}")
    for table in tenant_tables()
    for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
    if is_tenant(key.referred_table) and len(key.elements) > 1
]


@pytest.fixture
def bare(ground: Ground) -> Iterator[Connection]:
    """A superuser's transaction, rolled back afterwards; nothing but the keys of the tables is left."""
    engine = create_engine(ground.admin)
    with engine.connect() as connection:
        assert connection.scalar(select(func.current_setting("is_superuser"))) == "on"
        yield connection
    engine.dispose()


def counts(connection: Connection, customer: Any) -> dict[str, int]:
    """How many rows of each table a customer has."""
    tables = [table for table in tenant_tables() if "customer_id" in table.c]
    return {table.fullname: connection.scalar(select(func.count()).where(table.c.customer_id == customer)) for table in tables}


@pytest.mark.parametrize(("table", "key"), KEYS)
def test_a_key_cannot_point_to_another_customers_row(bare: Connection, ground: Ground, table: Table, key: ForeignKeyConstraint) -> None:
    parent = key.referred_table
    theirs = a_row(parent, GLOBEX, ground.rows[GLOBEX], salt="only theirs")
    bare.execute(insert(parent).values(theirs))
    pointing = {part.parent.name: theirs[part.column.name] for part in key.elements if part.parent.name != "customer_id"}
    with pytest.raises(IntegrityError) as caught, bare.begin_nested():
        bare.execute(update(table).where(table.c.customer_id == ACME).values(pointing))
    assert (caught.value.orig.sqlstate, caught.value.orig.diag.constraint_name) == ("23503", key.name)


@pytest.mark.parametrize(
    "table", [pytest.param(table, id=table.fullname) for table in tenant_tables() if table.fullname != "tenancy.customers"]
)
def test_a_cascade_never_reaches_another_customer(bare: Connection, table: Table) -> None:
    before = counts(bare, GLOBEX)
    try:
        with bare.begin_nested():
            bare.execute(delete(table).where(table.c.customer_id == ACME))
    except IntegrityError as error:
        assert error.orig.sqlstate == "23001"  # noqa: PT017
    assert counts(bare, GLOBEX) == before


def test_all_of_a_customer_can_be_removed_and_the_others_stay_whole(bare: Connection) -> None:
    before = counts(bare, GLOBEX)
    for table in reversed(tenant_tables()):
        bare.execute(delete(table).where(table.c["customer_id" if "customer_id" in table.c else "id"] == ACME))
    assert set(counts(bare, ACME).values()) == {0}
    assert counts(bare, GLOBEX) == before
    assert set(before.values()) == {1}


def test_two_customers_have_the_same_slugs_skus_and_ids(ground: Ground) -> None:
    shared = {"content.posts": ("id", "slug"), "catalog.variants": ("id", "sku_norm"), "tenancy.sites": ("id", "slug")}
    for name, columns in shared.items():
        assert [ground.rows[ACME][name][c] for c in columns] == [ground.rows[GLOBEX][name][c] for c in columns]


def test_every_table_has_a_row_to_be_tried_with(ground: Ground) -> None:
    assert set(ground.rows[ACME]) == set(Base.metadata.tables) == set(ground.rows[GLOBEX])
