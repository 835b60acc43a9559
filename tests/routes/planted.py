"""Where the word lies: every text column of every table that has rows of one customer, asked as an administrator."""

from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Connection, LargeBinary, String, text
from sqlalchemy.sql.schema import Column

from app.db.base import Base

# Columns whose values are chosen from a list, computed, or random: nobody can write a text of his own there.
CHOSEN = {
    "kind", "lang", "state", "currency", "door", "actor_kind", "thing_type", "timezone", "content_type", "body_format", "theme", "purpose",
    "hash", "prefix", "last_four", "scopes", "availability", "gtin", "verb", "tag", "mark", "claim", "fingerprint",
}  # fmt: skip
# The same for single columns, and tables in which no request of a customer leaves a text.
CHOSEN_THERE = {
    "identity.memberships.role", "audit.events.fields", "catalog.product_publications.category", "ops.idempotency_answers.headers",
    "ops.outbox.name",
    # Digests and random numbers of the seals.
    "audit.seals.previous", "audit.seals.entries", "audit.seals.marks", "audit.seals.salts",
}  # fmt: skip


def texts_of_customers() -> list[Column[Any]]:
    """Every column of a customer's tables in which words can stand."""
    return [
        column
        for owned in Base.metadata.sorted_tables
        if "customer_id" in owned.columns
        for column in owned.columns
        if isinstance(column.type, String | JSON | LargeBinary) and column.name not in CHOSEN and name_of(column) not in CHOSEN_THERE
    ]


def name_of(column: Column[Any]) -> str:
    """The whole name of a column."""
    return f"{column.table.fullname}.{column.name}"


def rows_with(connection: Connection, column: Column[Any], customer_id: UUID, word: str) -> int:
    """In how many rows of a customer the word stands in a column."""
    shown = f"encode({column.name}, 'escape')" if isinstance(column.type, LargeBinary) else f"CAST({column.name} AS text)"
    statement = text(f"SELECT count(*) FROM {column.table.fullname} WHERE customer_id = :customer AND {shown} ILIKE :word")
    return int(connection.execute(statement, {"customer": customer_id, "word": f"%{word}%"}).scalar_one())
