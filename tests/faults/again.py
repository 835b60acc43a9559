"""The tests of other modules, to be run again by a module of this folder."""

from types import ModuleType
from typing import Any

from tests.db.invariants import broken
from tests.installations import Faults

EVERY_FAULT = {"lose_race", "doubt_after", "doubt_before", "drop_before", "drop_during"}


def again(*modules: ModuleType, but: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fixtures and tests of `modules`, and at the end what all of them must have left behind.

    `but` names tests that count statements or rounds, which faults double.
    """
    found: dict[str, Any] = {}
    for module in modules:
        for name, value in vars(module).items():
            is_test = name.startswith("test_") and getattr(value, "__module__", "") == module.__name__
            is_fixture = type(value).__name__ == "FixtureFunctionDefinition"
            if (is_test and name not in but) or is_fixture:
                if name in found and found[name] is not value:
                    raise ValueError(f"{module.__name__} has {name}, and another module has it too")
                found[name] = value
    return found | {test.__name__: test for test in (test_every_fault_was_met, test_the_tables_are_whole)}


def test_every_fault_was_met(injected: Faults) -> None:
    assert set(injected.injected) == EVERY_FAULT
    assert len(injected.injected) == injected.units


def test_the_tables_are_whole(administrator: str) -> None:
    assert broken(administrator) == []
