"""The guard on a real server, alone: the role is an administrator, so nothing but the guard stands between the customers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, bindparam, create_engine, delete, event, func, insert, literal, select, text, tuple_, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, joinedload, selectinload, subqueryload
from sqlalchemy.schema import CreateTable, DropTable

from app.db.guard import (
    INTERNAL,
    GuardError,
    GuardRules,
    TenantMismatch,
    TenantMissing,
    TenantUnscoped,
    install,
    prove,
)
from tests.db.guard_schema import ACME, DIALECTS, GLOBEX, RULES, Base, Comment, Country, Customer, Post, Site, pen_database

POSTS, SITES = Post.__table__, Site.__table__
BYPASS = {"guard_bypass": INTERNAL}


@pytest.fixture(scope="module")
def url(admin_url: str) -> Iterator[str]:
    """A database of this module's own, with rows of two customers."""
    with pen_database(admin_url, ACME, GLOBEX) as address:
        yield address


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    made = create_engine(url)
    install(made, RULES)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
async def async_engine(url: str) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(url)
    install(made.sync_engine, RULES)
    yield made
    await made.dispose()


@pytest.fixture
def acme(engine: Engine) -> Iterator[Session]:
    with Session(engine.execution_options(customer_id=ACME)) as session:
        yield session
        session.rollback()


@pytest.fixture(scope="module")
def foreign(url: str) -> Post:
    """A detached post of Globex, with nothing loaded but its columns."""
    plain = create_engine(url)
    with Session(plain) as session:
        post = session.scalars(select(Post).where(Post.customer_id == GLOBEX, Post.parent_id.is_(None)).limit(1)).one()
        session.expunge(post)
    plain.dispose()
    return post


def ours(session: Session) -> Post:
    return session.scalars(select(Post).where(Post.customer_id == ACME).order_by(Post.number).limit(1)).one()


# What works as ever.


def test_the_orm_reads_writes_and_loads_as_ever(acme: Session) -> None:
    site = Site(customer_id=ACME, name="new")
    site.posts = [Post(customer_id=ACME, title="a"), Post(customer_id=ACME, title="b", number=9)]
    acme.add(site)
    acme.flush()
    acme.expire_all()
    assert sorted(post.title for post in site.posts) == ["a", "b"]
    first = site.posts[0]
    assert first.site is site
    first.title, first.extra = "changed", {"k": [1]}
    acme.flush()
    acme.refresh(first)
    assert (first.title, first.version, first.extra) == ("changed", 2, {"k": [1]})
    assert acme.get(Post, (ACME, first.id)) is first
    acme.delete(first)
    acme.flush()
    acme.expire_all()
    assert len(site.posts) == 1


@pytest.mark.parametrize("load", [joinedload, selectinload, subqueryload])
def test_every_way_of_loading_works(acme: Session, load: Any) -> None:
    statement = select(Site).where(Site.customer_id == ACME).options(load(Site.posts).options(load(Post.comments))).order_by(Site.name)
    sites = acme.scalars(statement).unique().all()
    assert [len(site.posts) for site in sites] == [3, 3]
    assert {comment.customer_id for site in sites for post in site.posts for comment in post.comments} == {ACME}


def test_loading_parents_children_and_lazily_works(acme: Session) -> None:
    parent = ours(acme)
    child = Post(customer_id=ACME, title="child", parent_id=parent.id)
    acme.add(child)
    acme.flush()
    assert child.id in {post.id for post in parent.children}
    comments = acme.scalars(select(Comment).where(Comment.customer_id == ACME).options(selectinload(Comment.post))).all()
    assert {comment.post.customer_id for comment in comments} == {ACME}


def test_bulk_writes_work(acme: Session) -> None:
    rows = [{"customer_id": ACME, "id": uuid4(), "title": f"bulk {n}", "extra": {}} for n in range(2500)]
    acme.execute(insert(Post), rows)
    returned = acme.scalars(insert(Site).returning(Site.id, sort_by_parameter_order=True), [{"customer_id": ACME, "name": "x"}] * 30)
    assert len(returned.all()) == 30
    acme.execute(update(Post), [{"customer_id": ACME, "id": row["id"], "title": "again", "version": 1} for row in rows[:5]])
    assert acme.scalar(select(func.count()).select_from(Post).where(Post.customer_id == ACME, Post.title == "again")) == 5
    acme.execute(update(Post).where(Post.customer_id == ACME).values(title="all"), execution_options={"synchronize_session": "fetch"})
    result = acme.execute(delete(Comment).where(Comment.customer_id == ACME), execution_options={"synchronize_session": "evaluate"})
    assert result.rowcount == 12


