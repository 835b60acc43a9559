"""An hour of kills: web processes, worker, Valkey, database and supervisor of a demonstration under writing clients."""

import math
from collections import Counter
from time import monotonic
from typing import Any

from tests.kills.checks import holds
from tests.kills.demonstration import VICTIMS, demonstration
from tests.kills.running import Run, under_load
from tests.proof.keeping import Progress, proven, scale

SEED, CLIENTS, WEB_PROCESSES = 20261121, 6, 2
# Each part has a demonstration and a seed of its own, so that an interrupted run goes on with the next part.
WHOLE_S, PART_S = 3600, 600
# A supervisor's death is followed by a whole new start, so it comes less often.
KINDS = [kind for kind in VICTIMS for _ in range(1 if kind == "supervisor" else 3)]


async def test_an_hour_of_kills_loses_nothing_doubles_nothing_and_needs_nobody() -> None:
    progress, seconds = Progress("kills"), scale(WHOLE_S)
    for part in range(math.ceil(seconds / PART_S)):
        if str(part) not in progress:
            progress[str(part)] = figures(await killed_for(min(seconds - part * PART_S, PART_S), SEED + part))
            progress.save()
    parts: list[Any] = list(progress.values())
    kills: Counter[str] = sum((Counter(part["killed"]) for part in parts), Counter())
    said = "whatever is killed: nothing acknowledged is lost or doubled, every promise is kept, all returns by itself"
    counted = {name: sum(part[name] for part in parts) for name in ("writes", "sent_again", "answered_from_the_first", "promises")}
    assert counted["answered_from_the_first"], "no request was ever sent again after it had been done, so nothing was shown"
    slowest = max(float(part["slowest"]) for part in parts)
    proven("kills", said, seed=SEED, seconds=seconds, kills=kills.total(), **counted, slowest_return_in_seconds=slowest, **kills)
    progress.clear()


async def killed_for(seconds: float, seed: int) -> Run:
    """One part of the run with everything that must hold afterwards."""
    async with demonstration(web_processes=WEB_PROCESSES) as started:
        async with under_load(started, seed=seed, clients=CLIENTS) as run:
            end = monotonic() + seconds
            while monotonic() < end:
                await run.kill(run.chance.choice(KINDS))
        await holds(started, run.ledger)
    return run


def figures(run: Run) -> dict[str, Any]:
    """What is kept of a part."""
    ledger = run.ledger
    return {
        "killed": dict(run.killed),
        "writes": len(ledger.entries),
        "sent_again": ledger.sent_again,
        "answered_from_the_first": ledger.replayed,
        "promises": ledger.promised,
        "slowest": run.slowest,
    }
