"""The two databases that can live in a data folder, each prepared, started, waited for and addressed in the same way."""

import shutil
import socket
import subprocess
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from app.db.embedded import cockroach, postgres
from app.db.embedded.choice import Kind
from app.db.embedded.failure import EngineError
from app.db.embedded.folder import Folder, claim, passwords, settle
from app.db.embedded.processes import Account, end_orphans, launch, run, until
from app.db.embedded.programs import Programs, find_cockroach, find_programs, find_valkey

NODE_START_SECONDS, CERTIFICATE_SECONDS, CONNECT_SECONDS = 120.0, 60.0, 2.0
# The program gives certificates for five years or more; a folder that is started now and then gets new ones long before.
CERTIFICATES_LAST = timedelta(days=1000)


class Server(Protocol):
    """A database of a data folder. `sockets` is the folder in which its present address is found."""

    valkey: Path
    # Whether it comes back where it was, so that those who know its address find it again.
    keeps_address: bool

    def prepare(self) -> None:
        """Creates the data on the first start, else makes sure that it can be used. Raises OSError, EngineError."""

    def start(self, sockets: Path) -> subprocess.Popen[bytes]:
        """Begins the server and does not wait for it. Raises OSError."""

    def start_again(self, sockets: Path) -> subprocess.Popen[bytes]:
        """The same after its process has died: first what that left behind is ended. Raises OSError, EngineError."""

    def wait(self, child: subprocess.Popen[bytes], sockets: Path) -> None:
        """Waits until the server takes connections. Raises EngineError when it ended or the time is over."""


class Postgres:
    """PostgreSQL from its wheel."""

    keeps_address = True

    def __init__(self, folder: Folder, account: Account, durable: bool) -> None:
        self._folder, self._account, self._durable = folder, account, durable
        self._programs: Programs = find_programs(folder.copies, account)
        self.valkey = self._programs.valkey

    def prepare(self) -> None:
        """See Server."""
        postgres.refuse_other_major(self._folder, self._programs)
        postgres.prepare(self._folder, self._account, self._programs, passwords(self._folder).postgres, self._durable)

    def start(self, sockets: Path) -> subprocess.Popen[bytes]:
        """See Server."""
        return postgres.start(self._folder, self._account, self._programs, sockets, self._durable)

    def start_again(self, sockets: Path) -> subprocess.Popen[bytes]:
        """See Server. Backends outlive a killed postmaster for a while, and a new one refuses to start beside them."""
        end_orphans(self._folder.mark)
        postgres.forget_the_dead(self._folder, sockets)
        return self.start(sockets)

    def wait(self, child: subprocess.Popen[bytes], sockets: Path) -> None:
        """See Server."""
        postgres.wait(child, self._folder, sockets)


class Cockroach:
    """One node of CockroachDB from the program on the PATH. It always waits for the disk: it has no mode that does not.

    Its ports are given by the system at each start. The processes of the product were told the first ones, so that a node which
    came back at others would help nobody: it is not watched, and the product is started anew instead.
    """

    keeps_address = False

    def __init__(self, folder: Folder, account: Account) -> None:
        self._folder, self._account = folder, account
        self._program = find_cockroach(account)
        self.valkey = find_valkey(folder.copies, account)
        self._log = folder.logs / "cockroach.log"

    def prepare(self) -> None:
        """See Server."""
        if "," in str(self._folder.cockroach):
            raise EngineError(f"CockroachDB cannot keep its data under {self._folder.path}: the path has a comma. Use another folder.")
        for left in self._folder.path.glob("cockroach-certs.new-*"):
            shutil.rmtree(left, ignore_errors=True)
        if self._folder.cockroach.exists():
            claim(self._folder.cockroach, self._account)
        else:
            self._folder.cockroach.mkdir(mode=0o700)
            self._account.own(self._folder.cockroach)
        if not is_young(self._folder.certificates / "ca.crt"):
            self._make_certificates()

    def start(self, sockets: Path) -> subprocess.Popen[bytes]:
        """See Server."""
        told = cockroach.told_file(sockets, self._folder.mark)
        # A node that is started again while the product runs must be found where it was.
        _, port = _told(self._folder, sockets) or (cockroach.HOST, 0)
        words = cockroach.start(self._program, store=self._folder.cockroach, certs=self._folder.certificates, told=told, port=port)
        environment = {**cockroach.ENVIRONMENT, "HOME": str(self._folder.cockroach)}
        return launch(self._account, words, self._folder.cockroach, self._log, environment=environment)

    def start_again(self, sockets: Path) -> subprocess.Popen[bytes]:
        """See Server."""
        return self.start(sockets)

    def wait(self, child: subprocess.Popen[bytes], sockets: Path) -> None:
        """See Server."""
        until(lambda: child.poll() is not None or node_answers(self._folder, sockets), NODE_START_SECONDS)
        if not node_answers(self._folder, sockets):
            said = cockroach.complaint(self._log.read_text(errors="replace"))
            raise EngineError(f"CockroachDB did not start: {said}. The whole story is in {self._log}.")

    def _make_certificates(self) -> None:
        """Makes them beside their place and moves them there when they are whole. The authority's key is thrown away: nobody needs it."""
        draft = Path(tempfile.mkdtemp(prefix="cockroach-certs.new-", dir=self._folder.path))
        self._account.own(draft)
        try:
            for words in cockroach.certificates(self._program, draft, draft / "ca.key"):
                done = run(self._account, words, CERTIFICATE_SECONDS)
                if done.returncode != 0:
                    raise EngineError(f"CockroachDB could not make its certificates: {cockroach.complaint(done.stderr or done.stdout)}.")
            (draft / "ca.key").unlink()
            shutil.rmtree(self._folder.certificates, ignore_errors=True)
            draft.rename(self._folder.certificates)
            settle(self._folder.path)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def open_server(kind: Kind, folder: Folder, account: Account, durable: bool) -> Server:
    """The server of a choice, with its programs found. Raises EngineError, OSError."""
    return Postgres(folder, account, durable) if kind == "postgres" else Cockroach(folder, account)


def is_answering(kind: Kind, folder: Folder, sockets: Path) -> bool:
    """Whether the database of a folder takes connections."""
    return postgres.answers(sockets) if kind == "postgres" else node_answers(folder, sockets)


def address_of(kind: Kind, folder: Folder, sockets: Path) -> str:
    """The administrator's address. Raises EngineError while a node has not said where it listens."""
    if kind == "postgres":
        return postgres.url(sockets, passwords(folder).postgres)
    where = _told(folder, sockets)
    if where is None:
        raise EngineError(f"The node of CockroachDB in {folder.path} has not said where it listens. Try again.")
    return cockroach.url(*where, folder.certificates)


def node_answers(folder: Folder, sockets: Path) -> bool:
    """Whether the node has said where it listens, and does."""
    where = _told(folder, sockets)
    if where is None:
        return False
    try:
        with socket.create_connection(where, CONNECT_SECONDS):
            return True
    except OSError:
        return False


def is_young(file: Path) -> bool:
    """Whether a file is there and was made not too long ago."""
    return file.exists() and time.time() - file.stat().st_mtime < CERTIFICATES_LAST.total_seconds()


def _told(folder: Folder, sockets: Path) -> tuple[str, int] | None:
    try:
        return cockroach.read_address(cockroach.told_file(sockets, folder.mark).read_text())
    except FileNotFoundError:
        return None
