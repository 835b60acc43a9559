"""The embedded engines when all goes well: started once, joined, stopped by the one who started them."""

import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import make_url

from app.db.embedded import EngineError, Engines, lifecycle, running
from app.db.embedded.folder import Folder
from app.db.embedded.lock import EngineLock, Holder
from app.db.embedded.processes import until
from tests.db.embedded_owner import OwnerProcess, asked, connected, kill_everything, processes, remember


@pytest.fixture(scope="module")
def lived_in() -> Iterator[Path]:
    """A data folder that was started before: the first start takes longer than everything else here."""
    made = Path(tempfile.mkdtemp(prefix="agoat-test-"))
    with running(made, durable=False):
        pass
    yield made
    shutil.rmtree(made)


@pytest.fixture
def data_dir(lived_in: Path) -> Iterator[Path]:
    yield lived_in
    kill_everything(lived_in)


@pytest.fixture
def fresh_dir() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="agoat-test-"))
    yield made
    if made.exists():
        kill_everything(made)
        shutil.rmtree(made)


@pytest.fixture(scope="module")
def started() -> Iterator[tuple[Path, Engines]]:
    """Engines that several tests only look at."""
    made = Path(tempfile.mkdtemp(prefix="agoat-test-"))
    with running(made) as engines:
        yield made, engines
    shutil.rmtree(made)


def test_a_fresh_folder_gets_both_engines(started: tuple[Path, Engines]) -> None:
    _, engines = started
    assert engines.owner
    assert asked(engines, "SELECT current_user::text") == "agoat_admin"
    assert asked(engines, "SELECT usesuper FROM pg_user WHERE usename = current_user") is True
    assert asked(engines, "SHOW server_version").startswith("18.")
    with Redis.from_url(engines.redis_url) as cache:
        assert cache.ping()


def test_text_sorts_by_code_point_and_knows_letters(started: tuple[Path, Engines]) -> None:
    _, engines = started
    with connected(engines) as connection:
        for row in connection.execute("SELECT datlocprovider::text, datlocale, pg_encoding_to_char(encoding) FROM pg_database"):
            assert row == ("b", "C.UTF-8", "UTF8")
        words = connection.execute("SELECT word FROM (VALUES ('é'), ('a'), ('Z')) AS words (word) ORDER BY word").fetchall()
    assert [word for (word,) in words] == ["Z", "a", "é"]
    assert asked(engines, "SELECT lower('ÉÜ')") == "éü"


def test_nothing_listens_on_a_port(started: tuple[Path, Engines]) -> None:
    data_dir, engines = started
    assert asked(engines, "SHOW listen_addresses") == ""
    with Redis.from_url(engines.redis_url) as cache:
        assert cache.config_get("port")["port"] == "0"
    assert (data_dir / "run" / ".s.PGSQL.5432").is_socket()
    assert (data_dir / "run" / "valkey.sock").is_socket()
    assert (data_dir / "run").stat().st_mode & 0o777 == 0o700


def test_the_server_is_set_up_for_serializable_work_and_keeps_what_it_was_given(started: tuple[Path, Engines]) -> None:
    _, engines = started
    with connected(engines) as connection:
        known = dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())
    assert int(known["max_pred_locks_per_transaction"]) == 1024
    assert int(known["max_pred_locks_per_page"]) == 64
    assert int(known["max_pred_locks_per_relation"]) >= 10_000
    assert int(known["max_connections"]) == 100
    assert (known["fsync"], known["full_page_writes"], known["synchronous_commit"]) == ("on", "on", "on")


def test_the_cache_is_small_and_writes_nothing(started: tuple[Path, Engines]) -> None:
    data_dir, engines = started
    with Redis.from_url(engines.redis_url) as cache:
        settings = cache.config_get("*")
    assert int(settings["maxmemory"]) == 64 * 1024 * 1024
    assert settings["maxmemory-policy"] == "allkeys-lfu"
    assert (settings["save"], settings["appendonly"]) == ("", "no")
    assert not list(data_dir.rglob("*.rdb"))


def test_a_wrong_or_missing_password_is_refused(started: tuple[Path, Engines]) -> None:
    data_dir, engines = started
    right = make_url(engines.database_url).password or ""
    assert len(right) == 48
    assert asked(engines, "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'agoat_admin'") is True
    for wrong in (engines.database_url.replace(right, "guessed"), engines.database_url.replace(f":{right}", "")):
        with pytest.raises(psycopg.OperationalError, match="password"), connected(wrong):
            pass
    with (
        Redis.from_url(f"unix://:guessed@{data_dir}/run/valkey.sock") as cache,
        pytest.raises(RedisError, match="invalid username-password"),
    ):
        cache.ping()


