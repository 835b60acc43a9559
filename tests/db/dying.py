"""A process that dies between two statements, and the steps of migrations one by one, for the tests of what that leaves."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread
from typing import Any

from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import Engine

from app.db.migrate import script
from app.db.roles import roles_of
from tests.cli.running import environment

PROJECT = Path(__file__).parents[2]
REVISIONS = [step.revision for step in reversed(list(ScriptDirectory.from_config(script()).walk_revisions()))]


class Died(BaseException):
    """The process ended here. Nothing of the product may catch it."""


@contextmanager
def dying_at(number: int) -> Iterator[None]:
    """From its statement of this number on, counted from 1, this thread sends nothing to any database any more."""
    thread, count = current_thread(), 0

    def count_or_die(*_: Any) -> None:
        nonlocal count
        if current_thread() is thread:
            count += 1
            if count >= number:
                raise Died

    event.listen(Engine, "before_cursor_execute", count_or_die)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", count_or_die)


class Steps:
    """The migrations on one connection, each to be applied by itself as `agoat migrate` applies it, or run without being written down."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._config = script(connection, roles_of(str(connection.engine.url)))
        self._scripts = ScriptDirectory.from_config(self._config)

    def apply(self, revision: str) -> None:
        """Apply the step to a revision."""
        with self._environment(lambda heads, context: self._scripts._upgrade_revs(revision, heads)) as environment:
            environment.run_migrations()

    def run_again(self, revision: str) -> None:
        """Do what the step does, wherever the database stands."""
        with self._environment(lambda heads, context: []) as environment, Operations.context(environment.get_context()):
            self._scripts.get_revision(revision).module.upgrade()

    def crash_everywhere(self, revision: str) -> int:
        """Apply a step again and again, dying one statement later each time, until it is through; gives how often it died."""
        deaths = 0
        while True:
            try:
                with dying_at(deaths + 1):
                    self.apply(revision)
            except Died:
                deaths += 1
                # Another process would have another session.
                self._connection.execute(text("RESET ROLE"))
            else:
                return deaths

    @contextmanager
    def _environment(self, steps: Callable[..., Any]) -> Iterator[EnvironmentContext]:
        with EnvironmentContext(self._config, self._scripts, fn=steps) as environment:
            environment.configure(connection=self._connection, version_table_schema="ops", transactional_ddl=False)
            yield environment


def let_the_lease_run_out(connection: Connection) -> None:
    """What the minute does after which a killed process no longer keeps others waiting."""
    if connection.scalar(text("SELECT to_regclass('ops.leases')")):
        connection.execute(text("UPDATE ops.leases SET lease_until = TIMESTAMPTZ '2000-01-01 00:00+00' WHERE name = 'migrations'"))


def migrating(addresses: dict[str, str]) -> subprocess.Popen[str]:
    """`agoat migrate` as a process of its own."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AGOAT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "migrate"],
        cwd=PROJECT,
        env={**others, **environment(addresses)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill(process: subprocess.Popen[str]) -> None:
    """kill -9."""
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
