"""There is no way to write a tenant's row around the repository: each table has one home, and the session refuses all else."""

from collections.abc import AsyncIterator, Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

import app
from app.db.base import Base, Thing
from app.db.database import Tenancy, TenantDatabase, open_engine
from app.db.guard import GuardError
from app.db.record import tables as record_tables
from app.db.record.tables import ThingVersion, Version
from app.db.repository import EPHEMERA, REPOSITORIES
from app.db.rules import tenant_rules
from app.db.work import Reading, UnrecordedWrite, Work
from tests.cast import OPERATOR
from tests.db.planting import ACME, Ground, a_row, is_tenant

# Written by the floor alone: what every write leaves behind, and what its machinery folds it into.
RECORD = {
    "audit.versions", "audit.change_sets", "audit.change_set_marks", "audit.events", "content.post_versions", "catalog.product_versions",
    "ops.changes_in", "ops.changes", "ops.change_heads", "ops.cache_bumps", "ops.cache_tags", "ops.outbox",
    "audit.seals", "audit.seal_heads", "ops.usage",
}  # fmt: skip
# A customer is no thing of a customer: the operator adds and changes him by two functions of tenancy/repository.py.
CUSTOMERS = {"tenancy.customers"}
# Inserted once before and once after a request that must happen once; their door writes them through the record's own sanction.
CLAIMS = {"ops.idempotency_keys", "ops.idempotency_answers"}

MAPPED: dict[str, type[Base]] = {mapper.class_.__table__.fullname: mapper.class_ for mapper in Base.registry.mappers}
TENANTS = {name: model for name, model in MAPPED.items() if is_tenant(model.__table__)}


@pytest.fixture(scope="module", autouse=True)
def rooms() -> None:
    """Every room's repository is imported, so that the registers are complete."""
    for room in iter_modules(app.__path__, "app."):
        if room.ispkg and any(module.name == "repository" for module in iter_modules(import_module(room.name).__path__)):
            import_module(f"{room.name}.repository")


def homes(name: str) -> list[str]:
    """Where the rows of a table may be written."""
    model = TENANTS[name]
    found = [f"repository of {one.thing}" for one in REPOSITORIES if one.model is model]
    found += [f"part of {one.thing}" for one in REPOSITORIES if model in one.parts]
    found += ["slips" for one in EPHEMERA if one.model is model]
    kinds = {"record": RECORD, "customers": CUSTOMERS, "claims": CLAIMS}
    return found + [kind for kind, names in kinds.items() if name in names]


@pytest.mark.parametrize("name", sorted(TENANTS))
def test_every_tenant_table_has_exactly_one_home(name: str) -> None:
    assert len(homes(name)) == 1, homes(name)


def test_every_thing_has_a_repository_and_every_repository_a_thing() -> None:
    things = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Thing)}
    assert {one.model for one in REPOSITORIES} == things
    assert len({one.thing for one in REPOSITORIES}) == len(REPOSITORIES)


def test_every_table_of_versions_is_the_history_of_a_thing() -> None:
    histories = {mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Version)}
    assert {one.history for one in REPOSITORIES} == histories
    assert ThingVersion in histories


def test_the_lists_name_no_table_that_is_gone() -> None:
    assert set(MAPPED) >= RECORD | CUSTOMERS | CLAIMS
    assert {name for name, model in TENANTS.items() if model.__module__ == record_tables.__name__} <= RECORD | CLAIMS


@pytest.fixture(scope="module")
async def acme(ground: Ground) -> AsyncIterator[TenantDatabase]:
    """Acme's database with one row of every table."""
    engine = open_engine(ground.addresses["app"], rules=tenant_rules(Base.metadata), pool_size=1)
    yield Tenancy(engine).of(ACME)
    await engine.dispose()


async def add(work: Work, model: type[Base], row: dict[str, Any]) -> None:
    work.session.add(model(**row))
    await work.session.flush()


async def add_by_statement(work: Work, model: type[Base], row: dict[str, Any]) -> None:
    await work.session.execute(insert(model).values(row))


