"""Probes of what the guard works out while it compiles: a bad statement must be refused, an ordinary one must be accepted."""

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Dialect

from app.db.guard import Proof
from app.db.guard.compiler import guarded
from tests.db.guard_schema import DIALECTS, RULES
from tests.db.test_guard import ACCEPTED, WITHOUT_TENANT
from tests.db.test_guard_forms import FORMS, SELF_COMPILING
from tests.db.test_guard_refusals import LEAKS
from tests.db.test_guard_spoofs import SPOOFS
from tests.mutants.probes.finer import BINDS, FINER_ACCEPTED, FINER_REFUSED

Probe = Callable[[Dialect], bool]
BASE = DIALECTS["postgresql"]
# One more of everything, so that no list has a single member.
WIDER = replace(RULES, open_tables=RULES.open_tables | {"pen.moods"}, functions={**RULES.functions, "pen.others": 2})


def watched() -> Dialect:
    """The dialect with a guard made now, so that a mutant of the making counts."""
    dialect = copy.copy(BASE)
    dialect.statement_compiler = guarded(BASE.statement_compiler, WIDER)
    return dialect


def proof_of(statement: Any, dialect: Dialect) -> Proof | None:
    """The verdict on a statement, None when it has none."""
    return getattr(statement.compile(dialect=dialect), "proof", None)


def refused(build: Callable[[], Any]) -> Probe:
    """The statement does not pass, if only because the guard breaks over it."""
    statement = build()

    def holds(dialect: Dialect) -> bool:
        try:
            proof = proof_of(statement, dialect)
        except Exception:
            return True
        return proof is None or not proof.ok

    return holds


def accepted(build: Callable[[], Any], binds: int | None) -> Probe:
    """The statement passes, with this many values left to compare; None when at least one."""
    statement = build()

    def holds(dialect: Dialect) -> bool:
        try:
            proof = proof_of(statement, dialect)
        except Exception:
            return False
        return proof is not None and proof.ok and (len(proof.binds) == binds if binds is not None else bool(proof.binds))

    return holds


def statement_probes() -> dict[str, Probe]:
    """Every probe that needs no database."""
    bad = {**FORMS, **LEAKS, **SPOOFS}
    found = {f"{name} is refused": refused(build) for name, (_, build) in bad.items()}
    found |= {f"{name} that compiles itself is refused": refused(build) for name, build in SELF_COMPILING.items()}
    found |= {f"{name} is refused": refused(build) for name, build in FINER_REFUSED.items()}
    found |= {f"{name} is accepted": accepted(build, 0 if name in WITHOUT_TENANT else None) for name, build in ACCEPTED.items()}
    found |= {f"{name} is accepted": accepted(build, BINDS.get(name)) for name, build in FINER_ACCEPTED.items()}
    return found
