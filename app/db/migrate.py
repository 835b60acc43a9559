"""Bring a database to the schema of this release, one process at a time, with every step re-runnable."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import UUID, uuid4

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from app import __version__
from app.db.failures import sqlstate, told_to_the_operator
from app.db.roles import Roles, roles_of
from app.db.schema_catalogue import older_keys, prefix_of, read_catalogue
from app.errors import Conflict, Unavailable
from app.resources import migrations_dir

# A process that was killed keeps others waiting for the rest of its lease, so the lease is short and renewed while work goes on.
LEASE, RENEW_S, WAIT_S = timedelta(minutes=1), 15.0, 90.0
# What a server says to the slower of two processes that create or grant the same thing at the same moment.
ALREADY_MADE = {"42P07", "42710", "23505", "XX000"}
# What is told of the progress, one line at a time.
Report = Callable[[str], object]


def migration_engine(url: str) -> Engine:
    """An engine whose statements each commit alone: DDL inside a transaction means different things on the two databases."""
    return create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 10})


def script(connection: Connection | None = None, roles: Roles | None = None, applied: Report = lambda revision: None) -> Config:
    """alembic's configuration, made here so that no file with addresses is needed. `applied` hears each revision that is done."""
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["roles"] = roles
    config.attributes["applied"] = applied
    return config


def newest_revision(folder: Path | None = None) -> str:
    """The revision that this release needs."""
    config = script()
    if folder is not None:
        config.set_main_option("script_location", str(folder))
    return str(ScriptDirectory.from_config(config).get_current_head())


def knows(revision: str) -> bool:
    """Whether this release has the migration of a revision, so that it can go on from there."""
    return any(step.revision == revision for step in ScriptDirectory.from_config(script()).walk_revisions())


def current_revision(connection: Connection) -> str | None:
    """The revision that the database has, None for an empty one."""
    return MigrationContext.configure(connection, opts={"version_table_schema": "ops"}).get_current_revision()


@told_to_the_operator()
def pending(url: str) -> list[str]:
    """The revisions that are still to be applied, oldest first, each as `0001 Create tenancy.customers.`"""
    with connected(url) as connection:
        return steps_from(current_revision(connection))


def steps_from(current: str | None) -> list[str]:
    """The revisions after the given one, oldest first. Raises Conflict for one of a later release."""
    if current is not None and not knows(current):
        raise Conflict(newer(current))
    steps = list(ScriptDirectory.from_config(script()).iterate_revisions("head", current or "base"))
    return [f"{step.revision} {(step.doc or '').strip()}" for step in reversed(steps) if step.revision != current]