async def add_many(work: Work, model: type[Base], row: dict[str, Any]) -> None:
    await work.session.execute(insert(model), [row, row])


async def add_below(work: Work, model: type[Base], row: dict[str, Any]) -> None:
    new = insert(model).values(row).returning(*model.__table__.primary_key).cte()
    await work.session.execute(select(new.c[0]))


async def change_all(work: Work, model: type[Base], row: dict[str, Any]) -> None:
    column = next(column for column in model.__table__.c if column.name != "customer_id")
    await work.session.execute(update(model.__table__).values({column.name: row[column.name]}))


async def remove_all(work: Work, model: type[Base], row: dict[str, Any]) -> None:
    await work.session.execute(delete(model))


async def add_in_bulk(work: Work, model: type[Base], row: dict[str, Any]) -> None:
    await work.session.run_sync(lambda session: session.bulk_insert_mappings(model, [row]))


async def save_in_bulk(work: Work, model: type[Base], row: dict[str, Any]) -> None:
    await work.session.run_sync(lambda session: session.bulk_save_objects([model(**row)]))


async def by_the_connection(work: Work, model: type[Base], row: dict[str, Any]) -> None:
    await (await work.session.connection()).execute(insert(model).values(row))


async def by_the_connection_below(work: Work, model: type[Base], row: dict[str, Any]) -> None:
    def sneak(session: Session) -> None:
        session.connection().execute(insert(model).values(row))

    await work.session.run_sync(sneak)


WAYS = [
    add, add_by_statement, add_many, add_below, change_all, remove_all, add_in_bulk, save_in_bulk,
    by_the_connection, by_the_connection_below,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("name", sorted(TENANTS))
async def test_a_write_around_the_repository_is_refused(acme: TenantDatabase, ground: Ground, name: str, way: Callable[..., Any]) -> None:
    model = TENANTS[name]
    row = a_row(model.__table__, ACME, ground.rows[ACME], salt="sneaked in")
    with pytest.raises(UnrecordedWrite):
        await acme.run(OPERATOR, "sneak", lambda work: way(work, model, row))


READABLE = sorted(name for name, model in TENANTS.items() if "SELECT" in model.__table__.info["grants"].get("app", ""))


async def own_row(reading: Reading, model: type[Base]) -> Any:
    column = model.__table__.c["customer_id" if "customer_id" in model.__table__.c else "id"]
    return (await reading.session.execute(select(model).where(column == reading.customer_id))).scalars().one()


@pytest.mark.parametrize("name", READABLE)
async def test_a_change_behind_the_repository_is_refused(acme: TenantDatabase, name: str) -> None:
    model = TENANTS[name]
    column = next(column for column in model.__table__.c if column.name not in ("customer_id", "version"))

    async def change(work: Work) -> None:
        row = await own_row(work, model)
        setattr(row, column.name, None)
        await work.session.flush()

    async def remove(work: Work) -> None:
        await work.session.delete(await own_row(work, model))
        await work.session.flush()

    for act in (change, remove):
        with pytest.raises(UnrecordedWrite):
            await acme.run(OPERATOR, "sneak", act)


@pytest.mark.parametrize("name", READABLE)
async def test_a_reading_writes_nothing(acme: TenantDatabase, name: str) -> None:
    async def remove(reading: Reading) -> None:
        await reading.session.delete(await own_row(reading, TENANTS[name]))
        await reading.session.flush()

    with pytest.raises(UnrecordedWrite):
        await acme.read(remove)


@pytest.mark.parametrize("name", sorted(set(MAPPED) - set(TENANTS)))
async def test_tables_without_a_customer_are_out_of_reach(acme: TenantDatabase, ground: Ground, name: str) -> None:
    row = ground.rows[ACME][name]
    with pytest.raises(UnrecordedWrite):
        await acme.run(OPERATOR, "sneak", lambda work: add(work, MAPPED[name], row))
    with pytest.raises(GuardError):
        await acme.read(lambda reading: reading.session.execute(select(MAPPED[name])))
