"""The embedded engines after the worst: whatever was killed, the next start recovers by itself and no committed row is lost."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.db.embedded import running
from app.db.embedded.folder import Folder
from app.db.embedded.processes import POLITE_SECONDS, bearing, engine_account, is_alive, until
from tests.db.embedded_owner import PROJECT, OwnerProcess, asked, kill_everything, processes, remember, remembers


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


def postmaster_of(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def test_rows_survive_the_death_of_the_owner_alone(data_dir: Path) -> None:
    owner = OwnerProcess(data_dir)
    remember(owner.engines(), "the owner died")
    owner.kill()
    orphan = postmaster_of(data_dir)
    assert is_alive(orphan)
    with running(data_dir) as engines:
        assert engines.owner
        assert remembers(engines, "the owner died")
        assert postmaster_of(data_dir) != orphan
        assert len([process for process in processes(data_dir) if "valkey-server" in process.title]) == 1
    assert not processes(data_dir)


def test_rows_survive_the_death_of_everything(data_dir: Path) -> None:
    owner = OwnerProcess(data_dir)
    remember(owner.engines(), "everything died")
    owner.process.kill()
    kill_everything(data_dir)
    owner.process.communicate(timeout=60)
    assert (data_dir / "postgres" / "postmaster.pid").exists()
    with running(data_dir) as engines:
        assert remembers(engines, "everything died")
    assert "was not properly shut down" in (data_dir / "logs" / "postgres.log").read_text()


def test_a_backend_that_outlives_its_server_does_not_block_the_next_start(data_dir: Path) -> None:
    owner = OwnerProcess(data_dir)
    engines = owner.engines()
    remember(engines, "the server died")
    busy = psycopg.connect(engines.database_url.replace("+psycopg", ""), autocommit=True)
    busy.pgconn.send_query(b"DO $$ BEGIN LOOP END LOOP; END $$")
    owner.process.kill()
    os.kill(postmaster_of(data_dir), signal.SIGKILL)
    owner.process.communicate(timeout=60)
    assert busy.info.backend_pid in [process.pid for process in processes(data_dir)]
    with running(data_dir) as again:
        assert remembers(again, "the server died")
        assert busy.info.backend_pid not in [process.pid for process in processes(data_dir)]
    busy.close()


def test_the_number_of_a_stranger_in_the_pid_file_does_not_block_the_next_start(data_dir: Path) -> None:
    with running(data_dir, durable=False) as engines:
        remember(engines, "a stranger's number")
    account = engine_account()
    user = {"user": account.uid, "group": account.gid, "extra_groups": []} if account.switched else {}
    stranger = subprocess.Popen(["/bin/sh", "-c", "read -r line"], stdin=subprocess.PIPE, **user)  # type: ignore[call-overload]
    try:
        lines = [str(stranger.pid), str(data_dir / "postgres"), "1700000000", "5432", str(data_dir / "run"), "", "  1234 5678", "ready"]
        (data_dir / "postgres" / "postmaster.pid").write_text("\n".join(lines) + "\n")
        with running(data_dir, durable=False) as engines:
            assert remembers(engines, "a stranger's number")
        assert stranger.poll() is None
    finally:
        stranger.communicate(b"\n", timeout=10)


def test_a_kill_in_the_middle_of_the_first_start_leaves_nothing_half_made(fresh_dir: Path) -> None:
    owner = OwnerProcess(fresh_dir)
    assert until(lambda: bool(list(fresh_dir.glob("postgres.new-*/base"))), 30)
    owner.kill()
    assert not (fresh_dir / "postgres").exists()
    with running(fresh_dir, durable=False) as engines:
        assert asked(engines, "SELECT 1") == 1
        assert not list(fresh_dir.glob("postgres.new-*"))


def test_a_forked_child_does_not_keep_the_lock_of_its_killed_parent(data_dir: Path) -> None:
    reader, writer = os.pipe()
    owner = OwnerProcess(data_dir, durable=False, fork_until=reader)
    owner.engines()
    child = int(owner.line())
    owner.process.kill()
    owner.process.wait(timeout=10)
    try:
        assert is_alive(child)
        with running(data_dir, durable=False) as engines:
            assert engines.owner
    finally:
        os.close(writer)
        os.close(reader)
        owner.process.communicate(timeout=10)


def test_a_server_that_cannot_start_tells_its_own_reason_in_one_line(fresh_dir: Path) -> None:
    with running(fresh_dir, durable=False):
        pass
    (fresh_dir / "postgres" / "postgresql.auto.conf").write_text("work_mem = 'plenty'\n")
    with (
        pytest.raises(Exception, match=r"postgresql\.auto\.conf.* contains errors\. The whole story") as refused,
        running(fresh_dir, durable=False),
    ):
        pass
    assert "\n" not in str(refused.value)
    assert not processes(fresh_dir)
    assert (fresh_dir / "engine.lock").read_text() == ""


def test_a_process_that_ends_without_leaving_stops_its_engines(fresh_dir: Path) -> None:
    forgetful = "import sys, pathlib; from app.db.embedded import running; kept = running(pathlib.Path(sys.argv[1])); kept.__enter__()"
    done = subprocess.run(
        [sys.executable, "-c", forgetful, str(fresh_dir)], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (fresh_dir / "postgres" / "PG_VERSION").exists()
    assert not processes(fresh_dir)


def test_engines_whose_folder_was_removed_are_stopped_all_the_same(fresh_dir: Path) -> None:
    with running(fresh_dir, durable=False):
        mark = Folder.at(fresh_dir).mark
        shutil.rmtree(fresh_dir)
        assert bearing(mark)
    assert not bearing(mark)


def test_an_open_transaction_does_not_delay_the_stop_and_is_not_committed(data_dir: Path) -> None:
    with running(data_dir) as engines:
        remember(engines, "committed")
        opened = psycopg.connect(engines.database_url.replace("+psycopg", ""))
        opened.execute("INSERT INTO kept VALUES ('not committed')")
        began = time.monotonic()
    assert time.monotonic() - began < POLITE_SECONDS
    opened.close()
    with running(data_dir) as engines:
        assert remembers(engines, "committed")
        assert not remembers(engines, "not committed")
