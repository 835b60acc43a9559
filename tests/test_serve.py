"""The supervisor: starts nothing that is not sound, keeps its children alive, knows what each may know, and ends them all."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import pytest
from msgspec import structs

from app.errors import Conflict
from app.serve import Child, children, end, free_port, is_free, keep_alive, prove
from app.settings import load
from tests.bench.measuring import descendants
from tests.cli.running import environment
from tests.installations import installation
from tests.serving import agoat, answers, ended, free_ports, status
from tests.waiting import until


def settings_for(addresses: dict[str, str], *, web: int, ops: int, data: Path) -> dict[str, str]:
    """The settings of one server."""
    return environment(addresses) | {
        "AGOAT_BIND": f"127.0.0.1:{web}",
        "AGOAT_OPS_BIND": f"127.0.0.1:{ops}",
        "AGOAT_CONSOLE_URL": f"http://console.localhost:{web}",
        "AGOAT_WEB_PROCESSES": "1",
        "AGOAT_DATA_DIR": str(data),
    }


@pytest.mark.timeout(240)
async def test_an_installation_is_served_and_drained_by_sigterm(addresses: dict[str, str], tmp_path: Path) -> None:
    web, ops = free_ports(2)
    async with agoat("serve", settings=settings_for(addresses, web=web, ops=ops, data=tmp_path)) as process:
        await answers(web, f"console.localhost:{web}", "/sign-in")
        await answers(ops, "127.0.0.1", "/readyz")
        assert await status(web, "nobody.example") == 421
        assert await status(ops, "127.0.0.1", "/metrics") == 200
        process.send_signal(signal.SIGTERM)
        code, output = await ended(process)
    assert (code, "child.died" in output) == (0, False)
    assert is_free("127.0.0.1", web)
    assert is_free("127.0.0.1", ops)


@pytest.mark.timeout(240)
async def test_children_end_with_a_supervisor_that_was_killed(addresses: dict[str, str], tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("Only Linux tells children that their parent has died.")
    web, ops = free_ports(2)
    async with agoat("serve", "--no-worker", settings=settings_for(addresses, web=web, ops=ops, data=tmp_path)) as process:
        await answers(web, f"console.localhost:{web}", "/sign-in")
        process.kill()
        await process.wait()

        async def gone() -> bool:
            return is_free("127.0.0.1", web) and is_free("127.0.0.1", ops)

        await until(gone, seconds=60)
    assert await status(web, "nobody.example") is None


@pytest.mark.timeout(240)
async def test_web_processes_end_when_supervisor_and_server_were_killed_together(addresses: dict[str, str], tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("The processes of a server are found through /proc, which is Linux's.")
    web, ops = free_ports(2)
    async with agoat("serve", "--no-worker", settings=settings_for(addresses, web=web, ops=ops, data=tmp_path)) as process:
        await answers(web, f"console.localhost:{web}", "/sign-in")
        await answers(ops, "127.0.0.1", "/livez")
        everybody = descendants(process.pid)
        servers = [pid for pid in everybody if parent_of(pid) == process.pid]
        assert (len(servers), len(everybody) > 3) == (2, True)
        for pid in (process.pid, *servers):
            os.kill(pid, signal.SIGKILL)
        await process.wait()

        async def gone() -> bool:
            return not any(lives(pid) for pid in everybody) and is_free("127.0.0.1", web) and is_free("127.0.0.1", ops)

        await until(gone, seconds=60)
    assert await status(web, "nobody.example") is None


async def test_nothing_is_served_that_is_not_sound(addresses: dict[str, str], admin_url: str) -> None:
    await prove(load(environment(addresses)))
    with pytest.raises(Conflict, match="bypasses row-level security"):
        await prove(load(environment(addresses | {"app": addresses["backoffice"], "backoffice": addresses["app"]})))
    with installation(admin_url, migrated=False) as empty, pytest.raises(Conflict, match="Run: agoat migrate"):
        await prove(load(environment(empty)))


def test_each_child_knows_only_the_addresses_that_it_needs(addresses: dict[str, str]) -> None:
    settings = load(environment(addresses))
    known = {
        child.name: {name for name in child.environment if name.endswith("DATABASE_URL")} for child in children(settings, with_worker=True)
    }
    shared = {"AGOAT_DATABASE_URL", "AGOAT_DIRECTORY_DATABASE_URL"}
    assert known == {"web": shared, "ops": shared | {"AGOAT_WORKER_DATABASE_URL"}, "worker": shared | {"AGOAT_WORKER_DATABASE_URL"}}
    assert [child.name for child in children(settings, with_worker=False)] == ["web", "ops"]


def test_the_server_is_not_left_with_its_own_defaults(addresses: dict[str, str]) -> None:
    (web, *_) = children(load(environment(addresses)), with_worker=False)
    words = " ".join(web.command)
    for wanted in (
        "--http 1",
        "--no-ws",
        "--loop uvloop",
        "--respawn-failed-workers",
        "--http1-buffer-size 32768",
        "--workers-kill-timeout 30s",
    ):
        assert wanted in words


def child(tmp_path: Path, script: str) -> Child:
    """A small process that writes its number to a file."""
    return Child("small", (sys.executable, "-c", script, str(tmp_path / "pids")), dict(os.environ), tmp_path / "small.log")


NOTE = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); print('hello', flush=True); "


def pids(tmp_path: Path) -> list[int]:
    file = tmp_path / "pids"
    return [int(line) for line in file.read_text().split()] if file.exists() else []


async def test_a_child_that_dies_is_started_again_until_the_end(tmp_path: Path) -> None:
    stopping = asyncio.Event()
    keeper = asyncio.create_task(keep_alive(child(tmp_path, NOTE + "time.sleep(60)"), stopping))

    async def started(count: int) -> bool:
        return len(pids(tmp_path)) == count

    await until(lambda: started(1))
    os.kill(pids(tmp_path)[0], signal.SIGKILL)
    await until(lambda: started(2))
    stopping.set()
    async with asyncio.timeout(20):
        await keeper
    with pytest.raises(ProcessLookupError):
        os.kill(pids(tmp_path)[1], 0)
    assert (tmp_path / "small.log").read_text().startswith("hello")


BREED = "import subprocess, sys; other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); " + NOTE.replace(
    "os.getpid()}", "os.getpid()} {other.pid}"
)


async def test_what_a_killed_child_has_started_does_not_outlive_it(tmp_path: Path) -> None:
    stopping = asyncio.Event()
    keeper = asyncio.create_task(keep_alive(child(tmp_path, BREED + "time.sleep(60)"), stopping))

    async def started(count: int) -> bool:
        return len(pids(tmp_path)) == count

    await until(lambda: started(2))
    server, its_worker = pids(tmp_path)
    os.kill(server, signal.SIGKILL)
    await until(lambda: started(4))
    assert not lives(its_worker)
    stopping.set()
    async with asyncio.timeout(20):
        await keeper


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()[1])


def lives(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked about counts as ended."""
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(") ")[2][0] != "Z"


