"""Writers of one customer do not meet: on an empty and on a filled database hardly a unit is run twice, and the record is whole."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, select, text

from app.content.models import Post, PostVersion
from app.content.repository import POSTS
from app.db.base import Base
from app.db.database import Shared, Tenancy, TenantDatabase, open_engine
from app.db.functions import LATEST, NO_ID, owned
from app.db.record.compactor import fold_bumps
from app.db.record.leases import Held, give_up, take
from app.db.record.sequencer import number_everything, number_waiting
from app.db.record.tables import CacheBump, CacheTag, Change, ChangeHead, ChangeSet, Event
from app.db.rules import shared_rules, tenant_rules
from app.db.work import Reading, Work
from app.tenancy.repository import SITES
from tests.cast import OPERATOR, make_customer
from tests.installations import administrator_of, installation

WRITERS, UNITS, FILLING = 4, 25, 4000
BREATH_S = 0.02
FOLD_EVERYTHING = timedelta(days=1)


@dataclass
class Town:
    """A customer alone in a database of its own, and everybody who works in it."""

    database: TenantDatabase
    worker: Shared
    held: Held
    customer: UUID
    site: UUID
    attempts: int = 0
    units: int = 0


@asynccontextmanager
async def town(admin_url: str, addresses: dict[str, str], filling: int) -> AsyncIterator[Town]:
    """A customer with so many posts."""
    rules = tenant_rules(Base.metadata)
    engines = {role: open_engine(addresses[role], rules=rules) for role in ("app", "backoffice")}
    engines["worker"] = open_engine(addresses["worker"], rules=shared_rules(Base.metadata, "worker"))
    customer, site = await make_customer(Tenancy(engines["backoffice"]), "busy")
    worker = Shared(engines["worker"], mode="worker")
    held = await take(worker, "sequencer", uuid4())
    assert held is not None
    await asyncio.to_thread(fill, administrator_of(admin_url, addresses), customer, site, filling)
    yield Town(Tenancy(engines["app"]).of(customer), worker, held, customer, site)
    await give_up(worker, held)
    for engine in engines.values():
        await engine.dispose()


def fill(admin: str, customer: UUID, site: UUID, number: int) -> None:
    """Copy one post many times, by the server itself."""
    values = {column.name: "''" for column in Post.__table__.c}
    values |= {column.name: "NULL" for column in Post.__table__.c if column.nullable}
    values |= {"customer_id": f"'{customer}'", "id": "gen_random_uuid()", "version": "1", "site_id": f"'{site}'", "slug": "'filler-' || n"}
    values |= {"kind": "'post'", "lang": "'en'", "body_format": "'html'", "state": "'draft'", "fields": "'{}'", "position": "0"}
    values |= {"is_featured": "false", "created_at": "now()", "updated_at": "now()"}
    engine = create_engine(admin, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        columns = f"INSERT INTO content.posts ({', '.join(values)})"
        connection.execute(text(f"{columns} SELECT {', '.join(values.values())} FROM generate_series(1, {number}) n"))
        connection.execute(text("ANALYZE"))
    engine.dispose()


def a_post(work: Work, site: UUID, slug: str) -> Post:
    return Post(
        id=uuid4(), site_id=site, kind="post", lang="en", slug=slug, title=slug, summary="", body_source="", body_format="html",
        state="draft", seo_title="", fields={}, is_featured=False, position=0, created_at=work.now, updated_at=work.now,
    )  # fmt: skip


async def write(town: Town, name: str) -> UUID:
    """One writer: a post of its own, saved again and again, and now and then a site of its own."""
    post_id = uuid4()

    async def save(work: Work, number: int) -> None:
        town.attempts += 1
        await SITES.get(work, town.site)
        tags = [f"site:{town.site}", f"post:{post_id}"]
        if number == 0:
            row = a_post(work, town.site, name)
            row.id = post_id
            await POSTS.add(work, row, tags=tags)
        else:
            row = await POSTS.get(work, post_id)
            await POSTS.change(work, row, {"title": f"{name} {number}", "updated_at": work.now}, expect=number, tags=tags)
        work.promise("refresh", {"number": number})

    for number in range(UNITS):
        town.units += 1
        await town.database.run(OPERATOR, "save post", lambda work, number=number: save(work, number))
    return post_id


async def again(done: asyncio.Event, act: Callable[[], Awaitable[object]]) -> int:
    """Do something again and again as long as the writers write; gives how often."""
    times = 0
    while not done.is_set():
        await act()
        times += 1
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), BREATH_S)
    return times


async def recent(reading: Reading, site: UUID) -> list[str]:
    """What the console's list shows: the posts that were saved last."""
    listed = owned("content.recent_posts", site, "post", "all", "", NO_ID, NO_ID, *LATEST, 20)
    statement = select(Post.title).join(listed, listed.c.id == Post.id).where(Post.customer_id == reading.customer_id)
    return list((await reading.session.scalars(statement)).all())


