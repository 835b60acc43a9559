"""The system's processes: as whom the engines run, how they are begun, found again and ended.

Every process of an engine bears the mark of its data folder in its title, so that the next start finds what a killed
owner left behind without trusting a number in a file that may by now be somebody else's process.
"""

import errno
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.db.embedded import cockroach
from app.db.embedded.failure import EngineError

POLL_SECONDS = 0.02
POLITE_SECONDS = 30.0
FORCED_SECONDS = 5.0
# The engines see nothing of the caller's environment: PGDATA, PGPORT, LC_* or LD_LIBRARY_PATH would change what they do.
NEUTRAL_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """The system user that the engines run as; `switched` is true when root gives way to nobody."""

    uid: int
    gid: int
    switched: bool

    def own(self, path: Path) -> None:
        """Gives a file or folder that root made to this account."""
        if self.switched:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


@dataclass(frozen=True)
class Process:
    """A living process of an engine; `title` is its command line as the system shows it."""

    pid: int
    title: str


def engine_account() -> Account:
    """Who runs the engines: the present user, or nobody when that is root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switched=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EngineError(
            "PostgreSQL does not run as root and this system has no user nobody. Start as an ordinary user, or add the user nobody."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid, switched=True)


def launch(
    account: Account,
    arguments: Sequence[str | Path],
    folder: Path,
    log: Path,
    *,
    whisper: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Begins a server in a session of its own, where the terminal's signals do not reach it. Raises OSError.

    `whisper` goes to its standard input: everybody on the machine can read the arguments of a process. `environment` is all
    that the server sees besides the neutral one.
    """
    if log.exists():
        log.replace(log.with_name(log.name + ".1"))
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as output:
        child = subprocess.Popen(
            arguments,
            cwd=folder,
            env={**NEUTRAL_ENVIRONMENT, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            user=account.uid if account.switched else None,
            group=account.gid if account.switched else None,
            extra_groups=[] if account.switched else None,
        )
    if child.stdin is not None:
        # A server that ended at once is noticed by whoever waits for it.
        with suppress(BrokenPipeError), child.stdin:
            child.stdin.write(whisper)
    return child


def run(account: Account, arguments: Sequence[str | Path], seconds: float) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end as the account and returns what it said. Raises OSError, also when the time is over."""
    try:
        return subprocess.run(
            arguments,
            cwd="/",
            env=NEUTRAL_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
            start_new_session=True,
            umask=0o077,
            user=account.uid if account.switched else None,
            group=account.gid if account.switched else None,
            extra_groups=[] if account.switched else None,
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError(errno.ETIMEDOUT, f"no end within {seconds:.0f} seconds", str(arguments[0])) from None


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Asks `condition` until it holds or the time is over; returns whether it held."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(POLL_SECONDS)
    return True


def is_alive(pid: int) -> bool:
    """Whether a process of that number exists, whoever it belongs to."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def bearing(mark: str) -> list[Process]:
    """The living processes of the engines that bear the mark."""
    return [process for process in _processes() if mark in process.title and _kind(process, mark) is not None]


def end(mark: str) -> None:
    """Ends every process that bears the mark: politely, after 30 s at once, after 5 s more by force. Raises EngineError."""
    for choose, seconds in ((_politely, POLITE_SECONDS), (_at_once, FORCED_SECONDS), (_by_force, FORCED_SECONDS)):
        found = bearing(mark)
        led = any(_kind(process, mark) == "postmaster" for process in found)
        for process in found:
            _send(process.pid, choose(_kind(process, mark), led))
        if until(lambda: not bearing(mark), seconds):
            return
    left = ", ".join(str(process.pid) for process in bearing(mark))
    raise EngineError(f"Engines of an earlier start cannot be ended (process {left}). End them by hand, then start again.")


def end_orphans(mark: str) -> None:
    """Ends at once what a dead postmaster has left behind; Valkey lives on. Raises EngineError."""

    def orphans() -> list[Process]:
        return [process for process in bearing(mark) if _kind(process, mark) in ("backend", "postmaster")]

    for process in orphans():
        _send(process.pid, signal.SIGKILL)
    if not until(lambda: not orphans(), FORCED_SECONDS):
        raise EngineError(f"Processes of a dead PostgreSQL cannot be ended: {', '.join(str(each.pid) for each in orphans())}.")


def _kind(process: Process, mark: str) -> str | None:
    if process.title.startswith(f"postgres: {mark}"):
        return "backend"
    if f"cluster_name={mark}" in process.title:
        return "postmaster"
    if f" {cockroach.START} " in process.title:
        return "node"
    return "valkey" if "valkey-server" in process.title else None


def _politely(kind: str | None, led: bool) -> signal.Signals | None:
    """SIGINT is PostgreSQL's fast stop. Its backends end with it; those whose postmaster is gone must go at once.

    SIGTERM has a node of CockroachDB drain: it takes no further connections, lets open transactions end, and leaves.
    """
    if kind == "backend":
        return None if led else signal.SIGQUIT
    return signal.SIGINT if kind == "postmaster" else signal.SIGTERM


def _at_once(kind: str | None, led: bool) -> signal.Signals | None:
    # A second SIGTERM ends a node of CockroachDB without draining; SIGQUIT would have it write out all its stacks.
    return signal.SIGTERM if kind in ("valkey", "node") else signal.SIGQUIT


def _by_force(kind: str | None, led: bool) -> signal.Signals | None:
    return signal.SIGKILL


def _send(pid: int, number: signal.Signals | None) -> None:
    if number is not None and is_alive(pid):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return


def _processes() -> Iterator[Process]:
    return _processes_of_proc() if sys.platform == "linux" else _processes_of_ps()


def _processes_of_proc() -> Iterator[Process]:
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            title = Path(entry.path, "cmdline").read_bytes()
        except OSError:
            continue
        yield Process(int(entry.name), title.replace(b"\0", b" ").decode(errors="replace"))


def _processes_of_ps() -> Iterator[Process]:
    shown = subprocess.run(["/bin/ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, errors="replace", check=True)
    for line in shown.stdout.splitlines():
        pid, _, title = line.strip().partition(" ")
        yield Process(int(pid), title.strip())