def test_many_objects_flush_in_one_statement(acme: Session) -> None:
    acme.add_all(Post(customer_id=ACME, title=f"many {n}") for n in range(1200))
    acme.flush()
    assert acme.scalar(select(func.count()).where(Post.customer_id == ACME, Post.title.startswith("many"))) == 1200


def test_core_executemany_works(acme: Session) -> None:
    connection = acme.connection()
    by_id = update(POSTS).where(POSTS.c.customer_id == bindparam("whose"), POSTS.c.number == bindparam("n")).values(title="x")
    connection.execute(by_id, [{"whose": ACME, "n": 1}, {"whose": ACME, "n": 2}])
    keys = connection.execute(select(POSTS.c.customer_id, POSTS.c.id).where(POSTS.c.customer_id == ACME, POSTS.c.title == "x")).all()
    wanted = select(POSTS.c.id).where(tuple_(POSTS.c.customer_id, POSTS.c.id).in_([tuple(key) for key in keys]))
    assert len(connection.execute(wanted).all()) == 2
    assert connection.execute(wanted.where(POSTS.c.id.in_([]))).all() == []


def test_savepoints_upserts_and_streams_work(acme: Session) -> None:
    row = {"customer_id": ACME, "id": uuid4(), "name": "one"}
    upsert = postgresql.insert(Site).values(row)
    upsert = upsert.on_conflict_do_update(index_elements=["customer_id", "id"], set_={"name": upsert.excluded.name + "!"})
    with acme.begin_nested():
        acme.execute(upsert)
    with acme.begin_nested() as savepoint:
        acme.execute(upsert)
        savepoint.rollback()
    acme.execute(upsert)
    assert acme.scalar(select(Site.name).where(Site.customer_id == ACME, Site.id == row["id"])) == "one!"
    stream = acme.scalars(select(Post).where(Post.customer_id == ACME).execution_options(yield_per=2))
    assert len(list(stream)) == 6


def test_owned_functions_answer(acme: Session) -> None:
    newest = func.pen.newest_posts(3).table_valued("id", "customer_id").render_derived()
    joined = select(Post.number).join(newest, newest.c.id == Post.id).where(Post.customer_id == ACME)
    assert sorted(acme.scalars(joined)) == [3, 4, 5]


def test_other_connections_of_the_same_tenant_share_the_cache(engine: Engine) -> None:
    """The same compiled statement serves both customers, each with his own value compared."""
    seen = []
    listener = lambda conn, cursor, statement, params, context, many: seen.append(context.compiled)  # noqa: E731
    event.listen(engine, "after_cursor_execute", listener)
    for customer_id in (ACME, GLOBEX, ACME):
        with engine.execution_options(customer_id=customer_id).connect() as connection:
            owners = connection.scalars(select(POSTS.c.customer_id).where(POSTS.c.customer_id == customer_id)).all()
            assert set(owners) == {customer_id}
    event.remove(engine, "after_cursor_execute", listener)
    assert len({id(compiled) for compiled in seen}) == 1


# What is refused at execution.


def mine(column: Any, value: Any) -> Any:
    return select(POSTS).where(column == value)


