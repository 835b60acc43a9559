"""Brings an engine back that dies while the product runs: a server that was killed is a pause for its users, not an end."""

import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.logs import logger

LOG = logger(__name__)
LOOK_SECONDS = 0.25
# The first death is mended at once. An engine that dies again and again is started less and less often.
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, HEALTHY_AFTER_SECONDS = 0.5, 30.0, 60.0


@dataclass
class Engine:
    """A server that is kept running: its process, and how it is started again when that has ended. Times are monotonic seconds."""

    name: str
    child: subprocess.Popen[bytes]
    start: Callable[[], subprocess.Popen[bytes]]
    began: float = field(default_factory=time.monotonic)
    pause: float = FIRST_PAUSE_SECONDS
    not_before: float = 0.0

    def is_due(self) -> bool:
        """Whether it has ended by itself and may be started again."""
        return self.child.poll() is not None and time.monotonic() >= self.not_before

    def revive(self) -> None:
        """Start it again, and not again before a pause that grows until it has lived for a minute."""
        LOG.error("engine.died", engine=self.name, code=self.child.returncode)
        now = time.monotonic()
        if now - self.began > HEALTHY_AFTER_SECONDS:
            self.pause = FIRST_PAUSE_SECONDS
        self.not_before, self.began = now + self.pause, now
        self.pause = min(LONGEST_PAUSE_SECONDS, self.pause * 2)
        try:
            self.child = self.start()
        except Exception as error:
            # Whatever stands in the way now, such as a full disk, may be gone at the next attempt.
            LOG.error("engine.not_started", engine=self.name, error=str(error))


class Watch:
    """A thread that looks after the engines until it is told to stop."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        self._engines = engines
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="embedded-engines", daemon=True)
        self._thread.start()

    def stop(self) -> list[subprocess.Popen[bytes]]:
        """Start nothing any more; gives the present processes as soon as a start that is under way has been made."""
        self._ended.set()
        self._thread.join()
        return [engine.child for engine in self._engines]

    def _look(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            for engine in self._engines:
                if engine.is_due() and not self._ended.is_set():
                    engine.revive()
