"""Every mutant of the guard, also those in which one of several conditions is left out, against the suites of the floor.

The short form, tests/mutants, asks probes made for the purpose; here the ordinary tests must notice, each mutant in a process of
its own. What none of them notices is listed in docs/proof.md.
"""

import os
import subprocess
import sys

from tests.mutants.equivalents import EQUIVALENT
from tests.mutants.guarding import MODULES, every_mutant
from tests.proof.keeping import ROOT, Progress, proven, scale

# From the quickest to the slowest, for the first failure ends a run: the guard, its barriers, a room, a door.
SUITES = (
    "tests/db/test_guard.py", "tests/db/test_guard_refusals.py", "tests/db/test_guard_spoofs.py", "tests/db/test_guard_forms.py",
    "tests/db/test_guard_rules.py", "tests/db/test_guard_session.py", "tests/db/test_guard_execution.py", "tests/db/test_guard_fuzz.py",
    "tests/db/test_barriers_guard.py", "tests/db/test_functions.py", "tests/db/test_repository.py", "tests/db/test_write_paths.py",
    "tests/tenancy", "tests/api/test_posts.py",
)  # fmt: skip
LONGEST_S = 900


def test_the_suites_of_the_floor_notice_every_mutant_of_the_guard() -> None:
    names = [mutant.name for mutant in every_mutant(MODULES)]
    wanted = names[:: max(1, len(names) // scale(len(names)))]
    progress = Progress("mutants")
    noticed: dict[str, bool] = progress.setdefault("noticed", {})  # type: ignore[assignment]
    for name in wanted:
        if name not in noticed:
            noticed[name] = is_noticed(name)
            progress.save()
    survivors = [name for name in wanted if not noticed[name]]
    silent = [name.replace("|", "/") for name in survivors if name not in EQUIVALENT]
    proven(
        "mutants",
        "the suites of the floor, a room and a door against each mutant of the guard",
        mutants=len(wanted),
        noticed=len(wanted) - len(survivors),
        equivalent=len(survivors) - len(silent),
        noticed_by_no_suite=f"{len(silent)} ({'; '.join(silent)})" if silent else 0,
    )
    progress.clear()
    assert [name for name in silent if ": " not in name] == [], "a rule that is not asked goes unnoticed"


def is_noticed(name: str) -> bool:
    """Whether any test of the suites fails against the mutant; a suite that never ends has noticed it too."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "tests.proof.mutating", *SUITES]
    environment = os.environ | {"AGOAT_PROOF_MUTANT": name}
    try:
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=LONGEST_S, check=False)
    except subprocess.TimeoutExpired:
        return True
    return ended.returncode != 0