async def test_a_child_whose_log_cannot_be_written_is_started_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    stopping = asyncio.Event()
    lost = structs.replace(child(tmp_path, NOTE + "time.sleep(60)"), log=tmp_path / "no such folder" / "small.log")
    keeper = asyncio.create_task(keep_alive(lost, stopping))

    async def started() -> bool:
        return len(pids(tmp_path)) == 1

    await until(started)
    stopping.set()
    async with asyncio.timeout(20):
        await keeper
    assert "child.log_closed" in caplog.text


async def test_a_child_that_cannot_be_started_is_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    stopping, program = asyncio.Event(), tmp_path / "python"
    absent = structs.replace(child(tmp_path, ""), command=(str(program), "-c", NOTE + "time.sleep(60)", str(tmp_path / "pids")))
    keeper = asyncio.create_task(keep_alive(absent, stopping))

    async def failed() -> bool:
        return "child.not_started" in caplog.text or keeper.done()

    await until(failed)
    program.symlink_to(sys.executable)

    async def started() -> bool:
        return len(pids(tmp_path)) == 1

    await until(started)
    stopping.set()
    async with asyncio.timeout(20):
        await keeper


async def test_a_child_that_does_not_listen_is_ended_by_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.serve.KILL_AFTER_S", 0.2)
    script = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + NOTE + "time.sleep(60)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, str(tmp_path / "pids"), stdout=asyncio.subprocess.DEVNULL)

    async def deaf() -> bool:
        return bool(pids(tmp_path))

    await until(deaf)
    await end(process, "deaf")
    assert process.returncode == -signal.SIGKILL


def test_a_busy_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        chosen = free_port("127.0.0.1", port)
        assert port < chosen < port + 50
        assert free_port("127.0.0.1", chosen, but=chosen) != chosen
