"""From an empty database server to an installation that may be served, and what stands in the way."""

import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.settings import load
from tests.cli.running import Agoat
from tests.installations import remove_installation


@pytest.fixture
def name(admin_url: str) -> Iterator[str]:
    """A prefix and database that are gone afterwards."""
    chosen = f"agoat_test_{secrets.token_hex(4)}"
    yield chosen
    remove_installation(admin_url, chosen)


def test_init_writes_settings_with_which_everything_goes_on(admin_url: str, name: str, tmp_path: Path) -> None:
    insecure = ["--insecure"] if make_url(admin_url).get_dialect().name == "cockroachdb" else []
    words = ["init", "--admin-url", admin_url, "--prefix", name, "--database", name, *insecure]
    file = tmp_path / "agoat.toml"
    agoat = Agoat({})
    agoat.env = {"AGOAT_CONFIG": str(file), "AGOAT_SECRET_KEY": None}
    made = agoat(*words)
    assert made.exit_code == 0, made.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    settings = load({"AGOAT_CONFIG": str(file)})
    assert settings.secret_key is not None
    assert make_url(settings.needed("migrator_database_url").reveal()).username == f"{name}_migrator"
    assert agoat.refused("migrate", "--check")[0] == 1
    assert agoat.json("migrate")["applied"]
    assert agoat.json("migrate", "--check")["applied"] == []
    assert agoat.json("doctor")["is_sound"] is True
    assert agoat.json("customer", "list") == []
    file.write_text(file.read_text() + 'bind = "127.0.0.1:9999"\n')
    assert agoat.refused(*words)[0] == 1
    assert agoat(*words, "--force").exit_code == 0
    again = load({"AGOAT_CONFIG": str(file)})
    assert (again.secret_key, again.bind.port) == (settings.secret_key, 9999)
    assert again.database_url != settings.database_url or insecure
    assert agoat.json("customer", "list") == []


@pytest.mark.parametrize("command", ["serve", "doctor", "customer list", "jobs list"])
def test_a_schema_of_another_release_is_refused_in_one_line(empty: dict[str, str], command: str) -> None:
    result = Agoat(empty)(*command.split())
    assert result.exit_code == 1
    said = [line for line in (result.stdout + result.stderr).splitlines() if "Run: agoat migrate" in line]
    assert len(said) == 1


def test_init_says_what_is_wrong_with_an_address(tmp_path: Path) -> None:
    agoat = Agoat({})
    config = str(tmp_path / "agoat.toml")
    code, said = agoat.refused("init", "--admin-url", "postgresql+psycopg://root:hidden-word@127.0.0.1:1/postgres", CONFIG=config)
    assert (code, "cannot be reached" in said, "hidden-word" in said) == (1, True, False)
    assert agoat.refused("init", "--admin-url", "nonsense", CONFIG=config)[0] == 1
    assert agoat.refused("init", "--admin-url", "postgresql+psycopg://x/y", "--prefix", "Bad-Prefix", CONFIG=config)[0] == 2
    assert not (tmp_path / "agoat.toml").exists()
