"""The operator sees what was given up and has it tried again."""

from uuid import UUID, uuid4

import pytest

from app.db import database
from app.db.database import Shared, TenantDatabase
from app.db.record.outbox import ATTEMPTS, drop_shards, due, open_promises, retry, settle, take_shard
from app.db.record.tables import OutboxRow
from app.db.work import Work
from tests.cast import Cast
from tests.cli.running import Agoat
from tests.installations import Faults


async def given_up(worker: Shared, tenant: TenantDatabase, cast: Cast, name: str) -> UUID:
    """A promise that was tried ten times in vain."""
    if isinstance(database.commit, Faults):
        pytest.skip("nobody can tell whether a unit was committed that only promises something")
    row_id = uuid4()

    async def act(work: Work) -> None:
        work.write(OutboxRow(shard=5, id=row_id, customer_id=work.customer_id, name=name, payload={}))

    await tenant.run(cast.alice, "promise", act)
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


@pytest.fixture
async def three(worker: Shared, tenancy, cast: Cast, unique: str) -> tuple[UUID, UUID, UUID]:
    """Two jobs of Acme with two names, and one of Globex with the first name."""
    named = ((cast.acme, f"{unique}a"), (cast.acme, f"{unique}b"), (cast.globex, f"{unique}a"))
    one, two, three = [await given_up(worker, tenancy.of(customer_id), cast, name) for customer_id, name in named]
    return one, two, three


def test_jobs_are_tried_again_by_customer_and_by_name(agoat: Agoat, cast: Cast, three: tuple[UUID, UUID, UUID], unique: str) -> None:
    slugs = {row["id"]: row["slug"] for row in agoat.json("customer", "list")}
    acme, globex = slugs[str(cast.acme)], slugs[str(cast.globex)]
    ours, other_name, theirs = three

    def dead(*words: str) -> set[str]:
        return {row["id"] for row in agoat.json("jobs", "list", "--dead", *words)} & {str(ours), str(other_name), str(theirs)}

    assert dead("--customer", acme) == {str(ours), str(other_name)}
    assert dead("--name", f"{unique}a") == {str(ours), str(theirs)}
    assert agoat.json("jobs", "retry", "--customer", acme, "--name", f"{unique}a") == {"retried": 1}
    assert dead() == {str(other_name), str(theirs)}
    assert agoat.json("jobs", "retry", "--customer", globex)["retried"] >= 1
    assert dead() == {str(other_name)}
    assert agoat.json("jobs", "retry", "--name", f"{unique}b") == {"retried": 1}
    assert agoat.json("jobs", "retry", "--name", f"{unique}b") == {"retried": 0}


def test_a_retry_that_says_two_things_at_once_is_refused(agoat: Agoat, dead: UUID, unique: str) -> None:
    assert agoat.refused("jobs", "retry", "--all", "--customer", "acme")[0] == 2
    assert agoat.refused("jobs", "retry", str(dead), "--name", "x")[0] == 2
    assert agoat.refused("jobs", "retry", "--customer", unique)[0] == 1