def newer(current: str) -> str:
    """What is said of a database that a later release has migrated."""
    return (
        f"The database has schema {current}, which a later release made; this one (release {__version__}) knows {newest_revision()} "
        "at most and would damage it. Use that release, or restore a backup from before."
    )


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection of its own, whose statements each commit alone."""
    engine = migration_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@told_to_the_operator()
def upgrade(url: str, report: Report = lambda line: None) -> int:
    """Apply what is pending and give its number, 0 when another process has done it.

    Raises Unavailable while another is at it, Conflict for a database that a later release has migrated.
    """
    if not pending(url):
        return 0
    with connected(url) as connection:
        make_lease_table(connection, roles_of(url))
        owner = take_lease(connection, report)
        try:
            with renewing(url, owner):
                return apply(connection, roles_of(url), report)
        finally:
            connection.execute(text("RESET ROLE"))
            give_up_lease(connection, owner)


@told_to_the_operator()
def renew_keys(url: str, report: Report = lambda line: None) -> int:
    """Make primary keys anew that are older than other indexes, as a plain pg_restore leaves them; gives how many.

    Raises Unavailable while another process migrates. See `renew_primary_key` in app/db/schema.py.
    """
    with connected(url) as connection:
        prefix = prefix_of(connection)
        old = older_keys(read_catalogue(connection, prefix)) if prefix else []
        if not old:
            return 0
        owner = take_lease(connection, report)
        try:
            with renewing(url, owner):
                for number, (table, key, _) in enumerate(old, 1):
                    renew_key(connection, roles_of(url), table, key)
                    report(f"{number} of {len(old)}: primary key of {table} made anew")
        finally:
            connection.execute(text("RESET ROLE"))
            give_up_lease(connection, owner)
    return len(old)


def renew_key(connection: Connection, roles: Roles, table: str, key: str) -> None:
    """Make one primary key the newest index of its table, while it is in use."""
    schema = table.partition(".")[0]
    connection.execute(text(f"SET ROLE {roles['owner']}"))
    for half_made in ("ccnew", "ccold"):
        connection.execute(text(f"DROP INDEX IF EXISTS {schema}.{key}_{half_made}"))
    connection.execute(text(f"REINDEX INDEX CONCURRENTLY {schema}.{key}"))


def apply(connection: Connection, roles: Roles, report: Report) -> int:
    """Apply what is still pending now that no other process can, and give its number."""
    connection.execute(text(f"SET ROLE {roles['owner']}"))
    connection.execute(text("CREATE TABLE IF NOT EXISTS ops.alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    for role in ("app", "directory", "worker", "backoffice"):
        connection.execute(text(f"GRANT SELECT ON ops.alembic_version TO {roles[role]}"))
    connection.execute(text("RESET ROLE"))
    steps = steps_from(current_revision(connection))
    if steps:
        report(f"{len(steps)} migrations to apply")
        told = {step.split(" ", 1)[0]: f"{number} of {len(steps)}: {step}" for number, step in enumerate(steps, 1)}
        command.upgrade(script(connection, roles, lambda revision: report(told[revision])), "head")
    return len(steps)


def make_lease_table(connection: Connection, roles: Roles) -> None:
    """The lease guards the migrations, so its table is made before any of them."""
    connection.execute(text(f"SET ROLE {roles['owner']}"))
    try:
        connection.execute(
            text(
                "CREATE TABLE IF NOT EXISTS ops.leases (name VARCHAR(63) NOT NULL, owner UUID, "
                "lease_until TIMESTAMP WITH TIME ZONE NOT NULL, fence BIGINT NOT NULL, CONSTRAINT pk_leases PRIMARY KEY (name))"
            )
        )
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ops.leases TO {roles['migrator']}"))
    except DBAPIError as error:
        if sqlstate(error) not in ALREADY_MADE:
            raise
    connection.execute(text("RESET ROLE"))


def take_lease(connection: Connection, report: Report = lambda line: None) -> UUID:
    """Become the only migrating process, waiting for another. Raises Unavailable when it still migrates after a minute and a half."""
    owner, give_up, has_waited = uuid4(), time.monotonic() + WAIT_S, False
    take = text(
        "INSERT INTO ops.leases (name, owner, lease_until, fence) VALUES ('migrations', :owner, :until, 1) ON CONFLICT (name) DO UPDATE "
        "SET owner = excluded.owner, lease_until = excluded.lease_until, fence = leases.fence + 1 WHERE leases.lease_until < :now"
    )
    while time.monotonic() < give_up:
        now = datetime.now(UTC)
        if connection.execute(take, {"owner": owner, "until": now + LEASE, "now": now}).rowcount == 1:
            return owner
        if not has_waited:
            report("Another process is migrating this database, or was killed less than a minute ago; waiting for it")
        has_waited = True
        time.sleep(0.25)
    raise Unavailable("Another process is migrating this database. Wait for it, or see the row 'migrations' of ops.leases.")


@contextmanager
def renewing(url: str, owner: UUID) -> Iterator[None]:
    """Renew the lease from a thread for as long as the block runs: one step may build an index for longer than a lease lasts."""
    done = Event()

    def renew() -> None:
        statement = text("UPDATE ops.leases SET lease_until = :until WHERE name = 'migrations' AND owner = :owner")
        with connected(url) as connection:
            while not done.wait(RENEW_S):
                connection.execute(statement, {"owner": owner, "until": datetime.now(UTC) + LEASE})

    thread = Thread(target=renew, name="migration-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def give_up_lease(connection: Connection, owner: UUID) -> None:
    """Let the next process migrate at once."""
    release = text("UPDATE ops.leases SET lease_until = :now WHERE name = 'migrations' AND owner = :owner")
    connection.execute(release, {"now": datetime(2000, 1, 1, tzinfo=UTC), "owner": owner})


@told_to_the_operator()
def require_current(url: str) -> None:
    """Raise Conflict unless the database has exactly the schema of this release."""
    with connected(url) as connection:
        current = current_revision(connection)
    if current == newest_revision():
        return
    if current is not None and not knows(current):
        raise Conflict(newer(current))
    raise Conflict(f"The database has schema {current or 'none'}, this release needs {newest_revision()}. Run: agoat migrate")
