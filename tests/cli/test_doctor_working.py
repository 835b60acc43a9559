"""The doctor at work that is to be done, each thing made to go wrong in a real database: dead workers, waiting jobs, stuck leases."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.cli.doctor.verdicts import Verdict
from app.cli.doctor.working import WORK, at_work
from app.db.base import Base
from app.db.database import Shared, open_engine
from app.db.install import administrator
from app.db.record.processes import heartbeat, leave
from app.db.rules import shared_rules
from app.errors import AGoatError
from tests.installations import administrator_of, installation


@pytest.fixture(scope="module")
def patient(admin_url: str) -> Iterator[dict[str, str]]:
    """An installation of its own that nobody works in."""
    with installation(admin_url) as made:
        yield made


@pytest.fixture(scope="module")
async def shared(patient: dict[str, str]) -> AsyncIterator[Shared]:
    engine = open_engine(patient["worker"], rules=shared_rules(Base.metadata, "worker"), pool_size=1)
    yield Shared(engine, mode="worker")
    await engine.dispose()


@pytest.fixture
def change(admin_url: str, patient: dict[str, str]) -> Iterator["Change"]:
    """What happened in the database, forgotten afterwards."""
    made = Change(administrator_of(admin_url, patient))
    yield made
    made(*(f"DELETE FROM ops.{table}" for table in ("processes", "outbox", "changes_in", "leases", "outbox_shards")))


class Change:
    """Changes the database as an administrator."""

    def __init__(self, admin: str) -> None:
        self.admin = admin

    def __call__(self, *statements: str) -> None:
        with administrator(self.admin) as connection:
            for statement in statements:
                connection.execute(text(statement))

    def process(self, kind: str, seconds: float) -> None:
        """A process that was heard of so long ago."""
        self(
            "INSERT INTO ops.processes (id, kind, host, pid, seen_at, figures) "
            f"VALUES (gen_random_uuid(), '{kind}', 'machine-7', 4711, now() - interval '{seconds} seconds', '{{}}')"
        )

    def job(self, seconds: float, *, dead: bool = False) -> None:
        """A job that has been due for so long."""
        self(
            "INSERT INTO ops.outbox (shard, id, customer_id, name, payload, available_at, attempts, dead_at) VALUES (1, gen_random_uuid(), "
            f"gen_random_uuid(), 'refresh', '{{}}', now() - interval '{seconds} seconds', 0, {'now()' if dead else 'NULL'})"
        )

    def waiting_change(self, seconds: float) -> None:
        """A change that has waited for its number so long."""
        self(
            "INSERT INTO ops.changes_in (shard, at, customer_id, thing_id, version, thing_type, is_deleted) "
            f"VALUES (1, now() - interval '{seconds} seconds', gen_random_uuid(), gen_random_uuid(), 1, 'post', false)"
        )

    def lease(self, name: str, seconds: float) -> None:
        """A lease that lasts so much longer."""
        self(
            "INSERT INTO ops.leases (name, owner, lease_until, fence) "
            f"VALUES ('{name}', gen_random_uuid(), now() + interval '{seconds} seconds', 1)"
        )


async def seen(shared: Shared) -> dict[str, Verdict]:
    return {verdict.check: verdict for verdict in await at_work(shared)}


async def states(shared: Shared) -> dict[str, str]:
    """What is not well."""
    return {name: verdict.state for name, verdict in (await seen(shared)).items() if verdict.state != "ok"}


async def test_an_installation_that_nobody_has_started_is_only_a_warning(shared: Shared, change: Change) -> None:
    assert await states(shared) == {"processes": "warn", "worker": "warn"}
    assert tuple(await seen(shared)) == WORK


async def test_living_processes_are_well(shared: Shared, change: Change) -> None:
    for kind in ("web", "worker"):
        await heartbeat(shared, uuid4(), kind, "here", 1, {})
    assert await states(shared) == {}


async def test_a_dead_worker_is_named_with_machine_and_time(shared: Shared, change: Change) -> None:
    change.process("web", 1)
    change.process("worker", 40)
    worker = (await seen(shared))["worker"]
    assert worker.state == "fail"
    assert "machine-7 (process 4711) was last heard of 40 s ago" in worker.said
    assert worker.remedy == "Start one: agoat worker"


async def test_a_missing_worker_beside_web_processes_is_wrong(shared: Shared, change: Change) -> None:
    change.process("web", 1)
    assert await states(shared) == {"worker": "fail"}


async def test_a_worker_that_ended_in_good_order_is_not_mourned(shared: Shared, change: Change) -> None:
    process_id: UUID = uuid4()
    await heartbeat(shared, process_id, "worker", "here", 1, {})
    await leave(shared, process_id)
    assert await states(shared) == {"processes": "warn", "worker": "warn"}


@pytest.mark.parametrize(("seconds", "state"), [(1, None), (20, "warn"), (90, "fail")])
async def test_changes_that_wait_for_their_number_are_told_by_age(
    shared: Shared, change: Change, seconds: float, state: str | None
) -> None:
    change.waiting_change(seconds)
    assert (await states(shared)).get("changes without a number") == state


@pytest.mark.parametrize(("seconds", "state"), [(5, None), (120, "warn"), (1200, "fail"), (-60, None)])
async def test_due_jobs_are_told_by_age(shared: Shared, change: Change, seconds: float, state: str | None) -> None:
    change.job(seconds)
    assert (await states(shared)).get("jobs waiting") == state


async def test_jobs_that_were_given_up_are_counted_and_no_longer_wait(shared: Shared, change: Change) -> None:
    change.job(5000, dead=True)
    found = await seen(shared)
    assert (found["jobs given up"].state, found["jobs waiting"].state) == ("warn", "ok")
    assert "agoat jobs retry" in (found["jobs given up"].remedy or "")


@pytest.mark.parametrize(("name", "seconds", "state"), [("sequencer", 9, None), ("migrations", 50, "warn"), ("migrations", 7200, "fail")])
async def test_a_lease_that_lasts_too_long_is_stuck(shared: Shared, change: Change, name: str, seconds: float, state: str | None) -> None:
    change.lease(name, seconds)
    assert (await states(shared)).get("leases") == state


async def test_a_shard_that_is_held_too_long_is_named(shared: Shared, change: Change) -> None:
    ahead = datetime.now(UTC) + timedelta(days=1)
    change(f"INSERT INTO ops.outbox_shards (shard, owner, lease_until, fence) VALUES (3, gen_random_uuid(), '{ahead.isoformat()}', 1)")
    assert "shard 3 of the outbox" in (await seen(shared))["leases"].said


async def test_what_the_role_may_not_read_is_one_line_of_ours(shared: Shared, change: Change, patient: dict[str, str]) -> None:
    role = patient["worker"].split("//")[1].split(":")[0]
    change(f"REVOKE SELECT ON ops.leases FROM {role}")
    try:
        with pytest.raises(AGoatError, match="permission denied"):
            await at_work(shared)
    finally:
        change(f"GRANT SELECT ON ops.leases TO {role}")
