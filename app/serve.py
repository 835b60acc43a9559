"""The supervisor: web processes, one worker unless told otherwise, and the ops listener; all end when it ends.

Each child knows only the addresses that its work needs.
"""

import asyncio
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress

from msgspec import Struct

from app.logs import logger
from app.settings import WEB_KNOWS, WORKER_KNOWS, Settings, child_environment

LOG = logger(__name__)
KILL_AFTER_S = 30.0
# A child that dies is started again after a pause that grows, so that a broken one does not keep the machine busy.
FIRST_PAUSE_S, LONGEST_PAUSE_S, HEALTHY_AFTER_S = 0.5, 30.0, 60.0


class Child(Struct, frozen=True):
    """A process that the supervisor keeps alive."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]


def granian(target: str, host: str, port: int, workers: int) -> tuple[str, ...]:
    """The server's command line. Its defaults would let a dead worker end the server, speak HTTP/2 in clear, and accept heads of 400 KB."""
    return (
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--factory",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--http",
        "1",
        "--no-ws",
        "--loop",
        "uvloop",
        "--respawn-failed-workers",
        "--http1-buffer-size",
        "32768",
        "--workers-kill-timeout",
        "30s",
        "--no-access-log",
        "--log-level",
        "warning",
        target,
    )


def children(settings: Settings, *, with_worker: bool, extra: Mapping[str, str] | None = None) -> list[Child]:
    """What an installation runs on this machine."""
    web, ops = settings.bind, settings.ops_bind
    web_knows, worker_knows = child_environment(settings, WEB_KNOWS, extra), child_environment(settings, WORKER_KNOWS, extra)
    started = [
        Child("web", granian("app.asgi:create", web.host, web.port, settings.web_processes), web_knows),
        Child("ops", granian("app.ops:create", ops.host, ops.port, 1), worker_knows),
    ]
    worker = Child("worker", (sys.executable, "-m", "app.cli", "worker"), worker_knows)
    return [*started, worker] if with_worker else started


async def supervise(kept: list[Child]) -> None:
    """Keep every child alive until SIGINT or SIGTERM, then end them all, the late ones by force after 30 seconds."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    async with asyncio.TaskGroup() as group:
        for child in kept:
            group.create_task(keep_alive(child, stopping))


async def keep_alive(child: Child, stopping: asyncio.Event) -> None:
    """Start a child again whenever it ends by itself; end it when the supervisor is told to stop."""
    pause = FIRST_PAUSE_S
    stop = asyncio.create_task(stopping.wait())
    while not stopping.is_set():
        started = asyncio.get_running_loop().time()
        # A session of its own keeps the terminal's Ctrl-C from reaching the child before the supervisor has decided.
        process = await asyncio.create_subprocess_exec(*child.command, env=child.environment, start_new_session=True)
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
        if stopping.is_set():
            await end(process, child.name)
            return
        LOG.error("child.died", child=child.name, code=process.returncode)
        pause = FIRST_PAUSE_S if asyncio.get_running_loop().time() - started > HEALTHY_AFTER_S else min(LONGEST_PAUSE_S, pause * 2)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(stop), pause)


async def end(process: asyncio.subprocess.Process, name: str) -> None:
    """Ask a process to end, and end it by force when it does not."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(KILL_AFTER_S):
            await process.wait()
    except TimeoutError:
        LOG.error("child.killed", child=name)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
