"""Where the bytes of files live: a folder or an S3 bucket behind one port.

A file is stored once under the hash of its bytes, inside its customer's own prefix: equal files of two customers are two
files, so that reading, counting and erasing never cross customers. Nothing here knows addresses, names or sizes of pictures.
"""

import asyncio
import errno
import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID, uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, S3Store

from app.errors import Invalid, NotFound, Unavailable

CHUNK = 256 * 1024

_NAME = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/([0-9a-f]{2})/\1[0-9a-f]{62}")
_MISSING = "This file is not in the media library."
_AWAY = "The place where files are kept does not answer. Nothing was changed; try again in a moment."
_FULL = "The place where files are kept is full. Nothing was changed; make room there, then try again."
_CLOSED = "The place where files are kept cannot be written. Nothing was changed; let the product write there, then try again."
_DAMAGED = "This file is damaged where it is stored. Upload it again, or restore it from a backup."
_UNUSABLE = "must be file:///an/absolute/folder or s3://bucket/prefix"
# What the file system says when it is not away, but refuses.
_REFUSALS: dict[int | None, str] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _FULL),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), _CLOSED),
}

T = TypeVar("T")


class Storage(Protocol):
    """The port. Stored names are those of `stored_name`. All raise Unavailable when the place does not answer."""

    async def put(self, customer_id: UUID, data: bytes) -> str:
        """Keeps the bytes, durably when it returns, and gives their stored name. Keeping them twice is one file."""

    async def get(self, name: str) -> bytes:
        """The whole file, checked against its hash. Raises NotFound."""

    def stream(self, name: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`, in pieces. Raises NotFound with the first piece."""

    async def size(self, name: str) -> int:
        """The length in bytes. Raises NotFound."""

    async def exists(self, name: str) -> bool:
        """Whether the file is there."""

    async def delete(self, name: str) -> None:
        """Removes the file; a file that is not there is no error."""

    def names(self, customer_id: UUID) -> AsyncIterator[str]:
        """The stored names of a customer's files, in no particular order."""

    async def delete_all(self, customer_id: UUID) -> int:
        """Removes all files of a customer and gives their number."""


def open_storage(url: str) -> Storage:
    """The storage that MEDIA_URL names: `file:///folder` or `s3://bucket/prefix`, the latter with `?endpoint=` and `?region=`.

    The credentials of S3 come from the machine, as its clients expect. Raises Invalid naming MEDIA_URL.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.strip("/"):
        return LocalStorage(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.hostname:
        return BucketStorage(_s3(parts.netloc, parts.path.strip("/"), parse_qs(parts.query)))
    raise Invalid({"MEDIA_URL": f"is {url!r}; it {_UNUSABLE}."})


def content_hash(data: bytes) -> str:
    """The SHA-256 of the bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def stored_name(customer_id: UUID, digest: str) -> str:
    """Where a customer's file with this hash is stored."""
    return f"{customer_id}/{digest[:2]}/{digest}"


class LocalStorage:
    """Files in a folder: written beside their place, flushed to the disk, then renamed, so that none is ever half there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, customer_id: UUID, data: bytes) -> str:
        """See Storage."""
        return await _in_thread(self._put, customer_id, data)

    async def get(self, name: str) -> bytes:
        """See Storage."""
        data = await _in_thread(self._path(name).read_bytes)
        return await _in_thread(_checked, name, data)

    async def stream(self, name: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See Storage."""
        file = await _in_thread(_opened, self._path(name))
        try:
            await _in_thread(file.seek, start)
            left = CHUNK if end is None else end - start
            while left > 0 and (piece := await _in_thread(file.read, min(CHUNK, left))):
                left = CHUNK if end is None else left - len(piece)
                yield piece
        finally:
            await _in_thread(file.close)

    async def size(self, name: str) -> int:
        """See Storage."""
        return (await _in_thread(self._path(name).stat)).st_size

    async def exists(self, name: str) -> bool:
        """See Storage."""
        return bool(_NAME.fullmatch(name)) and await _in_thread(self._path(name).is_file)

    async def delete(self, name: str) -> None:
        """See Storage."""
        if _NAME.fullmatch(name):
            await _in_thread(self._path(name).unlink, True)

    async def names(self, customer_id: UUID) -> AsyncIterator[str]:
        """See Storage."""
        for name in await _in_thread(self._names, customer_id):
            yield name

    async def delete_all(self, customer_id: UUID) -> int:
        """See Storage."""
        count = len(await _in_thread(self._names, customer_id))
        # The whole folder goes, with what an interrupted upload may have left in it.
        if count or await _in_thread((self.folder / str(customer_id)).exists):
            await _in_thread(shutil.rmtree, self.folder / str(customer_id))
        return count

    def _path(self, name: str) -> Path:
        return self.folder / _valid(name)

    def _put(self, customer_id: UUID, data: bytes) -> str:
        name = stored_name(customer_id, content_hash(data))
        target = self.folder / name
        if target.is_file() and target.stat().st_size == len(data):
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.parent / f".{uuid4()}"
        try:
            _write_through(temporary, data)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        for folder in (target.parent, target.parent.parent, self.folder):
            _flush(folder)
        return name

    def _names(self, customer_id: UUID) -> list[str]:
        found = (path.relative_to(self.folder).as_posix() for path in (self.folder / str(customer_id)).glob("*/*"))
        return [name for name in found if _NAME.fullmatch(name)]


class BucketStorage:
    """Files in an object store. Its calls run in threads, because the coroutines of obstore 0.12 may abort a process that ends."""

    def __init__(self, store: ObjectStore) -> None:
        self.store = store

    async def put(self, customer_id: UUID, data: bytes) -> str:
        """See Storage."""
        name = stored_name(customer_id, await asyncio.to_thread(content_hash, data))
        if not await self.exists(name):
            await _in_thread(obstore.put, self.store, name, data)
        return name

    async def get(self, name: str) -> bytes:
        """See Storage."""
        found = await _in_thread(obstore.get, self.store, _valid(name))
        data = bytes(await _in_thread(found.bytes))
        return await _in_thread(_checked, name, data)

    async def stream(self, name: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See Storage."""
        end = await self.size(name) if end is None else end
        if start >= end:
            return
        found = await _in_thread(lambda: obstore.get(self.store, name, options={"range": (start, end)}))
        pieces = iter(found.stream(min_chunk_size=CHUNK))
        while piece := await _in_thread(_next, pieces):
            yield bytes(piece)

    async def size(self, name: str) -> int:
        """See Storage."""
        return (await _in_thread(obstore.head, self.store, _valid(name)))["size"]

    async def exists(self, name: str) -> bool:
        """See Storage."""
        try:
            await self.size(name)
        except NotFound:
            return False
        return True

    async def delete(self, name: str) -> None:
        """See Storage."""
        if await self.exists(name):
            await _in_thread(obstore.delete, self.store, name)

    async def names(self, customer_id: UUID) -> AsyncIterator[str]:
        """See Storage."""
        pages = iter(obstore.list(self.store, prefix=str(customer_id)))
        while (page := await _in_thread(_next, pages)) is not None:
            for item in page:
                yield item["path"]

    async def delete_all(self, customer_id: UUID) -> int:
        """See Storage."""
        found = [name async for name in self.names(customer_id)]
        for name in found:
            await _in_thread(obstore.delete, self.store, name)
        return len(found)


def _s3(bucket: str, prefix: str, options: dict[str, list[str]]) -> S3Store:
    # The type that obstore gives this mapping exists for type checkers only.
    config: Any = {key: options[key][0] for key in ("endpoint", "region") if key in options}
    is_plain = config.get("endpoint", "").startswith("http://")
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=config,
        client_options={"allow_http": is_plain, "timeout": "30s"},
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
    )


def _valid(name: str) -> str:
    """The name, when it is one that `stored_name` gives, so that no name leads out of the folder."""
    if not _NAME.fullmatch(name):
        raise NotFound(_MISSING)
    return name


def _checked(name: str, data: bytes) -> bytes:
    if content_hash(data) != name.rpartition("/")[2]:
        raise Unavailable(_DAMAGED)
    return data


def _next(pieces: Iterator[T]) -> T | None:
    return next(pieces, None)


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


async def _in_thread(call: Callable[..., T], *arguments: Any) -> T:
    """Runs a blocking call in a thread and says its failures in the product's own errors."""
    try:
        return await asyncio.to_thread(call, *arguments)
    except FileNotFoundError as missing:
        raise NotFound(_MISSING) from missing
    except (OSError, BaseError) as failed:
        raise Unavailable(_REFUSALS.get(getattr(failed, "errno", None), _AWAY)) from failed
