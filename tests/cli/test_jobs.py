"""The operator sees what was given up and has it tried again."""

from uuid import UUID, uuid4

import pytest

from app.db.database import Shared, TenantDatabase
from app.db.record.outbox import ATTEMPTS, drop_shards, due, open_promises, retry, settle, take_shard
from app.db.record.tables import OutboxRow
from app.db.work import Work
from tests.cast import Cast
from tests.cli.running import Agoat


async def given_up(worker: Shared, database: TenantDatabase, cast: Cast, name: str) -> UUID:
    """A promise that was tried ten times in vain."""
    row_id = uuid4()

    async def act(work: Work) -> None:
        work.write(OutboxRow(shard=5, id=row_id, customer_id=work.customer_id, name=name, payload={}))

    await database.run(cast.alice, "promise", act)
    shard = await take_shard(worker, 5, uuid4())
    assert shard is not None
    for _ in range(ATTEMPTS):
        job = next(job for job in await due(worker, shard) if job.id == row_id)
        await settle(worker, shard, job, error="the receiver is away")
    await drop_shards(worker, shard.owner)
    return row_id


@pytest.fixture(scope="module")
async def dead(worker: Shared, tenancy, cast: Cast) -> UUID:
    return await given_up(worker, tenancy.of(cast.acme), cast, f"t{uuid4().hex[:8]}")


def test_what_was_given_up_is_listed_and_tried_again(agoat: Agoat, dead: UUID) -> None:
    listed = {row["id"]: row for row in agoat.json("jobs", "list", "--dead")}
    assert (listed[str(dead)]["state"], listed[str(dead)]["error"]) == ("given up", "the receiver is away")
    assert agoat.json("jobs", "retry", str(dead)) == {"retried": 1}
    waiting = {row["id"]: row for row in agoat.json("jobs", "list")}
    assert (waiting[str(dead)]["state"], waiting[str(dead)]["attempts"]) == ("waiting", 0)
    assert agoat.refused("jobs", "retry", str(dead))[0] == 1
    assert agoat.refused("jobs", "retry")[0] == 2


async def test_all_that_was_given_up_is_tried_again_at_once(worker: Shared, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    ids = {await given_up(worker, acme, cast, unique), await given_up(worker, acme, cast, unique)}
    assert await retry(worker, None) >= 2
    assert ids <= {row.id for row in await open_promises(worker) if row.dead_at is None}
