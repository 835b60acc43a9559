"""The one table of expectations, and what the running applications have: both as pairs of method and address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Litestar

from app.api import OPERATIONS
from app.api.operations import BASE
from tests.routes.askers import ASKERS

FILE = Path(__file__).with_name("expectations.txt")
DOORS = ("console", "api", "public", "ops")
# The two kinds of texts have one route and two rules.
SHELVES = ("posts", "pages")
# The API's routes take every method so as to refuse them in their own words; these have no operation.
DOCUMENTS = {("GET", f"{BASE}/openapi.json"), ("GET", "/api/docs"), ("GET", "/api/docs.css")}
NOWHERE = {"/api", "/api/{rest}"}


@dataclass(frozen=True)
class Row:
    """What one method of one address answers to whom: a status, or a word of `MEANINGS` in tests/routes/test_table.py."""

    door: str
    method: str
    path: str
    cells: dict[str, str]

    @property
    def name(self) -> str:
        """How the row is called in the names of tests."""
        return f"{self.door} {self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        """The parameters of the address."""
        return re.findall(r"\{(\w+)\}", self.path)


def rows() -> list[Row]:
    """The table as it is written. Raises ValueError for a line with too few or too many cells."""
    found, door = [], ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if line.startswith("#") or not words:
            continue
        if words[0] in DOORS:
            door = words[0]
            if tuple(words[1:]) != ASKERS:
                raise ValueError(f"the columns of {door} are not {ASKERS}")
            continue
        method, path, *cells = words
        found.append(Row(door, method, path, dict(zip(ASKERS, cells, strict=True))))
    return found


ROWS = rows()
LISTED = {(row.door, row.method, row.path) for row in ROWS}


def paths_of(app: Litestar) -> Iterator[tuple[str, set[str]]]:
    """Every address of an application with the methods that its routes take; one for each shelf of texts."""
    for route in app.routes:
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
        for shelf in SHELVES if "{kind}" in path else ("",):
            yield path.replace("{kind}", shelf), set(getattr(route, "methods", ()))


def running(console: Litestar, public: Litestar, ops: Any) -> set[tuple[str, str, str]]:
    """Every door, method and address that is answered, as the applications themselves tell it. HEAD and OPTIONS follow by rule."""
    found = {("api", operation.method, BASE + operation.path) for operation in OPERATIONS}
    found |= {("api", *pair) for pair in DOCUMENTS}
    for path, methods in paths_of(console):
        if not path.startswith("/api"):
            found |= {("console", method, path) for method in methods - {"OPTIONS"}}
    found |= {("public", "GET", path) for path, _ in paths_of(public)}
    return found | {("ops", "GET", path) for path in ops.routes}


def addresses_of_api(console: Litestar) -> set[str]:
    """Every address of the API that the console's application leads to."""
    return {path for path, _ in paths_of(console) if path.startswith("/api")}
