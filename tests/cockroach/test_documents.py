"""What cockroach/ says about the product is true of the product: roles, tables, files and releases."""

import re
from pathlib import Path

import pytest

from app.db.base import Base
from app.db.inspection.server import OLDEST
from app.db.install import script
from app.db.roles import LOGINS, SETTINGS
from app.settings.values import database
from tests.cli.running import Agoat

FOLDER = Path(__file__).parents[2] / "cockroach"
SQL = sorted(FOLDER.rglob("*.sql"))


def test_the_roles_are_those_that_init_makes() -> None:
    said = Agoat({})("init", "--sql", "cockroachdb")
    assert (said.exit_code, said.stderr) == (0, "")
    assert (FOLDER / "roles.sql").read_text() == said.stdout


def test_the_printed_statements_follow_prefix_database_and_dialect() -> None:
    lines = script("shop", "store", "postgresql")
    assert 'CREATE DATABASE "store" OWNER shop_owner TEMPLATE template0;' in lines
    assert lines.index('\\connect "store"') < lines.index("CREATE SCHEMA IF NOT EXISTS ops AUTHORIZATION shop_owner;")
    assert not [line for line in lines if "agoat" in line or "PASSWORD" in line]
    assert "ALTER ROLE shop_app SET enable_seqscan = off;" in lines
    assert not [line for line in script("shop", "store", "cockroachdb") if "enable_seqscan" in line or "REVOKE" in line]


def test_statements_are_printed_or_sent_never_both() -> None:
    agoat = Agoat({})
    assert agoat.refused("init")[0] == 2
    assert agoat.refused("init", "--sql", "cockroachdb", "--admin-url", "postgresql+psycopg://x/y")[0] == 2
    assert agoat.refused("init", "--sql", "cockroachdb", "--prefix", "Not good")[0] == 2


@pytest.mark.parametrize("file", SQL, ids=lambda file: file.name)
def test_every_table_in_a_script_exists(file: Path) -> None:
    named = set(re.findall(r"\bagoat\.((?:tenancy|identity|content|catalog|audit|ops)\.\w+)", file.read_text()))
    assert named <= Base.metadata.tables.keys()
    assert named or file.name in ("roles.sql", "backups.sql", "draining.sql")


def test_every_file_is_explained_where_an_operator_looks() -> None:
    for folder, files in ((FOLDER, FOLDER.iterdir()), (FOLDER / "overlays", (FOLDER / "overlays").iterdir())):
        text = (folder / "README.md").read_text()
        missing = [file.name for file in files if file.name != "README.md" and f"`{file.name}{'/' if file.is_dir() else ''}`" not in text]
        assert missing == []


def test_the_guide_names_files_that_exist_and_addresses_that_can_be_read() -> None:
    text = (FOLDER / "README.md").read_text()
    assert [name for name in re.findall(r"cockroach/([\w./-]+\.(?:sh|sql|md))", text) if not (FOLDER / name).exists()] == []
    addresses = re.findall(r"cockroachdb\+psycopg://[^…][^\s`']+", text)
    assert len(addresses) >= 3
    for address in addresses:
        database(address)
        assert "…" in address or "sslmode=verify-full" in address


def test_the_guide_and_the_checks_name_one_oldest_release() -> None:
    assert OLDEST["cockroachdb"] == (25, 4)
    for name in ("README.md", "upgrading.md"):
        assert "25.4" in (FOLDER / name).read_text()
    assert {"25.4", "26.1", "26.2"} <= set(re.findall(r"^\| (\d+\.\d+) \|", (FOLDER / "upgrading.md").read_text(), re.M))


def test_the_wait_of_a_stopping_node_lets_every_connection_of_a_pool_end() -> None:
    waits = int(re.search(r"connections\.timeout = '(\d+)s'", (FOLDER / "overlays" / "draining.sql").read_text())[1])
    renewed = (Path(__file__).parents[2] / "app/db/database.py").read_text()
    assert waits > int(re.search(r"pool_recycle=random\.randint\(\d+, (\d+)\)", renewed)[1])


def test_every_role_that_signs_in_has_its_settings_in_the_script() -> None:
    text = (FOLDER / "roles.sql").read_text()
    for role in LOGINS:
        for name, value in SETTINGS[role].items():
            assert f"ALTER ROLE agoat_{role} SET {name} = '{value}';" in text
