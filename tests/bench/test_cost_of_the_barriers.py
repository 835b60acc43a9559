"""What the guard and row-level security cost: the same reads and writes without them, with the guard, and with both, in turns.

Aimed at: guard at most 1.05 of neither, both at most 1.15.
"""

import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from statistics import median
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, select

from app.content.actions import save_post
from app.content.models import Post
from app.content.repository import POSTS
from app.content.requests import SavePost
from app.db.base import Base
from app.db.database import Tenancy, TenantDatabase, isolation, open_engine, send_begin
from app.db.rules import tenant_rules
from app.db.work import Reading
from app.tenancy.models import Site
from tests.bench.measuring import table
from tests.cast import Cast

ROUNDS, UNITS, READS_A_WRITE = 60, 5, 4
WAYS = ("neither", "guard", "guard and RLS")


@dataclass
class Way:
    """One way to the database, and how long its rounds took."""

    database: TenantDatabase
    posts: list[UUID]
    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    mixed: list[float] = field(default_factory=list)


def without_tenant(connection: Connection) -> None:
    """BEGIN as a product would send it that has no tenants."""
    cursor = connection.connection.cursor()
    cursor.execute("BEGIN ISOLATION LEVEL " + isolation(connection.dialect.name, connection.get_execution_options().get("mode", "write")))
    cursor.close()


@pytest.fixture
async def ways(addresses: dict[str, str], cast: Cast) -> AsyncIterator[dict[str, Way]]:
    rules = tenant_rules(Base.metadata)
    bare = open_engine(addresses["backoffice"], rules=None)
    event.remove(bare.sync_engine, "begin", send_begin)
    event.listen(bare.sync_engine, "begin", without_tenant)
    engines = (bare, open_engine(addresses["backoffice"], rules=rules), open_engine(addresses["app"], rules=rules))
    made = {name: Way(Tenancy(engine).of(cast.acme), []) for name, engine in zip(WAYS, engines, strict=True)}
    for name, way in made.items():
        way.posts = [await write(way.database, cast, f"{name} {number}") for number in range(40)]
    yield made
    for engine in engines:
        await engine.dispose()


async def write(database: TenantDatabase, cast: Cast, title: str, post_id: UUID | None = None) -> UUID:
    """One save of a post, with all that it leaves behind."""
    request = SavePost(site_id=cast.acme_site, title=title, lang="en", body_source=f"<p>{title}</p>", id=post_id)
    return (await database.run(cast.alice, "save post", lambda work: save_post(work, cast.alice, request))).id


async def look(reading: Reading, post_id: UUID) -> int:
    """What a page asks: a row by its key, one joined to its site, and a list of twenty."""
    post = await POSTS.get(reading, post_id)
    is_site = (Site.customer_id == Post.customer_id) & (Site.id == Post.site_id)
    joined = select(Post.title, Site.slug).join(Site, is_site).where(Post.customer_id == reading.customer_id, Post.id == post_id)
    (await reading.session.execute(joined)).one()
    listed = await POSTS.page(reading, Post.site_id == post.site_id, order=(Post.id,), limit=20)
    return len(listed)


async def timed(act: Callable[[], Awaitable[object]]) -> float:
    """Seconds that something took."""
    begun = time.perf_counter()
    await act()
    return time.perf_counter() - begun


async def one_round(way: Way, cast: Cast, number: int) -> None:
    """Reads and writes in the mix of a small newsroom."""
    reads = writes = 0.0
    for unit in range(UNITS):
        post_id = random.choice(way.posts)
        for _ in range(READS_A_WRITE):
            reads += await timed(lambda post_id=post_id: way.database.read(lambda reading: look(reading, post_id)))
        writes += await timed(lambda post_id=post_id, unit=unit: write(way.database, cast, f"Round {number}.{unit}", post_id))
    way.reads.append(reads)
    way.writes.append(writes)
    way.mixed.append(reads + writes)


async def test_what_guard_and_policies_cost(
    ways: dict[str, Way], cast: Cast, undisturbed: None, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(-5, ROUNDS):
        for name in random.sample(WAYS, len(WAYS)):
            await one_round(ways[name], cast, number)
    for way in ways.values():
        # The first rounds fill pools and caches of statements.
        del way.reads[:5], way.writes[:5], way.mixed[:5]
    base = ways["neither"]
    rows = []
    for name, way in ways.items():
        shares = [
            median(mine / other for mine, other in zip(getattr(way, what), getattr(base, what), strict=True))
            for what in ("reads", "writes", "mixed")
        ]
        rows.append((name, *(f"{share:.3f}" for share in shares), f"{median(way.mixed) / UNITS * 1000:.1f} ms"))
    with capsys.disabled():
        print("\n" + table(("way", "reads", "writes", "mixed", "4 reads and a save"), rows))
    assert all(len(way.mixed) == ROUNDS for way in ways.values())
