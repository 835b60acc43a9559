"""An engine that dies while its owner lives is started again where it was, and not any more once everything is to end."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.db.embedded import Engines, running, valkey
from app.db.embedded.processes import is_alive, until
from app.db.embedded.watch import FIRST_PAUSE_SECONDS, HEALTHY_AFTER_SECONDS, LONGEST_PAUSE_SECONDS, Engine, Watch
from tests.db.embedded_owner import connected, kill_everything, processes, remember, remembers

BACK_SECONDS = 60.0


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="agoat-test-"))
    yield made
    kill_everything(made)
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def engines(data_dir: Path) -> Iterator[Engines]:
    with running(data_dir) as started:
        yield started


def postmaster_of(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def comes_back(engines: Engines, word: str) -> bool:
    """Whether the row is there again, at the same address and in bounded time."""

    def does() -> bool:
        try:
            return remembers(engines, word)
        except psycopg.OperationalError:
            return False

    return until(does, BACK_SECONDS)


def test_a_killed_postmaster_is_followed_by_another_with_every_committed_row(engines: Engines, data_dir: Path) -> None:
    remember(engines, "before the postmaster died")
    dead = postmaster_of(data_dir)
    os.kill(dead, signal.SIGKILL)
    assert comes_back(engines, "before the postmaster died")
    assert postmaster_of(data_dir) != dead


def test_a_backend_that_does_not_notice_the_death_of_its_postmaster_is_ended_first(engines: Engines, data_dir: Path) -> None:
    remember(engines, "before a busy backend was left")
    busy = psycopg.connect(engines.database_url.replace("+psycopg", ""), autocommit=True)
    busy.pgconn.send_query(b"DO $$ BEGIN LOOP END LOOP; END $$")
    os.kill(postmaster_of(data_dir), signal.SIGKILL)
    assert comes_back(engines, "before a busy backend was left")
    assert busy.info.backend_pid not in [process.pid for process in processes(data_dir)]
    busy.close()


def test_a_killed_backend_ends_open_transactions_and_nothing_else(engines: Engines, data_dir: Path) -> None:
    remember(engines, "before a backend died")
    postmaster = postmaster_of(data_dir)
    with psycopg.connect(engines.database_url.replace("+psycopg", "")) as opened:
        opened.execute("INSERT INTO kept VALUES ('of the dead backend')")
        os.kill(opened.info.backend_pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            opened.execute("SELECT 1")
        opened.close()
    assert comes_back(engines, "before a backend died")
    assert postmaster_of(data_dir) == postmaster
    assert not remembers(engines, "of the dead backend")


def test_a_killed_valkey_answers_again_at_its_address(engines: Engines, data_dir: Path) -> None:
    (dead,) = (process.pid for process in processes(data_dir) if "valkey-server" in process.title)
    os.kill(dead, signal.SIGKILL)
    assert until(lambda: not is_alive(dead) and valkey.answers(engines.redis_url), BACK_SECONDS)
    with connected(engines) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_nothing_is_left_when_the_owner_leaves_just_after_everything_has_died() -> None:
    made = Path(tempfile.mkdtemp(prefix="agoat-test-"))
    try:
        with running(made, durable=False):
            for process in processes(made):
                os.kill(process.pid, signal.SIGKILL)
        assert not processes(made)
        with running(made, durable=False) as again:
            assert valkey.answers(again.redis_url)
    finally:
        kill_everything(made)
        shutil.rmtree(made)


def ended_at_once() -> subprocess.Popen[bytes]:
    """A server that dies as soon as it is started."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child


def test_deaths_that_follow_each_other_are_mended_after_longer_pauses() -> None:
    dead = ended_at_once()
    engine = Engine("short-lived", dead, lambda: dead)
    assert engine.is_due()
    pauses = []
    for _ in range(9):
        engine.revive()
        pauses.append(engine.not_before - engine.began)
        assert not engine.is_due()
    assert pauses[:3] == pytest.approx([FIRST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2, FIRST_PAUSE_SECONDS * 4])
    assert pauses[-1] == pytest.approx(LONGEST_PAUSE_SECONDS)
    engine.began -= HEALTHY_AFTER_SECONDS * 2
    engine.revive()
    assert engine.not_before - engine.began == pytest.approx(FIRST_PAUSE_SECONDS)


def test_a_start_that_fails_is_tried_again() -> None:
    tried = []

    def fail() -> subprocess.Popen[bytes]:
        tried.append(len(tried))
        raise OSError("No space left on device")

    watch = Watch([Engine("refused", ended_at_once(), fail)])
    assert until(lambda: len(tried) == 2, BACK_SECONDS)
    watch.stop()


def test_a_watch_that_was_stopped_starts_nothing_and_knows_what_it_started_last() -> None:
    begun, go_on = threading.Event(), threading.Event()
    made: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        begun.set()
        go_on.wait(BACK_SECONDS)
        made.append(ended_at_once())
        return made[-1]

    watch = Watch([Engine("slow", ended_at_once(), start)])
    assert begun.wait(BACK_SECONDS)
    threading.Timer(0.2, go_on.set).start()
    assert watch.stop() == made
    assert len(made) == 1
