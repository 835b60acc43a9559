"""Whatever process is killed in the middle of writes: nothing acknowledged is lost or done twice, and all works again by itself."""

from collections import Counter

import pytest

from tests.kills.checks import holds
from tests.kills.demonstration import VICTIMS, demonstration
from tests.kills.running import under_load

SEED, CLIENTS = 20261121, 2
# Those that are back at once are killed twice.
AGAIN = ("Valkey", "backend")


@pytest.mark.timeout(900)
async def test_no_acknowledged_write_is_lost_or_done_twice_whichever_process_is_killed() -> None:
    async with demonstration() as started:
        async with under_load(started, seed=SEED, clients=CLIENTS) as run:
            kinds = [*VICTIMS, *AGAIN]
            run.chance.shuffle(kinds)
            for kind in kinds:
                await run.kill(kind)
        assert run.killed == Counter(kinds)
        await holds(started, run.ledger)
