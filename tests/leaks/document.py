"""Writes the tables of docs/tenancy.md from what the tries came to: python -m tests.leaks.document

It starts a database of its own, or takes the server of AGOAT_TEST_DATABASE_URL.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import app.asgi  # noqa: F401
from app.db.embedded import running
from tests.db.planting import Ground
from tests.leaks import around, reading, writing
from tests.leaks.barriers import BARRIERS, LEAK_CLASSES, engine_of, outcome
from tests.leaks.ground import leaky_ground

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "tenancy.md"
BEGIN, END = "<!-- written by python -m tests.leaks.document -->\n", "<!-- end -->\n"
PARTS = (reading.READING, writing.WRITING, around.AROUND, around.MADE)
Results = dict[str, dict[str, str]]


def tried(ground: Ground) -> Results:
    """What each class of leaks came to, by its name and the name of the barrier."""
    found: Results = {each.name: {} for each in LEAK_CLASSES}
    for barrier in BARRIERS:
        with engine_of(barrier, ground.addresses) as engine:
            for each in LEAK_CLASSES:
                found[each.name][barrier.name] = outcome(each, barrier, engine, ground.rows)
    return found


def tables(results: Results) -> str:
    """One table for each part."""
    lines: list[str] = []
    names = [barrier.name for barrier in BARRIERS]
    for part in PARTS:
        classes = [each for each in LEAK_CLASSES if each.part == part]
        lines += [f"### {part}", "", f"| try | {' | '.join(names)} |", "| --- |" + " --- |" * len(names)]
        lines += [f"| {each.name} | {' | '.join(results[each.name][name] for name in names)} |" for each in classes]
        lines.append("")
    return "\n".join(lines)


def written(document: str, results: Results) -> str:
    """A document with its tables written anew. Raises ValueError when a marker is missing."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError("The document has lost one of its markers.")
    return before + begin + tables(results) + END + after


def write() -> None:
    """Try everything, and write the document anew."""
    with engines() as url, leaky_ground(url) as ground:
        DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), tried(ground)), encoding="utf-8")


@contextmanager
def engines() -> Iterator[str]:
    """The address of an administrator."""
    if url := os.environ.get("AGOAT_TEST_DATABASE_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="agoat-leaks-") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder) / "data", durable=False) as started:
            yield started.database_url


if __name__ == "__main__":
    write()
