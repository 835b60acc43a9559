"""The undo of every act by chance, long: many runs of random acts undone in reverse and done again, and large acts taken back whole."""

from pathlib import Path
from time import monotonic

import pytest

from app.db.database import Shared, Tenancy
from tests.audit.test_undo_large import export, imported, prove_prices_go_back
from tests.audit.test_undo_sequences import peopled, prove_a_run
from tests.audit.undo_runs import differences
from tests.audit.undoing import make_world
from tests.proof.keeping import Progress, proven, scale

# These runs are long on purpose; each is bounded by its own numbers.
pytestmark = pytest.mark.timeout(0)

RUNS, ACTS, UNDONE = 60, 60, 40
PRODUCTS, POSTS = 300, 300


async def test_undo_of_random_acts(tenancy: Tenancy, backoffice: Tenancy, directory: Shared) -> None:
    progress = Progress("undo")
    runs = scale(RUNS)
    for seed in range(int(str(progress.get("done", 0))), runs):
        await prove_a_run(await peopled(tenancy, backoffice, directory, 1000 + seed), ACTS, UNDONE)
        progress["done"] = seed + 1
        progress.save()
    progress.clear()
    proven("undo", "random acts undone in reverse order, then done again: every state is what it was", seed=1000, acts=runs * ACTS,
           undone=runs * UNDONE)  # fmt: skip


async def test_undo_of_a_change_of_all_prices(tenancy: Tenancy, backoffice: Tenancy, directory: Shared) -> None:
    began, count = monotonic(), max(50, scale(PRODUCTS))
    await prove_prices_go_back(await make_world(tenancy, backoffice, directory, 1), count)
    proven("undo-prices", "all prices go back but for the product that was edited since", products=count, seconds=monotonic() - began)


async def test_undo_of_a_large_import(tenancy: Tenancy, backoffice: Tenancy, directory: Shared, worker: Shared, tmp_path: Path) -> None:
    world = await make_world(tenancy, backoffice, directory, 2)
    began, count, before = monotonic(), max(50, scale(POSTS)), await world.state()
    applied = await imported(world, worker, export(tmp_path, count))
    after = await world.state()
    done = await world.undo(applied.change_set_id)
    found = await world.state()
    assert found == before, differences(before, found)
    await world.undo(done.change_set_id)
    found = await world.state()
    assert found == after, differences(after, found)
    proven("undo-import", "an import goes as a whole and comes back as a whole", posts=count, seconds=monotonic() - began)
