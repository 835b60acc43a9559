"""The errors of the embedded engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import Unavailable


class EngineError(Unavailable):
    """An embedded engine cannot be had; the detail is one line that names the cause and the remedy."""

    def __init__(self, detail: str) -> None:
        super().__init__(" ".join(detail.split("\n")))


class ProgramUnusable(EngineError):
    """The database's program was asked for by name and is missing, or too old; the command line counts that as wrong usage."""


@contextmanager
def told_plainly(data_dir: Path) -> Iterator[None]:
    """Turns what the file system refuses inside into an EngineError that names the file and the remedy."""
    try:
        yield
    except OSError as error:
        cause = error.strerror or str(error)
        where = f" at {error.filename}" if error.filename not in (None, str(data_dir)) else ""
        raise EngineError(
            f"The data folder {data_dir} cannot be used: {cause}{where}. "
            "See that this user may write there and that there is room, or name another folder with AGOAT_DATA_DIR."
        ) from error
