"""What is said to the `cockroach` program and understood of its answers; nothing here runs anything.

The node listens on loopback only, on ports that the system gives it, asks everybody for a certificate or a password, and is
bounded in memory. The name of the file in which it says its address bears the mark of the data folder, so that the process
can be found again.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL

PROGRAM = "cockroach"
OLDEST = (25, 4)
START = "start-single-node"
ADMINISTRATOR = "root"
DATABASE = "defaultdb"
HOST = "127.0.0.1"
CACHE = SQL_MEMORY = "128MiB"
TEMPORARY = "4GiB"
# Nothing about the machine is told to anybody: the program would report to its makers once an hour.
ENVIRONMENT = {"COCKROACH_SKIP_ENABLING_DIAGNOSTIC_REPORTING": "true"}
REMEDY = "Install CockroachDB 25.4 or later so that `cockroach` is on the PATH, or leave --database away to use PostgreSQL."


def version_of(program: Path) -> list[str]:
    """Asks for the version."""
    return [str(program), "version"]


def read_version(said: str) -> tuple[int, int] | None:
    """Major and minor version from the answer of `cockroach version`, None when it is not one."""
    found = re.search(r"^\s*Build Tag:\s*v(\d+)\.(\d+)\.", said, re.M)
    return (int(found[1]), int(found[2])) if found else None


def problem_with(version: tuple[int, int] | None) -> str | None:
    """Why a program of this version cannot be used, with the remedy; None when it can."""
    if version is None:
        return f"The program `cockroach` on the PATH does not say which version it is. {REMEDY}"
    if version < OLDEST:
        return f"CockroachDB {version[0]}.{version[1]} is too old: its row-level security is not the one that is needed. {REMEDY}"
    return None


def certificates(program: Path, folder: Path, key: Path) -> list[list[str]]:
    """Makes an authority, the node's certificate for loopback alone, and the administrator's; in this order."""
    where = [f"--certs-dir={folder}", f"--ca-key={key}"]
    return [
        [str(program), "cert", "create-ca", *where],
        [str(program), "cert", "create-node", HOST, "localhost", *where],
        [str(program), "cert", "create-client", ADMINISTRATOR, *where],
    ]


def start(program: Path, *, store: Path, certs: Path, told: Path, port: int = 0) -> list[str]:
    """Starts the node; it writes its address to `told` as soon as it takes connections. Port 0 is any that is free."""
    return [
        str(program),
        START,
        f"--store=path={store}",
        f"--certs-dir={certs}",
        f"--listen-addr={HOST}:{port}",
        f"--http-addr={HOST}:0",
        f"--listening-url-file={told}",
        f"--cache={CACHE}",
        f"--max-sql-memory={SQL_MEMORY}",
        f"--max-disk-temp-storage={TEMPORARY}",
    ]


def told_file(sockets: Path, mark: str) -> Path:
    """Where a node says its address."""
    return sockets / f"{mark}.url"


def read_address(said: str) -> tuple[str, int] | None:
    """Host and port from what a node has written, None while that is not whole."""
    try:
        parts = urlsplit(said.strip())
        return (parts.hostname, parts.port) if parts.hostname and parts.port else None
    except ValueError:
        return None


def url(host: str, port: int, certs: Path) -> str:
    """The administrator's address for SQLAlchemy: the server must prove itself, and so must the administrator."""
    identity = {
        "sslmode": "verify-full",
        "sslrootcert": str(certs / "ca.crt"),
        "sslcert": str(certs / f"client.{ADMINISTRATOR}.crt"),
        "sslkey": str(certs / f"client.{ADMINISTRATOR}.key"),
    }
    made = URL.create("cockroachdb+psycopg", username=ADMINISTRATOR, host=host, port=port, database=DATABASE, query=identity)
    return made.render_as_string(hide_password=False)


def complaint(log: str) -> str:
    """Why a node did not start, in its own words."""
    lines = [line.strip(" *\t") for line in log.splitlines() if line.strip(" *\t")]
    grave = [said for line in lines if (said := re.sub(r"^(ERROR:\s*)+", "", line)) != line and said]
    return (grave or lines or ["it gave no reason"])[0 if grave else -1].rstrip(".:")
