"""The suites of rooms and doors as a whole while no unit of work succeeds at its first attempt, and long races and long bad luck."""

import os
import subprocess
import sys

import pytest

from tests.db.invariants import broken
from tests.db.races import RACES
from tests.db.towns import town
from tests.proof.keeping import ROOT, Progress, proven, scale
from tests.test_jobs_bad_luck import fail_thousands, promises

ROOMS = ("content", "catalog", "identity", "tenancy", "media", "imports", "audit")
DOORS = ("editor", "api", "public", "cli", "test_jobs.py", "test_jobs_handlers.py")
SESSIONS = 8


@pytest.mark.parametrize("dialect", ["postgresql", "cockroachdb"])
def test_rooms_and_doors_keep_their_promises_under_faults(dialect: str) -> None:
    progress = Progress(f"faults-{dialect}")
    # The command line finds its roles by their addresses, of which one is the migrator's and has the server's own dialect.
    suites = [suite for suite in (*ROOMS, *DOORS) if not (dialect == "cockroachdb" and suite == "cli")]
    for suite in suites:
        if suite not in progress:
            progress[suite] = passed_under_faults(suite, dialect)
            progress.save()
    passed = sum(int(str(progress[suite])) for suite in suites)
    said = f"every suite of rooms and doors passes while each unit of work fails at first, by the dialect {dialect}"
    proven(f"faults-{dialect}", said, suites=len(suites), tests=passed)
    progress.clear()


def passed_under_faults(suite: str, dialect: str) -> int:
    """Run one suite in a process of its own, with engines of its own; gives how many tests passed."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AGOAT_TEST_")}
    spoken = {"AGOAT_TEST_DIALECT": dialect} if dialect == "cockroachdb" else {}
    command = [sys.executable, "-m", "pytest", f"tests/{suite}", "-q", "-p", "no:cacheprovider", "--timeout", "0", "--tb=short"]
    run = subprocess.run(command, cwd=ROOT, env=own | spoken | {"AGOAT_TEST_FAULTS": "1"}, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"{suite} under faults:\n{run.stdout[-8000:]}{run.stderr[-2000:]}"
    return int(run.stdout.rsplit(" passed", 1)[0].split()[-1])


async def test_long_races_leave_the_tables_whole(admin_url: str) -> None:
    rounds = scale(60)
    async with town(admin_url, pool_size=SESSIONS * 2) as place:
        for number in range(rounds):
            for race in RACES.values():
                await race(place, SESSIONS)
            await place.number()
            if number % 10 == 0 or number == rounds - 1:
                assert broken(place.admin) == []
    proven("races", "parallel sessions lose, skew, double and skip nothing", sessions=SESSIONS, races=len(RACES), rounds=rounds)


async def test_ten_thousand_failing_promises_are_given_up_and_delay_nobody(admin_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number = scale(10_000)
    async with town(admin_url) as place:
        tried = await fail_thousands(place, number, 3_600, monkeypatch)
        assert await promises(place) == (number, number, number * 10)
    assert tried["works"] == 1
    assert tried["failed before"] <= max(30, number // 10)
    proven("promises", "promises that all fail are given up after ten attempts and delay nobody", promises=number, tried=tried["fails"])
