"""The scripts of cockroach/: what they say, what they would do, what they refuse, and in which order they call a stand-in."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.db.embedded.processes import is_alive, until
from tests.cockroach.standin import Standin

SCRIPTS = Path(__file__).parents[2] / "cockroach"
COMMANDS = ("start.sh", "stop.sh", "status.sh", "certificates.sh", "encryption-key.sh")
# Has the tools of the system and no cockroach.
BARE = "/usr/bin:/bin"
FIRST = ["cert create-ca", "cert create-node localhost 127.0.0.1", "cert create-client root"]


@pytest.fixture
def standin(tmp_path: Path) -> Standin:
    return Standin.made(tmp_path / "bin")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Path]:
    """The folder of a cluster, whose nodes are ended afterwards."""
    folder = tmp_path / "a cluster"
    yield folder
    for pid in pids(folder):
        os.kill(pid, signal.SIGKILL)


def pids(folder: Path) -> list[int]:
    found = [int(file.read_text()) for file in sorted(folder.glob("node*.pid"))]
    return [pid for pid in found if is_alive(pid)]


def ran(script: str, *words: str, path: str = BARE, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path, "HOME": "/nonexistent"}
    return subprocess.run(
        [SCRIPTS / script, *words], capture_output=True, text=True, timeout=60, check=False, env=environment, cwd=cwd or "/tmp"
    )


def done(script: str, *words: str, path: str = BARE) -> str:
    result = ran(script, *words, path=path)
    assert result.returncode == 0, result.stderr
    return result.stdout


def refused(script: str, *words: str, path: str = BARE, code: int) -> str:
    result = ran(script, *words, path=path)
    assert result.returncode == code, result.stdout + result.stderr
    assert len(result.stderr.splitlines()) == 1
    return result.stderr


def commands(standin: Standin) -> list[str]:
    """What the stand-in was called for, without questions for its version."""
    return [command for command in standin.commands() if command != "version"]


def flags(words: list[str]) -> dict[str, str]:
    return dict(word.partition("=")[::2] for word in words if word.startswith("--"))


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_the_scripts_are_clean() -> None:
    files = sorted(str(file) for file in SCRIPTS.glob("*.sh"))
    found = subprocess.run(["shellcheck", "-x", *files], capture_output=True, text=True, check=False, timeout=60)
    assert (found.stdout, found.returncode) == ("", 0)
    assert {Path(file).name for file in files} == {*COMMANDS, "speaking.sh"}


@pytest.mark.parametrize("script", COMMANDS)
def test_every_script_explains_itself_with_an_example_and_stops_at_the_first_error(script: str) -> None:
    said = done(script, "--help")
    assert "Usage:" in said
    assert "Example:" in said
    assert "--dry-run" in said
    assert "#" not in said
    assert "\nset -eu\n" in (SCRIPTS / script).read_text()
    assert "Say --help" in refused(script, "--nonsense", code=2)


@pytest.mark.parametrize(
    "words",
    [("start.sh",), ("start.sh", "--nodes", "3"), ("certificates.sh", "authority"), ("encryption-key.sh", "key")],
    ids=" ".join,
)
def test_a_dry_run_shows_commands_and_makes_nothing(tmp_path: Path, words: tuple[str, ...]) -> None:
    script, *rest = words
    result = ran(script, "--dry-run", *rest, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert any(line.startswith("cockroach ") for line in result.stdout.splitlines())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("start.sh",), ("certificates.sh", "authority"), ("encryption-key.sh", "/nonexistent/key")], ids=lambda words: words[0]
)
def test_without_the_program_nothing_begins(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = ran(*words, cwd=tmp_path)
    assert (result.returncode, len(result.stderr.splitlines())) == (2, 1)
    assert "no program cockroach on the PATH. Install CockroachDB 25.4 or later" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("version", "said"), [("v25.3.1", "25.3 is too old"), ("v9.9.9", "9.9 is too old"), ("dev", "which version")])
def test_an_old_program_is_refused(standin: Standin, cluster: Path, version: str, said: str) -> None:
    standin.say_version(version)
    assert said in refused("start.sh", "--dir", str(cluster), path=standin.path, code=2)
    assert not cluster.exists()


def test_one_node_is_secure_encrypted_bounded_and_on_loopback(standin: Standin, cluster: Path) -> None:
    said = done("start.sh", "--dir", str(cluster), "--port", "0", "--memory", "64MiB", path=standin.path)
    assert commands(standin) == [*FIRST, f"gen encryption-key 256 {cluster}/keys/node1.key", "start-single-node"]
    given = flags(standin.calls()[-1])
    assert given["--enterprise-encryption"] == f"path={cluster}/node1,key={cluster}/keys/node1.key,old-key=plain"
    assert (given["--store"], given["--certs-dir"]) == (f"path={cluster}/node1", f"{cluster}/certs")
    assert given["--listen-addr"] == "127.0.0.1:0"
    assert given["--http-addr"].startswith("127.0.0.1:")
    assert given["--cache"] == given["--max-sql-memory"] == "64MiB"
    assert "--insecure" not in given
    address = make_url(said.splitlines()[-1])
    assert address.query["sslmode"] == "verify-full"
    assert Path(str(address.query["sslkey"])) == cluster / "certs" / "client.root.key"
    assert (cluster / "keys" / "node1.key").stat().st_mode & 0o077 == 0


def test_a_second_start_leaves_what_runs_and_what_is_there_alone(standin: Standin, cluster: Path) -> None:
    done("start.sh", "--dir", str(cluster), "--port", "0", path=standin.path)
    standin.forget()
    assert "Node 1 runs already." in done("start.sh", "--dir", str(cluster), "--port", "0", path=standin.path)
    assert commands(standin) == []
    done("stop.sh", "--dir", str(cluster), path=standin.path)
    assert commands(standin) == ["ended by SIGTERM"]
    done("start.sh", "--dir", str(cluster), "--port", "0", path=standin.path)
    assert commands(standin)[1:] == ["start-single-node"]
    assert "--enterprise-encryption" in flags(standin.calls()[-1])


def test_three_nodes_join_each_other_and_are_initialised_once(standin: Standin, cluster: Path) -> None:
    words = ("--dir", str(cluster), "--nodes", "3", "--port", "18570", "--http-port", "18580")
    said = done("start.sh", *words, path=standin.path)
    nodes = [[f"gen encryption-key 256 {cluster}/keys/node{number}.key", "start"] for number in (1, 2, 3)]
    assert commands(standin) == [*FIRST, *nodes[0], *nodes[1], *nodes[2], "init"]
    started = [flags(call) for call in standin.calls() if call[0] == "start"]
    assert [node["--listen-addr"] for node in started] == ["127.0.0.1:18570", "127.0.0.1:18571", "127.0.0.1:18572"]
    assert {node["--join"] for node in started} == {"127.0.0.1:18570,127.0.0.1:18571,127.0.0.1:18572"}
    assert len({node["--enterprise-encryption"] for node in started}) == 3
    assert "licence key within 7 days" in said
    assert len(pids(cluster)) == 3
    assert [line.split()[0] for line in done("status.sh", "--dir", str(cluster), path=standin.path).splitlines()] == [
        "node1",
        "node2",
        "node3",
    ]
    done("stop.sh", "--dir", str(cluster), path=standin.path)
    assert until(lambda: pids(cluster) == [], 10)
    standin.forget()
    done("start.sh", *words, path=standin.path)
    assert commands(standin) == ["start", "start", "start"]
    assert "was started with 3 nodes" in refused("start.sh", "--dir", str(cluster), path=standin.path, code=1)


def test_a_key_is_never_overwritten_and_never_missed(standin: Standin, cluster: Path, tmp_path: Path) -> None:
    key = tmp_path / "store.key"
    done("encryption-key.sh", "--bits", "128", str(key), path=standin.path)
    assert (len(key.read_bytes()), key.stat().st_mode & 0o777) == (48, 0o400)
    before = key.read_bytes()
    assert "exists and is left alone" in refused("encryption-key.sh", str(key), path=standin.path, code=1)
    assert key.read_bytes() == before
    assert "128, 192 or 256" in refused("encryption-key.sh", "--bits", "64", str(key) + "2", path=standin.path, code=2)
    done("start.sh", "--dir", str(cluster), "--port", "0", path=standin.path)
    done("stop.sh", "--dir", str(cluster), path=standin.path)
    (cluster / "keys" / "node1.key").unlink()
    standin.forget()
    assert "without it" in refused("start.sh", "--dir", str(cluster), "--port", "0", path=standin.path, code=1)
    assert commands(standin) == []


def test_certificates_name_every_host_and_the_key_that_signs_stays_apart(standin: Standin, cluster: Path) -> None:
    directory = ("--dir", str(cluster))
    assert "Make the authority first" in refused("certificates.sh", *directory, "client", "agoat_app", path=standin.path, code=1)
    done("certificates.sh", *directory, "authority", path=standin.path)
    done("certificates.sh", *directory, "node", "db1", "db1.internal", "10.0.0.1", path=standin.path)
    done("certificates.sh", *directory, "client", "agoat_app", path=standin.path)
    assert commands(standin)[-2:] == ["cert create-node db1.internal 10.0.0.1 localhost 127.0.0.1", "cert create-client agoat_app"]
    assert {file.name for file in (cluster / "nodes" / "db1").iterdir()} == {"ca.crt", "node.crt", "node.key"}
    assert (cluster / "authority" / "ca.key").stat().st_mode & 0o077 == 0
    assert not (cluster / "certs" / "ca.key").exists()
    for again in (("authority",), ("node", "db1", "db1.internal"), ("client", "agoat_app")):
        assert "is left alone" in refused("certificates.sh", *directory, *again, path=standin.path, code=1)


def test_a_stop_spares_a_stranger_who_has_the_number_of_a_node(standin: Standin, cluster: Path) -> None:
    cluster.mkdir()
    stranger = subprocess.Popen(["/bin/sh", "-c", "read -r line"], stdin=subprocess.PIPE)
    try:
        (cluster / "node1.pid").write_text(f"{stranger.pid}\n")
        assert "No node of" in done("stop.sh", "--dir", str(cluster), path=standin.path)
        assert stranger.poll() is None
        assert not (cluster / "node1.pid").exists()
    finally:
        stranger.communicate(b"\n", timeout=10)


def test_a_folder_without_nodes_has_no_status(cluster: Path) -> None:
    assert "Start one: start.sh" in refused("status.sh", "--dir", str(cluster), code=1)


@pytest.mark.parametrize("words", [("--nodes", "2"), ("--port", "x"), ("--dir", "a,b"), ("--dir",)], ids=" ".join)
def test_what_cannot_be_meant_is_refused(words: tuple[str, ...]) -> None:
    refused("start.sh", *words, code=2)
