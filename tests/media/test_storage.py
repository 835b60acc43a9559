"""Storage keeps the same promises in a folder and in an object store."""

import asyncio
import stat
from pathlib import Path
from uuid import UUID

import pytest
from obstore.store import MemoryStore

from app.errors import Invalid, NotFound, Unavailable
from app.media.storage import CHUNK, BucketStorage, LocalStorage, Storage, content_hash, open_storage, stored_name

ACME = UUID("11111111-1111-4111-8111-111111111111")
GLOBEX = UUID("22222222-2222-4222-8222-222222222222")
LONG = bytes(range(256)) * 3000


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return LocalStorage(tmp_path / "media") if request.param == "folder" else BucketStorage(MemoryStore())


async def read(storage: Storage, name: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in storage.stream(name, start, end)])


async def names(storage: Storage, customer: UUID) -> set[str]:
    return {name async for name in storage.names(customer)}


async def test_a_file_is_stored_under_its_hash_and_comes_back_whole(storage: Storage) -> None:
    name = await storage.put(ACME, LONG)
    assert name == stored_name(ACME, content_hash(LONG)) == f"{ACME}/{content_hash(LONG)[:2]}/{content_hash(LONG)}"
    assert await storage.get(name) == LONG
    assert await read(storage, name) == LONG
    assert await storage.size(name) == len(LONG)
    assert await storage.exists(name)


async def test_a_long_file_is_never_held_whole(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    name = await storage.put(ACME, LONG)
    assert [len(piece) async for piece in storage.stream(name)] == [CHUNK, CHUNK, len(LONG) - 2 * CHUNK]


@pytest.mark.parametrize(
    ("start", "end"), [(0, 10), (5, 6), (CHUNK - 1, CHUNK + 1), (10, None), (len(LONG) - 3, len(LONG)), (len(LONG), None), (7, 7)]
)
async def test_a_part_of_a_file_can_be_asked_for(storage: Storage, start: int, end: int | None) -> None:
    assert await read(storage, await storage.put(ACME, LONG), start, end) == LONG[start:end]


async def test_an_empty_file_is_a_file(storage: Storage) -> None:
    name = await storage.put(ACME, b"")
    assert (await storage.get(name), await read(storage, name), await storage.size(name)) == (b"", b"", 0)


async def test_equal_bytes_are_one_file_for_a_customer_and_never_shared_with_another(storage: Storage) -> None:
    mine, again, theirs = await storage.put(ACME, b"logo"), await storage.put(ACME, b"logo"), await storage.put(GLOBEX, b"logo")
    assert mine == again != theirs
    await storage.delete(mine)
    assert not await storage.exists(mine)
    assert await storage.get(theirs) == b"logo"


async def test_what_is_missing_is_not_found_and_can_be_deleted_twice(storage: Storage) -> None:
    missing = stored_name(ACME, content_hash(b"never kept"))
    assert not await storage.exists(missing)
    for act in (storage.get(missing), storage.size(missing), read(storage, missing)):
        with pytest.raises(NotFound):
            await act
    await storage.delete(missing)
    await storage.delete(missing)
    assert await names(storage, ACME) == set()


async def test_the_files_of_one_customer_can_be_listed_and_removed(storage: Storage) -> None:
    kept = {await storage.put(ACME, bytes([number])) for number in range(5)}
    other = await storage.put(GLOBEX, b"stays")
    assert await names(storage, ACME) == kept
    assert await storage.delete_all(ACME) == 5
    assert await names(storage, ACME) == set()
    assert await names(storage, GLOBEX) == {other}
    assert await storage.delete_all(ACME) == 0


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        f"{ACME}/../{GLOBEX}/x",
        f"{ACME}/ab/../../secret",
        f"{ACME}/ab/{'a' * 64}",
        f"{ACME}/aa/{'a' * 63}",
        f"{str(ACME).upper()}/aa/{'a' * 64}x",
    ],
)
async def test_no_name_leads_out_of_the_storage(storage: Storage, name: str) -> None:
    assert not await storage.exists(name)
    for act in (storage.get(name), storage.size(name), read(storage, name)):
        with pytest.raises(NotFound):
            await act
    await storage.delete(name)


async def test_many_at_once_are_one_file(storage: Storage) -> None:
    kept = await asyncio.gather(*(storage.put(ACME, LONG) for _ in range(8)))
    assert len(set(kept)) == 1
    assert await names(storage, ACME) == set(kept)


async def test_a_damaged_file_is_not_handed_out(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    name = await storage.put(ACME, b"good bytes")
    (tmp_path / name).write_bytes(b"evil bytes")
    with pytest.raises(Unavailable, match="damaged"):
        await storage.get(name)


async def test_a_file_that_was_cut_short_is_mended_by_keeping_it_again(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    name = await storage.put(ACME, b"good bytes")
    (tmp_path / name).write_bytes(b"good")
    await storage.put(ACME, b"good bytes")
    assert await storage.get(name) == b"good bytes"


async def test_an_interrupted_upload_is_no_file_and_goes_with_its_customer(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    name = await storage.put(ACME, b"whole")
    rest = (tmp_path / name).parent / ".11111111-rest"
    rest.write_bytes(b"half")
    assert await names(storage, ACME) == {name}
    assert await storage.delete_all(ACME) == 1
    assert not (tmp_path / str(ACME)).exists()


async def test_nothing_but_the_file_is_left_behind(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    name = await storage.put(ACME, b"whole")
    assert [path.name for path in (tmp_path / name).parent.iterdir()] == [name.rpartition("/")[2]]


async def test_a_place_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")
    with pytest.raises(Unavailable):
        await LocalStorage(tmp_path / "media").put(ACME, b"x")
    away = open_storage("s3://bucket/prefix?endpoint=http://127.0.0.1:9&region=eu-central-1")
    assert isinstance(away, BucketStorage)
    for act in (away.size(stored_name(ACME, content_hash(b"x"))), away.put(ACME, b"x")):
        with pytest.raises(Unavailable):
            await act


def test_the_address_decides_where_files_live(tmp_path: Path) -> None:
    local = open_storage(f"file://{tmp_path}/my%20media")
    assert isinstance(local, LocalStorage)
    assert local.folder == tmp_path / "my media"
    bucket = open_storage("s3://bucket/some/prefix")
    assert isinstance(bucket, BucketStorage)


@pytest.mark.parametrize("url", ["", "media", "file:", "file://host/media", "ftp://a.example/media", "s3:///prefix"])
def test_an_address_of_no_storage_is_refused_by_name(url: str) -> None:
    with pytest.raises(Invalid) as raised:
        open_storage(url)
    assert list(raised.value.fields) == ["MEDIA_URL"]


async def test_files_are_not_executable(tmp_path: Path) -> None:
    name = await LocalStorage(tmp_path).put(ACME, b"#!/bin/sh")
    assert not (tmp_path / name).stat().st_mode & (stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
