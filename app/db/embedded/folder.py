"""The data folder of an installation: what lies where, whose it is, and where the sockets go.

Permissions are changed inside the data folder only. When root starts the engines, the part that PostgreSQL writes belongs to nobody.
"""

import hashlib
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from msgspec import DecodeError, Struct, ValidationError, json

from app.db.embedded.failure import EngineError
from app.db.embedded.processes import Account, run

POSTGRES_SOCKET = ".s.PGSQL.5432"
VALKEY_SOCKET = "valkey.sock"
# The address of a Unix socket has room for 107 bytes on Linux and 103 on macOS; the name of PostgreSQL's socket takes 14.
SOCKET_FOLDER_BYTES = 90 if os.uname().sysname == "Linux" else 88
OUTSIDE = (Path("/run"), Path("/tmp"))  # noqa: S108  # mkdtemp makes a private folder of a fresh name there
ROOTS_FOLDER = Path("/var/lib/agoat")


class Passwords(Struct, frozen=True):
    """What `engines.json` keeps: the passwords of PostgreSQL's administrator and of Valkey."""

    postgres: str
    valkey: str


@dataclass(frozen=True)
class Folder:
    """A data folder that exists; `mark` names it in the titles of processes."""

    path: Path
    mark: str

    @classmethod
    def at(cls, path: Path) -> "Folder":
        """The folder with its mark, made of device and inode: a moved folder keeps it, a copied one gets its own. Raises OSError."""
        known = path.stat()
        return cls(path, "agoat-" + hashlib.sha256(f"{known.st_dev}:{known.st_ino}".encode()).hexdigest()[:16])

    @property
    def postgres(self) -> Path:
        """PostgreSQL's own data."""
        return self.path / "postgres"

    @property
    def cockroach(self) -> Path:
        """CockroachDB's own store."""
        return self.path / "cockroach"

    @property
    def certificates(self) -> Path:
        """The certificates of CockroachDB's node and administrator."""
        return self.path / "cockroach-certs"

    @property
    def logs(self) -> Path:
        """What the engines say."""
        return self.path / "logs"

    @property
    def copies(self) -> Path:
        """Programs copied for a user who cannot reach the installed ones."""
        return self.path / "engines"

    @property
    def lock(self) -> Path:
        """The lock of the engines' owner."""
        return self.path / "engine.lock"


def default_data_dir(project: Path) -> Path:
    """`.agoat` in the project's folder; for root a folder under /var/lib that nobody can reach, named after the project's path."""
    home = project.resolve()
    if os.geteuid() == 0:
        return ROOTS_FOLDER / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return home / ".agoat"


def open_folder(data_dir: Path, account: Account) -> Folder:
    """Makes the data folder where needed and lets the account enter it. Raises OSError, EngineError."""
    path = data_dir.resolve()
    if account.switched:
        _refuse_closed_parent(path, account)
        _make_passable(path)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Folder.at(path)
    folder.logs.mkdir(mode=0o700, exist_ok=True)
    return folder


def passwords(folder: Folder) -> Passwords:
    """The engines' passwords, generated once. Raises OSError, EngineError when they were lost."""
    file = folder.path / "engines.json"
    if file.exists():
        try:
            return json.decode(file.read_bytes(), type=Passwords)
        except (DecodeError, ValidationError):
            raise EngineError(f"{file} is damaged. Put it back from a backup: PostgreSQL's password stands in it.") from None
    if folder.postgres.exists():
        raise EngineError(f"{file} is missing. Put it back from a backup: PostgreSQL's password stands in it.")
    made = Passwords(postgres=secrets.token_hex(24), valkey=secrets.token_hex(24))
    write_private(file, json.encode(made))
    return made


def write_private(file: Path, content: bytes) -> None:
    """Writes a file that only its owner may read, whole or not at all, and puts it on disk. Raises OSError."""
    draft = file.with_name(file.name + ".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
        output.write(content)
        output.flush()
        os.fsync(output.fileno())
    draft.replace(file)
    settle(file.parent)


def settle(folder: Path) -> None:
    """Puts the names in a folder on disk, so that the machine's power may fail after a rename. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def socket_folder(folder: Folder, account: Account) -> Path:
    """An empty private folder for the sockets: `run`, or one outside when that address is too long. Raises OSError, EngineError."""
    inside = folder.path / "run"
    # A comma in an address would be read by PostgreSQL's clients as the end of one server's name.
    if len(os.fsencode(inside)) > SOCKET_FOLDER_BYTES or b"," in os.fsencode(inside):
        return _outside_folder(account)
    inside.mkdir(mode=0o700, exist_ok=True)
    inside.chmod(0o700)
    account.own(inside)
    _remove_sockets(inside)
    return inside


def leave_socket_folder(sockets: Path, account: Account) -> None:
    """Removes the sockets, and their folder where it lies outside the data folder; leaves a folder alone that is not ours."""
    try:
        known = sockets.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(known.st_mode) or known.st_uid != account.uid:
        return
    _remove_sockets(sockets)
    if sockets.parent in OUTSIDE and sockets.name.startswith("agoat-"):
        sockets.rmdir()


def claim(data: Path, account: Account) -> None:
    """Gives data that root put here, as from a backup, to the account; anybody else's stays theirs. Raises EngineError, OSError."""
    owner = data.stat().st_uid
    if owner == account.uid:
        return
    if not account.switched or owner != 0:
        raise EngineError(f"The data in {data} belongs to user {owner}. Start as that user, or name another folder with AGOAT_DATA_DIR.")
    for folder, _, files in os.walk(data):
        for each in (Path(folder), *(Path(folder, name) for name in files)):
            account.own(each)


def _outside_folder(account: Account) -> Path:
    for parent in OUTSIDE:
        try:
            made = Path(tempfile.mkdtemp(prefix="agoat-", dir=parent))
        except OSError:
            continue
        account.own(made)
        return made
    raise EngineError("The path of the data folder is too long for sockets and neither /run nor /tmp can be written. Use a shorter path.")


def _remove_sockets(sockets: Path) -> None:
    for left in (*(sockets / name for name in (POSTGRES_SOCKET, POSTGRES_SOCKET + ".lock", VALKEY_SOCKET)), *sockets.glob("agoat-*.url")):
        left.unlink(missing_ok=True)


def _refuse_closed_parent(path: Path, account: Account) -> None:
    existing = [parent for parent in path.parents if parent.is_dir()]
    if existing and not _can_enter(existing[0], account):
        closed = next(parent for parent in reversed(existing) if not _can_enter(parent, account))
        raise EngineError(
            f"Started by root, PostgreSQL runs as nobody, who may not enter {closed}. "
            f"Name a folder elsewhere with AGOAT_DATA_DIR, for example under {ROOTS_FOLDER}, or start as an ordinary user."
        )


def _can_enter(path: Path, account: Account) -> bool:
    try:
        return run(account, ["/bin/sh", "-c", 'cd -- "$1"', "sh", path], seconds=10).returncode == 0
    except PermissionError:
        raise EngineError(
            "PostgreSQL does not run as root, and this system does not let root become nobody. Start as an ordinary user."
        ) from None


def _make_passable(path: Path) -> None:
    """Makes missing folders passable whatever the umask; of those that exist only the data folder itself is changed."""
    for missing in reversed([each for each in (path, *path.parents) if not each.exists()]):
        missing.mkdir()
        missing.chmod(0o711 if missing == path else 0o755)
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & stat.S_IXOTH:
        path.chmod(mode | stat.S_IXOTH)
