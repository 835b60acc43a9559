"""Requests a second and processor time a request: pages, lists, saves and publishes, in turns with nginx serving files as large."""

import asyncio
import platform
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from statistics import median

import httpx
import pytest

from tests.bench.measuring import middle, open_folder, processor_seconds, ratio, resident_bytes, table
from tests.bench.rivals import nginx, program, wrk
from tests.bench.town import Town, make_posts, publish, rate, ready, save, town
from tests.serving import free_ports

ROUNDS, SECONDS, CONNECTIONS = 5, 4, 8
LISTS = "/api/v1/products"
HEAD = ("request", "a second", "µs CPU each", "nginx a second", "µs CPU each", "of nginx")


@dataclass
class Measured:
    """One kind of request beside a static file of the same size."""

    name: str
    run: Callable[[], Awaitable[float]]
    size: int
    ours: list[float] = field(default_factory=list)
    ours_cpu: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    theirs_cpu: list[float] = field(default_factory=list)

    def row(self) -> tuple[str, ...]:
        """The line of the table."""
        cpu = (f"{median(self.ours_cpu) * 1e6:,.0f}", f"{median(self.theirs_cpu) * 1e6:,.0f}")
        return (self.name, middle(self.ours), cpu[0], middle(self.theirs), cpu[1], f"1/{1 / ratio(self.ours, self.theirs):,.0f}")


async def asked(url: str, headers: dict[str, str] | None = None) -> float:
    """Answers in a second to one address asked again and again."""
    found = await asyncio.to_thread(wrk, url, seconds=SECONDS, connections=CONNECTIONS, headers=headers)
    assert found is not None, f"{url} was not answered with success"
    return found


async def with_processor(act: Callable[[], Awaitable[float]], pids: list[int], seconds: float) -> tuple[float, float]:
    """Requests a second, and seconds of processor a request of these processes."""
    before = processor_seconds(pids)
    found = await act()
    return found, (processor_seconds(pids) - before) / (found * seconds)


async def size_of(here: Town, path: str, headers: dict[str, str]) -> int:
    """Bytes of an answer's body."""
    async with httpx.AsyncClient() as client:
        return len((await client.get(here.url(path), headers=headers)).raise_for_status().content)


async def first_post(here: Town, site: dict[str, str]) -> str:
    """The address of a published post."""
    async with httpx.AsyncClient() as client:
        found = re.search(r'href="(?:http://[^/"]+)?(/posts/[^"/]+/)"', (await client.get(here.url("/"), headers=site)).text)
    assert found is not None
    return found[1]


async def kinds(here: Town) -> list[Measured]:
    """What is measured."""
    site = {"Host": f"acme.localhost:{here.port}"}
    post = await first_post(here, site)

    def acts(name: str, act: Callable[..., Awaitable[None]], clients: int) -> Measured:
        return Measured(name, lambda: rate(here, act, clients, SECONDS), 1_000)

    return [
        Measured("public post", lambda: asked(here.url(post), site), await size_of(here, post, site)),
        Measured("product list by API", lambda: asked(here.url(LISTS), here.console), await size_of(here, LISTS, here.console)),
        acts("save, 1 client", save, 1),
        acts("save, 4 clients", save, 4),
        acts("save and publish, 1 client", publish, 1),
        acts("save and publish, 4 clients", publish, 4),
    ]


async def test_how_many_requests_are_answered_beside_nginx(capsys: pytest.CaptureFixture[str]) -> None:
    missing = [name for name in ("nginx", "wrk") if program(name) is None]
    if missing or platform.system() != "Linux":
        pytest.skip(f"Needs Linux with nginx and wrk (Debian has both); missing: {', '.join(missing) or 'Linux'}.")
    (port,) = free_ports(1, first=48_000)
    async with town() as here:
        await ready(here)
        await make_posts(here, 4)
        measured = await kinds(here)
        with open_folder() as folder, nginx(folder, port, {str(each.size): each.size for each in measured}) as rivals:
            web = here.web_processes()
            for _ in range(ROUNDS):
                for each in measured:
                    found = await with_processor(each.run, web, SECONDS)
                    other = await with_processor(lambda each=each: asked(f"http://127.0.0.1:{port}/{each.size}"), rivals, SECONDS)
                    for values, value in zip((each.ours, each.ours_cpu, each.theirs, each.theirs_cpu), (*found, *other), strict=True):
                        values.append(value)
        memory = ", ".join(f"{resident_bytes(pid) / 1e6:,.0f} MB" for pid in web)
    with capsys.disabled():
        print("\n" + table(HEAD, [each.row() for each in measured]) + f"\nmemory of the web processes: {memory}")
    assert all(len(each.ours) == ROUNDS for each in measured)