async def work_together(town: Town, name: str) -> list[UUID]:
    """Four writers, with sequencer, compactor and a reader beside them."""
    done = asyncio.Event()
    beside = [
        lambda: number_waiting(town.worker, town.held),
        lambda: fold_bumps(town.worker, now=datetime.now(UTC) + FOLD_EVERYTHING),
        lambda: town.database.read(lambda reading: recent(reading, town.site)),
    ]
    others = [asyncio.create_task(again(done, act)) for act in beside]
    posts = await asyncio.gather(*(write(town, f"{name}-{number}") for number in range(WRITERS)))
    done.set()
    assert all(times > 3 for times in await asyncio.gather(*others))
    await number_everything(town.worker, town.held)
    await fold_bumps(town.worker, now=datetime.now(UTC) + FOLD_EVERYTHING)
    return posts


@pytest.mark.parametrize("filling", [0, FILLING], ids=["empty", "filled"])
async def test_writers_of_one_customer_hardly_ever_start_over(admin_url: str, filling: int) -> None:
    with installation(admin_url) as addresses:
        async with town(admin_url, addresses, filling) as busy:
            posts = await work_together(busy, "writer")
            assert busy.units == WRITERS * UNITS
            assert busy.attempts - busy.units <= busy.units // 100
            await busy.database.read(lambda reading: the_record_is_whole(reading, posts))


async def the_record_is_whole(reading: Reading, posts: list[UUID]) -> None:
    """Versions without gaps, an event and a change set for each, numbers without gaps that rise with the versions, every bump counted."""
    session, customer = reading.session, reading.customer_id
    versions, numbers = defaultdict(list), defaultdict(list)
    for thing, version in await session.execute(
        select(PostVersion.thing_id, PostVersion.version).where(PostVersion.customer_id == customer)
    ):
        versions[thing].append(version)
    assert {thing: sorted(found) for thing, found in versions.items()} == {post: list(range(1, UNITS + 1)) for post in posts}
    changes = (await session.execute(select(Change).where(Change.customer_id == customer).order_by(Change.number))).scalars().all()
    assert [change.number for change in changes] == list(range(1, len(changes) + 1))
    for change in changes:
        numbers[change.thing_id].append(change.version)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert all(len(numbers[post]) == UNITS for post in posts)
    events = (await session.execute(select(Event).where(Event.customer_id == customer))).scalars().all()
    told = {(event.thing_id, event.from_version, event.to_version) for event in events}
    assert {(post, number, number + 1) for post in posts for number in range(UNITS)} <= told
    assert len(events) == len(changes)
    acts = set((await session.scalars(select(ChangeSet.id).where(ChangeSet.customer_id == customer))).all())
    assert {event.change_set_id for event in events} == acts
    head = (await session.execute(select(ChangeHead).where(ChangeHead.customer_id == customer))).scalars().one()
    assert head.number == len(changes)
    bumps = select(CacheBump.id).where(CacheBump.customer_id == customer)
    folded = select(CacheTag).where(CacheTag.customer_id == customer, CacheTag.tag == f"post:{posts[0]}")
    assert (await session.scalars(bumps)).all() == []
    assert (await session.execute(folded)).scalars().one().base == UNITS
