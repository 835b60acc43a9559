"""The supervisor: web processes, one worker unless told otherwise, and the ops listener; all end when it ends.

Each child knows only the addresses that its work needs. Before any of them starts, the schema and the barriers between
customers are proven; a finding ends the start.
"""

import asyncio
import ctypes
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from app.db.base import Base
from app.db.migrate import require_current
from app.db.selfcheck import require_sound, self_check
from app.errors import Conflict
from app.logs import logger
from app.settings import WEB_KNOWS, WORKER_KNOWS, Settings, child_environment

LOG = logger(__name__)
# The server gives its own workers 30 seconds to finish what they have begun; the supervisor waits a little longer for the server.
KILL_AFTER_S = 35.0
# A child that dies is started again after a pause that grows, so that a broken one does not keep the machine busy.
FIRST_PAUSE_S, LONGEST_PAUSE_S, HEALTHY_AFTER_S = 0.5, 30.0, 60.0
NEEDED = ("database_url", "directory_database_url", "worker_database_url", "secret_key")
PORTS_TRIED = 50


class Child(Struct, frozen=True):
    """A process that the supervisor keeps alive. What it says goes to `log`, or to where the supervisor's own words go."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    log: Path | None = None


async def prove(settings: Settings) -> None:
    """Raise what stands in the way of a start: SettingsError, Unavailable, or Conflict naming schema or barriers that are not sound."""
    settings.require(*NEEDED)
    url = settings.needed("database_url").reveal()
    require_current(url)
    require_sound(await self_check(url, settings.needed("directory_database_url").reveal(), Base.metadata))
    tell_of_closed_folder(settings.media_folder)


def tell_of_closed_folder(media: Path | None) -> None:
    """Say when the media library cannot be written. That is no reason not to start: what is there can be served."""
    if media is not None and media.exists() and not os.access(media, os.W_OK | os.X_OK):
        remedy = "Pictures can be shown, but none can be added. Let this user write there, or correct AGOAT_MEDIA_URL."
        LOG.error("media.not_writable", folder=str(media), remedy=remedy)


def granian(target: str, host: str, port: int, workers: int) -> tuple[str, ...]:
    """The server's command line. Its defaults would let a dead worker end the server, speak HTTP/2 in clear, and accept heads of 400 KB."""
    return (
        sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", host, "--port", str(port), "--workers", str(workers),
        "--http", "1", "--no-ws", "--loop", "uvloop", "--respawn-failed-workers", "--http1-buffer-size", "32768",
        "--workers-kill-timeout", "30s", "--no-access-log", "--log-level", "warning", target,
    )  # fmt: skip


def children(
    settings: Settings,
    *,
    with_worker: bool,
    web_app: str = "app.asgi:create",
    extra: Mapping[str, str] | None = None,
    logs: Path | None = None,
) -> list[Child]:
    """What an installation runs on this machine. `logs` is a folder for what the children say."""
    web, ops = settings.bind, settings.ops_bind
    web_knows, worker_knows = child_environment(settings, WEB_KNOWS, extra), child_environment(settings, WORKER_KNOWS, extra)
    started = [
        Child("web", granian(web_app, web.host, web.port, settings.web_processes), web_knows, log_in(logs, "web")),
        Child("ops", granian("app.ops:create", ops.host, ops.port, 1), worker_knows, log_in(logs, "ops")),
    ]
    worker = Child("worker", (sys.executable, "-m", "app.cli", "worker"), worker_knows, log_in(logs, "worker"))
    return [*started, worker] if with_worker else started


def log_in(folder: Path | None, name: str) -> Path | None:
    """The log of a child."""
    return folder / f"{name}.log" if folder is not None else None


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens on a port of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str, first: int, *, but: int | None = None) -> int:
    """The first free port from `first` on, never `but`. Raises Conflict when fifty are taken."""
    for port in range(first, min(first + PORTS_TRIED, 65_536)):
        if port != but and is_free(host, port):
            return port
    raise Conflict(f"No port from {first} on is free on {host}. Say another one with --port.")


