"""What a failed statement or COMMIT means: run again, say that nothing happened, or say that nobody knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from psycopg import OperationalError as DriverOperationalError
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from app.errors import Conflict, Unavailable

SERIALIZATION = {"40001", "40P01"}
AMBIGUOUS = {"40003"}
TIMED_OUT = {"25P03", "25P04", "57014", "55P03"}
# Others held a row for longer than the role waits for a lock. That is a race too, and the whole unit has a limit of its own.
LOCKED = {"55P03"}
# These end the transaction before its COMMIT is read, so that even a COMMIT which meets them has certainly not happened.
ENDED_BEFORE = {"25P03", "25P04"}
UNIQUE_VIOLATION = "23505"


class Verdict(Enum):
    """How a unit of work goes on after an error of the database."""

    AGAIN = "run the whole unit again in a new session"
    UNKNOWN = "it may have been committed"
    AWAY = "nothing was changed; the database did not answer in time"
    RAISE = "not the database's doing, or nothing that another attempt would mend"


def sqlstate(error: BaseException) -> str | None:
    """The five-character SQLSTATE of a driver error, None when there is none (a broken connection)."""
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def constraint(error: BaseException) -> str | None:
    """The name of the constraint that an error is about."""
    return getattr(getattr(getattr(error, "orig", None), "diag", None), "constraint_name", None)


def is_disconnect(error: BaseException) -> bool:
    """Whether the connection itself was lost, so that no SQLSTATE tells what became of the statement."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, ConnectionError)
    state = sqlstate(error)
    lost = state is not None and (state.startswith("08") or state in {"57P01", "57P02", "57P03"})
    return lost or error.connection_invalidated or (state is None and isinstance(error.orig, DriverOperationalError))


def judge(error: BaseException, *, committing: bool) -> Verdict:
    """The verdict on an error raised by a unit of work, or by its COMMIT."""
    state = sqlstate(error)
    # A time-out often closes the connection too, so it is asked for before the lost connection is.
    if state in ENDED_BEFORE or (state in TIMED_OUT - LOCKED and not committing) or isinstance(error, PoolTimeout):
        return Verdict.AWAY
    if committing and (state in AMBIGUOUS | TIMED_OUT or is_disconnect(error)):
        return Verdict.UNKNOWN
    # A transaction whose COMMIT was never sent cannot be committed, so an ambiguous statement before it is only a lost attempt.
    if state in SERIALIZATION | AMBIGUOUS | LOCKED or isinstance(error, StaleDataError) or is_disconnect(error):
        return Verdict.AGAIN
    # A unique violation is another writer who was faster; run again, and the room sees his row and says so in words.
    if state == UNIQUE_VIOLATION:
        return Verdict.AGAIN
    if state == "0A000" and "cached plan" in str(error):
        return Verdict.AGAIN
    # Class 53: the server has no memory, disk or connection left.
    return Verdict.AWAY if state is not None and state.startswith("53") else Verdict.RAISE


@contextmanager
def told_to_the_operator() -> Iterator[None]:
    """Say the database's own failures in one line, for the operator alone: visitors and clients never see the database's text.

    Raises Unavailable where the server cannot be reached, Conflict where it refuses.
    """
    try:
        yield
    except (ArgumentError, NoSuchModuleError):
        raise Conflict("This is no address of a database. Write it like postgresql+psycopg://user:password@host:5432/database.") from None
    except DBAPIError as error:
        reason = str(error.orig).strip().split("\n")[0].rstrip(".")
        if is_disconnect(error):
            raise Unavailable(f"The database cannot be reached: {reason}. Check its address and that it runs.") from None
        raise Conflict(f"The database refused: {reason}.") from None
