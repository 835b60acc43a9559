"""Barrier 1 alone: the guard over the real models, on the operator's role, which no row-level security binds."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import exists, func, insert, or_, select, text, union_all, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import aliased

from app.catalog.models import Product, ProductSite
from app.content.models import Post, PostTag, Publication, Tag
from app.db.base import Base
from app.db.database import Tenancy, open_engine
from app.db.functions import FUNCTIONS, LATEST, owned
from app.db.guard import GuardError, TenantMismatch, TenantMissing, TenantUnscoped, canaries
from app.db.record.tables import CacheTag, Event
from app.db.rules import shared_rules, tenant_rules
from app.db.work import Work
from app.identity.models import ApiKey, KeyHash, Membership, User
from app.tenancy.models import Customer, Domain, Site
from tests.cast import OPERATOR
from tests.db.planting import ACME, GLOBEX, Ground

RULES = tenant_rules(Base.metadata)


@pytest.fixture(scope="module")
async def guarded(ground: Ground) -> AsyncIterator[AsyncEngine]:
    """The operator's role under the guard; it could see everybody's rows."""
    engine = open_engine(ground.addresses["backoffice"], rules=RULES, pool_size=2)
    yield engine
    await engine.dispose()


@pytest.fixture
async def acme(guarded: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """A session of Acme, rolled back afterwards."""
    async with AsyncSession(guarded.execution_options(customer_id=ACME)) as session:
        yield session


@pytest.fixture
async def open_connection(ground: Ground) -> AsyncIterator[AsyncConnection]:
    """The same role without the guard."""
    engine = open_engine(ground.addresses["backoffice"], rules=None)
    async with engine.connect() as connection:
        await connection.begin()
        yield connection
    await engine.dispose()


def on_site(site: Any, post: Any) -> Any:
    return site.id == post.site_id


PINNED = Post.customer_id == ACME
UNSCOPED: dict[str, Callable[[], Any]] = {
    "every post": lambda: select(Post),
    "a post by its id alone": lambda: select(Post).where(Post.id == uuid4()),
    "a count": lambda: select(func.count()).select_from(Publication),
    "all customers": lambda: select(Customer),
    "a host": lambda: select(Domain).where(Domain.host == "globex.localhost"),
    "a key by its hash": lambda: select(KeyHash.customer_id).where(KeyHash.hash == b"x"),
    "a join that forgets the customer": lambda: select(Post, Site.name).join(Site, Site.id == Post.site_id).where(PINNED),
    "an alias": lambda: select((other := aliased(Post)).title).join(Post, Post.translation_key == other.translation_key).where(PINNED),
    "an arm of a union": lambda: union_all(select(Tag.label).where(Tag.customer_id == ACME), select(Tag.label)),
    "or": lambda: select(Product).where(or_(Product.customer_id == ACME, Product.state == "active")),
    "exists": lambda: select(Post).where(PINNED, exists().where(PostTag.customer_id == ACME, PostTag.post_id == Post.id)),
    "in select": lambda: select(Product).where(
        Product.customer_id == ACME, Product.id.in_(select(ProductSite.product_id).where(ProductSite.customer_id == ACME))
    ),
    "people": lambda: select(User),
    "text": lambda: text("SELECT * FROM content.posts"),
    "an update of everything": lambda: update(Membership).values(role="owner"),
    "a move": lambda: update(Post).where(PINNED).values(customer_id=GLOBEX),
    "an upsert that meets others": lambda: (
        postgresql.insert(Domain).values(customer_id=ACME, id=uuid4(), host="x").on_conflict_do_nothing(index_elements=["host"])
    ),
    "an unknown function": lambda: select(func.content.every_post().table_valued("id")),
    "another number of arguments": lambda: select(func.catalog.products_page(uuid4(), 1, 2).table_valued("id")),
    "the catalogue of the server": lambda: select(func.pg_catalog.pg_ls_dir(".").table_valued("name")),
}
FOREIGN: dict[str, Callable[[], Any]] = {
    "another customer's posts": lambda: select(Post).where(Post.customer_id == GLOBEX),
    "one of two customers": lambda: select(Post.title).where(Post.customer_id.in_([ACME, GLOBEX])),
    "another customer's own row": lambda: select(Customer).where(Customer.id == GLOBEX),
    "an update": lambda: update(Site).where(Site.customer_id == GLOBEX).values(name="x").execution_options(synchronize_session=False),
    "a new row": lambda: insert(CacheTag).values(customer_id=GLOBEX, tag="x", base=1),
    "rows of two": lambda: insert(CacheTag).values([{"customer_id": c, "tag": "x", "base": 1} for c in (ACME, GLOBEX)]),
}


@pytest.mark.parametrize("name", UNSCOPED)
async def test_a_statement_that_is_not_pinned_is_refused(acme: AsyncSession, name: str) -> None:
    with pytest.raises(TenantUnscoped):
        await acme.execute(UNSCOPED[name]())


@pytest.mark.parametrize("name", FOREIGN)
async def test_a_statement_that_is_pinned_to_another_customer_is_refused(acme: AsyncSession, name: str) -> None:
    with pytest.raises(TenantMismatch):
        await acme.execute(FOREIGN[name]())


@pytest.mark.parametrize("name", ["every post", "a count", "all customers", "a join that forgets the customer"])
async def test_without_the_guard_the_same_statement_reaches_everybody(open_connection: AsyncConnection, name: str) -> None:
    result = await open_connection.execute(UNSCOPED[name]())
    rows = result.all()
    assert len(rows) > 1 or rows == [(2,)]


async def test_another_customers_row_cannot_be_had_by_its_key(acme: AsyncSession, ground: Ground) -> None:
    with pytest.raises(TenantMismatch):
        await acme.get(Post, (GLOBEX, ground.rows[GLOBEX]["content.posts"]["id"]))


@pytest.mark.parametrize("table", sorted(RULES.tenant_tables))
async def test_every_tenant_table_is_known_to_the_guard(guarded: AsyncEngine, table: str) -> None:
    async with guarded.execution_options(customer_id=ACME).connect() as connection:
        with pytest.raises(TenantUnscoped):
            await connection.execute(select(Base.metadata.tables[table]))


async def test_what_is_pinned_gives_the_own_rows(acme: AsyncSession, ground: Ground) -> None:
    posts = (await acme.scalars(select(Post).where(Post.customer_id == ACME))).all()
    assert [post.id for post in posts] == [ground.rows[ACME]["content.posts"]["id"]]
    joined = select(Site.name).join(Post, (Post.customer_id == Site.customer_id) & on_site(Site, Post)).where(Site.customer_id == ACME)
    assert len((await acme.scalars(joined)).all()) == 1
    assert len((await acme.scalars(select(Event.label).where(Event.customer_id == ACME))).all()) == 1
    assert len((await acme.scalars(select(ApiKey).where(ApiKey.customer_id == ACME))).all()) == 1


def test_the_guard_knows_exactly_the_owned_functions() -> None:
    assert RULES.functions == FUNCTIONS
    with pytest.raises(KeyError):
        owned("content.every_post")
    with pytest.raises(ValueError, match="takes 2 arguments, not 1"):
        owned("catalog.products_page", LATEST[1])


async def test_a_connection_without_a_customer_may_do_nothing(guarded: AsyncEngine) -> None:
    async with guarded.connect() as connection:
        with pytest.raises(TenantMissing):
            await connection.execute(select(Post).where(PINNED))


async def test_the_customer_of_a_connection_cannot_be_changed(guarded: AsyncEngine) -> None:
    async with guarded.execution_options(customer_id=ACME).connect() as connection:
        with pytest.raises(TenantMismatch):
            await connection.execution_options(customer_id=GLOBEX)


@pytest.mark.parametrize("role", ["directory", "worker"])
async def test_roles_without_a_tenant_touch_only_what_they_are_granted(ground: Ground, role: str) -> None:
    engine = open_engine(ground.addresses[role], rules=shared_rules(Base.metadata, role))
    async with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            look = select(func.count()).select_from(table)
            if "SELECT" in table.info["grants"].get(role, ""):
                assert await connection.scalar(look) >= 2
            else:
                with pytest.raises(GuardError):
                    await connection.execute(look)
    await engine.dispose()


async def test_the_guard_stands_on_both_dialects(ground: Ground) -> None:
    for dialect in ("postgresql", "cockroachdb"):
        engine = open_engine(f"{dialect}+psycopg://nobody@/none", rules=RULES)
        assert canaries(engine.sync_engine.dialect, RULES) == []
        await engine.dispose()


# A session of a unit of work holds rows of its own customer only.


async def in_a_unit(engine: AsyncEngine, row: Any) -> None:
    async def act(work: Work) -> None:
        work.write(row)
        assert row.customer_id == ACME
        await work.session.rollback()

    await Tenancy(engine).of(ACME).run(OPERATOR, "try", act)


async def test_a_row_without_a_customer_gets_the_one_of_its_unit(guarded: AsyncEngine) -> None:
    row = CacheTag(tag="mine", base=1)
    await in_a_unit(guarded, row)
    assert row.customer_id == ACME


async def test_a_row_of_another_customer_cannot_enter_a_unit(guarded: AsyncEngine) -> None:
    with pytest.raises(TenantMismatch):
        await in_a_unit(guarded, CacheTag(customer_id=GLOBEX, tag="theirs", base=1))
