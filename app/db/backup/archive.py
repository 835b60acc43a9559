"""One file of many parts: a tar archive of which every byte is determined by names and contents, so that any other byte is damage.

The sizes of parts need not be known when they are begun: a header is written when its part is done.
"""

import hashlib
import tarfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from app.db.backup.manifest import Member
from app.errors import Conflict

BLOCK = tarfile.BLOCKSIZE
PIECE = 1 << 20
# What the size of a part may have with eight octal digits more; beyond, the size is written in another way.
OCTAL_LIMIT = 8**11
END = bytes(2 * BLOCK)


class Damaged(Conflict):
    """The file is no backup, or not as it was written; the detail names the first part that is wrong."""


def header(name: str, size: int) -> bytes:
    """The block before a part. Raises ValueError for a name that does not fit."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    block = entry.tobuf(tarfile.USTAR_FORMAT if size < OCTAL_LIMIT else tarfile.GNU_FORMAT, "utf-8", "strict")
    if len(block) != BLOCK:
        raise ValueError(f"the name {name!r} is too long for a backup")
    return block


def padding(size: int) -> bytes:
    """What fills the last block of a part."""
    return bytes(-size % BLOCK)


class Writer:
    """Writes parts one after another. All raise OSError."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.members: list[Member] = []

    def add(self, name: str, pieces: Iterable[bytes]) -> Member:
        """Writes a part and gives what is to be said of it."""
        begin = self._file.tell()
        self._file.write(header(name, 0))
        size, digest = 0, hashlib.sha256()
        for piece in pieces:
            self._file.write(piece)
            digest.update(piece)
            size += len(piece)
        self._file.write(padding(size))
        end = self._file.tell()
        self._file.seek(begin)
        self._file.write(header(name, size))
        self._file.seek(end)
        member = Member(name, size, digest.hexdigest())
        self.members.append(member)
        return member

    def finish(self) -> None:
        """Writes the end."""
        self._file.write(END)


class Part:
    """A part that is being read. `sha256` is that of what was read of it."""

    def __init__(self, file: BinaryIO, name: str, size: int) -> None:
        self._file, self._left, self._digest = file, size, hashlib.sha256()
        self.name, self.size = name, size

    @property
    def sha256(self) -> str:
        """The SHA-256 in hexadecimal of the bytes read so far."""
        return self._digest.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        """The bytes, in pieces. Raises Damaged where the file ends before the part does."""
        while self._left:
            piece = self._file.read(min(PIECE, self._left))
            if not piece:
                raise Damaged(f"{self.name} is cut off: {self._left:,} of its {self.size:,} bytes are missing.")
            self._left -= len(piece)
            self._digest.update(piece)
            yield piece

    def whole(self) -> bytes:
        """All bytes of a small part. Raises Damaged."""
        return b"".join(self.pieces())


def parts(file: BinaryIO) -> Iterator[Part]:
    """The parts of a file in their order; what the caller leaves of one is read before the next. Raises Damaged."""
    last = "the beginning of the file"
    while True:
        block = file.read(BLOCK)
        if block == bytes(BLOCK):
            break
        part = _opened(file, block, last)
        yield part
        for _ in part.pieces():
            continue
        if file.read(len(padding(part.size))) != padding(part.size):
            raise Damaged(f"{part.name} is damaged at its end.")
        last = part.name
    if file.read(BLOCK + 1) != bytes(BLOCK):
        raise Damaged(f"The end of the file, after {last}, is damaged.")


def _opened(file: BinaryIO, block: bytes, last: str) -> Part:
    if not block:
        raise Damaged(f"The file is cut off after {last}.")
    try:
        entry = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        if header(entry.name, entry.size) != block:
            raise ValueError("another block stands there")
    except (tarfile.HeaderError, ValueError):
        raise Damaged(f"What follows {last} is damaged.") from None
    return Part(file, entry.name, entry.size)
