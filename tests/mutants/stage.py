"""Where mutants of the database are tried: a superuser's connection on which each trial is a transaction that is rolled back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import Table, make_url

from tests.db.planting import Ground

DENIED = "42501"


@dataclass(frozen=True)
class Outcome:
    """What came of a deed: the SQLSTATE of its refusal, or the first column of its rows."""

    refusal: str | None
    rows: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Probe:
    """A deed of one role, and what must come of it while the barrier stands.

    `setup` takes the other barriers down first, as the administrator, so that the one that is meant stands alone. The names of
    roles are written `{app}`. `role` None does the deed as the administrator; `tenant` is the customer of the transaction.
    """

    name: str
    deed: str
    passes: Callable[[Outcome], bool]
    role: str | None = None
    setup: str = ""
    tenant: UUID | str | None = None


@dataclass(frozen=True)
class Mutant:
    """One barrier taken down by statements of the administrator, and the probe that must notice."""

    name: str
    change: str
    probe: Probe


def denied(outcome: Outcome) -> bool:
    """The role had not the right."""
    return outcome.refusal == DENIED


def not_denied(outcome: Outcome) -> bool:
    """The role had the right, whatever else came in its way."""
    return outcome.refusal != DENIED


def gives(*rows: Any) -> Callable[[Outcome], bool]:
    """Nothing was refused, and these were the rows."""
    return lambda outcome: outcome == Outcome(None, rows)


def refused_with(*states: str) -> Callable[[Outcome], bool]:
    """The deed was refused for one of these reasons."""
    return lambda outcome: outcome.refusal in states


class Stage:
    """The connection, and the names of this installation's roles."""

    def __init__(self, ground: Ground) -> None:
        url = make_url(ground.admin)
        self.ground = ground
        self.connection = psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)
        self.roles = {
            role: f"{ground.prefix}_{role}" for role in ("owner", "reader", "migrator", "app", "directory", "worker", "backoffice")
        }
        self.database = str(url.database)
        self.passed: set[Probe] = set()

    def close(self) -> None:
        """End the connection."""
        self.connection.close()

    def insertion(self, table: Table, row: dict[str, Any]) -> str:
        """An INSERT with its values written in."""
        values = [Jsonb(value) if isinstance(value, dict | list) else value for value in row.values()]
        query = f"INSERT INTO {table.fullname} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"
        return psycopg.ClientCursor(self.connection).mogrify(query, values).replace("{", "{{").replace("}", "}}")

    def outcome(self, probe: Probe, change: str = "") -> Outcome:
        """What comes of the deed after the change. A change or setup that fails is an error of the test."""
        try:
            self.say("BEGIN; " + ";".join(part for part in (change, probe.setup) if part))
            try:
                return Outcome(None, self.say(self.costume(probe) + probe.deed))
            except psycopg.Error as error:
                return Outcome(error.sqlstate)
        finally:
            self.connection.execute("ROLLBACK")

    def costume(self, probe: Probe) -> str:
        """The tenant and the role of a deed."""
        tenant = f"SELECT set_config('app.customer_id', '{probe.tenant}', true);" if probe.tenant is not None else ""
        return tenant + (f"SET LOCAL SESSION AUTHORIZATION {{{probe.role}}};" if probe.role else "")

    def say(self, statements: str) -> tuple[Any, ...]:
        """Run statements in one message; gives the first column of the last one's rows."""
        cursor = self.connection.execute(statements.format(**self.roles).encode())
        while cursor.nextset():
            pass
        return tuple(sorted((row[0] for row in cursor), key=str)) if cursor.description else ()

    def survivors(self, mutants: Iterator[Mutant]) -> list[str]:
        """The mutants that their probe did not notice, and the probes that fail without any mutant."""
        found = []
        for mutant in mutants:
            if mutant.probe not in self.passed and not mutant.probe.passes(result := self.outcome(mutant.probe)):
                found.append(f"{mutant.probe.name} fails by itself: {result}")
            self.passed.add(mutant.probe)
            if mutant.probe.passes(self.outcome(mutant.probe, mutant.change)):
                found.append(f"{mutant.name} is not noticed by: {mutant.probe.name}")
        return found
