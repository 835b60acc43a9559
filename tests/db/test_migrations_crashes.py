"""A migration that was killed between any two statements is mended by the next run, and what was stored stays as it was."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, insert, text

from app.db.base import Base
from app.db.embedded.processes import until
from app.db.migrate import connected, give_up_lease, pending, require_current, script, take_lease, upgrade
from app.db.roles import roles_of
from app.db.schema_rules import schema_findings
from tests.db import catalogue
from tests.db.catalogue import Catalogue, differences
from tests.db.dying import PROJECT, REVISIONS, Died, Steps, dying_at, kill, let_the_lease_run_out, migrating
from tests.db.planting import CUSTOMERS, Ground, Row, a_row
from tests.db.released import RELEASED
from tests.installations import administrator_of, installation

SEED = 11
# Lease and version table are made before the first step; a run dies less often than this until it is there.
BEFORE_THE_FIRST_STEP = 24
WAITING = "Another process is migrating this database, or was killed less than a minute ago; waiting for it"


@pytest.fixture
def empty(admin_url: str) -> Iterator[dict[str, str]]:
    """Addresses of an installation that has never been migrated."""
    with installation(admin_url, migrated=False) as addresses:
        yield addresses


@pytest.fixture(scope="module")
def fresh(ground: Ground) -> Catalogue:
    """What a database contains that was migrated at one go."""
    return catalogue.read_from(ground.admin, ground.prefix)


@pytest.fixture
def admin(admin_url: str, empty: dict[str, str]) -> Iterator[Connection]:
    """The administrator in that installation."""
    engine = create_engine(administrator_of(admin_url, empty), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def contents(admin: Connection, addresses: dict[str, str]) -> Catalogue:
    return catalogue.read(admin, roles_of(addresses["app"]).prefix)


Planted = dict[UUID, dict[str, Row]]


def plant_what_is_new(admin: Connection, rows: Planted) -> None:
    """One row for each customer in every table that has come since, in such columns as it has by now."""
    live: dict[str, set[str]] = {}
    for table, column in admin.execute(text("SELECT table_schema || '.' || table_name, column_name FROM information_schema.columns")):
        live.setdefault(table, set()).add(column)
    for table in Base.metadata.sorted_tables:
        for customer in CUSTOMERS:
            if table.fullname in live and table.fullname not in rows[customer]:
                row = rows[customer][table.fullname] = a_row(table, customer, rows[customer])
                admin.execute(insert(table).values({name: value for name, value in row.items() if name in live[table.fullname]}))


def stored(admin: Connection, rows: Planted) -> dict[str, list[Any]]:
    """Every planted row as it stands."""
    names = sorted(rows[CUSTOMERS[0]])
    return {name: admin.scalars(text(f"SELECT CAST(t AS text) FROM {name} t ORDER BY 1")).all() for name in names if name != "ops.leases"}


def test_a_crash_between_any_two_statements_is_mended_and_no_row_is_touched(
    admin: Connection, empty: dict[str, str], fresh: Catalogue
) -> None:
    url, rows, deaths = empty["migrator"], {customer: {} for customer in CUSTOMERS}, {}
    for number in range(1, BEFORE_THE_FIRST_STEP + 1):
        with dying_at(number), pytest.raises(Died):
            upgrade(url)
        let_the_lease_run_out(admin)
    with connected(url) as connection:
        steps = Steps(connection)
        for revision in REVISIONS:
            deaths[revision] = steps.crash_everywhere(revision)
            plant_what_is_new(admin, rows)
        before = stored(admin, rows)
        for revision in REVISIONS:
            steps.run_again(revision)
    assert min(deaths.values()) >= 5
    assert sum(deaths.values()) > 10 * len(REVISIONS)
    assert set(rows[CUSTOMERS[0]]) == {table.fullname for table in Base.metadata.sorted_tables}
    assert stored(admin, rows) == before
    assert differences(fresh, contents(admin, empty)) == {}
    require_current(url)


def test_what_killed_processes_have_left_is_finished_by_one_of_two_that_come_at_once(
    admin: Connection, empty: dict[str, str], fresh: Catalogue
) -> None:
    for revision in sorted(Random(SEED).sample(REVISIONS[:-5], 2)):
        kill_at(admin, empty, revision)
    left = len(pending(empty["migrator"]))
    both = [migrating(empty), migrating(empty)]
    told = [process.communicate(timeout=180) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sorted(said.partition(" The")[0] for said, _ in told) == sorted([f"{left} migrations applied.", "Nothing to apply."])
    lines = [line for _, complaint in told for line in complaint.splitlines()]
    steps = [line for line in lines if " of " in line]
    assert [line.split(":")[0] for line in steps] == [f"{number} of {left}" for number in range(1, left + 1)]
    assert steps[-1].startswith(f"{left} of {left}: {REVISIONS[-1]} ")
    assert {line for line in lines if line not in steps} <= {f"{left} migrations to apply", WAITING}
    assert differences(fresh, contents(admin, empty)) == {}


def kill_at(admin: Connection, addresses: dict[str, str], revision: str) -> None:
    """Have a process migrate, kill it as soon as it is at a revision, and let the minute pass for which it keeps others waiting."""
    sessions = text("SELECT count(*) FROM pg_stat_activity WHERE usename = :role")
    process = migrating(addresses)
    assert until(lambda: has_reached(admin, revision), 60), process.communicate(timeout=5)
    kill(process)
    # What a killed process has sent is still being done by its server.
    assert until(lambda: admin.scalar(sessions, {"role": roles_of(addresses["migrator"])["migrator"]}) == 0, 30)
    assert admin.scalar(text("SELECT lease_until > now() FROM ops.leases WHERE name = 'migrations'"))
    let_the_lease_run_out(admin)


def has_reached(admin: Connection, revision: str) -> bool:
    if admin.scalar(text("SELECT to_regclass('ops.alembic_version')")) is None:
        return False
    return (admin.scalar(text("SELECT max(version_num) FROM ops.alembic_version")) or "") >= revision


def test_who_waits_for_another_says_so(ground: Ground) -> None:
    told: list[str] = []
    with connected(ground.addresses["migrator"]) as connection:
        owner = take_lease(connection)

        def hear(line: str) -> None:
            told.append(line)
            give_up_lease(connection, owner)

        with connected(ground.addresses["migrator"]) as other:
            give_up_lease(other, take_lease(other, hear))
    assert told == [WAITING]


def headings() -> list[str]:
    """The headings of the changelog, the newest first, without number and date."""
    text_of_it = Path(PROJECT, "CHANGELOG.md").read_text(encoding="utf-8")
    return [line.rpartition(":")[2].strip() for line in text_of_it.splitlines() if line.startswith("## ")]


def test_every_release_of_the_changelog_is_in_the_list_of_those_that_are_upgraded() -> None:
    """The newest heading may still be unreleased; all older ones must be led on from."""
    assert [heading for heading in headings()[1:] if heading not in RELEASED] == []
    assert set(RELEASED) <= set(headings())
    assert set(RELEASED.values()) <= set(REVISIONS)


@pytest.mark.parametrize("revision", sorted(set(RELEASED.values())))
def test_a_database_of_a_release_is_led_on_with_everything_in_it(
    admin: Connection, empty: dict[str, str], fresh: Catalogue, revision: str
) -> None:
    url, rows = empty["migrator"], {customer: {} for customer in CUSTOMERS}
    with dying_at(BEFORE_THE_FIRST_STEP), pytest.raises(Died):
        upgrade(url)
    let_the_lease_run_out(admin)
    with connected(url) as connection:
        command.upgrade(script(connection, roles_of(url)), revision)
    plant_what_is_new(admin, rows)
    before = stored(admin, rows)
    assert upgrade(url) == len(REVISIONS) - REVISIONS.index(revision) - 1
    assert stored(admin, rows) == before
    assert [finding for finding in schema_findings(url) if finding.problem] == []
    assert differences(fresh, contents(admin, empty)) == {}
