"""`--database`: what a new data folder is to hold, and what is said where that cannot be."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Agoat


@pytest.fixture
def bare() -> Iterator[Agoat]:
    """The command line of a machine on which nothing is set but the data folder, in a place that every user may enter."""
    place = Path(tempfile.mkdtemp(prefix="agoat-test-"))
    place.chmod(0o755)
    agoat = Agoat({})
    agoat.env = {"AGOAT_DATA_DIR": str(place / "data"), "AGOAT_CONFIG": None}
    yield agoat
    shutil.rmtree(place)


def choose(agoat: Agoat, *words: str) -> tuple[int, list[str]]:
    code, said = agoat.refused(*words)
    return code, said.splitlines()


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_without_the_program_it_is_wrong_usage_in_one_line(
    bare: Agoat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, said = choose(bare, command, "--database", "cockroach")
    assert (code, len(said)) == (2, 1)
    assert "no program `cockroach` on the PATH" in said[0]


def test_an_address_and_a_choice_contradict_each_other(addresses: dict[str, str]) -> None:
    code, said = choose(Agoat(addresses), "serve", "--database", "cockroach")
    assert (code, len(said)) == (1, 1)
    assert "AGOAT_DATABASE_URL names the database" in said[0]


def test_only_the_two_databases_can_be_chosen(bare: Agoat) -> None:
    assert bare.refused("demo", "--database", "sqlite")[0] == 2


def test_a_backup_of_the_folder_of_a_cockroachdb_node_is_refused_with_the_remedy(bare: Agoat, tmp_path: Path) -> None:
    data_dir = Path(str(bare.env["AGOAT_DATA_DIR"]))
    data_dir.mkdir()
    (data_dir / "database.json").write_text('{"database": "cockroach"}')
    code, said = choose(bare, "backup", "create", str(tmp_path / "file.agoat"))
    assert (code, len(said)) == (2, 1)
    assert "copy the folder" in said[0]
    assert not (tmp_path / "file.agoat").exists()
