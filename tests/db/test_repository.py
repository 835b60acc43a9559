"""The repository: every write leaves version, event, change and bumps, and there is no way around it."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from app.db.database import Shared, Tenancy, TenantDatabase
from app.db.record.tables import CacheBump, Change, ChangeIn, ChangeSet, Event, ThingVersion
from app.db.work import Reading, UnrecordedWrite, Work
from app.errors import ChangedElsewhere, NotFound
from app.tenancy.models import Site
from app.tenancy.repository import SITES
from tests.cast import Cast, make_customer


def a_site(work: Work, slug: str) -> Site:
    return Site(
        id=uuid4(), slug=slug, name=slug, state="active", lang="en", timezone="UTC", currency="EUR", settings={}, created_at=work.now
    )


@pytest.fixture
async def home(tenancy: Tenancy, backoffice: Tenancy, unique: str) -> tuple[TenantDatabase, UUID]:
    """A customer of this test alone, because further sites would show in what other tests publish; and the id of its site."""
    customer_id, site_id = await make_customer(backoffice, f"home-{unique}")
    return tenancy.of(customer_id), site_id


@pytest.fixture
def own(home: tuple[TenantDatabase, UUID]) -> TenantDatabase:
    """The database of that customer."""
    return home[0]


@pytest.fixture
def site_id(home: tuple[TenantDatabase, UUID]) -> UUID:
    """Its site."""
    return home[1]


async def test_adding_leaves_version_event_change_and_bump(own: TenantDatabase, worker: Shared, cast: Cast, unique: str) -> None:
    async def act(work: Work) -> Site:
        return await SITES.add(work, a_site(work, unique), tags=["site:x"])

    site = await own.run(cast.alice, "create site", act)

    async def look(reading: Reading):
        s, c = reading.session, reading.customer_id
        versions = (
            (await s.execute(select(ThingVersion).where(ThingVersion.customer_id == c, ThingVersion.thing_id == site.id))).scalars().all()
        )
        events = (await s.execute(select(Event).where(Event.customer_id == c, Event.thing_id == site.id))).scalars().all()
        sets = (
            (await s.execute(select(ChangeSet).where(ChangeSet.customer_id == c, ChangeSet.id == events[0].change_set_id))).scalars().all()
        )
        bumps = (await s.execute(select(CacheBump).where(CacheBump.customer_id == c, CacheBump.tag == "site:x"))).scalars().all()
        return versions, events, sets, bumps

    versions, events, sets, bumps = await own.read(look)
    assert [(v.version, v.kind, v.thing_type, v.payload["slug"]) for v in versions] == [(1, "saved", "site", unique)]
    assert [(e.from_version, e.to_version) for e in events] == [(0, 1)]
    assert [(s.verb, s.actor_name, s.door) for s in sets] == [("create site", "Alice", "console")]
    assert len(bumps) == 1

    async def waiting(session):
        return (await session.execute(select(ChangeIn).where(ChangeIn.thing_id == site.id))).scalars().all()

    assert [(row.version, row.is_deleted) for row in await worker.read(waiting)] == [(1, False)] or await worker.read(
        lambda session: session.scalar(select(Change.version).where(Change.thing_id == site.id))
    )


async def test_a_stale_version_is_refused_and_the_newer_one_stays(own: TenantDatabase, cast: Cast, unique: str) -> None:
    site = await own.run(cast.alice, "create", lambda work: SITES.add(work, a_site(work, unique)))

    async def rename(work: Work, name: str, expect: int) -> Site:
        return await SITES.change(work, await SITES.get(work, site.id), {"name": name}, expect=expect)

    await own.run(cast.alice, "rename", lambda work: rename(work, "first", 1))
    with pytest.raises(ChangedElsewhere) as caught:
        await own.run(cast.alice, "rename", lambda work: rename(work, "second", 1))
    assert (caught.value.expected, caught.value.current) == (1, 2)
    assert (await own.read(lambda reading: SITES.get(reading, site.id))).name == "first"


async def test_deleting_leaves_history_and_a_tombstone(own: TenantDatabase, cast: Cast, unique: str) -> None:
    site = await own.run(cast.alice, "create", lambda work: SITES.add(work, a_site(work, unique)))

    async def remove(work: Work) -> None:
        await SITES.delete(work, await SITES.get(work, site.id), expect=1)

    await own.run(cast.alice, "delete", remove)
    with pytest.raises(NotFound):
        await own.read(lambda reading: SITES.get(reading, site.id))

    async def history(reading: Reading):
        statement = select(ThingVersion).where(ThingVersion.customer_id == reading.customer_id, ThingVersion.thing_id == site.id)
        return (await reading.session.execute(statement.order_by(ThingVersion.version))).scalars().all()

    assert [(v.version, v.kind, v.payload["slug"]) for v in await own.read(history)] == [(1, "saved", unique), (2, "deleted", unique)]


async def test_another_customers_id_is_not_found(own: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    site = await own.run(cast.alice, "create", lambda work: SITES.add(work, a_site(work, unique)))
    with pytest.raises(NotFound):
        await globex.read(lambda reading: SITES.get(reading, site.id))


async def test_a_flush_around_the_repository_is_refused(own: TenantDatabase, site_id: UUID, cast: Cast, unique: str) -> None:
    async def add(work: Work) -> None:
        row = a_site(work, unique)
        row.customer_id = work.customer_id
        work.session.add(row)

    async def change(work: Work) -> None:
        (await SITES.get(work, site_id)).name = "changed behind the record"

    async def remove(work: Work) -> None:
        await work.session.delete(await SITES.get(work, site_id))

    for act in (add, change, remove):
        with pytest.raises(UnrecordedWrite):
            await own.run(cast.alice, "sneak", act)


@pytest.mark.parametrize("make", [insert, update, delete])
async def test_a_statement_around_the_repository_is_refused(own: TenantDatabase, cast: Cast, make) -> None:
    async def act(work: Work) -> None:
        await work.session.execute(
            make(Site).where(Site.customer_id == work.customer_id)
            if make is not insert
            else insert(Site).values(customer_id=work.customer_id)
        )

    with pytest.raises(UnrecordedWrite):
        await own.run(cast.alice, "sneak", act)


async def test_one_act_is_one_change_set_whatever_it_touches(own: TenantDatabase, cast: Cast, unique: str) -> None:
    async def two(work: Work):
        return await SITES.add(work, a_site(work, unique)), await SITES.add(work, a_site(work, unique + "b"))

    first, second = await own.run(cast.alice, "create two", two)

    async def sets(reading: Reading):
        statement = select(Event.change_set_id).where(Event.customer_id == reading.customer_id, Event.thing_id.in_([first.id, second.id]))
        return set((await reading.session.execute(statement)).scalars())

    assert len(await own.read(sets)) == 1


async def test_reading_cannot_write(own: TenantDatabase, site_id: UUID) -> None:
    async def sneak(reading: Reading) -> None:
        site = await SITES.get(reading, site_id)
        site.name = "changed while reading"
        await reading.session.flush()

    with pytest.raises(UnrecordedWrite):
        await own.read(sneak)
