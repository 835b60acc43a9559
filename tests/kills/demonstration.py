"""A demonstration that is killed piece by piece: its processes by what they do, and where it answers at present."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from msgspec import json
from sqlalchemy import make_url

from app.cli.demo import RUNNING, Running
from app.db.embedded import running
from app.db.embedded.folder import Folder
from app.db.embedded.processes import bearing
from app.db.local import DATABASE
from tests.bench.measuring import command, descendants, open_folder
from tests.serving import agoat, ended, free_ports
from tests.waiting import until

# A busy machine takes long to start five processes; without load everything is back within seconds.
BACK_S, ANSWER_S = 180.0, 40.0


@dataclass
class Demonstration:
    """A demonstration in a folder of its own. `port` and `key` are where it answers now and the key of Acme."""

    folder: Path
    settings: dict[str, str]
    port: int = 0
    key: str = ""
    said: list[bytes] = field(default_factory=list)

    async def start(self) -> None:
        """Start it, also after its supervisor has died; returns when it says where it answers."""
        self._stack = AsyncExitStack()
        self.process = await self._stack.enter_async_context(agoat("demo", settings=self.settings))
        assert self.process.stdout is not None
        try:
            self.said.append(await self.process.stdout.readuntil(b"begins anew"))
        except asyncio.IncompleteReadError as ended_early:
            raise AssertionError(f"The demonstration did not start:\n{ended_early.partial.decode()}") from None
        # Whoever does not listen to a process stops it as soon as the pipe is full.
        self._listener = asyncio.create_task(self._listen(self.process.stdout))
        told = json.decode((self.folder / RUNNING).read_bytes(), type=Running)
        self.port = int(told.console.rpartition(":")[2])
        self.key = json.decode((self.folder / "demo.json").read_bytes())["keys"]["acme"]

    async def _listen(self, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            self.said.append(line)

    async def stop(self) -> int:
        """End it as people do; gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._listener, 90)
        code, _ = await ended(self.process)
        await self._stack.aclose()
        return code

    async def start_again(self) -> None:
        """Start it after its supervisor was killed."""
        await self.process.wait()
        await self._listener
        await self._stack.aclose()
        await self.start()

    def client(self) -> httpx.AsyncClient:
        """A client of the API, with Acme's key."""
        headers = {"Host": f"console.localhost:{self.port}", "Authorization": f"Bearer {self.key}"}
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=ANSWER_S)

    async def page(self) -> int | None:
        """The status of Acme's front page, None when nobody answers."""
        try:
            async with httpx.AsyncClient(timeout=ANSWER_S) as client:
                answer = await client.get(f"http://127.0.0.1:{self.port}/", headers={"Host": f"acme.localhost:{self.port}"})
        except httpx.TransportError:
            return None
        return answer.status_code

    def admin_url(self) -> str:
        """The administrator's address of the product's database."""
        with running(self.folder) as engines:
            assert not engines.owner
            return make_url(engines.database_url).set(database=DATABASE).render_as_string(hide_password=False)

    def children(self, words: str) -> list[int]:
        """The processes under the supervisor whose command line has these words."""
        return [pid for pid in descendants_of(self.process.pid) if words in command_of(pid)]

    def engines(self, words: str) -> list[int]:
        """The processes of the engines whose titles have these words."""
        return [process.pid for process in bearing(Folder.at(self.folder).mark) if words in process.title]

    def last_words(self) -> str:
        """What the processes have written down as failures, for whoever looks into a run that failed."""
        words = [line for file in sorted((self.folder / "logs").glob("*.log*")) for line in lines_of(file)]
        told = [line[:3000] for line in words if any(sign in line for sign in ('"error"', "Traceback", "PANIC", "FATAL"))]
        return "\n".join([*told[-25:], b"".join(self.said[1:]).decode()[-4000:]])

    def web_servers(self) -> list[int]:
        """The server, and under it the processes that answer."""
        return [pid for pid in self.children("create_demo") if "resource_tracker" not in command_of(pid)]


def lines_of(file: Path) -> list[str]:
    """The lines of a log, each with the name of its file."""
    return [f"{file.name}: {line}" for line in file.read_text(errors="replace").splitlines()]


def descendants_of(pid: int) -> list[int]:
    """A process and everything that it started; what ends meanwhile is looked for again."""
    while True:
        try:
            return descendants(pid)
        except OSError:
            continue


def command_of(pid: int) -> str:
    """The command line of a process, empty when it has ended."""
    try:
        return command(pid)
    except OSError:
        return ""


# Who is killed, by what he does. The first of the web servers is granian itself, the others answer requests.
VICTIMS: dict[str, Callable[[Demonstration], list[int]]] = {
    "web process": lambda demonstration: demonstration.web_servers()[1:],
    "web server": lambda demonstration: demonstration.web_servers()[:1],
    "worker": lambda demonstration: demonstration.children("app.cli worker"),
    "ops listener": lambda demonstration: demonstration.children("app.ops")[:1],
    "Valkey": lambda demonstration: demonstration.engines("valkey-server"),
    "postmaster": lambda demonstration: demonstration.engines("cluster_name="),
    "backend": lambda demonstration: demonstration.engines("postgres: "),
    "supervisor": lambda demonstration: [demonstration.process.pid],
}


async def victims(demonstration: Demonstration, kind: str) -> list[int]:
    """The processes of a kind, as soon as there is one."""

    async def is_there() -> bool:
        return bool(VICTIMS[kind](demonstration))

    await until(is_there, seconds=BACK_S)
    return sorted(VICTIMS[kind](demonstration))


@asynccontextmanager
async def demonstration(*, web_processes: int = 1) -> AsyncIterator[Demonstration]:
    """A demonstration with durable engines, started; ended by SIGTERM when nothing has gone wrong."""
    with open_folder() as made:
        async with demonstration_in(made / "data", web_processes=web_processes) as started:
            yield started


@asynccontextmanager
async def demonstration_in(folder: Path, *, web_processes: int = 1) -> AsyncIterator[Demonstration]:
    """The same in a given folder, which is left as it is."""
    web, ops = free_ports(2, first=48_000)
    settings = {"AGOAT_BIND": f"127.0.0.1:{web}", "AGOAT_OPS_BIND": f"127.0.0.1:{ops}", "AGOAT_WEB_PROCESSES": str(web_processes)}
    started = Demonstration(folder, {**settings, "AGOAT_DATA_DIR": str(folder)})
    try:
        await started.start()
        yield started
        assert await started.stop() == 0
        assert started.engines("") == []
    except BaseException as failure:
        failure.add_note(started.last_words())
        raise
    finally:
        end_by_force(started)


def end_by_force(left: Demonstration) -> None:
    """End what a failed run has left in its folder, so that nothing of it disturbs others."""
    if not left.folder.exists():
        return
    running_now = descendants_of(left.process.pid) if left.process.returncode is None else []
    for pid in [*running_now, *left.engines("")]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
