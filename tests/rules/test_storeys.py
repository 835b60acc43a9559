"""The storeys of the house: what the import contracts in pyproject.toml say, and that they catch what they should."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.rules.house import HOUSE

CONTRACTS = tomllib.loads(HOUSE.read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
LAYERS = [name.strip(" ()") for layer in CONTRACTS[0]["layers"] for name in layer.split("|")]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All storeys, each with nothing in it."""
    root = tmp_path_factory.mktemp("house")
    shutil.copy(HOUSE.root / "pyproject.toml", root)
    for name in LAYERS:
        (root / "app" / name).mkdir(parents=True)
        (root / "app" / name / "__init__.py").touch()
    (root / "app" / "__init__.py").touch()
    return root


def test_the_house_keeps_its_contracts() -> None:
    answer = lint(HOUSE.root)
    assert answer.returncode == 0, answer.stdout


def test_an_empty_house_keeps_them(empty_house: Path) -> None:
    answer = lint(empty_house)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def plant(empty_house: Path, folder: Path, files: dict[str, str]) -> Path:
    house = folder / "house"
    shutil.copytree(empty_house, house)
    for path, text in files.items():
        (house / "app" / path).parent.mkdir(exist_ok=True)
        (house / "app" / path).write_text(text + "\n")
    return house


def test_each_contract_catches_what_it_should(empty_house: Path, tmp_path: Path) -> None:
    forbidden = {
        ("tenancy", "identity"): "import app.identity",
        ("content", "catalog"): "import app.catalog",
        ("errors", "settings"): "import app.settings",
        ("audit", "litestar"): "import litestar",
        ("jobs", "litestar"): "from litestar import get",
        ("editor", "sqlalchemy"): "from sqlalchemy import select",
        ("web", "sqlalchemy"): "import sqlalchemy.orm",
        ("public", "content"): "import app.content",
        ("document", "redis"): "import redis",
        ("keys", "logs"): "import app.logs",
    }
    house = plant(empty_house, tmp_path, {f"{source}/planted_{target}.py": line for (source, target), line in forbidden.items()})
    answer = lint(house)
    assert answer.returncode == 1
    assert answer.stdout.count(" BROKEN") == len(CONTRACTS)
    missed = [pair for pair in forbidden if f"app.{pair[0]}.planted_{pair[1]}" not in answer.stdout]
    assert missed == []


def test_a_room_that_has_no_place_is_refused(empty_house: Path, tmp_path: Path) -> None:
    answer = lint(plant(empty_house, tmp_path, {"bakery/__init__.py": ""}))
    assert answer.returncode == 1
    assert "bakery" in answer.stdout


def test_the_contracts_let_through_what_they_should(empty_house: Path, tmp_path: Path) -> None:
    allowed = {
        "cli/x.py": "import app.web\nimport app.tenancy",
        "editor/x.py": "import litestar\nimport app.content",
        "public/x.py": "import app.publishing",
        "publishing/x.py": "import app.content\nimport sqlalchemy",
        "demo/x.py": "import app.content",
    }
    answer = lint(plant(empty_house, tmp_path, allowed))
    assert answer.returncode == 0, answer.stdout


def test_a_storey_that_exists_is_not_marked_as_missing() -> None:
    marked = [name.strip(" ()") for layer in CONTRACTS[0]["layers"] for name in layer.split("|") if "(" in name]
    assert [name for name in marked if (HOUSE.root / "app" / f"{name}.py").exists() or (HOUSE.root / "app" / name).exists()] == []
