"""Trying the mutants of the guard's code: which probe notices each, within a bound, for some of them never come to an end."""

import importlib
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Dialect

from tests.mutants.probes.acts import execution_probes
from tests.mutants.probes.drift import DRIFTED
from tests.mutants.probes.executions import Bench
from tests.mutants.probes.statements import statement_probes, watched
from tests.mutants.registered import RegisterMutant, rules_not_asked
from tests.mutants.sources import CodeMutant, mutants_of

# Seconds of this process' own time, so that a busy machine counts for nothing.
PATIENCE_S = 1.0
# The modules whose decisions fall while a statement is executed or a session is filled.
AT_WORK = {"engine", "session", "work"}
BOTH = {"facts", "writes", "rules", "compiler"}

GUARD = ("compiler", "elements", "engine", "facts", "forms", "relations", "rules", "session", "solving", "writes")
MODULES = (*(f"app.db.guard.{name}" for name in GUARD), "app.db.work", "app.db.rules")
# What of app/db/work.py keeps nobody away: the order of a flush, and what a unit carries.
NO_BARRIER = ("work.order_by_foreign_keys", "work.Reading", "work.Work")


def every_mutant(modules: Iterable[str]) -> Iterator[CodeMutant | RegisterMutant]:
    """Each rule that is not asked, and each mutant of the code."""
    yield from rules_not_asked()
    for module in modules:
        for mutant in mutants_of(importlib.import_module(module)):
            if not mutant.name.startswith(NO_BARRIER):
                yield mutant


def coarse_mutants(module: str) -> list[CodeMutant]:
    """The mutants of one module in which a whole decision is switched off."""
    mutants = mutants_of(importlib.import_module(module))
    return [mutant for mutant in mutants if mutant.is_coarse and not mutant.name.startswith(NO_BARRIER)]


class Endless(BaseException):
    """A mutant keeps a probe from coming to an end."""


@contextmanager
def bounded() -> Iterator[None]:
    """Raise Endless when the block takes longer than one probe may."""

    def give_up(*_: Any) -> None:
        raise Endless

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


class Trial:
    """All probes; those that noticed the last mutants are asked first."""

    def __init__(self, bench: Bench) -> None:
        self.statements = statement_probes()
        self.statements |= {f"SQLAlchemy drifts: {rule}": (lambda dialect, probe=probe: probe()) for rule, probe in DRIFTED.items()}
        self.executions = execution_probes(bench)
        self.order = [*self.statements, *self.executions]

    def failing(self, names: list[str]) -> Iterator[str]:
        """The names of the probes that do not hold now."""
        dialect = watched()
        for name in names:
            with bounded():
                held = self.holds(name, dialect)
            if not held:
                yield name

    def asked_of(self, mutant: Any) -> list[str]:
        """The probes of a mutant: with a database where its decision falls at work, without one where it falls while compiling."""
        module = mutant.name.split(".")[0]
        if module in BOTH:
            return list(self.order)
        probes = self.executions if module in AT_WORK else self.statements
        return [name for name in self.order if name in probes]

    def holds(self, name: str, dialect: Dialect) -> bool:
        """Whether one probe holds."""
        return self.statements[name](dialect) if name in self.statements else self.executions[name]()

    def noticed(self, mutant: Any) -> str | None:
        """The probe that notices a mutant, None when none does."""
        with mutant.on():
            try:
                found = next(self.failing(self.asked_of(mutant)), None)
            except Endless:
                return "it never ends"
            except Exception as error:
                return f"no statement can be compiled: {type(error).__name__}"
        if found is not None:
            self.order.remove(found)
            self.order.insert(0, found)
        return found

    def noticed_without_database(self, mutant: Any) -> str | None:
        """The same by the probes of statements alone."""
        with mutant.on():
            return next(self.failing(list(self.statements)), None)
