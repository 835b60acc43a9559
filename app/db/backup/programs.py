"""PostgreSQL's own programs for dumps, from the same wheel as its server; they read and write through pipes, so nothing lies about."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from app.db.backup.archive import PIECE
from app.db.embedded.processes import NEUTRAL_ENVIRONMENT
from app.db.embedded.programs import POSTGRES
from app.errors import Conflict, Unavailable


def program(name: str) -> Path:
    """Where a program lies. Raises Unavailable where the wheel is not installed."""
    found = find_spec(POSTGRES.package)
    places = found.submodule_search_locations if found and found.submodule_search_locations else []
    for place in places:
        path = Path(place) / Path(POSTGRES.program).with_name(name)
        if path.exists():
            return path
    raise Unavailable(f"{name} is missing. Install exactly the packages of requirements.txt; it comes with {POSTGRES.distribution}.")


def major() -> int:
    """The major version of PostgreSQL that the programs are of."""
    answer = subprocess.run([program("pg_restore"), "--version"], env=NEUTRAL_ENVIRONMENT, capture_output=True, text=True, check=True)
    said = re.search(r"(\d+)\.\d+", answer.stdout)
    assert said is not None, "a program of PostgreSQL says its version"
    return int(said.group(1))


def dumped(url: str, snapshot: str) -> Iterator[bytes]:
    """The dump of a database as it stands in an exported snapshot, in pieces. Raises Conflict when it fails."""
    words = ["--format=custom", f"--snapshot={snapshot}", "--no-password", f"--dbname={_address(url)}"]
    with _begun("pg_dump", words, url, stdout=subprocess.PIPE) as (process, complaint):
        assert process.stdout is not None, "asked for above"
        while piece := process.stdout.read(PIECE):
            yield piece
        if process.wait() != 0:
            raise Conflict(f"The database could not be dumped: {said_last(complaint)}")


class Listing:
    """The table of contents of a dump, read by feeding it the dump from its beginning."""

    def __init__(self, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
        self._process, self._output, self._is_fed = process, output, True

    def feed(self, piece: bytes) -> None:
        """Hand on a piece. The program stops reading once it knows the contents."""
        assert self._process.stdin is not None, "begun with a pipe"
        if self._is_fed:
            try:
                self._process.stdin.write(piece)
            except BrokenPipeError:
                self._is_fed = False

    def lines(self) -> list[str] | None:
        """The lines of the list, None when it could not be read."""
        _hang_up(self._process)
        if self._process.wait() != 0:
            return None
        self._output.seek(0)
        return self._output.read().decode().splitlines()


@contextmanager
def listing() -> Iterator[Listing]:
    """The program that lists, for as long as the block runs."""
    with tempfile.TemporaryFile() as output, _begun("pg_restore", ["--list"], None, stdin=subprocess.PIPE, stdout=output) as (process, _):
        yield Listing(process, output)


def load(url: str, pieces: Iterable[bytes], listed: Sequence[str]) -> None:
    """Load a dump, in one transaction and in the order of the list. Raises Conflict when it fails, and then nothing is there."""
    with tempfile.NamedTemporaryFile("w", suffix=".list") as order:
        order.write("\n".join(listed) + "\n")
        order.flush()
        words = ["--single-transaction", "--exit-on-error", "--no-password", f"--use-list={order.name}", f"--dbname={_address(url)}"]
        with _begun("pg_restore", words, url, stdin=subprocess.PIPE) as (process, complaint):
            assert process.stdin is not None, "asked for above"
            try:
                for piece in pieces:
                    process.stdin.write(piece)
            except BrokenPipeError:
                process.wait()
            _hang_up(process)
            if process.wait() != 0:
                raise Conflict(f"The database could not be loaded: {said_last(complaint)}")


def said_last(complaint: IO[bytes]) -> str:
    """The first line that names an error, else the last line."""
    complaint.seek(0)
    lines = [line.strip() for line in complaint.read().decode(errors="replace").splitlines() if line.strip()]
    errors = [line.split("error:", 1)[1].strip() for line in lines if "error:" in line]
    return (errors[:1] or lines[-1:] or ["it gave no reason."])[0]


@contextmanager
def _begun(
    name: str, words: Sequence[str], url: str | None, *, stdin: int | None = None, stdout: int | IO[bytes] | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A program at work, with the file of its complaints. It never outlives the block."""
    environment = {**NEUTRAL_ENVIRONMENT, **({"PGPASSWORD": make_url(url).password or ""} if url else {})}
    with tempfile.TemporaryFile() as complaint:
        process = subprocess.Popen(
            [program(name), *words],
            env=environment,
            stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.DEVNULL if stdout is None else stdout,
            stderr=complaint,
            start_new_session=True,
            cwd=os.sep,
        )
        try:
            yield process, complaint
        finally:
            process.kill()
            _hang_up(process)
            if process.stdout is not None:
                process.stdout.close()
            process.wait()


def _hang_up(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        try:
            process.stdin.close()
        except BrokenPipeError:
            return


def _address(url: str) -> str:
    parts = make_url(url)
    return make_conninfo(host=str(parts.query.get("host", parts.host)), port=parts.port or 5432, user=parts.username, dbname=parts.database)