LATE = select(POSTS).where(POSTS.c.customer_id == bindparam("whose"))
KEYS = tuple_(POSTS.c.customer_id, POSTS.c.id)
SITE_ROW = {"customer_id": ACME, "id": ACME, "name": "x"}
WRONG_VALUES: dict[str, Callable[[Any], Any]] = {
    "equality": lambda c: c.execute(mine(POSTS.c.customer_id, GLOBEX)),
    "text of the right value": lambda c: c.execute(LATE, {"whose": str(ACME)}),
    "null": lambda c: c.execute(LATE, {"whose": None}),
    "late value": lambda c: c.execute(LATE, {"whose": GLOBEX}),
    "value made at execution": lambda c: c.execute(mine(POSTS.c.customer_id, bindparam("c", callable_=lambda: GLOBEX))),
    "second of two": lambda c: c.execute(mine(POSTS.c.customer_id, ACME).where(POSTS.c.customer_id == GLOBEX)),
    "list": lambda c: c.execute(select(POSTS).where(POSTS.c.customer_id.in_([ACME, GLOBEX]))),
    "one tuple of many": lambda c: c.execute(select(POSTS).where(KEYS.in_([(ACME, ACME), (GLOBEX, ACME), (ACME, ACME)]))),
    "rendered list": lambda c: c.execute(
        select(POSTS).where(POSTS.c.customer_id.in_(bindparam("c", [GLOBEX], expanding=True, literal_execute=True)))
    ),
    "one of executemany": lambda c: c.execute(
        update(POSTS).where(POSTS.c.customer_id == bindparam("whose")).values(title="x"), [{"whose": ACME}, {"whose": GLOBEX}]
    ),
    "insert": lambda c: c.execute(insert(SITES), SITE_ROW | {"customer_id": GLOBEX}),
    "insert null": lambda c: c.execute(insert(SITES).values(SITE_ROW | {"customer_id": None})),
    "one of many inserts": lambda c: c.execute(insert(SITES), [SITE_ROW, SITE_ROW | {"customer_id": GLOBEX}]),
    "one of many inserts, returning": lambda c: c.execute(
        insert(SITES).returning(SITES.c.id), [SITE_ROW] * 1500 + [SITE_ROW | {"customer_id": GLOBEX}]
    ),
    "one of many values": lambda c: c.execute(insert(SITES).values([SITE_ROW, SITE_ROW | {"customer_id": GLOBEX}])),
    "insert from select with a value": lambda c: c.execute(
        insert(SITES).from_select(
            ["customer_id", "id", "name"], mine(POSTS.c.customer_id, ACME).with_only_columns(literal(GLOBEX), POSTS.c.id, POSTS.c.title)
        )
    ),
    "union arm": lambda c: c.execute(
        mine(POSTS.c.customer_id, ACME).with_only_columns(POSTS.c.id).union(select(SITES.c.id).where(SITES.c.customer_id == GLOBEX))
    ),
    "spoofed column of a union": lambda c: c.execute(
        (lambda both: select(POSTS).join(both, both.c.customer_id == POSTS.c.customer_id))(
            select(SITES.c.customer_id).where(SITES.c.customer_id == ACME).union_all(select(literal(GLOBEX))).subquery()
        )
    ),
    "delete": lambda c: c.execute(delete(POSTS).where(POSTS.c.customer_id == GLOBEX)),
    "customers": lambda c: c.execute(select(Customer).where(Customer.id == GLOBEX)),
}


@pytest.mark.parametrize("name", WRONG_VALUES)
def test_the_value_of_another_customer_is_refused(acme: Session, name: str) -> None:
    refused = TenantUnscoped if name == "rendered list" else TenantMismatch
    with pytest.raises(refused) as error:
        WRONG_VALUES[name](acme.connection())
    assert str(GLOBEX) not in str(error.value)
    assert str(ACME) not in str(error.value)


RAW: dict[str, tuple[type[GuardError], Callable[[Any], Any]]] = {
    "driver SQL": (TenantUnscoped, lambda c: c.exec_driver_sql("SELECT 1")),
    "text": (TenantUnscoped, lambda c: c.execute(text("SELECT 1"))),
    "ddl": (TenantUnscoped, lambda c: c.execute(CreateTable(POSTS, if_not_exists=True))),
    "drop": (TenantUnscoped, lambda c: c.execute(DropTable(POSTS, if_exists=True))),
    "metadata": (TenantUnscoped, lambda c: Base.metadata.create_all(c)),
    "own compiler": (TenantUnscoped, lambda c: c.execute(select(POSTS).compile(dialect=PGDialect_psycopg()))),
    "forged token": (TenantUnscoped, lambda c: c.execute(text("SELECT 1"), execution_options={"guard_bypass": True})),
    "renamed schemas": (
        TenantUnscoped,
        lambda c: c.execute(select(SITES).where(SITES.c.customer_id == ACME), execution_options={"schema_translate_map": {"pen": "other"}}),
    ),
    "translated into a known schema": (
        TenantUnscoped,
        lambda c: c.execute(
            select(Country.__table__.to_metadata(Base.metadata.__class__(), schema="other")),
            execution_options={"schema_translate_map": {"other": "pen"}},
        ),
    ),
    "statement option for the tenant": (
        TenantMismatch,
        lambda c: c.execute(mine(POSTS.c.customer_id, GLOBEX), execution_options={"customer_id": GLOBEX}),
    ),
    "statement's own option": (
        TenantMismatch,
        lambda c: c.execute(mine(POSTS.c.customer_id, GLOBEX).execution_options(customer_id=GLOBEX)),
    ),
    "connection option": (TenantMismatch, lambda c: c.execution_options(customer_id=GLOBEX)),
    "connection option, none": (TenantMismatch, lambda c: c.execution_options(customer_id=None)),
    "reflection": (TenantUnscoped, lambda c: c.dialect.has_table(c, "posts", schema="pen")),
}


@pytest.mark.parametrize("name", RAW)
def test_what_was_not_verified_is_refused(acme: Session, name: str) -> None:
    refused, act = RAW[name]
    with pytest.raises(refused):
        act(acme.connection())


