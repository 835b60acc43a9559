"""The lock of a data folder: one process owns the engines, and the system frees the lock however that process ends."""

import fcntl
import os
from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError, json

_held: set[int] = set()


def _let_go_in_child() -> None:
    """A forked child shares the lock of its parent; it would keep holding it after the parent has been killed."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_child)


class Holder(Struct, frozen=True, kw_only=True):
    """What the owner of the lock says about itself; `sockets` is the folder of the sockets once that is known."""

    pid: int
    command: str
    sockets: str | None = None
    is_ready: bool = False


class EngineLock:
    """The file `engine.lock`. It is never removed, since two processes could then lock two files of one name."""

    def __init__(self, path: Path) -> None:
        """Opens the file and makes it where needed. Raises OSError."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        _held.add(self._descriptor)

    def acquire(self) -> bool:
        """Takes the lock without waiting; False when another process has it. Raises OSError where files cannot be locked."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def holder(self) -> Holder | None:
        """What the last owner wrote; None while nothing complete stands there."""
        text = os.pread(self._descriptor, 65536, 0)
        try:
            return json.decode(text, type=Holder)
        except (DecodeError, ValidationError):
            return None

    def write(self, holder: Holder) -> None:
        """Tells those who wait how things stand. Only for the owner."""
        text = json.encode(holder)
        os.pwrite(self._descriptor, text, 0)
        os.ftruncate(self._descriptor, len(text))

    def forget(self) -> None:
        """Takes back what was written, once nothing is left to be joined or tidied."""
        os.ftruncate(self._descriptor, 0)

    def close(self) -> None:
        """Lets the lock go, if it was taken. The object is of no use afterwards."""
        if self._descriptor in _held:
            _held.discard(self._descriptor)
            os.close(self._descriptor)
