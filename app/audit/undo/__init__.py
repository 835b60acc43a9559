"""Undo of a whole act: everything that it touched goes back to what it was before, as a new act that can be undone in its turn.

What was changed since is never overwritten: it is a conflict, told thing by thing. `planning` says what would happen, `doing` does it.
"""

from app.audit.undo.doing import Undone, UndoRefused, undo_act
from app.audit.undo.planning import Plan, plan_undo
from app.audit.undo.steps import Item

__all__ = ["Item", "Plan", "UndoRefused", "Undone", "plan_undo", "undo_act"]
