"""Runs `agoat` in this process against a real installation, and says what it printed."""

import json
from collections.abc import Mapping
from typing import Any

from click.testing import CliRunner, Result

from app.cli import main

SECRET_KEY = "a-secret-for-tests-that-is-long-enough-to-sign"


def environment(addresses: Mapping[str, str]) -> dict[str, str]:
    """The settings of an installation as environment variables."""
    names = {role: "DATABASE_URL" if role == "app" else f"{role.upper()}_DATABASE_URL" for role in addresses}
    return {f"AGOAT_{names[role]}": url for role, url in addresses.items()} | {"AGOAT_SECRET_KEY": SECRET_KEY}


class Agoat:
    """The command line of one installation."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self.env: dict[str, str | None] = {**environment(addresses)}

    def __call__(self, *words: str, stdin: str | None = None, **settings: str | None) -> Result:
        """Run one command; `settings` replace those of the installation."""
        changed = {f"AGOAT_{name}": value for name, value in settings.items()}
        return CliRunner(env={**self.env, **changed}).invoke(main, list(words), input=stdin, prog_name="agoat")

    def json(self, *words: str) -> Any:
        """The JSON answer of a command that must succeed."""
        result = self(*words, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    def refused(self, *words: str, **settings: str | None) -> tuple[int, str]:
        """Exit code and standard error of a command that must not succeed."""
        result = self(*words, **settings)
        assert result.exit_code != 0, result.stdout
        assert "Traceback" not in result.stderr
        return result.exit_code, result.stderr
