"""Probes of what the guard does when a statement is executed, a row enters a session or a unit writes, on a real server."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from app.db.guard import GuardError, GuardRules, install
from app.db.work import UnrecordedWrite
from tests.db.guard_schema import ACME, RULES

Probe = Callable[[], bool]


class Bench:
    """Guarded engines on a database with rows of two customers. Nothing is cached, so that a mutant meets every statement."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, query_cache_size=0)
        install(self.engine, RULES)
        self.shared = create_engine(url, query_cache_size=0)
        install(self.shared, GuardRules(tenant_tables=frozenset(), open_tables=frozenset({"pen.countries"})))
        self.acme = self.engine.execution_options(customer_id=ACME)

    def close(self) -> None:
        """End the connections."""
        self.engine.dispose()
        self.shared.dispose()

    def stopped(self, act: Callable[[Any], Any], engine: Engine | None = None) -> Probe:
        """The act on a connection of Acme raises something; whatever it did is taken back."""
        return lambda: raises(lambda: self.connected(act, engine))

    def done(self, act: Callable[[Any], Any], engine: Engine | None = None) -> Probe:
        """The act on a connection of Acme passes and gives what is true."""
        return lambda: passes(lambda: self.connected(act, engine))

    def connected(self, act: Callable[[Any], Any], engine: Engine | None) -> Any:
        with (engine or self.acme).connect() as connection:
            return act(connection)

    def in_session(self, act: Callable[[Session], Any], make: Callable[..., Any] | None = None, engine: Engine | None = None) -> Any:
        """The act in a session of Acme, rolled back."""
        factory = make or sessionmaker(engine or self.acme)
        with factory(bind=engine or self.acme) as session:
            try:
                return act(session)
            finally:
                session.rollback()


def raises(act: Callable[[], Any]) -> bool:
    """Whether the act was refused in so many words; an act that merely breaks was not."""
    try:
        act()
    except (GuardError, UnrecordedWrite, ValueError):
        return True
    except Exception:
        return False
    return False


def passes(act: Callable[[], Any]) -> bool:
    """Whether the act was let through and gave what is true."""
    try:
        return bool(act())
    except Exception:
        return False
