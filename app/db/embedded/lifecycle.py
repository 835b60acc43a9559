"""From a data folder to two running engines and back: started once, joined by everybody else, stopped by the one who started them."""

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from app.db.embedded import postgres, valkey
from app.db.embedded.choice import Kind, choose, record
from app.db.embedded.failure import EngineError, told_plainly
from app.db.embedded.folder import Folder, leave_socket_folder, open_folder, passwords, socket_folder
from app.db.embedded.lock import EngineLock, Holder
from app.db.embedded.processes import POLL_SECONDS, Account, end, engine_account, is_alive
from app.db.embedded.servers import Server, address_of, is_answering, open_server
from app.db.embedded.watch import Engine, Watch

ANSWER_SECONDS = 10.0
OTHERS_START_SECONDS = postgres.START_SECONDS + postgres.CREATE_SECONDS


@dataclass(frozen=True)
class Engines:
    """Where the engines are: the administrator's address of the database and Valkey's; `owner` when this process started them."""

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    owner: bool


@contextmanager
def running(data_dir: Path, *, durable: bool = True, database: Kind | None = None) -> Iterator[Engines]:
    """Starts the engines of a data folder, or joins those that a living process has running.

    `database` is what a new folder is to hold, PostgreSQL where nothing is said; a folder that holds another refuses.

    Only the process that started them stops them, on leaving, on SIGINT, SIGTERM and SIGHUP (outside the main thread the
    caller must see to signals). With `durable=False`, for throw-away servers, committed data may be lost in a crash.
    Raises EngineError.
    """
    account = engine_account()
    with told_plainly(data_dir):
        folder = open_folder(data_dir, account)
        lock = EngineLock(folder.lock)
    owner = _Owner(folder, account, lock)
    with _signals_end_this_process():
        try:
            with told_plainly(data_dir):
                engines = _join_unless_free(lock, folder, database) or owner.start(durable, database)
            yield engines
        finally:
            # A second signal may come between the two: then the lock stays taken until the stop at the end of the process.
            owner.stop()
            lock.close()


class _Owner:
    """The one process that holds the lock, with what it has started."""

    def __init__(self, folder: Folder, account: Account, lock: EngineLock) -> None:
        self._folder = folder
        self._account = account
        self._lock = lock
        self._sockets: Path | None = None
        self._children: list[subprocess.Popen[bytes]] = []
        self._watch: Watch | None = None
        self._pid: int | None = None

    def start(self, durable: bool, wanted: Kind | None) -> Engines:
        """Tidies what an earlier owner left, starts both engines and waits for them. The lock must be held."""
        self._pid = os.getpid()
        atexit.register(self.stop)
        self._clear_up_after_the_last()
        kind = choose(self._folder, wanted)
        server = open_server(kind, self._folder, self._account, durable)
        secret = passwords(self._folder)
        record(self._folder, kind)
        server.prepare()
        self._sockets = sockets = socket_folder(self._folder, self._account)
        self._say(is_ready=False)
        self._children.append(self._start_valkey(server, sockets))
        self._children.append(server.start(sockets))
        valkey.wait(self._children[0], self._folder, valkey.url(sockets, secret.valkey))
        server.wait(self._children[1], sockets)
        self._watch = Watch(self._watched(server, sockets))
        self._say(is_ready=True)
        return _addresses(self._folder, kind, sockets, owner=True)

    def stop(self) -> None:
        """Stops what was started and lets the lock go; does nothing when nothing was, or in a forked child. Raises EngineError."""
        if self._pid != os.getpid():
            return
        with _signals_wait():
            try:
                # Before everything is ended, so that nothing is started meanwhile.
                if self._watch is not None:
                    self._children += self._watch.stop()
                # Those who wait are only told sooner; a full disk must not keep the engines running.
                with suppress(OSError):
                    self._say(is_ready=False)
                end(self._folder.mark)
                for child in self._children:
                    child.wait()
                if self._sockets is not None:
                    leave_socket_folder(self._sockets, self._account)
                self._lock.forget()
            finally:
                self._pid = None
                self._lock.close()
                atexit.unregister(self.stop)

    def _start_valkey(self, server: Server, sockets: Path) -> subprocess.Popen[bytes]:
        return valkey.start(self._folder, self._account, server.valkey, sockets, passwords(self._folder).valkey)

    def _watched(self, server: Server, sockets: Path) -> list[Engine]:
        """What is started again when it dies; where a database listens is known to others, so only one that keeps its address."""
        engines = [Engine("Valkey", self._children[0], lambda: self._start_valkey(server, sockets))]
        if server.keeps_address:
            engines.append(Engine("database", self._children[1], lambda: server.start_again(sockets)))
        return engines

    def _clear_up_after_the_last(self) -> None:
        last = self._lock.holder()
        self._say(is_ready=False, sockets=last.sockets if last else None)
        end(self._folder.mark)
        if last is not None and last.sockets is not None:
            leave_socket_folder(Path(last.sockets), self._account)

    def _say(self, *, is_ready: bool, sockets: str | None = None) -> None:
        where = str(self._sockets) if self._sockets else sockets
        self._lock.write(Holder(pid=os.getpid(), command=_command(), sockets=where, is_ready=is_ready))


def _join_unless_free(lock: EngineLock, folder: Folder, wanted: Kind | None) -> Engines | None:
    """None once this process holds the lock; else the engines of the one who does, as soon as they answer."""
    began = time.monotonic()
    while not lock.acquire():
        holder = lock.holder()
        # What a dead owner wrote stands there until the new one has written; its engines are about to be ended.
        if holder is not None and holder.is_ready and holder.sockets is not None and is_alive(holder.pid):
            kind, sockets = choose(folder, wanted), Path(holder.sockets)
            if is_answering(kind, folder, sockets) and valkey.answers(valkey.url(sockets, passwords(folder).valkey)):
                return _addresses(folder, kind, sockets, owner=False)
        starting = holder is not None and not holder.is_ready
        if time.monotonic() - began > (OTHERS_START_SECONDS if starting else ANSWER_SECONDS):
            raise _held(folder, holder)
        time.sleep(POLL_SECONDS)
    return None


def _held(folder: Folder, holder: Holder | None) -> EngineError:
    if holder is None:
        return EngineError(f"Another process holds {folder.lock} and does not say which. End it, then start again.")
    return EngineError(
        f"The engines in {folder.path} are held by process {holder.pid} ({holder.command}) and do not answer. "
        f"End that process (kill {holder.pid}), then start again."
    )


def _addresses(folder: Folder, kind: Kind, sockets: Path, *, owner: bool) -> Engines:
    return Engines(address_of(kind, folder, sockets), valkey.url(sockets, passwords(folder).valkey), owner)


def _command() -> str:
    """The program and its subcommand. Further arguments may be secret."""
    return " ".join([Path(sys.argv[0]).name, *(word for word in sys.argv[1:2] if word.isalpha())])


@contextmanager
def _signals_end_this_process() -> Iterator[None]:
    """Where nobody else handles them, SIGTERM and SIGHUP would end Python without running any `finally`."""
    changed = []
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _leave)
                changed.append(number)
    try:
        yield
    finally:
        for number in changed:
            if signal.getsignal(number) in (_leave, signal.SIG_IGN):
                signal.signal(number, signal.SIG_DFL)


def _leave(number: int, frame: FrameType | None) -> None:
    # Once is enough: a second one would interrupt what the first has set going.
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Ignores the signals of impatience while the engines stop, which is bounded by itself."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)
