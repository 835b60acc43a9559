"""`agoat demo` as people run it: from an empty folder to pages, a second start with everything kept, and a new beginning."""

import asyncio
import os
import re
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import json

from app.cli.demo import RUNNING, Running, forget, held
from app.db.local import local_installation, reset_local
from app.errors import Conflict
from tests.serving import agoat, ended, free_ports, status


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder that PostgreSQL's user can reach when root runs the tests."""
    with tempfile.TemporaryDirectory(prefix="agoat-demo-") as made:
        Path(made).chmod(0o755)
        yield Path(made) / "data"


async def printed(process: asyncio.subprocess.Process) -> str:
    """What a demonstration says until its table is complete, or it ends."""
    assert process.stdout is not None
    lines: list[str] = []
    async with asyncio.timeout(150):
        while line := (await process.stdout.readline()).decode():
            lines.append(line)
            if "begins anew" in line:
                break
    return "".join(lines)


def secrets_in(text: str) -> list[str]:
    """Passwords and keys of a table."""
    return re.findall(r"@\S+ +([0-9a-f]{12}) |Bearer (agoat_\w+)", text)


@pytest.mark.timeout(420)
async def test_it_starts_from_nothing_keeps_everything_and_begins_anew(folder: Path) -> None:
    web, ops = free_ports(2, first=28_000)
    settings = {"AGOAT_DATA_DIR": str(folder), "AGOAT_BIND": f"127.0.0.1:{web}", "AGOAT_OPS_BIND": f"127.0.0.1:{ops}"}
    async with agoat("demo", settings=settings) as process:
        first = await printed(process)
        assert f"http://console.localhost:{web}/" in first
        assert [await status(web, host) for host in ("acme.localhost", "globex.localhost", "localhost")] == [200, 200, 302]
        assert await status(web, f"console.localhost:{web}", "/sign-in") == 200
        async with agoat("demo", settings=settings) as second:
            code, said = await ended(second)
            assert (code, f"process {process.pid} answers at http://console.localhost:{web}/" in said) == (1, True)
        process.send_signal(signal.SIGTERM)
        assert (await ended(process))[0] == 0
    assert len(secrets_in(first)) == 6
    async with agoat("demo", "--port", str(web), settings=settings) as process:
        again = await printed(process)
        assert secrets_in(again) == secrets_in(first)
        assert "Loading" not in again
        process.send_signal(signal.SIGINT)
        assert (await ended(process))[0] == 0
    forget(folder)
    assert not (folder / "postgres").exists()
    assert not (folder / "demo.json").exists()


def test_an_installation_that_is_no_demonstration_is_not_forgotten(folder: Path) -> None:
    (folder / "postgres").mkdir(parents=True)
    with pytest.raises(Conflict, match="is no demonstration"):
        forget(folder)
    assert (folder / "postgres").exists()
    forget(folder / "that-does-not-exist")


def test_a_folder_in_use_is_not_emptied_and_its_owner_is_named(folder: Path) -> None:
    with local_installation(folder) as local:
        assert local.owner
        with pytest.raises(Conflict, match=rf"process {os.getpid()} "):
            reset_local(folder)
        with local_installation(folder) as joined:
            assert (joined.owner, joined.addresses, joined.secret_key) == (False, local.addresses, local.secret_key)
        assert "Another agoat command" in held(folder)
        (folder / RUNNING).write_bytes(json.encode(Running(7, "http://console.localhost:9000")))
        assert "process 7 answers at http://console.localhost:9000/" in held(folder)
    with local_installation(folder) as later:
        assert later.addresses == local.addresses
    reset_local(folder)
    assert not (folder / RUNNING).exists()
