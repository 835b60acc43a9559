"""A backup that is not exactly what was written is refused, with the name of the first part that is wrong; a failed one leaves nothing."""

import fcntl
import io
import random
import resource
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection

from app.db.backup import Damaged, verify
from app.db.backup.archive import BLOCK, Writer, parts
from app.db.backup.making import Library, drafted, snapshot, told_of, written
from app.db.backup.manifest import Manifest
from app.errors import Conflict, Unavailable
from app.media.storage import content_hash, stored_name
from tests.cli.copies import altered
from tests.cli.running import Agoat
from tests.db.planting import ACME
from tests.installations import administrator_of

SEED = 7
AGOAT = Agoat({})


def silent(name: str):
    return lambda done, total: None


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A media library of three files, one of them empty, beside what an interrupted upload has left."""
    folder = tmp_path / "media"
    for content in (b"", b"a picture", random.Random(SEED).randbytes(300_000)):
        path = folder / stored_name(ACME, content_hash(content))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (path.parent / f".{UUID(int=5)}").write_bytes(b"half a pic")
    return folder


def made(admin_url: str, addresses: dict[str, str], path: Path, library: Library, step=silent) -> Manifest:
    """A backup of the database that all tests share."""
    address = administrator_of(admin_url, addresses)
    with told_of(path), drafted(path) as file, snapshot(address) as (connection, name):
        return written(Writer(file), address, connection, name, library, step)


def names_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("*/*/*") if not path.name.startswith("."))


def everything(folder: Path) -> Library:
    """A library of which the database names every file that is there now."""
    names = set(names_of(folder))
    return Library(folder, folder.as_uri(), lambda connection: set(names))


@pytest.fixture
def backup(admin_url: str, addresses: dict[str, str], library: Path, tmp_path: Path) -> Path:
    path = tmp_path / "whole.agoat"
    made(admin_url, addresses, path, everything(library))
    return path


def refusal(path: Path) -> str:
    """What the command says of a damaged backup."""
    code, said = AGOAT.refused("backup", "verify", str(path))
    assert code == 1
    *_, last = said.splitlines()
    return last.removeprefix("agoat: ")


def test_every_bit_of_the_file_counts() -> None:
    file = io.BytesIO()
    writer = Writer(file)
    for name, content in (("one", b"first"), ("two", b""), ("three", bytes(BLOCK))):
        writer.add(name, [content])
    writer.finish()
    whole = file.getvalue()
    assert len(whole) == 7 * BLOCK
    for bit in range(0, len(whole) * 8, 3):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            found = [(part.name, part.size, part.whole() and part.sha256) for part in parts(io.BytesIO(flipped))]
        except Damaged:
            continue
        assert found != [(part.name, part.size, part.whole() and part.sha256) for part in parts(io.BytesIO(whole))], bit


def test_a_flipped_bit_is_found_in_the_part_where_it_is(backup: Path, tmp_path: Path) -> None:
    content, chance, copy = backup.read_bytes(), random.Random(SEED), tmp_path / "flipped.agoat"
    with tarfile.open(backup) as known:
        inside = [(entry.offset_data, entry.offset_data + entry.size, entry.name) for entry in known if entry.size]
    for begin, end, name in inside:
        place = chance.randrange(begin, end)
        flipped = bytearray(content)
        flipped[place] ^= 1 << chance.randrange(8)
        copy.write_bytes(flipped)
        expected = "manifest.json" if name == "manifest.sha256" else name
        assert refusal(copy).startswith(f"{expected} "), name


def test_the_first_of_several_damaged_parts_is_named(backup: Path, tmp_path: Path) -> None:
    flipped, copy = bytearray(backup.read_bytes()), tmp_path / "flipped.agoat"
    with tarfile.open(backup) as known:
        pictures = [entry for entry in known if entry.name.startswith("media/") and entry.size]
    for entry in pictures:
        flipped[entry.offset_data] ^= 1
    copy.write_bytes(flipped)
    assert refusal(copy) == f"{pictures[0].name} is damaged."


def test_a_file_that_is_cut_off_is_refused_wherever_the_cut_is(backup: Path, tmp_path: Path) -> None:
    content, copy = backup.read_bytes(), tmp_path / "cut.agoat"
    with tarfile.open(backup) as known:
        entries = list(known)
    for entry in entries:
        for cut in {entry.offset_data + entry.size // 2, entry.offset_data - BLOCK, entry.offset_data - BLOCK // 2}:
            copy.write_bytes(content[:cut])
            assert refusal(copy) != ""
    copy.write_bytes(content[: entries[1].offset_data + 1000])
    assert refusal(copy).startswith("database.dump is cut off: ")
    copy.write_bytes(content[: entries[2].offset - 0])
    assert refusal(copy) == "The file is cut off after database.dump."
    copy.write_bytes(content + b"more")
    assert "The end of the file" in refusal(copy)


def test_files_of_others_are_no_backups(tmp_path: Path) -> None:
    path = tmp_path / "foreign"
    for content in (b"", b"hello\n", bytes(2 * BLOCK), bytes(100_000), b"PK\x03\x04" + bytes(600), b"PGDMP" + bytes(5_000)):
        path.write_bytes(content)
        assert refusal(path) == "This is no backup of AGoat Publisher."
    with tarfile.open(path, "w") as other:
        other.add(__file__, "database.dump")
    assert refusal(path) == "This is no backup of AGoat Publisher."
    assert AGOAT.refused("backup", "verify", str(tmp_path / "none"))[0] == 2


def test_a_dump_that_leaves_a_table_out_is_noticed(backup: Path, tmp_path: Path) -> None:
    more = altered(backup, tmp_path / "more.agoat", lambda said: said["rows"].update({"content.letters": 0}))
    assert refusal(more) == "database.dump is damaged: the table content.letters is not in it."
    less = altered(backup, tmp_path / "less.agoat", lambda said: None, without="database.dump")
    assert "does not belong where it stands" in refusal(less)
    short = altered(backup, tmp_path / "short.agoat", lambda said: said["members"].pop())
    assert "its manifest names" in refusal(short)


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """A disk on which no file can grow beyond a size: the system refuses to write on, as it does when the disk is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [100, 50_000, 250_000])
def test_a_full_disk_leaves_the_old_backup_and_nothing_half(
    admin_url: str, addresses: dict[str, str], library: Path, tmp_path: Path, size: int
) -> None:
    path = tmp_path / "target" / "kept.agoat"
    path.parent.mkdir()
    path.write_bytes(b"the last one")
    with largest_file(size), pytest.raises(Unavailable, match="cannot be written: File too large"):
        made(admin_url, addresses, path, everything(library))
    assert [(each.name, each.read_bytes()) for each in path.parent.iterdir()] == [("kept.agoat", b"the last one")]


