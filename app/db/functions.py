"""The owned functions: lists that grow with the customer, read below row-level security but pinned to its tenant.

Their bodies stand in the migrations. Each gives ids and the column by which the list is ordered; the caller joins the
rows, under his own rights, and begins a further page with the last pair that he was given.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Text, Uuid, cast, column, func, literal
from sqlalchemy.sql.selectable import TableValuedAlias

# The first page of a list that runs from the newest begins here; both databases know these values.
LATEST = (datetime(9999, 12, 31, tzinfo=UTC), UUID(int=2**128 - 1))
EARLIEST = (datetime(1, 1, 2, tzinfo=UTC), UUID(int=0))
NO_ID = UUID(int=0)

# Name and number of arguments; the guard lets these and no others stand in FROM.
FUNCTIONS = {
    "content.newest_publications": 6,
    "content.newer_publications": 6,
    "content.newest_tagged": 5,
    "content.newer_tagged": 5,
    "content.recent_posts": 9,
    "content.posts_page": 4,
    "catalog.newest_products": 5,
    "catalog.newer_products": 5,
    "catalog.recent_products": 5,
    "catalog.products_page": 2,
    "audit.recent_change_sets": 3,
}

ARGUMENT_TYPES: dict[type, Any] = {UUID: Uuid(as_uuid=True), datetime: DateTime(timezone=True), str: Text(), int: BigInteger()}


def owned(name: str, *arguments: Any) -> TableValuedAlias:
    """A call of an owned function as a FROM element with the columns `id` and `at`. Raises KeyError for an unknown name.

    Every argument is sent with its type, because CockroachDB does not infer the types of placeholders.
    """
    if FUNCTIONS[name] != len(arguments):
        raise ValueError(f"{name} takes {FUNCTIONS[name]} arguments, not {len(arguments)}")
    schema, short = name.split(".")
    typed = [cast(literal(value, kind := ARGUMENT_TYPES[type(value)]), kind) for value in arguments]
    call = getattr(getattr(func, schema), short)(*typed)
    listed: TableValuedAlias = call.table_valued(column("id", Uuid(as_uuid=True)), column("at", DateTime(timezone=True))).render_derived(
        name="listed"
    )
    return listed
