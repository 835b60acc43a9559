"""Templates and migrations are found beside a checkout and inside an installed package, and nowhere else."""

from pathlib import Path

import pytest

from app.resources import migrations_dir, templates_dir


def package(root: Path, *folders: str) -> Path:
    for folder in folders:
        (root / folder).mkdir(parents=True)
    return root / "app"


def test_a_checkout_has_them_beside_the_package() -> None:
    assert (templates_dir() / "console").is_dir()
    assert (migrations_dir() / "versions").is_dir()


def test_an_installed_product_has_them_inside_and_ignores_what_lies_beside(tmp_path: Path) -> None:
    installed = package(tmp_path, "app/shipped/templates", "app/shipped/migrations", "migrations", "templates")
    assert templates_dir(installed) == installed / "shipped" / "templates"
    assert migrations_dir(installed) == installed / "shipped" / "migrations"


def test_an_incomplete_installation_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="The folder templates is missing"):
        templates_dir(package(tmp_path, "app"))