@pytest.mark.parametrize("customer", [None, str(ACME), 5])
def test_a_connection_without_a_customer_may_do_nothing(engine: Engine, customer: Any) -> None:
    bare = engine if customer is None else engine.execution_options(customer_id=customer)
    with bare.connect() as connection:
        for statement in (select(1), select(POSTS).where(POSTS.c.customer_id == ACME), select(Country)):
            with pytest.raises(TenantMissing):
                connection.execute(statement)


def test_a_connection_cannot_be_given_a_customer_afterwards(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(TenantMismatch):
        connection.execution_options(customer_id=ACME)


def test_a_connection_may_be_told_its_customer_again(engine: Engine) -> None:
    with engine.execution_options(customer_id=ACME).connect() as connection:
        assert connection.execution_options(customer_id=ACME).scalar(select(1)) == 1


def test_the_floors_own_statements_pass_with_the_token(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1"), execution_options=BYPASS).scalar() == 1
        with pytest.raises(TenantMissing):
            connection.execute(text("SELECT 1"))
        assert connection.execution_options(**BYPASS).exec_driver_sql("SELECT 2").scalar() == 2


def test_a_role_without_tenant_tables_needs_no_customer(url: str) -> None:
    shared = create_engine(url)
    install(shared, GuardRules(tenant_tables=frozenset(), open_tables=frozenset({"pen.countries", "pen.sites"})))
    with shared.connect() as connection:
        assert connection.scalars(select(Country.name)).all() == ["Germany"]
        assert len(connection.execute(select(SITES.c.customer_id).distinct()).all()) == 2
        with pytest.raises(TenantUnscoped):
            connection.execute(select(POSTS))
    shared.dispose()


def test_an_engine_is_guarded_once(engine: Engine) -> None:
    with pytest.raises(ValueError, match="guarded already"):
        install(engine, RULES)


# Async, caching, and many at once.


async def test_async_sessions_are_guarded_too(async_engine: AsyncEngine, foreign: Post) -> None:
    async with AsyncSession(async_engine.execution_options(customer_id=ACME)) as session:
        posts = (await session.scalars(select(Post).where(Post.customer_id == ACME).options(selectinload(Post.comments)))).all()
        assert [len(post.comments) for post in posts] == [2] * 6
        for statement in (select(Post), text("SELECT 1")):
            with pytest.raises(TenantUnscoped):
                await session.execute(statement)
        with pytest.raises(TenantMismatch):
            await session.get(Post, (GLOBEX, foreign.id))
    async with AsyncSession(async_engine) as session:
        with pytest.raises(TenantMissing):
            await session.execute(select(1))


async def test_many_customers_share_one_cache_and_never_mix(async_engine: AsyncEngine) -> None:
    async def read(customer_id: UUID, wanted: UUID) -> set[UUID] | None:
        async with AsyncSession(async_engine.execution_options(customer_id=customer_id)) as session:
            try:
                return set(await session.scalars(select(Post.customer_id).where(Post.customer_id == wanted)))
            except TenantMismatch:
                return None

    asked = [(mine, wanted) for mine in (ACME, GLOBEX) for wanted in (ACME, GLOBEX)] * 15
    answers = await asyncio.gather(*(read(mine, wanted) for mine, wanted in asked))
    assert answers == [{mine} if mine == wanted else None for mine, wanted in asked]


async def test_a_statement_compiled_for_one_customer_refuses_the_other(async_engine: AsyncEngine) -> None:
    """The stale value of a cached statement is what other systems were caught by."""
    statement = select(Post).where(Post.customer_id == ACME)
    async with AsyncSession(async_engine.execution_options(customer_id=ACME)) as session:
        assert len((await session.scalars(statement)).all()) == 6
    async with AsyncSession(async_engine.execution_options(customer_id=GLOBEX)) as session:
        with pytest.raises(TenantMismatch):
            await session.scalars(statement)


def test_a_proof_compares_the_values_of_a_hot_read() -> None:
    """Hot reads go around the engine, so they compare by the proof itself."""
    proof = prove(select(Post).where(tuple_(Post.customer_id, Post.id).in_(bindparam("keys"))), DIALECTS["postgresql"], RULES)
    proof.compare({"keys": [(ACME, ACME), (ACME, GLOBEX)]}, ACME)
    for parameters in ({"keys": [(ACME, ACME), (GLOBEX, ACME)]}, {}):
        with pytest.raises(TenantMismatch):
            proof.compare(parameters, ACME)
    with pytest.raises(TenantUnscoped):
        prove(select(Post), DIALECTS["postgresql"], RULES).compare({}, ACME)
