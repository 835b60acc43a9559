"""What holds for all commands: help with an example, JSON, one line about what went wrong, and the exit code."""

import json
from collections.abc import Iterator

import click
import pytest

from app.cli import main
from tests.cli.running import Agoat


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands with the words that name them."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


ALL = dict(commands(main))


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_explains_itself_with_an_example(agoat: Agoat, words: tuple[str, ...]) -> None:
    result = agoat(*words, "--help")
    assert result.exit_code == 0
    assert f"Example: agoat {' '.join(words)}" in " ".join(result.stdout.split())
    assert "--json" in result.stdout
    assert ALL[words].help


def test_the_commands_are_those_that_an_operator_needs() -> None:
    nouns = {
        "customer": "create list show stats suspend resume",
        "site": "create list",
        "domain": "add list remove",
        "person": "create reset role",
        "key": "create list revoke",
        "audit": "log seal verify",
        "jobs": "list retry",
        "backup": "create verify restore",
    }
    wanted = {(noun, verb) for noun, verbs in nouns.items() for verb in verbs.split()}
    assert wanted | {(word,) for word in ("init", "migrate", "serve", "worker", "demo", "doctor", "pool")} <= ALL.keys()


def test_all_problems_of_the_settings_are_told_at_once(agoat: Agoat) -> None:
    code, said = agoat.refused("customer", "list", SECRET_KEY="short", BIND="nowhere", DATABSE_URL="x")
    assert code == 2
    assert [line.split()[1] for line in said.splitlines()] == ["AGOAT_DATABSE_URL", "AGOAT_BIND", "AGOAT_SECRET_KEY"]


def test_a_database_that_is_away_is_one_line(agoat: Agoat) -> None:
    away = "postgresql+psycopg://agoat_{}:secret-password@127.0.0.1:1/agoat"
    settings = {name: away.format(name.split("_")[0].lower()) for name in ("BACKOFFICE_DATABASE_URL", "WORKER_DATABASE_URL")}
    code, said = agoat.refused("customer", "list", **settings)
    assert code == 1
    assert len(said.splitlines()) == 1
    assert "cannot be reached" in said
    assert "secret-password" not in said


def test_errors_are_json_where_json_is_asked_for(agoat: Agoat, unique: str) -> None:
    result = agoat("customer", "show", unique, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stderr) == {"errors": [f"There is no customer '{unique}'."]}
    assert result.stdout == ""


def test_wrong_usage_is_exit_code_2(agoat: Agoat) -> None:
    assert agoat("customer", "create").exit_code == 2
    assert agoat("nonsense").exit_code == 2
    assert agoat("key", "revoke", "no-id", "--customer", "x").exit_code == 2
