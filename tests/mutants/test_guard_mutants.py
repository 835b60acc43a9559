"""Barrier 1: each rule of the guard, each moment at which it is asked, and each decision of its code is switched off alone.

The mutants are made from the register and from the syntax tree of the code, so a new rule or decision needs a probe that
notices its absence. One of several conditions of a decision left out is tried by the long form, tests/proof/test_mutants.py.
"""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.db.guard_schema import ACME, GLOBEX, pen_database
from tests.db.test_guard_forms import FORMS
from tests.db.test_guard_refusals import LEAKS
from tests.db.test_guard_spoofs import SPOOFS
from tests.mutants.equivalents import EQUIVALENT, EQUIVALENT_MOMENTS
from tests.mutants.guarding import MODULES, Trial, coarse_mutants
from tests.mutants.probes.drift import DRIFTED
from tests.mutants.probes.executions import Bench
from tests.mutants.probes.statements import refused, watched
from tests.mutants.registered import RegisterMutant, lists_opened, moments_not_watched, rules_not_asked

pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
BAD = {**FORMS, **LEAKS, **SPOOFS}
# The probe of each rule that is asked while a statement is executed.
AT_EXECUTION = {
    "tenant": "a connection for None does nothing",
    "raw": "executing text is stopped",
    "translated": "what was changed after it was verified is stopped",
    "value": "executing late value is stopped",
}


@pytest.fixture(scope="module")
def trial(admin_url: str) -> Iterator[Trial]:
    """All probes, on a database with rows of two customers."""
    with pen_database(admin_url, ACME, GLOBEX) as url:
        bench = Bench(url)
        yield Trial(bench)
        bench.close()


def test_without_a_mutant_every_probe_holds(trial: Trial) -> None:
    assert list(trial.failing(trial.order)) == []


def probe_of_rule(trial: Trial, rule: str) -> Any:
    """The probes named after a rule: what it alone holds back."""
    if rule in AT_EXECUTION:
        return [trial.executions[AT_EXECUTION[rule]]]
    if rule in DRIFTED:
        return [DRIFTED[rule]]
    probes = [refused(build) for name, build in BAD.values() if name == rule]
    return [lambda probe=probe: probe(watched()) for probe in probes]


@pytest.mark.parametrize("mutant", list(rules_not_asked()), ids=lambda mutant: mutant.name)
def test_a_rule_that_is_not_asked_is_noticed(trial: Trial, mutant: RegisterMutant) -> None:
    probes = probe_of_rule(trial, mutant.name)
    assert probes, f"no probe is named after the rule {mutant.name}"
    assert all(holds() for holds in probes)
    with mutant.on():
        assert not all(holds() for holds in probes)


@pytest.mark.parametrize("mutant", [*moments_not_watched(), *lists_opened()], ids=lambda mutant: mutant.name)
def test_a_moment_or_member_that_is_left_out_is_noticed(trial: Trial, mutant: RegisterMutant) -> None:
    silent = trial.noticed_without_database(mutant) is None
    assert silent == (mutant.name in EQUIVALENT_MOMENTS)


@pytest.mark.parametrize("module", MODULES)
def test_every_decision_of_the_code_that_is_switched_off_is_noticed(trial: Trial, module: str) -> None:
    mutants = [mutant for mutant in coarse_mutants(module) if mutant.name not in EQUIVALENT]
    silent = [mutant.name for mutant in mutants if trial.noticed(mutant) is None]
    assert not silent, "\n".join(silent)


def test_every_equivalent_mutant_is_still_one_of_the_code() -> None:
    names = {mutant.name for module in MODULES for mutant in coarse_mutants(module)}
    assert set(EQUIVALENT) <= names
    assert all(importlib.import_module(module) for module in MODULES)


def test_after_all_mutants_every_probe_holds_again(trial: Trial) -> None:
    assert list(trial.failing(trial.order)) == []
