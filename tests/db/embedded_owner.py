"""What the tests of the embedded engines share: a second process that owns or joins them, an ordinary user, a look inside."""

import json
import os
import pwd
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from app.db.embedded import EngineError, Engines
from app.db.embedded.folder import Folder
from app.db.embedded.processes import Process, bearing, until

PROJECT = Path(__file__).parents[2]
OWNER = """
import json, os, sys
from pathlib import Path
from app.db.embedded import running

with running(Path(sys.argv[1]), durable=sys.argv[2] == "durable") as engines:
    print(json.dumps({"database_url": engines.database_url, "redis_url": engines.redis_url, "owner": engines.owner}), flush=True)
    if sys.argv[3] == "fork" and os.fork() == 0:
        print(os.getpid(), flush=True)
        os.read(int(sys.argv[4]), 1)
        os._exit(0)
    sys.stdin.read()
print("left", flush=True)
"""


class OwnerProcess:
    """Another process of ours that has the engines running until told otherwise."""

    def __init__(self, data_dir: Path, *, durable: bool = True, fork_until: int | None = None, path: Path | None = None) -> None:
        places = os.pathsep.join(str(each) for each in (path, PROJECT) if each)
        how = ["durable" if durable else "brief", "stay" if fork_until is None else "fork", str(fork_until)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(data_dir), *how],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": places},
            pass_fds=() if fork_until is None else (fork_until,),
        )

    def engines(self) -> Engines:
        """Waits until the engines run there."""
        line = self.line()
        assert line, self.process.communicate(timeout=60)[1]
        return Engines(**json.loads(line))

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=60)

    def send(self, number: signal.Signals) -> tuple[str, str]:
        """Sends a signal, waits for the end, returns what was said."""
        self.process.send_signal(number)
        return self.process.communicate(timeout=60)

    def leave(self) -> tuple[str, str]:
        return self.process.communicate(timeout=60)


@contextmanager
def connected(engines: Engines | str) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the administrator."""
    address = engines if isinstance(engines, str) else engines.database_url
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def asked(engines: Engines, question: str) -> Any:
    """The first value of the first row of the answer."""
    with connected(engines) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def remember(engines: Engines, word: str) -> None:
    """Commits one row."""
    with connected(engines) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


def remembers(engines: Engines, word: str) -> bool:
    """Whether that row is there."""
    with connected(engines) as connection:
        return connection.execute("SELECT FROM kept WHERE word = %s", [word]).fetchone() is not None


def processes(data_dir: Path) -> list[Process]:
    """The living engines of a data folder."""
    return bearing(Folder.at(data_dir).mark)


def kill_everything(data_dir: Path) -> None:
    """kill -9 for every process of the engines, and waits until none is left."""
    for process in processes(data_dir):
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    assert until(lambda: not processes(data_dir), 10)


def modes(*paths: Path) -> dict[str, tuple[int, int, int]]:
    """Mode, owner and group of each path."""
    return {str(path): (path.stat().st_mode, path.stat().st_uid, path.stat().st_gid) for path in paths}


def as_ordinary_user(act: Callable[[], str]) -> str:
    """What `act` returns, or its EngineError says, in a child without root's rights: nobody is an ordinary user to the engines."""
    if os.geteuid() != 0:
        return _outcome(act)
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        # Python 3.12 and later warn of a fork beside threads. The child needs none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reader)
            nobody = pwd.getpwnam("nobody")
            os.setgroups([])
            os.setgid(nobody.pw_gid)
            os.setuid(nobody.pw_uid)
            os.write(writer, _outcome(act).encode())
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with open(reader) as answer:
        said = answer.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said
    return said


def _outcome(act: Callable[[], str]) -> str:
    try:
        return act()
    except EngineError as error:
        return f"refused: {error.detail}"
    except Exception as error:
        return f"failed: {error!r}"
