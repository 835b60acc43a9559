"""A backup holds every row and every file; what is restored from it is an installation like the one that was backed up."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import text

from app.cli.demo import prepare
from app.content.actions import save_post
from app.content.requests import SavePost
from app.db.backup import Progress, create, restore
from app.db.backup.making import Library
from app.db.base import Base
from app.db.database import Tenancy, open_engine
from app.db.embedded import running
from app.db.embedded.processes import until as until_true
from app.db.install import install, new_passwords
from app.db.local import DATABASE, PREFIX, Local, keep
from app.db.migrate import connected, newest_revision, script
from app.db.roles import roles_of
from app.db.rules import tenant_rules
from app.media.actions import add_picture, store_picture
from app.media.repository import stored_files
from app.media.storage import LocalStorage, Storage, content_hash
from tests.cast import OPERATOR, make_customer
from tests.cli.copies import altered, as_process, command_line, demonstration, files_in, installed, looking_into, rows_of, shape_of
from tests.cli.running import Agoat
from tests.db.catalogue import differences
from tests.db.invariants import broken
from tests.waiting import until

OLDEST_RELEASED = "0056"


def quiet(name: str) -> Progress:
    """A step that nobody hears of."""
    return lambda done, total: None


@dataclass(frozen=True)
class Source:
    """A running installation with the demonstration, and its backup, made while nobody wrote."""

    home: Path
    data_dir: Path
    backup: Path
    told: dict[str, Any]
    agoat: Agoat


@pytest.fixture(scope="module")
def source() -> Iterator[Source]:
    home = Path(tempfile.mkdtemp(prefix="agoat-test-"))
    home.chmod(0o755)
    data_dir, backup = home / "first", home / "quiet.agoat"
    with demonstration(data_dir):
        agoat = command_line(data_dir)
        yield Source(home, data_dir, backup, agoat.json("backup", "create", str(backup)), agoat)
    shutil.rmtree(home)


@pytest.fixture(scope="module")
def copy(source: Source) -> Path:
    """A data folder restored from the backup, after a first attempt was killed while its database ran."""
    data_dir = source.home / "second"
    first = as_process(data_dir, "backup", "restore", str(source.backup))
    assert until_true((data_dir / "restoring" / "postgres" / "postmaster.pid").exists, 60), first.communicate(timeout=10)
    first.kill()
    first.communicate(timeout=60)
    assert not (data_dir / "postgres").exists()
    done = command_line(data_dir)("backup", "restore", str(source.backup))
    assert done.exit_code == 0, done.stderr
    assert "Restoring the database" in done.stderr.splitlines()
    assert not (data_dir / "restoring").exists()
    return data_dir


def test_every_row_and_every_file_is_restored(source: Source, copy: Path) -> None:
    with looking_into(source.data_dir) as one, looking_into(copy) as other:
        before, after = rows_of(one), rows_of(other)
    assert after == before
    assert {name: len(rows) for name, rows in before.items()} == source.told["rows"]
    assert sum(source.told["rows"].values()) > 500
    assert files_in(copy / "media") == files_in(source.data_dir / "media")
    assert len(files_in(copy / "media")) == source.told["files"] > 20


def test_rights_policies_owners_settings_and_the_order_of_indexes_are_those_of_the_first(source: Source, copy: Path) -> None:
    with looking_into(source.data_dir) as one, looking_into(copy) as other:
        before, after = shape_of(one), shape_of(other)
    assert differences(before, after) == {}
    assert after["roles"] == before["roles"]
    assert any("pk_posts" in line for line in after["newest indexes"])


def test_the_copy_is_sound_and_starts_the_demonstration_without_loading_anything(source: Source, copy: Path) -> None:
    assert command_line(copy).json("doctor")["is_sound"] is True
    with looking_into(copy) as connection, demonstration(copy) as (settings, access):
        before = rows_of(connection)
        assert set(access.passwords) == {"alice@acme.example", "bob@acme.example", "rita@acme.example", "mallory@globex.example"}
        assert all(access.passwords.values())
        assert asyncio.run(prepare(settings)) == access
        assert rows_of(connection)["content.posts"] == before["content.posts"]
        assert len(before["content.posts"]) == source.told["rows"]["content.posts"]


def test_what_signs_or_lets_in_is_in_no_backup_and_new_in_a_copy(source: Source, copy: Path) -> None:
    kept = [keep(folder, make=False) for folder in (source.data_dir, copy)]
    secrets = [kept[0].secret_key, *kept[0].passwords.values()]
    assert kept[0].secret_key != kept[1].secret_key
    assert not set(kept[0].passwords.values()) & set(kept[1].passwords.values())
    content = source.backup.read_bytes()
    assert not [secret for secret in secrets if secret.encode() in content]
    assert source.backup.stat().st_mode & 0o777 == 0o600
    told = " ".join(source.agoat("backup", "create", "--help").stdout.split())
    assert "does not hold what signs or lets in: the signing key" in told


def test_verify_says_what_a_backup_holds(source: Source) -> None:
    told = source.agoat.json("backup", "verify", str(source.backup))
    assert told == source.told
    assert (told["dialect"], told["schema"], told["missing"], told["media"]) == ("postgresql", newest_revision(), [], "here")
    said = source.agoat("backup", "verify", str(source.backup)).stdout
    assert "is whole" in said
    assert f"rows      {sum(told['rows'].values()):,} in {len(told['rows'])} tables" in said


def test_only_an_empty_folder_is_restored_into(source: Source, copy: Path) -> None:
    before = files_in(copy / "media")
    code, said = command_line(copy).refused("backup", "restore", str(source.backup))
    assert (code, "is not empty" in said, "AGOAT_DATA_DIR" in said) == (2, True, True)
    library = source.home / "full"
    (library / "holiday").mkdir(parents=True)
    code, said = command_line(source.home / "third").refused("backup", "restore", str(source.backup), MEDIA_URL=library.as_uri())
    assert (code, "AGOAT_MEDIA_URL" in said, (source.home / "third").exists()) == (2, True, False)
    assert files_in(copy / "media") == before


def test_a_file_is_replaced_only_when_that_is_meant(source: Source, tmp_path: Path) -> None:
    target = tmp_path / "kept.agoat"
    target.write_bytes(b"dear to me")
    code, said = source.agoat.refused("backup", "create", str(target))
    assert (code, "--yes" in said, target.read_bytes()) == (2, True, b"dear to me")
    target.with_name("kept.agoat.part").write_bytes(bytes(10_000_000))
    assert source.agoat("backup", "create", str(target), "--yes").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["kept.agoat"]
    assert source.agoat("backup", "verify", str(target)).exit_code == 0
    assert source.agoat.refused("backup", "create", str(tmp_path / "no" / "such.agoat"))[0] == 2


def test_servers_of_ones_own_are_refused_with_the_command_that_serves_them(addresses: dict[str, str], tmp_path: Path) -> None:
    agoat = Agoat({role: url.replace("cockroachdb+", "postgresql+") for role, url in addresses.items()})
    for words in (("create", str(tmp_path / "x")), ("restore", __file__)):
        code, said = agoat.refused("backup", *words)
        assert (code, "pg_dump --format=custom" in said) == (2, True)
    other = Agoat({role: url.replace("postgresql+", "cockroachdb+") for role, url in addresses.items()})
    code, said = other.refused("backup", "create", str(tmp_path / "x"))
    assert (code, "BACKUP DATABASE agoat INTO" in said) == (2, True)


def test_a_folder_without_an_installation_has_nothing_to_back_up(tmp_path: Path) -> None:
    code, said = command_line(tmp_path / "none").refused("backup", "create", str(tmp_path / "x.agoat"))
    assert (code, "nothing to back up" in said, list(tmp_path.iterdir())) == (2, True, [])


def test_a_backup_of_a_later_release_is_refused(source: Source, tmp_path: Path) -> None:
    later = altered(source.backup, tmp_path / "later.agoat", lambda said: said.update(schema="9999", product="9.9"))
    code, said = command_line(tmp_path / "data").refused("backup", "restore", str(later))
    assert (code, "schema 9999, made by release 9.9" in said, (tmp_path / "data").exists()) == (1, True, False)
    server = altered(source.backup, tmp_path / "server.agoat", lambda said: said.update(server="99.1"))
    assert "PostgreSQL 99.1" in command_line(tmp_path / "data").refused("backup", "restore", str(server))[1]
    form = altered(source.backup, tmp_path / "form.agoat", lambda said: said.update(format=2))
    assert "format 2" in source.agoat.refused("backup", "verify", str(form))[1]


def test_a_backup_of_an_older_release_is_migrated(source: Source) -> None:
    older, newer, file = source.home / "older", source.home / "newer", source.home / "older.agoat"
    with running(older, durable=False) as engines:
        url = install(engines.database_url, prefix=PREFIX, database=DATABASE, passwords=new_passwords())["migrator"]
        with connected(url) as connection:
            connection.execute(text("SET ROLE agoat_owner"))
            connection.execute(text("CREATE TABLE ops.alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
            connection.execute(text("RESET ROLE"))
            command.upgrade(script(connection, roles_of(url)), OLDEST_RELEASED)
        made = create(older, file, Library(None, "s3://bucket/media", stored_files), quiet)
    assert (made.manifest.schema, made.manifest.media) == (OLDEST_RELEASED, "s3://bucket/media")
    restored = restore(file, newer, None, quiet)
    assert restored.migrations == int(newest_revision()) - int(OLDEST_RELEASED)
    assert command_line(newer).json("doctor")["is_sound"] is True


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="{}" height="20"/></svg>'


@dataclass
class Writer:
    """Somebody who saves one post again and again and adds a drawing each time, until told to stop."""

    tenancy: Tenancy
    storage: Storage
    customer_id: UUID
    site_id: UUID
    number: int
    saves: int = 0
    is_done: bool = False

    async def write(self) -> None:
        database, post, version = self.tenancy.of(self.customer_id), None, None
        while not self.is_done:
            name = f"drawing-{self.number}-{self.saves}"
            width = str(self.number * 100_000 + self.saves)
            drawing = await store_picture(self.storage, self.customer_id, name, DRAWING.format(width).encode())
            await database.run(OPERATOR, "add drawing", partial(add_picture, actor=OPERATOR, request=drawing))
            request = SavePost(
                site_id=self.site_id, title=f"Writer {self.number}", lang="en", id=post, expect=version, body_source=f"<p>{self.saves}</p>"
            )
            saved = await database.run(OPERATOR, "save post", partial(save_post, actor=OPERATOR, request=request))
            post, version, self.saves = saved.id, saved.version, self.saves + 1


@asynccontextmanager
async def writers_at(local: Local, media: Path) -> AsyncIterator[list[Writer]]:
    """Three writers at work on one customer, once each of them has saved twice."""
    engine = open_engine(local.addresses["backoffice"], rules=tenant_rules(Base.metadata))
    tenancy = Tenancy(engine)
    customer_id, site_id = await make_customer(tenancy, "writers")
    writers = [Writer(tenancy, LocalStorage(media), customer_id, site_id, number) for number in range(3)]
    async with asyncio.TaskGroup() as group:
        for writer in writers:
            group.create_task(writer.write())
        await until(lambda: all_of(writer.saves >= 2 for writer in writers))
        try:
            yield writers
        finally:
            for writer in writers:
                writer.is_done = True
    await engine.dispose()


async def all_of(conditions: Iterable[bool]) -> bool:
    return all(conditions)


async def test_a_backup_made_among_writers_is_the_installation_at_one_moment(source: Source) -> None:
    media, file, data_dir = source.data_dir / "media", source.home / "busy.agoat", source.home / "busy"
    with installed(source.data_dir) as local:
        async with writers_at(local, media) as writers:
            before = [writer.saves for writer in writers]
            made = await asyncio.to_thread(create, source.data_dir, file, Library(media, "", stored_files), quiet)
            after = [writer.saves for writer in writers]
    assert all(first < last for first, last in zip(before, after, strict=True))
    assert (made.manifest.missing, made.manifest.spoilt) == ([], [])
    await asyncio.to_thread(restore, file, data_dir, data_dir / "media", quiet)
    with looking_into(data_dir) as copy:
        assert broken(copy) == []
        versions = dict(tuple(row) for row in copy.execute(text("SELECT title, version FROM content.posts WHERE title LIKE 'Writer %'")))
        bodies = copy.scalars(text("SELECT body_source FROM content.posts WHERE title LIKE 'Writer %' ORDER BY title")).all()
        named = stored_files(copy)
    stored = files_in(data_dir / "media")
    assert all(first <= versions[f"Writer {number}"] <= last + 1 for number, (first, last) in enumerate(zip(before, after, strict=True)))
    assert bodies == [f"<p>{versions[f'Writer {number}'] - 1}</p>" for number in range(3)]
    assert named <= stored.keys()
    assert [name for name, content in stored.items() if content_hash(content) != name.rpartition("/")[2]] == []
