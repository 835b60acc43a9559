"""The embedded Valkey: a cache that listens on a Unix socket only, keeps at most 64 MB and writes nothing to disk."""

import subprocess
from pathlib import Path
from urllib.parse import quote

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.db.embedded.failure import EngineError
from app.db.embedded.folder import VALKEY_SOCKET, Folder
from app.db.embedded.processes import Account, launch, until

START_SECONDS = 30.0


def start(folder: Folder, account: Account, program: Path, sockets: Path, password: str) -> subprocess.Popen[bytes]:
    """Begins the server and does not wait for it. Raises OSError."""
    settings = {
        "port": "0",
        "unixsocket": str(sockets / VALKEY_SOCKET),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "maxmemory": "64mb",
        "maxmemory-policy": "allkeys-lfu",
        "dir": str(sockets),
        "daemonize": "no",
        "loglevel": "notice",
        "proc-title-template": "{title} " + folder.mark,
    }
    arguments = [part for name, value in settings.items() for part in (f"--{name}", value)]
    secret = f"requirepass {password}\n".encode()
    return launch(account, [program, "-", *arguments], sockets, _log(folder), whisper=secret)


def wait(child: subprocess.Popen[bytes], folder: Folder, address: str) -> None:
    """Waits until the server answers. Raises EngineError when it ended or the time is over."""
    until(lambda: child.poll() is not None or answers(address), START_SECONDS)
    if not answers(address):
        lines = _log(folder).read_text(errors="replace").split("\n")
        said = next((line.strip() for line in reversed(lines) if line.strip()), "it gave no reason").rstrip(".")
        raise EngineError(f"Valkey did not start: {said}. The whole story is in {_log(folder)}.")


def answers(address: str) -> bool:
    """Whether a server answers at the address and accepts its password."""
    client = Redis.from_url(address, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0))
    try:
        return bool(client.ping())
    except RedisError:
        return False
    finally:
        client.close()


def url(sockets: Path, password: str) -> str:
    """The address for redis-py."""
    return f"unix://:{password}@{quote(str(sockets / VALKEY_SOCKET), safe='/')}"


def _log(folder: Folder) -> Path:
    return folder.logs / "valkey.log"
