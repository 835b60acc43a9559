"""What the long runs leave behind: their rows of docs/proof.md, and how far an interrupted run had come.

Each row stands in the document itself, so that a run replaces its own row and leaves the others as they were.
"""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT, KEPT = ROOT / "docs" / "proof.md", ROOT / ".agoat-proof"
HEAD = """# What the long runs have shown

`make proof` runs what is too long for `make test`: the same checks with larger numbers. Each run writes its row here when it
has passed; a run that fails writes nothing and names what it found. The seed makes a run repeatable, and
`AGOAT_PROOF_SCALE=0.01` makes every run a hundredth as long. An interrupted run goes on where it was;
`make proof ARGS="-k fuzz"` runs one of them.

| run | what was shown | figures | seed | date | machine |
| --- | --- | --- | --- | --- | --- |
"""


def scale(number: int) -> int:
    """`number` of repetitions, or the share of it that AGOAT_PROOF_SCALE asks for; at least one."""
    return max(1, round(number * float(os.environ.get("AGOAT_PROOF_SCALE", "1"))))


def proven(name: str, what: str, *, seed: int | None = None, document: Path = DOCUMENT, **figures: object) -> None:
    """Write down that the run `name` has shown `what`, in place of what it wrote the last time."""
    told = ", ".join(f"{key.replace('_', ' ')} {said(value)}" for key, value in figures.items())
    cells = (f"`{name}`", what, told, "" if seed is None else str(seed), f"{datetime.now(UTC):%Y-%m-%d}", machine())
    rows = {
        row.split("|")[1].strip(): row for row in (document.read_text() if document.exists() else "").splitlines() if row.startswith("| `")
    }
    rows[cells[0]] = "| " + " | ".join(cells) + " |"
    document.write_text(HEAD + "\n".join(rows[key] for key in sorted(rows)) + "\n")


def said(value: object) -> str:
    """A figure as people read it."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}" if isinstance(value, float) else str(value)


def machine() -> str:
    """What the run ran on."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


class Progress(dict[str, object]):
    """How far the run `name` has come; saved whenever something is done, and cleared at the end."""

    def __init__(self, name: str, folder: Path = KEPT) -> None:
        self.path = folder / f"{name}.json"
        super().__init__(msgspec.json.decode(self.path.read_bytes()) if self.path.exists() else {})

    def save(self) -> None:
        """Keep the state for a later run; written beside and renamed, so that an interruption leaves the old one whole."""
        self.path.parent.mkdir(exist_ok=True)
        beside = self.path.with_suffix(".new")
        beside.write_bytes(msgspec.json.encode(dict(self)))
        beside.replace(self.path)

    def clear(self) -> None:
        """The run has ended: the next one starts from the beginning."""
        self.path.unlink(missing_ok=True)
        super().clear()
