"""What must not stand in the product's files: addresses of package registries, places outside the repository, promises of later work."""

import re
from pathlib import Path

import pytest

from tests.rules.house import HOUSE, House, planted

# Put together here, so that this file does not contain what it looks for.
REGISTRIES = [
    f"{name}.{end}"
    for name, end in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry.npmjs", "org"),
        ("registry.yarnpkg", "com"),
        ("unpkg", "com"),
        ("jsdelivr", "net"),
        ("cdnjs.cloudflare", "com"),
        ("esm", "sh/"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("proxy.golang", "org"),
    )
]
OUTSIDE = ["../" + "shared", "/work" + "/", "CONTRACT" + ".md"]
LATER = re.compile(
    r"\b({})\b".format(
        "|".join(f"{head}{tail}" for head, tail in (("TO", "DO"), ("FIX", "ME"), ("XX", "X"), ("HA", "CK"), ("for ", "now")))
    )
)
CODE = {".py", ".css", ".js", ".mjs", ".html", ".sh", ".mako", ""}


def registries(house: House) -> list[str]:
    return [f"{path}  names {host}" for path, text in house.texts() for host in REGISTRIES if host in text]


def places_outside(house: House) -> list[str]:
    """Only the default of AGOAT_CORPUS, where tests look for real files to import, may lie outside."""
    return [
        f"{path}:{number}  names {place}"
        for path, text in house.texts()
        for number, line in enumerate(text.splitlines(), 1)
        for place in OUTSIDE
        if place in line and not (path.startswith("tests/") and "AGOAT_CORPUS" in line)
    ]


def promises(house: House) -> list[str]:
    return [
        f"{path}:{number}  {found[0]}"
        for path, text in house.texts("app", "migrations", "templates", "tests", "docs", ".ci", "cockroach")
        if Path(path).suffix in CODE and ".min." not in path
        for number, line in enumerate(text.splitlines(), 1)
        if (found := LATER.search(line))
    ]


def broken_decisions(house: House) -> list[str]:
    """Decisions are numbered without gaps and answer the same four questions."""
    found = []
    for number, path in enumerate(house.files("docs/decisions"), 1):
        if not re.fullmatch(rf"docs/decisions/{number:04d}-[a-z0-9-]+\.md", path):
            found.append(f"{path}  should be number {number:04d}, then words joined by hyphens")
        headings = re.findall(r"^## (.+)$", house.read(path), re.M)
        if headings != ["Context", "Decision", "Consequences", "Turned down"]:
            found.append(f"{path}  has the headings {headings}")
    return found


PLANTED = {
    "package-lock.json": f'{{"resolved": "https://{REGISTRIES[2]}/x.tgz"}}',
    "docs/notes.md": f"see {OUTSIDE[0]}/x",
    "app/a.py": "# TO" + "DO later\n",
    "app/b.js": "let x = 1 // good enough for " + "now\n",
    "docs/decisions/0001-one.md": "## Context\n## Decision\n## Consequences\n## Turned down\n",
    "docs/decisions/0003-two.md": "## Context\n",
}
RULES = [
    (registries, ["package-lock.json"]),
    (places_outside, ["docs/notes.md:1"]),
    (promises, ["app/a.py:1", "app/b.js:1"]),
    (broken_decisions, ["docs/decisions/0003-two.md", "docs/decisions/0003-two.md"]),
]


@pytest.mark.parametrize("rule", [rule for rule, _ in RULES], ids=lambda rule: rule.__name__)
def test_the_house_has_none(rule) -> None:
    assert rule(HOUSE) == []


@pytest.mark.parametrize(("rule", "places"), RULES, ids=lambda part: getattr(part, "__name__", ""))
def test_the_rule_finds_exactly_what_was_planted(tmp_path: Path, rule, places: list[str]) -> None:
    assert [finding.split("  ")[0] for finding in rule(planted(tmp_path, PLANTED))] == places


def test_the_licence_is_the_one_that_the_project_names() -> None:
    licence = HOUSE.read("LICENSE")
    assert "Apache License" in licence
    assert "Version 2.0, January 2004" in licence
    assert 'license = "Apache-2.0"' in HOUSE.read("pyproject.toml")
