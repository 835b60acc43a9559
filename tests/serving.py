"""Servers in processes of their own: started, asked until they answer, and told to stop."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from app.serve import free_port
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[1]
START_S, STOP_S = 90.0, 60.0


def free_ports(count: int, first: int = 18_000) -> list[int]:
    """Ports that nobody uses just now; each test process begins elsewhere, so that two do not choose the same."""
    found: list[int] = []
    start = first + os.getpid() % 1000 * 10
    while len(found) < count:
        found.append(free_port("127.0.0.1", found[-1] + 1 if found else start))
    return found


@asynccontextmanager
async def agoat(*words: str, settings: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """`agoat` in a process of its own with these settings and no others; killed at the end if it still lives."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AGOAT_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.cli",
        *words,
        cwd=ROOT,
        env={**others, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def status(port: int, host: str, path: str = "/") -> int | None:
    """The status of an answer, None while there is none."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return None
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        line = (await reader.readline()).decode()
        return int(line.split()[1]) if line else None
    except OSError:
        return None
    finally:
        writer.close()


async def answers(port: int, host: str, path: str = "/", *, wanted: int = 200) -> None:
    """Return as soon as the address answers with the wanted status."""

    async def does() -> bool:
        return await status(port, host, path) == wanted

    await until(does, seconds=START_S)


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    """Exit code and output of a process that ends by itself, in bounded time."""
    async with asyncio.timeout(STOP_S):
        output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()
