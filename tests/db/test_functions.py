"""The owned functions: read below row-level security, and therefore pinned to the tenant in every table of every body."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.catalog.models import Product, ProductPublication, ProductVersion
from app.content.models import Post, PostTag, PostVersion, Publication, PublicationTag, Tag
from app.db.base import Base
from app.db.database import open_engine
from app.db.functions import EARLIEST, FUNCTIONS, LATEST, NO_ID, owned
from app.db.record.tables import ChangeSet
from app.db.rules import tenant_rules
from app.db.schema import PIN
from tests.db.planting import ACME, GLOBEX, MOMENT, Ground, a_row

HOW_MANY, PAGE = 23, 5
BEGINNING = datetime(2025, 6, 1, tzinfo=UTC)


# The bodies, as the server keeps them.


@pytest.fixture(scope="module")
def deployed(ground: Ground) -> Iterator[dict[str, Any]]:
    """What the server says of each function in our schemas."""
    engine = create_engine(ground.admin)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT n.nspname || '.' || p.proname AS name, p.prosrc, p.prosecdef, p.provolatile, p.proconfig, p.pronargs, l.lanname, "
                "pg_get_function_result(p.oid) AS result FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
                "JOIN pg_language l ON l.oid = p.prolang WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
            )
        )
        yield {row.name: row for row in rows}
    engine.dispose()


def unpinned(body: str) -> list[str]:
    """What of a body is not pinned: each table must be named with its schema and pinned where it enters, with nothing beside it but AND."""
    flat = re.sub(r"\s+", " ", body).strip().rstrip(";") + " "
    references = re.findall(r"\b(?:FROM|JOIN) (\S+)(?: (?:AS )?(\w+))?", flat)
    found = [f"{table} is no table of ours" for table, _ in references if table not in Base.metadata.tables]
    found += [f"{alias} is not pinned" for _, alias in references if f" {alias}.customer_id = {PIN} AND " not in flat]
    entering = re.findall(rf"(?:WHERE|ON) (\w+)\.customer_id = {re.escape(PIN)} AND ", flat)
    found += [f"{alias} is pinned beside something else" for _, alias in references if alias not in entering]
    mentioned = re.findall(r"\b(?:tenancy|identity|content|catalog|audit|ops)\.\w+", flat)
    found += ["a table is named outside FROM and JOIN"] if sorted(mentioned) != sorted(table for table, _ in references) else []
    return found + [f"{word} at the top level" for word in ("OR", "UNION", "EXCEPT", "INTERSECT") if f" {word} " in outside_brackets(flat)]


def outside_brackets(flat: str) -> str:
    """A text without what stands in brackets."""
    while (shorter := re.sub(r"\([^()]*\)", "", flat)) != flat:
        flat = shorter
    return flat


BAD_BODIES = {
    "no pin": "SELECT p.id FROM content.posts p WHERE p.id > x AND true",
    "only one of two": f"SELECT 1 FROM content.posts p JOIN content.tags t ON t.id = p.id WHERE p.customer_id = {PIN} AND true",
    "pin of another alias": f"SELECT 1 FROM content.posts p JOIN content.tags t ON p.customer_id = {PIN} AND t.id = p.id WHERE true",
    "or": f"SELECT 1 FROM content.posts p WHERE p.customer_id = {PIN} AND p.id = x OR true",
    "pin inside or": f"SELECT 1 FROM content.posts p WHERE (true OR p.customer_id = {PIN} AND true)",
    "union": f"SELECT 1 FROM content.posts p WHERE p.customer_id = {PIN} AND true UNION SELECT 2",
    "comma": f"SELECT 1 FROM content.posts p, content.tags t WHERE p.customer_id = {PIN} AND true",
    "no schema": f"SELECT 1 FROM posts p WHERE p.customer_id = {PIN} AND true",
    "fails open": "SELECT 1 FROM content.posts p WHERE p.customer_id = current_setting('app.customer_id')::uuid AND true",
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_table_in_every_body_is_pinned(deployed: dict[str, Any], name: str) -> None:
    assert unpinned(deployed[name].prosrc) == []


@pytest.mark.parametrize("name", BAD_BODIES)
def test_the_check_of_bodies_finds_what_is_not_pinned(name: str) -> None:
    assert unpinned(BAD_BODIES[name]) != []


def test_the_server_has_exactly_the_listed_functions(deployed: dict[str, Any]) -> None:
    assert {name: row.pronargs for name, row in deployed.items()} == FUNCTIONS


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_is_defined_as_agreed(deployed: dict[str, Any], name: str) -> None:
    row = deployed[name]
    assert (row.prosecdef, row.provolatile, row.lanname) == (True, "s", "sql")
    assert row.proconfig == ["search_path=pg_catalog, pg_temp"]
    assert row.result == "TABLE(id uuid, at timestamp with time zone)"


# What they give.


@pytest.fixture(scope="module")
def filled(ground: Ground) -> Iterator[Engine]:
    """Lists of 23 with ties in their order, the same ids for both customers, Globex' a year later than Acme's; removed afterwards."""
    engine = create_engine(ground.admin)
    made: list[tuple[Any, list[dict[str, Any]]]] = []
    with engine.begin() as connection:
        for customer in (ACME, GLOBEX):
            for number in range(HOW_MANY):
                for model, row in list_rows(ground, customer, number):
                    connection.execute(insert(model).values(row))
                    made.append((model.__table__, [row]))
    yield engine
    with engine.begin() as connection:
        for table, (row,) in reversed(made):
            connection.execute(table.delete().where(*(table.c[key.name] == row[key.name] for key in table.primary_key)))
    engine.dispose()


def moment(customer: UUID, number: int) -> datetime:
    """Three rows share each moment."""
    return BEGINNING + timedelta(days=365 if customer == GLOBEX else 0, hours=number // 3)


def list_rows(ground: Ground, customer: UUID, number: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    """A post with version, tag and publication, a product with the same, and a change set."""
    rows, salt, at = ground.rows[customer], f"{number}", moment(customer, number)

    def made(model: Any, **values: Any) -> tuple[Any, dict[str, Any]]:
        table = model.__table__
        same = {"lang": rows[table.fullname]["lang"]} if "lang" in table.c else {}
        return model, a_row(table, customer, rows, salt=salt) | same | values

    _, post = made(Post, state="trashed" if number % 5 == 0 else "draft", title=f"Title {number}", created_at=at)
    yield Post, post
    yield made(PostVersion, thing_id=post["id"], version=1, site_id=post["site_id"], at=at)
    if number % 2:
        yield made(PostTag, post_id=post["id"])
    if number % 3:
        yield made(Publication, post_id=post["id"], published_at=at, version=number % 2)
        yield made(PublicationTag, post_id=post["id"], published_at=at)
    _, product = made(Product, state="active" if number % 4 else "draft", title=f"Product {number}", created_at=at)
    yield Product, product
    yield made(ProductVersion, thing_id=product["id"], version=1, at=at)
    yield made(ProductPublication, product_id=product["id"], published_at=at)
    yield made(ChangeSet, at=at)


@pytest.fixture(scope="module")
async def engine(ground: Ground, filled: Engine) -> AsyncIterator[AsyncEngine]:
    """The role of the doors under the guard."""
    made = open_engine(ground.addresses["app"], rules=tenant_rules(Base.metadata), pool_size=2)
    yield made
    await made.dispose()


def leading(ground: Ground) -> dict[str, tuple[Any, ...]]:
    """For each function the arguments before its edge, such that it lists all that was filled in."""
    rows = ground.rows[ACME]
    site, lang = rows["tenancy.sites"]["id"], rows["content.publications"]["lang"]
    return {
        "content.newest_publications": (site, "post", lang),
        "content.newer_publications": (site, "post", lang),
        "content.newest_tagged": (rows["content.tags"]["id"], rows["content.publication_tags"]["lang"]),
        "content.newer_tagged": (rows["content.tags"]["id"], rows["content.publication_tags"]["lang"]),
        "catalog.newest_products": (site, rows["catalog.product_publications"]["lang"]),
        "catalog.newer_products": (site, rows["catalog.product_publications"]["lang"]),
        "content.recent_posts": (site, "post", "all", "", NO_ID, NO_ID),
        "content.posts_page": ("post", NO_ID),
        "catalog.recent_products": ("", ""),
        "catalog.products_page": (),
        "audit.recent_change_sets": (),
    }


BY_ID = ("content.posts_page", "catalog.products_page")


def edge_of(name: str, last: tuple[datetime, UUID] | None) -> tuple[Any, ...]:
    """The edge as the function takes it: a pair, or only the id."""
    first = EARLIEST if "newer" in name else LATEST
    if name in BY_ID:
        return (last[1],) if last else (NO_ID,)
    return last or first


async def page(engine: AsyncEngine, customer: UUID, name: str, arguments: tuple[Any, ...]) -> list[tuple[datetime, UUID]]:
    listed = owned(name, *arguments)
    async with engine.execution_options(customer_id=customer).connect() as connection:
        return [(at, id_) for id_, at in await connection.execute(select(listed.c.id, listed.c.at))]


async def everything(engine: AsyncEngine, customer: UUID, name: str, lead: tuple[Any, ...]) -> list[tuple[datetime, UUID]]:
    """All pages of five, one after the other."""
    rows: list[tuple[datetime, UUID]] = []
    while found := await page(engine, customer, name, (*lead, *edge_of(name, rows[-1] if rows else None), PAGE)):
        rows += found
        assert len(rows) < 10 * HOW_MANY
    return rows


def expected(name: str) -> set[int]:
    """The numbers of the rows that a function lists."""
    numbers = range(HOW_MANY)
    if "publications" in name or "tagged" in name:
        return {number for number in numbers if number % 3}
    return {number for number in numbers if number % 5} if "posts" in name else set(numbers)


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("customer", [ACME, GLOBEX], ids=["acme", "globex"])
async def test_pages_follow_one_another_without_gap_or_repetition(engine: AsyncEngine, ground: Ground, name: str, customer: UUID) -> None:
    rows = await everything(engine, customer, name, leading(ground)[name])
    times = [at for at, _ in rows if at != MOMENT[customer]]
    assert sorted(times) == sorted(moment(customer, number) for number in expected(name))
    assert len({id_ for _, id_ in rows}) == len(rows)
    key = (lambda row: row[1]) if name in BY_ID else None
    assert rows == sorted(rows, key=key, reverse="newer" not in name and name not in BY_ID)


@pytest.mark.parametrize("older", [name for name in FUNCTIONS if "newest" in name])
async def test_newer_pages_lead_back_over_the_same_rows(engine: AsyncEngine, ground: Ground, older: str) -> None:
    newer = older.replace("newest", "newer")
    down = await everything(engine, ACME, older, leading(ground)[older])
    up = await everything(engine, ACME, newer, leading(ground)[newer])
    assert down == up[::-1]


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("setting", [None, "", str(UUID(int=7))], ids=["no tenant", "an empty tenant", "a stranger"])
async def test_without_the_right_tenant_there_is_nothing(ground: Ground, filled: Engine, name: str, setting: str | None) -> None:
    listed = owned(name, *leading(ground)[name], *edge_of(name, None), 1000)
    bare = open_engine(ground.addresses["app"], rules=None)
    async with bare.connect() as connection:
        await connection.begin()
        if setting is not None:
            await connection.execute(text(f"SELECT set_config('app.customer_id', '{setting}', true)"))
        assert (await connection.execute(select(listed.c.id))).all() == []
    await bare.dispose()


@pytest.mark.parametrize("name", FUNCTIONS)
async def test_nobody_sees_rows_of_the_other_customer(engine: AsyncEngine, ground: Ground, name: str) -> None:
    lead = leading(ground)[name]
    ours, theirs = [{at for at, _ in await everything(engine, customer, name, lead)} for customer in (ACME, GLOBEX)]
    assert ours
    assert ours.isdisjoint(theirs)


VIEWS = {
    "all": lambda n: n % 5,
    "trash": lambda n: not n % 5,
    "live": lambda n: n % 5 and n % 3,
    "drafts": lambda n: n % 5 and not n % 3,
    "waiting": lambda n: n % 5 and n % 3 and not n % 2,
}


@pytest.mark.parametrize("view", VIEWS)
async def test_recent_posts_are_told_apart_by_their_state(engine: AsyncEngine, ground: Ground, view: str) -> None:
    site = ground.rows[ACME]["tenancy.sites"]["id"]
    rows = await page(engine, ACME, "content.recent_posts", (site, "post", view, "title ", NO_ID, NO_ID, *LATEST, 1000))
    assert sorted(at for at, _ in rows) == sorted(moment(ACME, n) for n in range(HOW_MANY) if VIEWS[view](n))


async def test_recent_posts_are_narrowed_by_words_author_and_tag(engine: AsyncEngine, ground: Ground) -> None:
    rows = ground.rows[ACME]
    site, author, tag = rows["tenancy.sites"]["id"], rows["content.authors"]["id"], rows["content.tags"]["id"]

    async def found(words: str, author: UUID, tag: UUID) -> int:
        return len(await page(engine, ACME, "content.recent_posts", (site, "post", "all", words, author, tag, *LATEST, 1000)))

    living = [n for n in range(HOW_MANY) if n % 5]
    assert await found("TITLE 1", NO_ID, NO_ID) == len([n for n in living if str(n).startswith("1")])
    assert await found("title ", author, NO_ID) == len(living)
    assert await found("title ", UUID(int=1), NO_ID) == 0
    assert await found("title ", NO_ID, tag) == len([n for n in living if n % 2])
    assert await found("100%", NO_ID, NO_ID) == 0


def test_tags_have_the_ids_that_both_customers_share(ground: Ground) -> None:
    assert ground.rows[ACME][Tag.__table__.fullname]["id"] == ground.rows[GLOBEX][Tag.__table__.fullname]["id"]
