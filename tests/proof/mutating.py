"""A plugin for pytest that runs a suite against one mutant of the guard, named by AGOAT_PROOF_MUTANT; given with `-p`."""

import os
from contextlib import ExitStack

import pytest

from tests.mutants.guarding import MODULES, every_mutant

_stack = ExitStack()


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Put the mutant in its place before any test module is imported."""
    name = os.environ["AGOAT_PROOF_MUTANT"]
    mutants = [mutant for mutant in every_mutant(MODULES) if mutant.name == name]
    assert len(mutants) == 1, f"{len(mutants)} mutants are named {name}"
    _stack.enter_context(mutants[0].on())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take it away again."""
    _stack.close()
