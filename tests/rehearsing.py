"""Rehearsals of the tests: a fresh installation in which everything that speaks to the database has been called once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from app.cli.replay import SCRIPT
from app.db.rehearsal import Statement, open_stage, rehearse
from app.db.rehearsal.sample import Row
from tests.installations import installation, spoken_in


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal leaves: addresses by role, the register of statements, and the rows of the sample customer."""

    addresses: dict[str, str]
    register: list[Statement]
    rows: dict[str, Row]


@asynccontextmanager
async def rehearsed(admin_url: str, dialect: str | None = None) -> AsyncIterator[Rehearsed]:
    """A rehearsal in a database of its own, spoken in another dialect where one is named."""
    with installation(admin_url) as made:
        addresses = spoken_in(made, dialect) if dialect else made
        async with open_stage(addresses, SCRIPT) as stage:
            register = await rehearse(stage)
        yield Rehearsed(addresses, register, stage.kept.rows)