def test_the_passwords_are_kept_private_and_shown_nowhere(started: tuple[Path, Engines]) -> None:
    data_dir, engines = started
    assert (data_dir / "engines.json").stat().st_mode & 0o777 == 0o600
    assert (data_dir / "engines.json").stat().st_uid == os.geteuid()
    secrets = list(json.loads((data_dir / "engines.json").read_text()).values())
    assert [len(secret) for secret in secrets] == [48, 48]
    for secret in secrets:
        assert secret not in repr(engines)
        assert not [process for process in processes(data_dir) if secret in process.title]
        assert not [log for log in (data_dir / "logs").iterdir() if secret in log.read_text()]
    assert not (data_dir / "postgres.password").exists()


def test_the_engines_live_outside_the_session_of_the_terminal(started: tuple[Path, Engines]) -> None:
    data_dir, _ = started
    for process in processes(data_dir):
        assert os.getsid(process.pid) != os.getsid(0)
        assert os.getpgid(process.pid) != os.getpgid(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives way to nobody")
def test_started_by_root_the_engines_run_as_nobody(started: tuple[Path, Engines]) -> None:
    data_dir, _ = started
    found = processes(data_dir)
    assert len(found) > 3
    for process in found:
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert "Uid:\t65534\t65534\t65534\t65534" in status
        assert [line.split()[1:] in ([], ["65534"]) for line in status.splitlines() if line.startswith("Groups:")] == [True]


def test_a_second_start_joins_and_leaves_the_engines_running(started: tuple[Path, Engines]) -> None:
    data_dir, engines = started
    with running(data_dir) as joined:
        assert (joined.database_url, joined.redis_url, joined.owner) == (engines.database_url, engines.redis_url, False)
    other = OwnerProcess(data_dir)
    assert other.engines() == Engines(engines.database_url, engines.redis_url, owner=False)
    said, _ = other.leave()
    assert said == "left\n"
    assert asked(engines, "SELECT 1") == 1


def test_a_throw_away_server_does_not_wait_for_the_disk(data_dir: Path) -> None:
    with running(data_dir, durable=False) as engines:
        assert [asked(engines, f"SHOW {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")] == ["off"] * 3


def test_rows_survive_a_stop_and_a_start_under_the_same_password(fresh_dir: Path) -> None:
    with running(fresh_dir, durable=False) as engines:
        first = engines.database_url
        remember(engines, "kept")
    assert not processes(fresh_dir)
    assert list((fresh_dir / "run").iterdir()) == []
    with running(fresh_dir, durable=False) as engines:
        assert engines.database_url == first
        assert asked(engines, "SELECT word FROM kept") == "kept"


def test_of_two_that_start_at_once_one_owns_and_the_other_joins(fresh_dir: Path) -> None:
    pair = [OwnerProcess(fresh_dir, durable=False), OwnerProcess(fresh_dir, durable=False)]
    found = [each.engines() for each in pair]
    assert sorted(engines.owner for engines in found) == [False, True]
    assert len({engines.database_url for engines in found}) == 1
    for each in sorted(zip(found, pair, strict=True), key=lambda both: both[0].owner):
        each[1].leave()
    assert not processes(fresh_dir)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_owner_stops_the_engines(data_dir: Path, number: signal.Signals) -> None:
    owner = OwnerProcess(data_dir, durable=False)
    remember(owner.engines(), "kept")
    owner.send(number)
    assert owner.process.returncode != 0
    assert not processes(data_dir)
    assert "database system is shut down" in (data_dir / "logs" / "postgres.log").read_text()
    assert (data_dir / "engine.lock").read_text() == ""


def test_impatient_signals_do_not_leave_engines_behind(data_dir: Path) -> None:
    owner = OwnerProcess(data_dir, durable=False)
    owner.engines()

    def ended_after_another_signal() -> bool:
        owner.process.terminate()
        return owner.process.poll() is not None

    assert until(ended_after_another_signal, 60)
    owner.process.communicate(timeout=60)
    assert not processes(data_dir)
    assert (data_dir / "engine.lock").read_text() == ""


def test_a_holder_that_does_not_answer_is_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "ANSWER_SECONDS", 0.1)
    lock = EngineLock(Folder.at(data_dir).lock)
    assert lock.acquire()
    try:
        with pytest.raises(EngineError) as silent, running(data_dir):
            pass
        (data_dir / "engines.json").write_text('{"postgres": "a", "valkey": "b"}')
        lock.write(Holder(pid=4711, command="agoat demo", sockets=str(data_dir / "run"), is_ready=True))
        with pytest.raises(EngineError) as named, running(data_dir):
            pass
    finally:
        lock.close()
    assert "does not say which" in silent.value.detail
    assert "process 4711 (agoat demo)" in named.value.detail
    assert "kill 4711" in named.value.detail
    assert "\n" not in named.value.detail