def test_two_backups_do_not_write_one_file(admin_url: str, addresses: dict[str, str], library: Path, tmp_path: Path) -> None:
    path = tmp_path / "one.agoat"
    with open(tmp_path / "one.agoat.part", "wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        other.write(b"the other one")
        with pytest.raises(Conflict, match="Another process is writing"):
            made(admin_url, addresses, path, everything(library))
    assert (tmp_path / "one.agoat.part").read_bytes() == b"the other one"


def test_files_that_are_missing_or_spoilt_are_told(admin_url: str, addresses: dict[str, str], library: Path, tmp_path: Path) -> None:
    known, names = everything(library), names_of(library)
    (library / names[0]).unlink()
    (library / names[1]).write_bytes(b"other bytes")
    manifest = made(admin_url, addresses, tmp_path / "poor.agoat", known)
    assert (manifest.missing, manifest.spoilt, manifest.files) == ([names[0]], [names[1]], 2)
    told = AGOAT("backup", "verify", str(tmp_path / "poor.agoat")).stdout
    assert f"1 files of the media library are named by the database and were not there: {names[0]}" in told
    assert f"1 files of the media library were damaged already: {names[1]}" in told


def test_a_file_that_cannot_be_read_is_named(admin_url: str, addresses: dict[str, str], library: Path, tmp_path: Path) -> None:
    name = names_of(library)[1]
    (library / name).unlink()
    (library / name).mkdir()
    with pytest.raises(Unavailable, match=f"{name} cannot be read: Is a directory"):
        made(admin_url, addresses, tmp_path / "target.agoat", everything(library))
    assert not list(tmp_path.glob("target*"))


def test_a_file_that_is_erased_meanwhile_is_not_missed(admin_url: str, addresses: dict[str, str], library: Path, tmp_path: Path) -> None:
    known, gone, snapshots = everything(library), names_of(library)[1], []

    def step(name: str):
        def erase(done: int, total: int | None) -> None:
            if "media" in name:
                (library / gone).unlink(missing_ok=True)

        return erase

    def named(connection: Connection) -> set[str]:
        """The snapshot still names it, a look at the database as it is now does not."""
        snapshots.append(connection)
        return known.named(connection) - ({gone} if len(snapshots) > 1 else set())

    manifest = made(admin_url, addresses, tmp_path / "b.agoat", Library(library, "", named), step)
    assert (manifest.missing, manifest.files, len(snapshots)) == ([], 2, 2)
    assert verify(tmp_path / "b.agoat", silent).manifest == manifest
