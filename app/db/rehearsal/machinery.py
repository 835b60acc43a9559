"""The floor's own acts, in the order in which a worker does them: leases, numbering, promises, requests once, folding, sweeping."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.functions import NO_ID
from app.db.record import (
    chaining,
    changes,
    clock,
    compactor,
    housekeeping,
    idempotency,
    leases,
    outbox,
    processes,
    seals,
    sequencer,
    usage,
    writer,
)
from app.db.record.idempotency import Kept
from app.db.record.seals import BEGINNING, Numbered
from app.db.record.tables import SHARDS, ChangeSet, Event, ThingVersion
from app.db.rehearsal.sample import CUSTOMER
from app.db.rehearsal.stage import Room, Stage
from app.db.work import Work

# What they send is written down in the order below; the register is refused when one of their functions is missing.
WORKING = (
    *(Room(each) for each in (chaining, changes, compactor, housekeeping, idempotency, leases, outbox, processes, sequencer)),
    Room(writer, inner=frozenset({"record", "finish", "bump", "version_row", "open_change_set"})),
)  # fmt: skip
# These only read, or are called with made-up arguments like the rooms.
READING = (
    Room(clock),
    Room(seals, asked_by="worker"),
    Room(usage, asked_by="backoffice", inner=frozenset({"changed_since", "figures", "write", "figure_of", "fold_usage"})),
)
LAST = UUID(int=2**128 - 1)
SAMPLES: Mapping[str, Any] = {
    "after": NO_ID, "keys_between.after": (NO_ID, 0), "marks_of_customer.after": (NO_ID, NO_ID), "low": NO_ID, "high": LAST,
    "keys": [(NO_ID, 1)], "marks_by_key.keys": [(NO_ID, NO_ID)], "models": [ThingVersion], "model": Event, "histories": {}, "limit": 500,
}  # fmt: skip
OWNER = uuid5(NAMESPACE_OID, "the worker of the rehearsal")
CLAIM, FINGERPRINT = b"claim", b"fingerprint"
# Long after everything that is kept for a time has run out.
LATER = timedelta(days=400)


async def work(stage: Stage) -> None:
    """Everything but what removes rows."""
    await number(stage)
    await keep_promises(stage)
    await once(stage)
    await say(stage, "processes.heartbeat", processes.heartbeat(stage.worker, OWNER, "worker", "host", 1, {}))
    await say(stage, "processes.living", processes.living(stage.directory))
    await say(stage, "processes.leave", processes.leave(stage.worker, OWNER))
    await read_changes(stage)
    await say(stage, "usage.fold_usage", usage.fold_usage(stage.worker))
    await seal(stage)


async def clean_up(stage: Stage) -> None:
    """Folding and sweeping, as if it were a year later; afterwards little is left of the sample."""
    later = datetime.now(UTC) + LATER
    await say(stage, "compactor.fold_bumps", compactor.fold_bumps(stage.worker, now=later))
    await say(stage, "housekeeping.drop_tombstones", housekeeping.drop_tombstones(stage.worker, now=later))
    for name, make in {**housekeeping.SWEEPS, **stage.script.sweeps}.items():
        await say(stage, f"housekeeping.sweep({name})", housekeeping.sweep(stage.worker, {name: make}, now=later))


async def say(stage: Stage, name: str, act: Awaitable[Any]) -> Any:
    """Have an act's statements written down under the name of its module and function."""
    with stage.recorder.asking(f"db.record.{name}"):
        return await act


async def number(stage: Stage) -> None:
    """Take the lease, number what waits, give the lease up."""
    held = await say(stage, "leases.take", leases.take(stage.worker, "rehearsal", OWNER))
    await say(stage, "sequencer.number_waiting", sequencer.number_waiting(stage.worker, held))
    await say(stage, "sequencer.number_everything", sequencer.number_everything(stage.worker, held))
    await say(stage, "leases.give_up", leases.give_up(stage.worker, held))