async def supervise(kept: Sequence[Child], *, started: Callable[[], Awaitable[None]] | None = None, later: Sequence[Child] = ()) -> None:
    """Keep every child alive until SIGINT, SIGTERM or SIGHUP, then end them all, the late ones by force after 35 seconds.

    `started` runs beside them and may wait until they answer; children that are not needed for that begin `later`, when it
    has returned. When it fails, everything ends and the failure is raised.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stopping.set)
    keepers = [asyncio.create_task(keep_alive(child, stopping)) for child in kept]
    keepers.append(asyncio.create_task(keep_later(started, later, stopping)))
    try:
        await asyncio.gather(*keepers)
    finally:
        stopping.set()
        await asyncio.gather(*keepers, return_exceptions=True)


async def keep_later(started: Callable[[], Awaitable[None]] | None, later: Sequence[Child], stopping: asyncio.Event) -> None:
    """Wait for `started` no longer than until everything is to end, then keep the other children. Raises what `started` raises."""
    if started is not None:
        starting = asyncio.ensure_future(started())
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait({starting, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            with suppress(asyncio.CancelledError):
                await starting
            return
        stop.cancel()
        await starting
    await asyncio.gather(*(keep_alive(child, stopping) for child in later))


async def keep_alive(child: Child, stopping: asyncio.Event) -> None:
    """Start a child again whenever it ends by itself or cannot be started; end it when the supervisor is told to stop."""
    pause = FIRST_PAUSE_S
    stop = asyncio.create_task(stopping.wait())
    while not stopping.is_set():
        began = asyncio.get_running_loop().time()
        process = await try_to_launch(child)
        if process is not None:
            ended = asyncio.create_task(process.wait())
            await asyncio.wait({ended, stop}, return_when=asyncio.FIRST_COMPLETED)
            if stopping.is_set():
                await end(process, child.name)
                return
            LOG.error("child.died", child=child.name, code=process.returncode)
            end_group(process.pid)
        pause = FIRST_PAUSE_S if asyncio.get_running_loop().time() - began > HEALTHY_AFTER_S else min(LONGEST_PAUSE_S, pause * 2)
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(stop), pause)


async def try_to_launch(child: Child) -> asyncio.subprocess.Process | None:
    """The child, started; None when the machine has no process or memory left for it at this moment, which is tried again."""
    try:
        return await launch(child)
    except OSError as error:
        LOG.error("child.not_started", child=child.name, error=error.strerror)
        return None


async def launch(child: Child) -> asyncio.subprocess.Process:
    """Start a child. A session of its own keeps the terminal's Ctrl-C from reaching it before the supervisor decides. Raises OSError."""
    output = open_log(child)
    try:
        return await asyncio.create_subprocess_exec(
            *child.command, env=child.environment, start_new_session=True, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output,
            preexec_fn=end_with_parent,
        )  # fmt: skip
    finally:
        if output is not None:
            output.close()


def open_log(child: Child) -> BinaryIO | None:
    """The log of a child. None, which is the supervisor's own output, when it has none or its disk takes no more files."""
    if child.log is None:
        return None
    try:
        return child.log.open("ab")
    except OSError as error:
        LOG.error("child.log_closed", child=child.name, log=str(child.log), error=error.strerror)
        return None


def end_with_parent() -> None:
    """Have Linux send this child SIGTERM when the supervisor dies without a word; elsewhere it stays until it is ended by hand."""
    if sys.platform == "linux":
        LIBC.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


# Loaded here, because a child between fork and exec may not open files.
LIBC = ctypes.CDLL(None)
SET_PARENT_DEATH_SIGNAL = 1


async def end(process: asyncio.subprocess.Process, name: str) -> None:
    """Ask a process to end, and end it by force when it does not."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(KILL_AFTER_S):
            await process.wait()
    except TimeoutError:
        LOG.error("child.killed", child=name)
        end_group(process.pid)
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def end_group(leader: int) -> None:
    """End by force what is left of a child's session.

    The workers of a server that was killed would live on, answer on its port, and outlive the supervisor.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
