"""FLOOR: a rehearsal of everything that the product says to its database, on a live one and with a customer made for it.

Every named read and every form of writing is called once with made-up arguments; what goes out is the register of
statements. It is explained at size by the tests, kept as golden files, and replayed on an operator's own cluster.
Rooms are handed in from above, because the floor does not know them.
"""

from app.db.rehearsal.arguments import CannotMakeUp, Of
from app.db.rehearsal.recorder import Recorder, Statement
from app.db.rehearsal.stage import Room, Script, Stage, open_stage
from app.db.rehearsal.walk import rehearse

__all__ = ["CannotMakeUp", "Of", "Recorder", "Room", "Script", "Stage", "Statement", "open_stage", "rehearse"]
