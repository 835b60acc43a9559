"""The guard: every statement proves that it stays within one customer, or it does not reach the database.

It verifies and never rewrites. SQLAlchemy's compiler is watched while it works (`compiler`, `elements`, `relations`,
`writes`), the proof is worked out from what was seen (`solving`, `forms`) and kept with the compiled statement, and the
bound values are compared with the connection's customer at every execution (`engine`).
"""

from app.db.guard.canaries import canaries
from app.db.guard.engine import INTERNAL, compile_guarded, install, prove
from app.db.guard.errors import GuardError, TenantMismatch, TenantMissing, TenantUnscoped
from app.db.guard.facts import Finding, Proof, TenantBind
from app.db.guard.rules import GuardRules
from app.db.guard.session import refuse_foreign

__all__ = [
    "INTERNAL",
    "Finding",
    "GuardError",
    "GuardRules",
    "Proof",
    "TenantBind",
    "TenantMismatch",
    "TenantMissing",
    "TenantUnscoped",
    "canaries",
    "compile_guarded",
    "install",
    "prove",
    "refuse_foreign",
]
