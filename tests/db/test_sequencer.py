"""Numbers of changes: without gaps, rising with versions, given once, and only by the holder of the lease."""

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.db.database import Shared, Tenancy
from app.db.record.leases import Held, give_up, take
from app.db.record.sequencer import number_everything, number_waiting
from app.db.record.tables import Change, ChangeHead, ChangeIn
from app.db.work import Reading, Work
from app.tenancy.models import Site
from app.tenancy.repository import SITES
from tests.cast import OPERATOR, make_customer


@pytest.fixture
async def held(worker: Shared):
    name = f"sequencer-{uuid4().hex[:8]}"
    lease = await take(worker, name, uuid4())
    assert lease is not None
    yield lease
    await give_up(worker, lease)


async def changes(tenancy: Tenancy, customer_id: UUID) -> list[Change]:
    async def look(reading: Reading) -> list[Change]:
        statement = select(Change).where(Change.customer_id == reading.customer_id).order_by(Change.number)
        return list((await reading.session.execute(statement)).scalars())

    return await tenancy.of(customer_id).read(look)


async def save_site(tenancy: Tenancy, customer_id: UUID, slug: str, times: int) -> Site:
    async def add(work: Work) -> Site:
        row = Site(
            id=uuid4(), slug=slug, name=slug, state="active", lang="en", timezone="UTC", currency="EUR", settings={}, created_at=work.now
        )
        return await SITES.add(work, row)

    site = await tenancy.of(customer_id).run(OPERATOR, "add", add)

    async def rename(work: Work) -> None:
        row = await SITES.get(work, site.id)
        await SITES.change(work, row, {"name": row.name + "x"}, expect=None)

    for _ in range(times - 1):
        await tenancy.of(customer_id).run(OPERATOR, "rename", rename)
    return site


async def test_numbers_have_no_gaps_and_rise_with_versions(
    tenancy: Tenancy, backoffice: Tenancy, worker: Shared, held: Held, unique: str
) -> None:
    customer_id, _ = await make_customer(backoffice, unique)
    writers = [save_site(tenancy, customer_id, f"{unique}{n}", 5) for n in range(4)]
    done = asyncio.gather(*writers)
    while not done.done():
        await number_waiting(worker, held)
    sites = await done
    await number_everything(worker, held)
    rows = await changes(tenancy, customer_id)
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    for site in sites:
        assert [row.version for row in rows if row.thing_id == site.id] == [1, 2, 3, 4, 5]

    async def head(reading: Reading) -> int:
        statement = select(ChangeHead.number).where(ChangeHead.customer_id == reading.customer_id)
        return (await reading.session.execute(statement)).scalar_one()

    assert await tenancy.of(customer_id).read(head) == len(rows)


async def test_a_former_owner_numbers_nothing(tenancy: Tenancy, backoffice: Tenancy, worker: Shared, held: Held, unique: str) -> None:
    customer_id, _ = await make_customer(backoffice, unique)
    late = Held(held.name, held.owner, held.fence - 1)
    await number_waiting(worker, late, sweep=True)
    assert await changes(tenancy, customer_id) == []

    async def waiting(session) -> int:
        return len((await session.execute(select(ChangeIn.version).where(ChangeIn.customer_id == customer_id))).all())

    assert await worker.read(waiting) > 0
    await number_everything(worker, held)
    assert await worker.read(waiting) == 0


async def test_a_lease_has_one_owner_at_a_time(worker: Shared) -> None:
    name = f"lease-{uuid4().hex[:8]}"
    first, second = uuid4(), uuid4()
    mine = await take(worker, name, first)
    assert mine is not None
    assert await take(worker, name, second) is None
    assert (await take(worker, name, first)) == mine
    await give_up(worker, mine)
    theirs = await take(worker, name, second)
    assert theirs is not None
    assert theirs.fence == mine.fence + 1
