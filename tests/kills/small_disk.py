"""A disk of a few megabytes that can be filled to the last byte, or made read-only."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

CHUNKS = (1 << 20, 1 << 12, 1)


@dataclass(frozen=True)
class SmallDisk:
    """A mounted disk."""

    folder: Path

    @property
    def ballast(self) -> Path:
        """The file that takes all the room."""
        return self.folder / "ballast"

    def fill(self) -> None:
        """Leave no byte free."""
        with self.ballast.open("ab", buffering=0) as file:
            for chunk in CHUNKS:
                try:
                    while file.write(b"\0" * chunk):
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        """Give back what `fill` has taken."""
        self.ballast.unlink()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Nothing can be written inside the block, whoever tries."""
        run("mount", "-o", "remount,ro", str(self.folder))
        try:
            yield
        finally:
            run("mount", "-o", "remount,rw", str(self.folder))


@contextmanager
def small_disk(megabytes: int) -> Iterator[SmallDisk]:
    """A disk in memory. Skips, with the reason, where this machine lets nobody mount one."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("Only root of a Linux machine can mount a small disk.")
    with tempfile.TemporaryDirectory(prefix="agoat-disk-") as made:
        refused = attempt("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "agoat-test", made)
        if refused:
            pytest.skip(f"This machine refuses to mount a small disk: {refused}")
        Path(made).chmod(0o755)
        try:
            yield SmallDisk(Path(made))
        finally:
            run("umount", "--lazy", made)


def attempt(*words: str) -> str:
    """Why a command failed, nothing when it did not."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=30)
    return done.stderr.strip() or str(done.returncode) if done.returncode else ""


def run(*words: str) -> None:
    """Run a command that must not fail."""
    assert (said := attempt(*words)) == "", said
