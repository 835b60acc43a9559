"""nginx serving one static file, and wrk asking for one address: both from the system, or not at all."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measuring import descendants

CONFIGURATION = """
daemon off;
worker_processes {processes};
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000;
  server {{ listen 127.0.0.1:{port}; root {folder}; default_type text/html; }}
}}
"""


def program(name: str) -> str | None:
    """Where a program lies; servers often stand outside the path of ordinary people."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")


@contextmanager
def nginx(folder: Path, port: int, files: dict[str, int], processes: int = 1) -> Iterator[list[int]]:
    """nginx with files of these sizes; gives the ids of its processes."""
    found = program("nginx")
    assert found is not None
    for name, size in files.items():
        (folder / name).write_bytes(b"x" * size)
    (folder / "nginx.conf").write_text(CONFIGURATION.format(processes=processes, folder=folder, port=port))
    with subprocess.Popen([found, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]) as process:
        try:
            tries = (wrk(f"http://127.0.0.1:{port}/{next(iter(files))}", seconds=1, connections=1) for _ in range(20))
            assert any(tries), (folder / "error.log").read_text()
            yield descendants(process.pid)
        finally:
            process.terminate()


def wrk(url: str, *, seconds: int, connections: int, headers: dict[str, str] | None = None) -> float | None:
    """Answers with success in a second, or None when some were no success."""
    found = program("wrk")
    assert found is not None
    words = [word for name, value in (headers or {}).items() for word in ("-H", f"{name}: {value}")]
    command = [found, "-t1", f"-c{connections}", f"-d{seconds}s", *words, url]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 30).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return float(rate[1]) if rate and "Non-2xx" not in said and "Socket errors: connect" not in said else None
