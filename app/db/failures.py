"""What a failed statement or COMMIT means: run again, say that nothing happened, or say that nobody knows."""

from enum import Enum

from psycopg import OperationalError as DriverOperationalError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

SERIALIZATION = {"40001", "40P01"}
AMBIGUOUS = {"40003"}
TIMED_OUT = {"25P03", "25P04", "57014", "55P03"}
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
        return isinstance(error, OSError)
    state = sqlstate(error)
    lost = state is not None and (state.startswith("08") or state in {"57P01", "57P02", "57P03"})
    return lost or error.connection_invalidated or (state is None and isinstance(error.orig, DriverOperationalError))


def judge(error: BaseException, *, committing: bool) -> Verdict:
    """The verdict on an error raised by a unit of work, or by its COMMIT."""
    state = sqlstate(error)
    if state in AMBIGUOUS or (committing and is_disconnect(error)):
        return Verdict.UNKNOWN
    if state in SERIALIZATION or isinstance(error, StaleDataError) or is_disconnect(error):
        return Verdict.AGAIN
    # A unique violation is another writer who was faster; run again, and the room sees his row and says so in words.
    if state == UNIQUE_VIOLATION:
        return Verdict.AGAIN
    if state == "0A000" and "cached plan" in str(error):
        return Verdict.AGAIN
    return Verdict.AWAY if state in TIMED_OUT else Verdict.RAISE
