"""A node of CockroachDB in the data folder, played by a stand-in: how it is started, found again, joined, ended and refused."""

import os
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.db.embedded import EngineError, Kind, ProgramUnusable, running
from app.db.embedded.choice import FILE, recorded
from app.db.embedded.folder import Folder
from app.db.embedded.processes import engine_account, until
from app.db.embedded.servers import Cockroach, address_of, node_answers
from app.db.local import holds_data, reset_local
from app.errors import Conflict
from tests.cockroach.standin import Standin
from tests.db.embedded_owner import OwnerProcess, kill_everything, processes

FIRST_START = ["version", "cert create-ca", "cert create-node 127.0.0.1 localhost", "cert create-client root", "start-single-node"]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter; data folders and the stand-in are made inside."""
    made = Path(tempfile.mkdtemp(prefix="agoat test "))
    made.chmod(0o1777)
    yield made
    for data_dir in made.rglob("engine.lock"):
        kill_everything(data_dir.parent)
    shutil.rmtree(made)


@pytest.fixture
def standin(place: Path, monkeypatch: pytest.MonkeyPatch) -> Standin:
    made = Standin.made(place / "bin")
    monkeypatch.setenv("PATH", made.path)
    return made


def nodes(data_dir: Path) -> list[int]:
    return [process.pid for process in processes(data_dir) if "start-single-node" in process.title]


def refusal(data_dir: Path, database: Kind | None = None) -> EngineError:
    """The one line with which a start is refused."""
    with pytest.raises(EngineError) as refused, running(data_dir, durable=False, database=database):
        pass
    assert "\n" not in refused.value.detail
    return refused.value


def test_a_new_folder_gets_certificates_and_a_node_and_no_postgresql(place: Path, standin: Standin) -> None:
    data_dir = place / "data"
    with running(data_dir, database="cockroach") as engines:
        address = make_url(engines.database_url)
        assert standin.commands() == FIRST_START
        assert (address.drivername, address.username, address.host) == ("cockroachdb+psycopg", "root", "127.0.0.1")
        assert address.query["sslmode"] == "verify-full"
        assert all(Path(str(address.query[name])).is_file() for name in ("sslrootcert", "sslcert", "sslkey"))
        assert len(nodes(data_dir)) == 1
        assert not (data_dir / "postgres").exists()
    assert standin.commands()[-1] == "ended by SIGTERM"
    assert not processes(data_dir)
    assert not list((data_dir / "run").iterdir())


def test_the_keys_are_private_and_nobody_can_sign_further_certificates(place: Path, standin: Standin) -> None:
    data_dir = place / "data"
    with running(data_dir, database="cockroach"):
        certs = data_dir / "cockroach-certs"
        kept = {file.name: stat.S_IMODE(file.stat().st_mode) & 0o077 for file in certs.iterdir()}
    assert kept.keys() == {"ca.crt", "node.crt", "node.key", "client.root.crt", "client.root.key"}
    assert set(kept.values()) == {0}
    assert stat.S_IMODE(certs.stat().st_mode) == 0o700


def test_the_node_sees_a_neutral_environment_and_reports_to_nobody(place: Path, standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCKROACH_HOST", "elsewhere.example")
    with running(place / "data", database="cockroach"):
        (seen,) = [record["environment"] for record in standin.records() if "start-single-node" in record.get("words", [])]
    assert seen["COCKROACH_SKIP_ENABLING_DIAGNOSTIC_REPORTING"] == "true"
    assert "COCKROACH_HOST" not in seen


def test_a_later_start_follows_what_was_chosen_and_keeps_its_certificates(place: Path, standin: Standin) -> None:
    data_dir = place / "data"
    with running(data_dir, database="cockroach"):
        first = (data_dir / "cockroach-certs" / "ca.crt").stat().st_ino
    standin.forget()
    with running(data_dir):
        assert standin.commands() == ["version", "start-single-node"]
        assert (data_dir / "cockroach-certs" / "ca.crt").stat().st_ino == first
    assert (data_dir / "cockroach" / "rows").exists()


def test_old_certificates_are_replaced_and_half_made_ones_removed(place: Path, standin: Standin) -> None:
    data_dir = place / "data"
    with running(data_dir, database="cockroach"):
        pass
    long_ago = time.time() - 1001 * 86_400
    os.utime(data_dir / "cockroach-certs" / "ca.crt", (long_ago, long_ago))
    (data_dir / "cockroach-certs.new-left").mkdir()
    standin.forget()
    with running(data_dir):
        assert standin.commands() == FIRST_START
    assert [each.name for each in data_dir.glob("cockroach-certs*")] == ["cockroach-certs"]


def test_a_folder_of_the_other_database_is_refused_with_the_remedy_and_left_alone(place: Path, standin: Standin) -> None:
    data_dir = place / "data"
    with running(data_dir, database="cockroach"):
        pass
    said = refusal(data_dir, "postgres").detail
    assert "holds CockroachDB, not PostgreSQL" in said
    assert "Start without --database postgres" in said
    assert not (data_dir / "postgres").exists()
    other = place / "other"
    with running(other, durable=False):
        assert recorded(Folder.at(other)) == "postgres"
        # Also one who would only join is told.
        assert "holds PostgreSQL, not CockroachDB" in refusal(other, "cockroach").detail
    (other / FILE).unlink()
    assert "holds PostgreSQL, not CockroachDB" in refusal(other, "cockroach").detail


@pytest.mark.parametrize(
    ("version", "said"), [("v25.3.9", "CockroachDB 25.3 is too old"), ("v24.3.1", "24.3 is too old"), ("dev", "does not say which version")]
)
def test_a_program_that_is_too_old_is_refused_before_anything_is_made(place: Path, standin: Standin, version: str, said: str) -> None:
    standin.say_version(version)
    refused = refusal(place / "data", "cockroach")
    assert isinstance(refused, ProgramUnusable)
    assert said in refused.detail
    assert "25.4 or later" in refused.detail
    assert standin.commands() == ["version"]
    assert recorded(Folder.at(place / "data")) is None


def test_a_missing_program_is_refused_with_the_remedy(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(place))
    refused = refusal(place / "data", "cockroach")
    assert isinstance(refused, ProgramUnusable)
    assert "no program `cockroach` on the PATH" in refused.detail
    assert "--database" in refused.detail


def test_a_damaged_record_of_the_choice_is_told_and_not_guessed(place: Path, standin: Standin) -> None:
    (place / "data").mkdir()
    (place / "data" / FILE).write_text('{"database": "sqlite"}')
    assert "is damaged" in refusal(place / "data").detail


def test_a_second_process_joins_the_node_at_the_same_address(place: Path, standin: Standin) -> None:
    with running(place / "data", database="cockroach") as engines:
        other = OwnerProcess(place / "data")
        joined = other.engines()
        assert (joined.database_url, joined.redis_url, joined.owner) == (engines.database_url, engines.redis_url, False)
        assert other.leave()[0] == "left\n"
        assert len(nodes(place / "data")) == 1
    assert standin.commands().count("start-single-node") == 1


def test_a_node_that_outlives_its_owner_is_ended_by_the_next_start(place: Path, standin: Standin) -> None:
    data_dir = place / "data"
    with running(data_dir, database="cockroach"):
        pass
    owner = OwnerProcess(data_dir)
    owner.engines()
    (left,) = nodes(data_dir)
    owner.kill()
    assert nodes(data_dir) == [left]
    standin.forget()
    with running(data_dir) as engines:
        assert engines.owner
        assert nodes(data_dir) != [left]
        assert standin.commands() == ["ended by SIGTERM", "version", "start-single-node"]
    assert not processes(data_dir)


def test_a_node_that_cannot_start_tells_its_own_reason(place: Path, standin: Standin) -> None:
    standin.breaks()
    said = refusal(place / "data", "cockroach").detail
    assert said.startswith("CockroachDB did not start: the disk is full. The whole story is in ")
    assert not processes(place / "data")
    standin.mended()
    with running(place / "data"):
        assert until(lambda: bool(nodes(place / "data")), 10)


def test_a_path_with_a_comma_is_refused_because_the_program_would_split_it(place: Path, standin: Standin) -> None:
    assert "the path has a comma" in refusal(place / "a, comma", "cockroach").detail


def test_a_folder_that_is_emptied_may_hold_the_other_database_next(place: Path, standin: Standin) -> None:
    data_dir = place / "data"
    with running(data_dir, database="cockroach"):
        assert holds_data(data_dir)
        with pytest.raises(Conflict, match="is in use by process"):
            reset_local(data_dir)
    reset_local(data_dir)
    assert not holds_data(data_dir)
    assert recorded(Folder.at(data_dir)) is None
    assert not list(data_dir.glob("cockroach*"))


def test_a_node_that_is_started_again_while_the_product_runs_keeps_its_port(place: Path, standin: Standin) -> None:
    data_dir = place / "data"
    with running(data_dir, database="cockroach") as engines:
        folder, sockets = Folder.at(data_dir), data_dir / "run"
        (old,) = nodes(data_dir)
        os.kill(old, signal.SIGKILL)
        assert until(lambda: not node_answers(folder, sockets), 10)
        server = Cockroach(folder, engine_account())
        again = server.start(sockets)
        server.wait(again, sockets)
        assert address_of("cockroach", folder, sockets) == engines.database_url
        again.terminate()
        again.wait(timeout=30)
