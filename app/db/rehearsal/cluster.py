"""The rehearsal on an operator's own server, in a database of its own that is gone afterwards: the gate for a server nobody here has."""

import asyncio
import gc
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from app.db.base import Base
from app.db.install import administrator, install
from app.db.migrate import upgrade
from app.db.rehearsal.explaining import Explainer, explainer, owned_statements
from app.db.rehearsal.plans import Plan
from app.db.rehearsal.recorder import Statement
from app.db.rehearsal.stage import Script, open_stage
from app.db.rehearsal.walk import rehearse
from app.db.roles import LOGINS, WITHOUT_LOGIN, Roles
from app.db.selfcheck import Finding
from app.errors import AGoatError

Report = Callable[[str], None]
# Tables with a row for a process, a shard or a role: reading one whole is reading a page.
SMALL = {"leases", "outbox_shards", "processes"}


class Stopped(Exception):
    """A step has failed; the finding says how, and the steps after it have nothing to work on."""


def keep_unanalysed(url: str) -> None:
    """Have PostgreSQL plan for tables of unknown size; once analysed, the few rows of the sample would be read from end to end."""
    with administrator(url) as connection:
        for table in Base.metadata.sorted_tables if connection.dialect.name == "postgresql" else ():
            connection.execute(text(f"ALTER TABLE {table.fullname} SET (autovacuum_enabled = off)"))


@dataclass
class Replay:
    """One run. `whole` names, with reasons, whoever may read a table from end to end."""

    admin_url: str
    script: Script
    whole: Mapping[str, str]
    report: Report
    findings: list[Finding] = field(default_factory=list)

    async def run(self) -> list[Finding]:
        """Install, migrate, write and read, explain, remove. Gives a finding a step; whatever happens, nothing is left on the server."""
        name = f"agoat_replay_{secrets.token_hex(4)}"
        self.say(f"making the database {name} and roles of the same prefix; both are removed at the end")
        try:
            is_cancelled = await self.go_through(name)
            # A connection that was only half made when the operator ended it lives on in a circle of references, and would keep the
            # database from being dropped until the server's own limit for signing in, which is a minute.
            gc.collect()
        finally:
            self.clean_up(name)
        if is_cancelled:
            raise asyncio.CancelledError
        return self.findings

    async def go_through(self, name: str) -> bool:
        """All steps but the last. Gives whether the operator has ended them."""
        try:
            with self.step("replay: installation"):
                addresses = install(self.admin_url, prefix=name, database=name, insecure=is_insecure(self.admin_url))
            with self.step("replay: migrations"):
                upgrade(addresses["migrator"], self.say)
                keep_unanalysed(addresses["migrator"])
            await self.rehearse_and_explain(addresses)
        except Stopped:
            self.say("the steps after that are left out")
        except asyncio.CancelledError:
            return True
        return False

    def clean_up(self, name: str) -> None:
        """Remove what was made, or say what is left to be removed by hand."""
        self.report(f"removing {name}")
        try:
            remove(self.admin_url, name)
        except SQLAlchemyError as error:
            problem = f"The database {name} and the roles that begin with it are still there: {first_line(error)}. Drop them by hand."
            self.findings.append(Finding("replay: removal", problem))
            self.report(problem)

    async def rehearse_and_explain(self, addresses: Mapping[str, str]) -> None:
        """Write and read in every room, then ask the server how it does each of it."""
        with self.step("replay: reads and writes"):
            async with open_stage(addresses, self.script) as stage:
                register = await rehearse(stage, self.say)
        statements = once_each([*register, *owned_statements(make_url(self.admin_url).get_dialect().name, stage.kept.rows)])
        self.say(f"explaining {len(statements)} statements")
        async with explainer(addresses, is_small=True) as asked:
            problems = [problem for statement in statements for problem in await self.problems_of(asked, statement)]
        self.findings += [Finding("replay: plans", problem) for problem in problems] or [Finding("replay: plans")]

    async def problems_of(self, asked: Explainer, statement: Statement) -> list[str]:
        """What is wrong with the plan of one statement."""
        try:
            plan = await asked.plan(statement)
        except SQLAlchemyError as error:
            return [f"{statement.name} cannot be explained as {statement.role}: {first_line(error)}"]
        if statement.said_by in self.whole:
            return []
        return [f"{statement.name} as {statement.role} reads {table} from end to end." for table in full_scans(plan)]

    @contextmanager
    def step(self, check: str) -> Iterator[None]:
        """Turn what a step raises into a finding. Raises Stopped."""
        try:
            yield
        except Exception as error:
            self.findings.append(
                Finding(check, first_line(error) if isinstance(error, AGoatError) else f"{type(error).__name__}: {first_line(error)}")
            )
            raise Stopped() from None
        self.findings.append(Finding(check))

    def say(self, line: str) -> None:
        """Tell the progress, and end here when the operator has pressed Ctrl-C: what blocks the loop would not notice it."""
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError
        self.report(line)


def full_scans(plan: Plan) -> list[str]:
    """The tables that a plan reads from end to end, small ones aside."""
    return sorted({scan.table for scan in plan.scans if scan.is_full and scan.table not in SMALL})


def once_each(statements: Sequence[Statement]) -> list[Statement]:
    """The first of those that are the same text by the same role."""
    found: dict[tuple[str, str], Statement] = {}
    for statement in statements:
        found.setdefault((statement.role, statement.sql), statement)
    return list(found.values())


def is_insecure(url: str) -> bool:
    """Whether an address is that of a CockroachDB node without certificates, which refuses passwords for roles."""
    address = make_url(url)
    if address.get_dialect().name != "cockroachdb":
        return False
    return address.query.get("sslmode") == "disable" or (address.password is None and "sslcert" not in address.query)


def remove(admin_url: str, name: str) -> None:
    """Drop the database and the roles of a replay, whatever of them is there."""
    roles = Roles(name)
    with administrator(admin_url) as connection:
        is_cockroach = connection.dialect.name == "cockroachdb"
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" {"CASCADE" if is_cockroach else "WITH (FORCE)"}'))
        for role in (*LOGINS, *reversed(WITHOUT_LOGIN)):
            connection.execute(text(f"DROP ROLE IF EXISTS {roles[role]}"))


def first_line(error: Any) -> str:
    """What the server or we said, in one line, and who was speaking."""
    said = getattr(error, "orig", None) or getattr(error, "detail", None) or error
    return " ".join([str(said).strip().split("\n")[0], *(f"({note})" for note in getattr(error, "__notes__", ()))])
