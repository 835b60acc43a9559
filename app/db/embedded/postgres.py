"""The embedded PostgreSQL: its data, its settings, its start. It listens on a Unix socket only and asks everybody for a password."""

import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from psycopg import pq
from psycopg.conninfo import make_conninfo

from app.db.embedded.failure import EngineError
from app.db.embedded.folder import POSTGRES_SOCKET, Folder, claim, settle, write_private
from app.db.embedded.processes import Account, is_alive, launch, run, until
from app.db.embedded.programs import Programs

ADMINISTRATOR = "agoat_admin"
CREATE_SECONDS = 120.0
# Recovery after a crash may have to read a gigabyte of log on a slow disk.
START_SECONDS = 180.0

LOCALE = ["--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8"]
if sys.platform == "darwin":
    # The system's own locales serve for classes of characters and messages; not every macOS knows C.UTF-8 there.
    LOCALE += ["--lc-ctype=UTF-8", *(f"--lc-{each}=C" for each in ("collate", "messages", "monetary", "numeric", "time"))]

SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_pred_locks_per_transaction": "1024",
    "max_pred_locks_per_relation": "16384",
    "max_pred_locks_per_page": "64",
    "max_locks_per_transaction": "256",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Refused statements are told by the application, without the customers' texts that PostgreSQL would log with them.
    "log_min_messages": "log",
    # The kinds in shared memory would leave files in /dev/shm after a kill.
    "dynamic_shared_memory_type": "mmap",
    "min_dynamic_shared_memory": "8MB",
}
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # A throw-away server is shared by all processes of a test run, each of which opens every door with pools of its own.
    "max_connections": "250",
}


def prepare(folder: Folder, account: Account, programs: Programs, password: str, durable: bool) -> None:
    """Creates the data on the first start, else makes sure that it can be used. Raises OSError, EngineError."""
    for left in folder.path.glob("postgres.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    if not folder.postgres.exists():
        _create(folder, account, programs, password, durable)
        return
    claim(folder.postgres, account)
    _forget_stale_pid(folder.postgres / "postmaster.pid")


def forget_the_dead(folder: Folder, sockets: Path) -> None:
    """Clears the way for a server whose predecessor in the same place has died. Raises EngineError when the data is gone, OSError."""
    if not folder.postgres.exists():
        raise EngineError(f"The data in {folder.postgres} is gone, so PostgreSQL is not started again.")
    _forget_stale_pid(folder.postgres / "postmaster.pid")
    (sockets / (POSTGRES_SOCKET + ".lock")).unlink(missing_ok=True)


def start(folder: Folder, account: Account, programs: Programs, sockets: Path, durable: bool) -> subprocess.Popen[bytes]:
    """Begins the server and does not wait for it. Raises OSError."""
    settings = SETTINGS | ({} if durable else NOT_DURABLE)
    settings["cluster_name"] = folder.mark
    settings["unix_socket_directories"] = '"' + str(sockets).replace('"', '""') + '"'
    arguments = [f"--{name}={value}" for name, value in settings.items()]
    return launch(account, [programs.postgres, "-D", folder.postgres, *arguments], folder.postgres, _log(folder))


def wait(child: subprocess.Popen[bytes], folder: Folder, sockets: Path) -> None:
    """Waits until the server takes connections. Raises EngineError when it ended or the time is over."""
    until(lambda: child.poll() is not None or answers(sockets), START_SECONDS)
    if not answers(sockets):
        raise EngineError(f"PostgreSQL did not start: {_complaint(_log(folder))}. The whole story is in {_log(folder)}.")


def answers(sockets: Path) -> bool:
    """Whether a server takes connections there."""
    address = make_conninfo(host=str(sockets), port=SETTINGS["port"], user=ADMINISTRATOR, dbname="postgres", connect_timeout=2)
    return pq.PGconn.ping(address.encode()) == pq.Ping.OK


def url(sockets: Path, password: str) -> str:
    """The administrator's address for SQLAlchemy."""
    return f"postgresql+psycopg://{ADMINISTRATOR}:{password}@/postgres?host={quote(str(sockets), safe='/')}"


def _create(folder: Folder, account: Account, programs: Programs, password: str, durable: bool) -> None:
    """Creates the data beside its place and moves it there when it is whole, so that a kill never leaves half of it."""
    _refuse_nameless(account)
    draft = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=folder.path))
    account.own(draft)
    password_file = folder.path / "postgres.password"
    try:
        write_private(password_file, password.encode())
        account.own(password_file)
        access = [f"--username={ADMINISTRATOR}", "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions"]
        done = run(account, [programs.initdb, "-D", draft, *LOCALE, *access, *([] if durable else ["--no-sync"])], CREATE_SECONDS)
        if done.returncode != 0:
            reason = (done.stderr.strip() or "it gave no reason.").splitlines()[-1]
            raise EngineError(f"PostgreSQL could not create its data in {folder.path}: {reason}")
        draft.rename(folder.postgres)
        settle(folder.path)
    finally:
        password_file.unlink(missing_ok=True)
        shutil.rmtree(draft, ignore_errors=True)


def refuse_other_major(folder: Folder, programs: Programs) -> None:
    """Raises EngineError when the data was written by a PostgreSQL of another major version, which cannot read it."""
    if not folder.postgres.exists():
        return
    try:
        found = (folder.postgres / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        found = "an unknown version"
    if found != programs.major:
        raise EngineError(
            f"The data in {folder.postgres} is of PostgreSQL {found}, this release brings {programs.major}. "
            "Make a backup with the release that wrote it and restore that here, or name another folder with AGOAT_DATA_DIR."
        )


def _refuse_nameless(account: Account) -> None:
    """PostgreSQL's initdb asks for the name of the user it runs as, although it then uses another."""
    try:
        pwd.getpwuid(account.uid)
    except KeyError:
        raise EngineError(
            f"PostgreSQL needs a name for user {account.uid}, who has none on this system. "
            "Add the user to /etc/passwd, or set AGOAT_DATABASE_URL and AGOAT_REDIS_URL to servers of your own."
        ) from None


def _forget_stale_pid(file: Path) -> None:
    """PostgreSQL refuses to start when the number in the file is alive, which after a reboot may be any other process."""
    try:
        number = file.read_text().split("\n", 1)[0].strip()
    except FileNotFoundError:
        return
    if number.isdigit() and is_alive(int(number)):
        file.unlink()


def _log(folder: Folder) -> Path:
    return folder.logs / "postgres.log"


def _complaint(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    grave = [said.group(1) for line in lines if (said := re.search(r"(?:FATAL|PANIC|ERROR):\s+(.*)", line))]
    return (grave or lines or ["it gave no reason"])[-1].rstrip(".")
