"""Small modules, small functions, honest names, and a word of explanation in every package."""

import ast
from pathlib import Path

import pytest

from tests.rules.house import HOUSE, House, planted

MODULE_LINES = 300
FUNCTION_LINES = 40
# Names that say nothing about what is inside, so that everything ends up inside.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "misc", "base_service", "base_services", "managers", "manager"}


def long_modules(house: House) -> list[str]:
    return [
        module.at(1, f"has {count} lines, {MODULE_LINES} are allowed. Make it a package.")
        for module in house.modules()
        if (count := len(module.text.splitlines())) > MODULE_LINES
    ]


def long_functions(house: House) -> list[str]:
    return [
        module.at(node.lineno, f"{node.name} has {count} lines, {FUNCTION_LINES} are allowed. Tell it in smaller steps.")
        for module in house.modules()
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (count := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]


def empty_names(house: House) -> list[str]:
    names = {(module.path, part.removesuffix(".py").strip("_")) for module in house.modules() for part in module.parts}
    return sorted(f"{path}:1  {name!r} says nothing. Name what it is about." for path, name in names if name in EMPTY_NAMES)


def silent_modules(house: House) -> list[str]:
    return [
        module.at(1, "has no docstring: what is it for, and what must it not do?")
        for module in house.modules()
        if not ast.get_docstring(module.tree)
    ]


def packages_without_a_word(house: House) -> list[str]:
    folders = {"/".join(module.parts[:-1]) for module in house.modules()}
    return sorted(f"{folder}/__init__.py:1  is missing" for folder in folders if not (house.root / folder / "__init__.py").is_file())


BAD = {
    "app/__init__.py": '"""A house."""\n',
    "app/long.py": '"""Long."""\n' + "x = 1\n" * MODULE_LINES,
    "app/function.py": '"""Long."""\ndef f():\n' + "    x = 1\n" * FUNCTION_LINES,
    "app/content/utils.py": '"""A drawer."""\n',
    "app/silent.py": "x = 1\n",
}
RULES = [
    (long_modules, "app/long.py:1 "),
    (long_functions, "app/function.py:2 "),
    (empty_names, "app/content/utils.py:1 "),
    (silent_modules, "app/silent.py:1 "),
    (packages_without_a_word, "app/content/__init__.py:1 "),
]


@pytest.mark.parametrize("rule", [rule for rule, _ in RULES], ids=lambda rule: rule.__name__)
def test_the_house_has_none(rule) -> None:
    assert rule(HOUSE) == []


@pytest.mark.parametrize(("rule", "finding"), RULES, ids=lambda part: getattr(part, "__name__", ""))
def test_the_rule_finds_exactly_what_was_planted(tmp_path: Path, rule, finding: str) -> None:
    found = rule(planted(tmp_path, BAD))
    assert len(found) == 1
    assert found[0].startswith(finding)
