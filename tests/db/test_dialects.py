"""Floor and rooms through CockroachDB's dialect, with a lost race or connection in the first attempt of every unit of work.

The tests are those of other modules, run again here. The server stays the one of the run, and was migrated by its own dialect.
AGOAT_TEST_DIALECT=cockroachdb and AGOAT_TEST_FAULTS=1 do the same to a whole run.
"""

from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db import transactions
from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.guard import GuardRules
from app.db.rules import shared_rules, tenant_rules
from tests.cast import Cast, make_cast
from tests.content import test_publishing, test_saving
from tests.db import test_repository, test_sequencer
from tests.identity import test_people
from tests.installations import Faults, installation, spoken_in

SUITES = (test_repository, test_sequencer, test_saving, test_publishing, test_people)
# These count the statements of one unit of work, which faults double.
COUNTING = {"test_a_save_is_about_ten_statements", "test_two_saves_of_different_posts_touch_no_common_row"}


def parts_of(suite: ModuleType) -> dict[str, Any]:
    """The tests of a module, and the fixtures that stand beside them."""
    names = [name for name in vars(suite) if name.startswith("test_") and name not in COUNTING]
    fixtures = [name for name, value in vars(suite).items() if type(value).__name__ == "FixtureFunctionDefinition"]
    return {name: getattr(suite, name) for name in (*names, *fixtures)}


for suite in SUITES:
    found = parts_of(suite)
    clash = {name for name in found if name in globals() and globals()[name] is not found[name]}
    if clash:
        raise ValueError(f"{suite.__name__} has names that another suite has too: {clash}")
    globals().update(found)


@pytest.fixture(scope="module")
def faults() -> Faults:
    """What is injected into the units of this module."""
    return Faults()


@pytest.fixture(scope="module")
async def engines(admin_url: str) -> AsyncIterator[dict[str, AsyncEngine]]:
    """One engine a role, all of the other dialect, on a database of this module's own."""
    rules: dict[str, GuardRules] = {role: tenant_rules(Base.metadata) for role in ("app", "backoffice")}
    rules |= {role: shared_rules(Base.metadata, role) for role in ("directory", "worker")}
    with installation(admin_url) as addresses, pytest.MonkeyPatch.context() as patch:
        patch.setattr(transactions, "LONGEST_PAUSE_S", 0.001)
        spoken = spoken_in(addresses, "cockroachdb")
        made = {role: open_engine(spoken[role], rules=rules[role]) for role in rules}
        yield made
        for engine in made.values():
            await engine.dispose()


@pytest.fixture(scope="module")
def tenancy(engines: dict[str, AsyncEngine], faults: Faults) -> Tenancy:
    return Tenancy(engines["app"], committer=faults)


@pytest.fixture(scope="module")
def backoffice(engines: dict[str, AsyncEngine], faults: Faults) -> Tenancy:
    return Tenancy(engines["backoffice"], committer=faults)


@pytest.fixture(scope="module")
def directory(engines: dict[str, AsyncEngine], faults: Faults) -> Shared:
    return Shared(engines["directory"], committer=faults)


@pytest.fixture(scope="module")
def worker(engines: dict[str, AsyncEngine], faults: Faults) -> Shared:
    return Shared(engines["worker"], mode="worker", committer=faults)


@pytest.fixture(scope="module")
async def cast(directory: Shared, backoffice: Tenancy) -> Cast:
    return await make_cast(directory, backoffice)


@pytest.fixture(autouse=True)
async def not_in_vain(cast: Cast, faults: Faults) -> None:
    """What these tests prove: they speak the other dialect, and every unit of work met a fault and was run again."""
    assert faults.units == len(faults.injected)


def test_the_engines_speak_the_other_dialect(engines: dict[str, AsyncEngine]) -> None:
    assert {engine.dialect.name for engine in engines.values()} == {"cockroachdb"}


def test_every_kind_of_fault_was_met(faults: Faults) -> None:
    assert set(faults.injected) == {"lose_race", "doubt_after", "doubt_before", "drop_before", "drop_during"}
