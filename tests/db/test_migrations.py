"""Migrations: every step may be run again, a crash between any two statements is mended by the next run, one process at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from alembic import op
from sqlalchemy import create_engine, text

from app.db import migrate
from app.db.base import SCHEMAS, Base
from app.db.migrate import connected, newest_revision, pending, require_current, upgrade
from app.db.roles import roles_of
from app.errors import Conflict, Unavailable
from tests.cli.running import Agoat
from tests.db import catalogue
from tests.db.catalogue import Catalogue, differences
from tests.db.dying import REVISIONS
from tests.db.planting import Ground
from tests.installations import administrator_of, installation


class Crash(Exception):
    """The process ended here."""


@contextmanager
def crashing_at(number: int) -> Iterator[None]:
    """A process that dies instead of executing its statement of this number, counted from 1."""
    execute, count = op.execute, 0

    def dying(*args: Any, **options: Any) -> None:
        nonlocal count
        count += 1
        if count == number:
            raise Crash
        execute(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(op, "execute", dying)
        yield


@pytest.fixture
def empty(admin_url: str) -> Iterator[dict[str, str]]:
    """Addresses of an installation that has never been migrated."""
    with installation(admin_url, migrated=False) as addresses:
        yield addresses


@pytest.fixture(scope="module")
def fresh(ground: Ground) -> Catalogue:
    """What a database contains that was migrated at one go."""
    return catalogue.read_from(ground.admin, ground.prefix)


def contents(admin_url: str, addresses: dict[str, str]) -> Catalogue:
    return catalogue.read_from(administrator_of(admin_url, addresses), roles_of(addresses["app"]).prefix)


def test_of_several_processes_one_migrates_and_all_end_well(admin_url: str, empty: dict[str, str], fresh: Catalogue) -> None:
    results: list[int | Exception] = []
    start = Barrier(3)

    def process() -> None:
        start.wait()
        try:
            results.append(upgrade(empty["migrator"]))
        except Exception as error:
            results.append(error)

    threads = [Thread(target=process) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [0, 0, len(REVISIONS)]
    assert differences(fresh, contents(admin_url, empty)) == {}


def test_the_table_of_the_lease_may_be_made_by_many_at_once(empty: dict[str, str]) -> None:
    url, failed, start = empty["migrator"], [], Barrier(4)

    def process() -> None:
        with connected(url) as connection:
            for _ in range(12):
                start.wait()
                try:
                    migrate.make_lease_table(connection, roles_of(url))
                except Exception as error:
                    failed.append(error)
                if start.wait() == 0:
                    connection.execute(text("DROP TABLE ops.leases"))

    threads = [Thread(target=process) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_what_is_pending_is_told_in_words_and_required(empty: dict[str, str]) -> None:
    url, told = empty["migrator"], []
    assert [line.split(" ", 1)[0] for line in pending(url)] == REVISIONS
    assert all(len(line.split(" ", 1)[1]) > 10 for line in pending(url))
    with pytest.raises(Conflict, match=f"has schema none, this release needs {REVISIONS[-1]}. Run: agoat migrate"):
        require_current(url)
    assert upgrade(url, told.append) == len(REVISIONS)
    first, *steps = told
    assert first == f"{len(REVISIONS)} migrations to apply"
    assert [line.split()[3] for line in steps] == REVISIONS
    assert pending(url) == []
    assert upgrade(url) == 0
    require_current(url)


def test_a_database_of_a_later_release_is_refused_and_left_alone(ground: Ground) -> None:
    url, engine = ground.addresses["migrator"], create_engine(ground.admin, isolation_level="AUTOCOMMIT")
    stamp = text("UPDATE ops.alembic_version SET version_num = :revision")
    with engine.connect() as connection:
        connection.execute(stamp, {"revision": "9999"})
        try:
            for act in (upgrade, pending, require_current):
                with pytest.raises(Conflict, match=r"has schema 9999, which a later release made; this one .* knows .* at most"):
                    act(url)
            code, said = Agoat(ground.addresses).refused("migrate")
            assert (code, "Use that release" in said) == (1, True)
            assert connection.scalar(text("SELECT version_num FROM ops.alembic_version")) == "9999"
        finally:
            connection.execute(stamp, {"revision": REVISIONS[-1]})
    engine.dispose()


def test_the_revisions_are_one_unbroken_line() -> None:
    assert [f"{number:04d}" for number in range(1, len(REVISIONS) + 1)] == REVISIONS
    assert newest_revision() == REVISIONS[-1]


LEASE = text("SELECT lease_until FROM ops.leases WHERE name = 'migrations'")
HOLD = text("UPDATE ops.leases SET owner = gen_random_uuid(), lease_until = :until WHERE name = 'migrations'")


def test_nobody_migrates_while_another_process_does(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "WAIT_S", 0.1)
    with connected(ground.addresses["migrator"]) as connection:
        now = datetime.now(UTC)
        connection.execute(HOLD, {"until": now + timedelta(minutes=1)})
        with pytest.raises(Unavailable, match="Another process is migrating"):
            migrate.take_lease(connection)
        connection.execute(HOLD, {"until": now - timedelta(seconds=1)})
        owner = migrate.take_lease(connection)
        migrate.give_up_lease(connection, owner)
        assert connection.scalar(LEASE) < now


def test_the_lease_is_renewed_for_as_long_as_a_step_takes(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    url = ground.addresses["migrator"]
    monkeypatch.setattr(migrate, "RENEW_S", 0.02)
    with connected(url) as connection:
        owner = migrate.take_lease(connection)
        first = connection.scalar(LEASE)
        with migrate.renewing(url, owner):
            while connection.scalar(LEASE) == first:
                pass
        assert connection.scalar(LEASE) > first
        migrate.give_up_lease(connection, owner)


def test_an_upgrade_lets_go_of_the_lease_when_it_fails(empty: dict[str, str]) -> None:
    with crashing_at(30), pytest.raises(Crash):
        upgrade(empty["migrator"])
    with connected(empty["migrator"]) as connection:
        assert connection.scalar(LEASE) < datetime.now(UTC)


# The models and the migrated schema are the same, as the server itself writes them down.


@pytest.fixture(scope="module")
def modelled(ground: Ground) -> Iterator[Catalogue]:
    """What a database contains that was made from the models."""
    name = f"{ground.prefix}_models"
    server = create_engine(ground.admin, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    engine = create_engine(server.url.set(database=name))
    with engine.begin() as connection:
        for schema in SCHEMAS:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        Base.metadata.create_all(connection)
        yield catalogue.read(connection, ground.prefix)
    engine.dispose()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    server.dispose()


@pytest.mark.parametrize("kind", ["columns", "indexes", "constraints", "types", "triggers"])
def test_the_models_equal_the_migrated_schema(modelled: Catalogue, fresh: Catalogue, kind: str) -> None:
    migrated = {line for line in fresh[kind] if "alembic_version" not in line}
    assert sorted(modelled[kind] - migrated) == []
    assert sorted(migrated - modelled[kind]) == []


def test_the_comparison_tells_two_schemas_apart(ground: Ground, fresh: Catalogue) -> None:
    engine = create_engine(ground.admin)
    changes = {
        "columns": "ALTER TABLE content.posts ALTER title DROP NOT NULL",
        "indexes": "DROP INDEX content.ux_posts_address",
        "constraints": "ALTER TABLE content.posts DROP CONSTRAINT ck_posts_state",
        "policies": "DROP POLICY tenant ON content.posts",
        "tables": f"GRANT TRUNCATE ON content.posts TO {ground.prefix}_app",
        "functions": "ALTER FUNCTION content.posts_page SECURITY INVOKER",
    }
    for kind, change in changes.items():
        with engine.connect() as connection:
            connection.execute(text(change))
            assert kind in differences(fresh, catalogue.read(connection, ground.prefix))
    engine.dispose()