async def keep_promises(stage: Stage) -> None:
    """Promise something, find it due, keep it, and look at what is open."""

    async def promise(unit: Work) -> None:
        unit.promise("rehearsal", {})

    await say(stage, "outbox.promise", stage.act(promise))
    for shard_number in range(SHARDS):
        shard = await say(stage, "outbox.take_shard", outbox.take_shard(stage.worker, shard_number, OWNER))
        for job in await say(stage, "outbox.due", outbox.due(stage.worker, shard)):
            await say(stage, "outbox.settle", outbox.settle(stage.worker, shard, job, error=None))
    for dead_only in (False, True):
        await say(stage, "outbox.open_promises", outbox.open_promises(stage.worker, dead_only=dead_only))
    for job_id in (None, OWNER):
        await say(stage, "outbox.retry", outbox.retry(stage.worker, job_id))
    await say(stage, "outbox.counts", outbox.counts(stage.worker))
    await say(stage, "outbox.drop_shards", outbox.drop_shards(stage.worker, OWNER))


async def once(stage: Stage) -> None:
    """A request that must happen once, and the same one again; marks of an act that spans transactions."""

    async def first(unit: Work) -> None:
        await idempotency.claim_once(unit, CLAIM, FINGERPRINT)

    async def answer(unit: Work) -> None:
        await idempotency.keep_answer(unit, CLAIM, Kept(200, {}, b""))

    async def marked(unit: Work) -> None:
        await writer.mark(unit, "completed")

    async def undone(unit: Work) -> None:
        writer.mark_undone(unit, stage.kept.rows["audit.change_sets"]["id"])

    units: list[tuple[str, Callable[[Work], Awaitable[None]]]] = [
        ("idempotency.claim_once", first), ("idempotency.keep_answer", answer), ("idempotency.claim_once", first), ("writer.mark", marked),
        ("writer.mark_undone", undone),
    ]  # fmt: skip
    for name, unit in units:
        await say(stage, name, stage.act(unit))


async def read_changes(stage: Stage) -> None:
    """What readers of numbered changes ask."""
    await say(stage, "changes.numbered", stage.customer().read(changes.numbered))
    await say(stage, "changes.changes_between", stage.customer().read(lambda reading: changes.changes_between(reading, 0, 100)))
    await say(stage, "changes.recent_change_sets", stage.customer().read(changes.recent_change_sets))


async def seal(stage: Stage) -> None:
    """A seal that reaches past every change, so that tombstones may go, and what an erasure writes over sealed history."""

    async def append(session: AsyncSession) -> None:
        last = Numbered(2**31, "site", NO_ID, 1, moment, moment)
        await chaining.append(session, CUSTOMER, BEGINNING, [last], entries=[(b"", b"")], marks=b"", at=moment)

    async def content(unit: Work) -> None:
        event, version, _ = await history_of_site(stage, unit)
        await chaining.blank_content(unit, event, version)

    async def names(unit: Work) -> None:
        _, version, act = await history_of_site(stage, unit)
        await chaining.blank_names(unit, version, act)

    async def salts(unit: Work) -> None:
        await chaining.replace_salts(unit, 1, b"")

    moment = datetime.now(UTC)
    await say(stage, "chaining.append", stage.worker.run(append))
    for name, act in (("blank_content", content), ("blank_names", names), ("replace_salts", salts)):
        await say(stage, f"chaining.{name}", stage.act(act, "backoffice"))


async def history_of_site(stage: Stage, unit: Work) -> tuple[Event, ThingVersion, ChangeSet]:
    """What the first save of the sample's site has left behind."""
    act_id, site_id = stage.kept.rows["audit.change_sets"]["id"], stage.kept.rows["tenancy.sites"]["id"]
    event = await unit.session.get_one(Event, (CUSTOMER, act_id, site_id, 1))
    version = await unit.session.get_one(ThingVersion, (CUSTOMER, site_id, 1))
    return event, version, await unit.session.get_one(ChangeSet, (CUSTOMER, act_id))
