"""What is logged while something happens, as the product writes it."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from app.logs import json_formatter


class Lines(logging.Handler):
    """Keeps every line from INFO on."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(json_formatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def logged() -> Iterator[list[str]]:
    """The lines that are logged while the block runs."""
    root, handler = logging.getLogger(), Lines()
    before = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    try:
        yield handler.lines
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


def said_in(line: str) -> dict[str, object]:
    """The fields of a line; until logging is configured they stand in its event, as JSON."""
    outer: dict[str, object] = json.loads(line)
    event = str(outer["event"])
    return outer | json.loads(event) if event.startswith("{") else outer
