"""Full and read-only disks: what cannot be kept is refused in words, nothing is half there, and room is all that it takes to go on."""

import asyncio
import secrets

import psycopg
import pytest

from app.cli.doctor.surroundings import about_storage
from app.db.database import TenantDatabase
from app.db.embedded import EngineError, running
from app.errors import Unavailable
from app.media.actions import store_picture
from app.media.repository import pictures
from app.media.storage import LocalStorage
from app.serve import tell_of_closed_folder
from app.settings import load
from tests.cast import Cast
from tests.kills.checks import holds
from tests.kills.clients import Client, Ledger
from tests.kills.demonstration import BACK_S, Demonstration, demonstration_in
from tests.kills.small_disk import small_disk
from tests.media.test_actions import photo
from tests.waiting import until

SEED = 20261121
# Room for PostgreSQL's first files, the demonstration and a few segments of its log.
DISK_MB = 256
# Pieces of log that may lie ready from earlier; then the next one does not fit.
SEGMENTS = 40


async def test_a_full_media_library_refuses_an_upload_and_keeps_no_half_of_it(acme: TenantDatabase, cast: Cast, unique: str) -> None:
    with small_disk(4) as disk:
        storage = LocalStorage(disk.folder / "media")
        kept = await storage.put(cast.acme, b"uploaded before")
        disk.fill()
        with pytest.raises(Unavailable, match=r"files are kept is full\. Nothing was changed"):
            await storage.put(cast.acme, secrets.token_bytes(1 << 20))
        with pytest.raises(Unavailable, match="is full"):
            await store_picture(storage, cast.acme, unique, photo())
        assert [file.name for file in storage.folder.rglob("*") if file.is_file()] == [kept.rpartition("/")[2]]
        assert await acme.read(lambda reading: pictures(reading, names=[unique])) == []
        disk.make_room()
        assert len(await storage.get(await storage.put(cast.acme, secrets.token_bytes(1 << 20)))) == 1 << 20


async def test_a_read_only_media_library_is_told_at_start_by_the_doctor_and_to_who_uploads(
    cast: Cast, unique: str, caplog: pytest.LogCaptureFixture
) -> None:
    with small_disk(4) as disk:
        storage = LocalStorage(disk.folder / "media")
        kept = await storage.put(cast.acme, b"uploaded before")
        tell_of_closed_folder(storage.folder)
        assert "media.not_writable" not in caplog.text
        with disk.read_only():
            with pytest.raises(Unavailable, match=r"cannot be written\. Nothing was changed"):
                await store_picture(storage, cast.acme, unique, photo())
            assert await storage.get(kept) == b"uploaded before"
            settings = load({"AGOAT_DATA_DIR": str(disk.folder), "AGOAT_MEDIA_URL": storage.folder.as_uri()})
            verdict, _ = await about_storage(settings)
            assert (verdict.state, "cannot be written" in verdict.said, "AGOAT_MEDIA_URL" in verdict.remedy) == ("fail", True, True)
            tell_of_closed_folder(storage.folder)
        assert "media.not_writable" in caplog.text


def test_a_data_folder_that_cannot_be_written_is_told_at_start_in_one_line() -> None:
    with small_disk(4) as disk:
        data = disk.folder / "data"
        data.mkdir()
        with disk.read_only(), pytest.raises(EngineError, match=r"Read-only file system.*AGOAT_DATA_DIR") as refused, running(data):
            pass
        assert "\n" not in refused.value.detail
        disk.fill()
        with pytest.raises(EngineError, match=r"No space left on device.*that there is room"), running(data):
            pass


@pytest.mark.timeout(900)
async def test_a_full_disk_refuses_saves_until_there_is_room_and_nobody_has_to_start_anything() -> None:
    ledger = Ledger()
    with small_disk(DISK_MB) as disk:
        async with demonstration_in(disk.folder / "data") as started:
            client = Client(started, ledger, 1, SEED)
            await client.begin()
            processes = [*started.children("create_demo"), *started.children("app.cli worker"), *started.children("app.ops")]
            disk.fill()
            waiting = await large_save_that_is_refused(client)
            assert "Nothing was changed" in ledger.refusal
            assert await started.page() == 200
            assert run_out_of_log(started)
            disk.make_room()
            async with asyncio.timeout(BACK_S):
                await waiting
                await client.publish()
                await client.close()
            assert await started.page() == 200
            alive = {*started.children("create_demo"), *started.children("app.cli worker"), *started.children("app.ops")}
            assert set(processes) <= alive, "a full disk, which takes no logs either, has ended a process"
            await holds(started, ledger)


async def large_save_that_is_refused(client: Client) -> asyncio.Task[None]:
    """Save half a megabyte at a time until the database has no room; gives the save, which is sent again until it is acknowledged.

    A connection that broke is no refusal yet: then the request is sent again by itself, and may be answered.
    """
    while True:
        saving = asyncio.create_task(client.save(secrets.token_hex(350_000)))

        async def is_told(saving: asyncio.Task[None] = saving) -> bool:
            return saving.done() or client.ledger.refusal != ""

        await until(is_told, seconds=BACK_S)
        if not saving.done():
            return saving
        await saving


def run_out_of_log(started: Demonstration) -> bool:
    """Have PostgreSQL begin new files of its log until it cannot, which ends it; gives whether it came to that."""
    try:
        with psycopg.connect(started.admin_url().replace("+psycopg", ""), autocommit=True) as connection:
            for _ in range(SEGMENTS):
                connection.execute("SELECT pg_switch_wal() FROM pg_logical_emit_message(true, 'test', 'a record')")
    except psycopg.OperationalError:
        return True
    return False
