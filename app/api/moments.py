"""Times on the wire: always UTC, and never so far away that a database cannot keep them. Pure."""

from datetime import UTC, datetime
from typing import overload

from app.errors import Invalid

EARLIEST, LATEST = 1900, 2999


@overload
def utc(at: datetime) -> datetime: ...
@overload
def utc(at: None) -> None: ...
def utc(at: datetime | None) -> datetime | None:
    """The same moment in UTC, so that it reads alike before and after the database has kept it."""
    return at.astimezone(UTC) if at is not None else None


def checked_moment(at: datetime | None, name: str) -> datetime | None:
    """A time that was sent. Raises Invalid for one outside the years 1900 to 2999."""
    if at is not None and not EARLIEST <= at.year <= LATEST:
        raise Invalid({name: f"Write a time between the years {EARLIEST} and {LATEST}."})
    return at
