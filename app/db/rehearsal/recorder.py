"""Writes down what goes out to the database: which role says what, on behalf of which named read or write."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine


class Statement(Struct, frozen=True):
    """A registered statement. `parameters` are those of the rehearsal; `customer_id` is None for roles that have no tenant."""

    name: str
    role: str
    sql: str
    parameters: Any
    customer_id: UUID | None = None

    @property
    def said_by(self) -> str:
        """The name of the read or write that sends it, without the number of the statement."""
        return self.name.partition("#")[0]


class Recorder:
    """Collects statements while somebody is asking; what goes out otherwise belongs to nobody and is an error of the rehearsal."""

    def __init__(self) -> None:
        self._asking: str | None = None
        self._found: dict[tuple[str, str, str], tuple[Any, UUID | None]] = {}

    def watch(self, engine: AsyncEngine, role: str) -> None:
        """Write down what this engine sends from now on."""

        def note(conn: Connection, cursor: Any, sql: str, parameters: Any, context: Any, executemany: bool) -> None:
            if self._asking is not None:
                first = parameters[0] if executemany else parameters
                customer_id = conn.get_execution_options().get("customer_id")
                self._found.setdefault((self._asking, role, flat(sql)), (first, customer_id))

        event.listen(engine.sync_engine, "before_cursor_execute", note)

    @contextmanager
    def asking(self, name: str) -> Iterator[None]:
        """What goes out inside the block is said by `name`."""
        self._asking = name
        try:
            yield
        except Exception as error:
            error.add_note(f"while {name} was called")
            raise
        finally:
            self._asking = None

    def register(self) -> list[Statement]:
        """Every statement once for each that says it, by name. The numbers follow the texts, because a flush has no order."""
        by_name: dict[str, list[Statement]] = defaultdict(list)
        for name, role, sql in sorted(self._found):
            parameters, customer_id = self._found[name, role, sql]
            number = len(by_name[name]) + 1
            by_name[name].append(Statement(f"{name}#{number}", role, sql, parameters, customer_id))
        return [statement for name in sorted(by_name) for statement in by_name[name]]


def flat(sql: str) -> str:
    """A statement on one line; no statement of ours holds a text in which white space counts."""
    return " ".join(sql.split())
