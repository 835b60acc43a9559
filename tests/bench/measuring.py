"""What measurements share: medians of interleaved rounds, processor time of processes, and a table on the terminal.

Nothing here passes or fails by the clock. Ratios of two things that were measured in turns on the same machine say something;
absolute numbers describe the machine.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def descendants(pid: int) -> list[int]:
    """A process and everything that it started, as far as it lives."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += descendants(int(child))
    return found


def command(pid: int) -> str:
    """The command line of a process."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def processor_seconds(pids: Iterable[int]) -> float:
    """Processor time, own and the system's on its behalf, that these processes have used so far."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def resident_bytes(pid: int) -> int:
    """Memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


def middle(values: Sequence[float]) -> str:
    """The median, and how far the rounds lay apart."""
    return f"{median(values):,.0f} ({min(values):,.0f}–{max(values):,.0f})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios of rounds that were measured in turns."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns for the terminal."""
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that servers can reach which give root's rights away."""
    with tempfile.TemporaryDirectory(prefix="agoat-bench-") as made:
        Path(made).chmod(0o755)
        yield Path(made)
