"""The demonstration, started for a measurement, and clients that save and publish through its API."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from msgspec import json

from tests.bench.measuring import command, descendants, open_folder
from tests.serving import agoat, answers, ended, free_ports
from tests.waiting import until


@dataclass
class Town:
    """A running demonstration: where it answers, the key of Acme, and the supervisor's process."""

    port: int
    key: str
    pid: int
    posts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def console(self) -> dict[str, str]:
        """Headers of a request to the API."""
        return {"Host": f"console.localhost:{self.port}", "Authorization": f"Bearer {self.key}"}

    def url(self, path: str) -> str:
        """An address of this machine; the Host header says whose."""
        return f"http://127.0.0.1:{self.port}{path}"

    def web_processes(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for pid in descendants(self.pid) if "granian" in command(pid) and "create_demo" in command(pid)]

    def client(self) -> httpx.AsyncClient:
        """A client of the API."""
        return httpx.AsyncClient(base_url=self.url(""), headers=self.console, timeout=30)


@asynccontextmanager
async def town() -> AsyncIterator[Town]:
    """A demonstration in a folder of its own, with one web process; ended by SIGTERM."""
    with open_folder() as made:
        folder = made / "data"
        web, ops = free_ports(2, first=38_000)
        settings = {"AGOAT_DATA_DIR": str(folder), "AGOAT_BIND": f"127.0.0.1:{web}", "AGOAT_OPS_BIND": f"127.0.0.1:{ops}"}
        async with agoat("demo", settings=settings | {"AGOAT_WEB_PROCESSES": "1"}) as process:
            assert process.stdout is not None
            said = await process.stdout.readuntil(b"begins anew")
            assert f":{web}/".encode() in said
            await answers(ops, "127.0.0.1", "/readyz")
            yield Town(web, json.decode((folder / "demo.json").read_bytes())["keys"]["acme"], process.pid)
            process.send_signal(signal.SIGTERM)
            await ended(process)


async def make_posts(town: Town, count: int) -> None:
    """Posts for clients to work on, one for each."""
    async with town.client() as client:
        site = (await client.get("/api/v1/sites")).json()["items"][0]["id"]
        for number in range(count):
            body = {"site_id": site, "title": f"Measured {number}", "body_source": "<p>Words.</p>"}
            answer = await client.post("/api/v1/posts", json=body)
            assert answer.is_success, answer.text
            town.posts.append(answer.json() | {"etag": answer.headers["ETag"]})


async def save(client: httpx.AsyncClient, post: dict[str, Any], number: int) -> None:
    """One save of a post."""
    answer = await client.patch(f"/api/v1/posts/{post['id']}", json={"title": f"Measured again {number}"}, headers={"If-Match": "*"})
    answer.raise_for_status()


async def publish(client: httpx.AsyncClient, post: dict[str, Any], number: int) -> None:
    """One save and the publish of what was saved; only the publish is an act of its own to visitors, but without a save there is none."""
    await save(client, post, number)
    (await client.post(f"/api/v1/posts/{post['id']}/publish", headers={"If-Match": "*"})).raise_for_status()


async def rate(town: Town, act: Callable[[httpx.AsyncClient, dict[str, Any], int], Awaitable[None]], clients: int, seconds: float) -> float:
    """Acts in a second by so many clients at once, each on a post of its own."""
    loop = asyncio.get_running_loop()
    begun, done = loop.time(), 0

    async def work(post: dict[str, Any]) -> None:
        nonlocal done
        async with town.client() as client:
            while loop.time() - begun < seconds:
                await act(client, post, done)
                done += 1

    async with asyncio.TaskGroup() as group:
        for post in town.posts[:clients]:
            group.create_task(work(post))
    return done / (loop.time() - begun)


async def ready(town: Town) -> None:
    """Wait until the first post of the demonstration is answered."""

    async def does() -> bool:
        async with town.client() as client:
            return (await client.get("/api/v1/sites")).status_code == 200

    await until(does, seconds=30)
