"""Bring a database to the schema of this release, one process at a time, with every step re-runnable."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from app.db.failures import told_to_the_operator
from app.db.roles import Roles, roles_of
from app.errors import Conflict, Unavailable
from app.resources import migrations_dir

LEASE = timedelta(minutes=2)
WAIT_S = 60.0


def migration_engine(url: str) -> Engine:
    """An engine whose statements each commit alone: DDL inside a transaction means different things on the two databases."""
    return create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 10})


def script(connection: Connection | None = None, roles: Roles | None = None) -> Config:
    """alembic's configuration, made here so that no file with addresses is needed."""
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["roles"] = roles
    return config


def newest_revision(folder: Path | None = None) -> str:
    """The revision that this release needs."""
    config = script()
    if folder is not None:
        config.set_main_option("script_location", str(folder))
    return str(ScriptDirectory.from_config(config).get_current_head())


def current_revision(connection: Connection) -> str | None:
    """The revision that the database has, None for an empty one."""
    return MigrationContext.configure(connection, opts={"version_table_schema": "ops"}).get_current_revision()


@told_to_the_operator()
def pending(url: str) -> list[str]:
    """The revisions that are still to be applied, oldest first, each as `0001 Create tenancy.customers.`"""
    engine = migration_engine(url)
    with engine.connect() as connection:
        current = current_revision(connection)
    engine.dispose()
    steps = list(ScriptDirectory.from_config(script()).iterate_revisions("head", current or "base"))
    return [f"{step.revision} {(step.doc or '').strip()}" for step in reversed(steps) if step.revision != current]


@told_to_the_operator()
def upgrade(url: str, report: Callable[[str], None] = lambda line: None) -> int:
    """Apply what is pending and give its number. Raises Unavailable while another process migrates for over a minute."""
    steps = pending(url)
    if not steps:
        return 0
    engine = migration_engine(url)
    with engine.connect() as connection:
        roles = roles_of(url)
        make_lease_table(connection, roles)
        owner = take_lease(connection)
        try:
            report(f"{len(steps)} migrations to apply")
            connection.execute(text(f"SET ROLE {roles['owner']}"))
            connection.execute(text("CREATE TABLE IF NOT EXISTS ops.alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
            for role in ("app", "directory", "worker", "backoffice"):
                connection.execute(text(f"GRANT SELECT ON ops.alembic_version TO {roles[role]}"))
            connection.execute(text("RESET ROLE"))
            command.upgrade(script(connection, roles), "head")
        finally:
            connection.execute(text("RESET ROLE"))
            give_up_lease(connection, owner)
    engine.dispose()
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
    except ProgrammingError as error:
        # Two processes that create the same table at the same moment: the other one has made it.
        if getattr(error.orig, "sqlstate", None) not in {"42P07", "23505"}:
            raise
    connection.execute(text("RESET ROLE"))


def take_lease(connection: Connection) -> UUID:
    """Become the only migrating process. Raises Unavailable when another holds the lease for over a minute."""
    owner, give_up = uuid4(), time.monotonic() + WAIT_S
    take = text(
        "INSERT INTO ops.leases (name, owner, lease_until, fence) VALUES ('migrations', :owner, :until, 1) ON CONFLICT (name) DO UPDATE "
        "SET owner = excluded.owner, lease_until = excluded.lease_until, fence = leases.fence + 1 WHERE leases.lease_until < :now"
    )
    while time.monotonic() < give_up:
        now = datetime.now(UTC)
        if connection.execute(take, {"owner": owner, "until": now + LEASE, "now": now}).rowcount == 1:
            return owner
        time.sleep(0.25)
    raise Unavailable("Another process is migrating this database. Wait for it, or see the row 'migrations' of ops.leases.")


def give_up_lease(connection: Connection, owner: UUID) -> None:
    """Let the next process migrate at once."""
    release = text("UPDATE ops.leases SET lease_until = :now WHERE name = 'migrations' AND owner = :owner")
    connection.execute(release, {"now": datetime(2000, 1, 1, tzinfo=UTC), "owner": owner})


@told_to_the_operator()
def require_current(url: str) -> None:
    """Raise Conflict unless the database has exactly the schema of this release."""
    engine = migration_engine(url)
    with engine.connect() as connection:
        current = current_revision(connection)
    engine.dispose()
    if current != newest_revision():
        raise Conflict(f"The database has schema {current or 'none'}, this release needs {newest_revision()}. Run: agoat migrate")
