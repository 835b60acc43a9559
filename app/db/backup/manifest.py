"""What a backup says about itself, and the words for its parts."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

FORMAT = 1
TITLE, DUMP, MANIFEST, SEAL = "AGOAT-BACKUP.txt", "database.dump", "manifest.json", "manifest.sha256"
MEDIA = "media/"
TITLE_TEXT = b"A backup of AGoat Publisher. Read it with: agoat backup verify FILE\n"

# How much of a step is done, in bytes or files, and of how much where that is known.
Progress = Callable[[int, int | None], None]
# Begins a step, named in words, and gives what it reports to.
Step = Callable[[str], Progress]


class Member(Struct, frozen=True):
    """One part of the file: its size in bytes and the SHA-256 of its bytes in hexadecimal."""

    name: str
    size: int
    sha256: str


class Manifest(Struct, frozen=True, kw_only=True):
    """Everything that is known of a backup without reading its rows.

    `media` is "here", or the address of the library where it lives elsewhere. `missing` are files that the database names
    and that were not there to be copied, `spoilt` those whose bytes were no longer what their name says.
    """

    format: int
    product: str
    schema: str
    dialect: str
    server: str
    created_at: datetime
    rows: dict[str, int]
    media: str
    missing: list[str]
    spoilt: list[str]
    members: list[Member]

    @property
    def files(self) -> int:
        """How many files of the media library it holds."""
        return sum(member.name.startswith(MEDIA) for member in self.members)
