"""Tests meet the real database and the real cache, wait for events instead of time, and can fail."""

import ast
from pathlib import Path

import pytest

from tests.rules.house import HOUSE, House, planted

TESTS = "tests"


def mocks(house: House) -> list[str]:
    return [
        module.at(node.lineno, "a mock. Use the real thing, or a real object with a null back end.")
        for module in house.modules(TESTS)
        for node in module.nodes
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in {"unittest", "mock", "pytest_mock", "fakeredis"})
        or (isinstance(node, ast.Import) and {alias.name.split(".")[0] for alias in node.names} & {"unittest", "mock", "fakeredis"})
    ]


def sleeps(house: House) -> list[str]:
    """A helper outside test_*.py may sleep between two looks at something; a test may not. `asyncio.sleep(0)` only yields."""
    return [
        module.at(call.lineno, "a sleep makes a test slow or wrong. Wait for the event.")
        for module in house.modules(TESTS)
        if module.parts[-1].startswith("test_") and module.parts[1] not in {"proof", "bench"}
        for call, name in module.calls()
        if name in {"time.sleep", "asyncio.sleep", "anyio.sleep", "sleep"}
        and not (call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0)
    ]


def idle_tests(house: House) -> list[str]:
    """A test without an assertion, an expected error or a call proves nothing."""
    return [
        module.at(node.lineno, f"{node.name} checks nothing.")
        for module in house.modules(TESTS)
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_") and not _checks(node)
    ]


def _checks(test: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(node, ast.Assert | ast.Call) for statement in test.body for node in ast.walk(statement))


def codes_for_names(house: House) -> list[str]:
    """The name of a test is a sentence: at least three words."""
    return [
        module.at(node.lineno, f"{node.name} is not a sentence.")
        for module in house.modules(TESTS)
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_") and node.name.count("_") < 3
    ]


PLANTED = {
    "tests/test_a.py": "from unittest import mock\n",
    "tests/test_b.py": "import asyncio\nasync def test_it_waits_too_long():\n    await asyncio.sleep(0.1)\n    await asyncio.sleep(0)\n",
    "tests/waiting.py": "import time\ntime.sleep(0.01)\n",
    "tests/test_c.py": "def test_it_is_very_green():\n    x = 1\n",
    "tests/test_d.py": "def test_save():\n    assert f()\n",
}
RULES = [
    (mocks, "tests/test_a.py:1"),
    (sleeps, "tests/test_b.py:3"),
    (idle_tests, "tests/test_c.py:1"),
    (codes_for_names, "tests/test_d.py:1"),
]


@pytest.mark.parametrize("rule", [rule for rule, _ in RULES], ids=lambda rule: rule.__name__)
def test_the_house_has_none(rule) -> None:
    assert rule(HOUSE) == []


@pytest.mark.parametrize(("rule", "place"), RULES, ids=lambda part: getattr(part, "__name__", ""))
def test_the_rule_finds_exactly_what_was_planted(tmp_path: Path, rule, place: str) -> None:
    assert [finding.split("  ")[0] for finding in rule(planted(tmp_path, PLANTED))] == [place]
