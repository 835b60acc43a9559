"""Which statements a request sends to the database: their text, in order, without values."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.db.database import Shared, Tenancy
from app.web.services import Services


def engines_of(*holders: Tenancy | Shared) -> list[Any]:
    """The engines below the ways to the database."""
    return [holder._transactions.engine.sync_engine for holder in holders]


@contextmanager
def recorded(services: Services) -> Iterator[list[str]]:
    """Every statement that the web process sends while the block runs, on either engine; each transaction begins with BEGIN."""
    said: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany) -> None:
        said.append(statement)

    def begin(connection) -> None:
        said.append(f"BEGIN {connection.get_execution_options().get('mode')}")

    engines = engines_of(services.tenancy, services.directory)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
        event.listen(engine, "begin", begin)
    try:
        yield said
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
            event.remove(engine, "begin", begin)
