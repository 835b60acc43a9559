"""Documents lag unless something fails when they do: the map, the settings, the limits and the dependencies."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest

from app.settings import LIMITS, Settings
from tests.rules.house import HOUSE, House, planted

# A path in a document: inside backticks, with a slash or an ending that files have.
PATH = re.compile(r"`([\w.{}<>*-]+/[\w./{}<>*-]*|[\w-]+\.(?:py|md|toml|in|txt))`")
TOP_LEVEL_IGNORED = {".git", ".gitignore", ".agoat"}


def unmapped(house: House) -> list[str]:
    """Top-level entries, and folders and modules of app, that docs/map.md does not name."""
    text = house.read("docs/map.md")
    top = {path.split("/")[0] + ("/" if "/" in path else "") for path in house.files()}
    inside = {"app/" + path.split("/")[1] + ("/" if path.count("/") > 1 else "") for path in house.files("app")} - {"app/__init__.py"}
    ignored = {name for name in top if name.rstrip("/") in TOP_LEVEL_IGNORED}
    return sorted(f"docs/map.md does not name {name}" for name in (top - ignored) | inside if f"`{name}`" not in text)


def dead_paths(house: House, *documents: str) -> list[str]:
    """Paths that a document names and that do not exist, neither from the top nor from app/. A bare file name may lie anywhere."""
    names = {path.split("/")[-1] for path in house.files()}
    return sorted(
        f"{document} names {path}"
        for document in documents or (path for path in house.files("docs") if path.endswith(".md"))
        for path in set(PATH.findall(house.read(document)))
        if not re.search(r"[<>{}*]", path)
        and path not in names
        and not any((house.root / base / path).exists() for base in ("", "app", "docs"))
    )


def requirements(house: House, file: str) -> list[str]:
    lines = [line.split("#")[0].strip() for line in house.read(file).splitlines()]
    return [line for line in lines if line and not line.startswith("-")]


def bare_name(requirement: str) -> str:
    return re.split(r"[\[=~<>! ]", requirement)[0]


def rows(text: str) -> dict[str, list[str]]:
    """The tables of a document: from each name in backticks that begins a row, to the other cells."""
    cells = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in cells}


def unexplained_dependencies(house: House) -> list[str]:
    table = rows(house.read("docs/dependencies.md"))
    named = {bare_name(line) for file in ("requirements.in", "requirements-dev.in") for line in requirements(house, file)}
    missing = [f"docs/dependencies.md does not say what {name} is for" for name in sorted(named) if not any(table.get(name, [""]))]
    return missing + [
        f"docs/dependencies.md explains {name}, which is not used"
        for name in sorted(table.keys() - named)
        if re.fullmatch(r"[a-z0-9-]+", name)
    ]


def test_the_map_names_every_folder_and_module() -> None:
    assert unmapped(HOUSE) == []


def test_every_path_in_the_documents_exists() -> None:
    assert dead_paths(HOUSE) == []


def test_the_map_rules_find_what_was_planted(tmp_path: Path) -> None:
    house = planted(
        tmp_path,
        {
            "docs/map.md": "`docs/` `app/` `app/keys.py` `app/gone/` `README.md` `app/<room>/x.py`",
            "app/keys.py": "",
            "app/new/a.py": "",
            "Makefile": "",
        },
    )
    assert unmapped(house) == ["docs/map.md does not name Makefile", "docs/map.md does not name app/new/"]
    assert dead_paths(house) == ["docs/map.md names README.md", "docs/map.md names app/gone/"]


def test_every_setting_is_documented_and_nothing_else() -> None:
    table = rows(HOUSE.read("docs/settings.md"))
    documented = {name for name in table if name.startswith("AGOAT_")}
    assert documented == {f"AGOAT_{name.upper()}" for name in Settings.__struct_fields__} | {"AGOAT_CONFIG"}
    assert all(len(cells) == 2 and all(cells) for name, cells in table.items() if name in documented)


def test_the_table_of_limits_is_the_one_that_holds() -> None:
    table = rows(HOUSE.read("docs/settings.md"))
    assert {name: table.get(name, ["missing"])[0] for name in LIMITS.__struct_fields__} == {
        name: spoken(getattr(LIMITS, name)) for name in LIMITS.__struct_fields__
    }


def spoken(value: int | timedelta) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    hours = value / timedelta(hours=1)
    return f"{value.days} days" if value.days > 1 else f"{hours:.0f} hours" if hours >= 1 else f"{value.seconds} seconds"


def test_every_dependency_has_a_reason() -> None:
    assert unexplained_dependencies(HOUSE) == []


def test_the_rule_of_dependencies_finds_what_was_planted(tmp_path: Path) -> None:
    house = planted(
        tmp_path,
        {
            "requirements.in": "a[x]==1.*\nb\n",
            "requirements-dev.in": "-c requirements.txt\nc\n",
            "docs/dependencies.md": "| `a` | why |\n| `c` | |\n| `d` | why |\n",
        },
    )
    assert [finding.split()[-1] for finding in unexplained_dependencies(house)] == ["for", "for", "used"]


def test_the_project_and_its_lock_ask_for_the_same_packages() -> None:
    project = tomllib.loads(HOUSE.read("pyproject.toml"))["project"]
    assert project["dependencies"] == requirements(HOUSE, "requirements.in")


@pytest.mark.parametrize(("asked", "lock"), [("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt")])
def test_the_lock_has_every_package_with_its_hashes(asked: str, lock: str) -> None:
    text = HOUSE.read(lock)
    pins = re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==\S+(?: ;[^\\]*)?\s*\\\n\s+--hash=sha256:[0-9a-f]{64}", text, re.M)
    assert {bare_name(line) for line in requirements(HOUSE, asked)} <= set(pins)
    assert len(pins) == len(re.findall("==", re.sub(r"\s;.*", "", text)))


def test_no_package_has_two_versions_in_the_two_locks() -> None:
    pins = [dict(re.findall(r"^([a-z0-9-]+)==(\S+)", HOUSE.read(lock), re.M)) for lock in ("requirements.txt", "requirements-dev.txt")]
    assert {name for name in pins[0].keys() & pins[1].keys() if pins[0][name] != pins[1][name]} == set()
