"""The barriers between customers, each of them alone and all together, and what a try against them comes to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.db.base import Base
from app.db.database import send_begin
from app.db.guard import GuardError, install, refuse_foreign
from app.db.rules import tenant_rules
from tests.db.planting import ACME, GLOBEX, Row

RULES = tenant_rules(Base.metadata)
REFUSED, FAILED, NOTHING, OWN, LEAKS = "refused", "error", "nothing", "own rows only", "**leaks**"


class Guarded(Session):
    """A session as units of work have it, as far as the guard sees to it."""


refuse_foreign(Guarded)


@dataclass(frozen=True)
class Barrier:
    """One way to the database: through which role, and with or without the guard."""

    name: str
    role: str
    has_guard: bool


BARRIERS = (
    Barrier("the guard alone", "backoffice", True),
    Barrier("row-level security alone", "app", False),
    Barrier("keys and schema alone", "backoffice", False),
    Barrier("all together", "app", True),
)


@dataclass
class Try:
    """What a try is made with: a session of Acme, and what an attacker may know of Globex."""

    session: Session
    engine: Engine
    theirs: dict[str, Row]
    ours: dict[str, Row]

    @property
    def driver(self) -> Any:
        """The driver's own connection below everything, in the transaction of the session."""
        return self.session.connection().connection.driver_connection


@dataclass(frozen=True)
class Leak:
    """A class of leaks: in words, in which part of the table it stands, and how it is tried."""

    name: str
    part: str
    attempt: Callable[[Try], str]


LEAK_CLASSES: list[Leak] = []


def leak(name: str, part: str) -> Callable[[Callable[[Try], str]], Callable[[Try], str]]:
    """Register a class of leaks. The function gives NOTHING, OWN or LEAKS; refusals and errors are told from outside."""

    def register(attempt: Callable[[Try], str]) -> Callable[[Try], str]:
        LEAK_CLASSES.append(Leak(name, part, attempt))
        return attempt

    return register


def seen(rows: Any) -> str:
    """LEAKS when any value of any row names Globex."""
    return LEAKS if any(value == GLOBEX or str(GLOBEX) in str(value) for row in rows for value in row) else NOTHING


def counted(number: int, own: int) -> str:
    """LEAKS when there are more than Acme's own."""
    return LEAKS if number > own else OWN if number == own else NOTHING


def told_apart(one: Callable[[], object], other: Callable[[], object]) -> str:
    """LEAKS when what exists at Globex is answered otherwise than what does not exist anywhere."""
    return LEAKS if one() != other() else NOTHING


@contextmanager
def engine_of(barrier: Barrier, addresses: dict[str, str]) -> Iterator[Engine]:
    """An engine that sends the tenant as the product does."""
    engine = create_engine(addresses[barrier.role], isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0, hide_parameters=True)
    event.listen(engine, "begin", send_begin)
    if barrier.has_guard:
        install(engine, RULES)
    yield engine
    engine.dispose()


def outcome(found: Leak, barrier: Barrier, engine: Engine, rows: dict[UUID, dict[str, Row]]) -> str:
    """What comes of one class of leaks at one barrier; whatever it did is rolled back."""
    kind = Guarded if barrier.has_guard else Session
    with kind(engine.execution_options(customer_id=ACME)) as session:
        try:
            return found.attempt(Try(session, engine, rows[GLOBEX], rows[ACME]))
        except GuardError:
            return REFUSED
        except (DBAPIError, StaleDataError, InvalidRequestError):
            return FAILED
        finally:
            session.rollback()
