"""Backups of an installation on one machine: the database and the media library in one file, made while it runs.

`create` writes the file, `verify` reads all of it, `restore` makes a new installation from it. What signs or lets in (keys,
passwords of roles, the demonstration's passwords) is in no backup; the passwords of people are there as hashes only.
"""

from app.db.backup.archive import Damaged
from app.db.backup.making import Made, create
from app.db.backup.manifest import Manifest, Progress, Step
from app.db.backup.reading import Verified, verify
from app.db.backup.restoring import Restored, restore

__all__ = ["Damaged", "Made", "Manifest", "Progress", "Restored", "Step", "Verified", "create", "restore", "verify"]
