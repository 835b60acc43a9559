"""The doctor around the installation: Redis, files, clocks, the console's address, the secret and mail, each really broken."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from redis import Redis

from app.cli.doctor.clocks import skew
from app.cli.doctor.surroundings import about_console, about_mail, about_redis, about_secret, about_space, about_storage, redis_verdict
from app.cli.doctor.verdicts import Verdict
from app.db.local import keep
from app.settings import Secret, Settings, load
from app.settings.values import Address, Origin, networks

GOOD_SECRET = "a-secret-for-tests-that-is-long-enough-to-sign"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"AGOAT_DATA_DIR": str(tmp_path), "AGOAT_SECRET_KEY": GOOD_SECRET})


def states(verdicts: list[Verdict]) -> list[str]:
    return [verdict.state for verdict in verdicts]


def test_redis_is_asked_for_version_memory_and_time(redis_url: str) -> None:
    server, clock = about_redis(Secret(redis_url))
    assert (server.state, clock.state) == ("ok", "ok")
    assert server.said.startswith("Valkey 9")
    assert "allkeys-lfu" in server.said


def test_a_redis_that_refuses_writes_when_full_is_a_warning(redis_url: str) -> None:
    with Redis.from_url(redis_url) as server:
        server.config_set("maxmemory-policy", "noeviction")
        try:
            assert about_redis(Secret(redis_url))[0].state == "warn"
        finally:
            server.config_set("maxmemory-policy", "allkeys-lfu")


@pytest.mark.parametrize(
    ("known", "state"),
    [
        ({"redis_version": "5.0.7", "maxmemory": 1, "maxmemory_policy": "allkeys-lru"}, "warn"),
        ({"redis_version": "7.2.4", "maxmemory": 0, "maxmemory_policy": "noeviction"}, "warn"),
        ({"redis_version": "7.2.4", "maxmemory": 1, "maxmemory_policy": "allkeys-lru"}, "ok"),
        ({"redis_version": "7.2.4", "valkey_version": "9.1.0", "maxmemory": 1, "maxmemory_policy": "noeviction"}, "warn"),
    ],
)
def test_what_redis_says_of_itself_is_judged(known: dict[str, str], state: str) -> None:
    assert redis_verdict(known).state == state


def test_a_redis_that_is_away_is_wrong_and_its_password_is_not_shown() -> None:
    found = about_redis(Secret("redis://:hidden-word@127.0.0.1:1/0"))
    assert states(found) == ["fail", "not checked"]
    assert "hidden-word" not in repr(found)
    assert states(about_redis(Secret("redis+cluster://127.0.0.1:1"))) == ["fail", "not checked"]
    assert states(about_redis(None)) == ["ok", "not checked"]


async def test_a_file_is_kept_read_and_removed(settings: Settings, tmp_path: Path) -> None:
    assert [verdict.check for verdict in await about_storage(settings)] == ["media library", "free space"]
    assert (await about_storage(settings))[0].state == "ok"
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


async def test_a_folder_that_cannot_be_written_is_wrong(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file stands where the folder should be")
    found = await about_storage(settings)
    assert states(found) == ["fail", "not checked"]
    assert "AGOAT_MEDIA_URL" in (found[0].remedy or "")


def test_little_room_is_a_warning(tmp_path: Path) -> None:
    assert about_space(tmp_path, lambda path: 1_999_999_999).state == "warn"
    assert about_space(tmp_path, lambda path: 2_000_000_000).state == "ok"


@pytest.mark.parametrize(
    ("apart", "state"), [(0.0, "ok"), (0.2, "ok"), (0.4, "warn"), (-0.4, "warn"), (4.9, "warn"), (5.5, "fail"), (-3600.0, "fail")]
)
def test_clocks_are_judged_by_what_they_are_at_least_apart(apart: float, state: str) -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    assert skew("clock", began + timedelta(seconds=apart), began, began, "NTP").state == state
    # What the question itself took is not the clock's fault.
    assert skew("clock", began + timedelta(seconds=2), began, began + timedelta(seconds=3), "NTP").state == "ok"


HTTPS = Origin("https", "console.example.com", 443)
CHANGES: list[tuple[Callable[[Settings], Settings], str]] = [
    (lambda s: s, "ok"),
    (lambda s: replace(s, console_url=Origin("http", "console.example.com", 80)), "fail"),
    (lambda s: replace(s, console_url=Origin("https", "192.0.2.7", 443)), "warn"),
    (lambda s: replace(s, bind=Address("127.0.0.1", 9000)), "warn"),
    (lambda s: replace(s, console_url=HTTPS, public_scheme="http"), "warn"),
    (lambda s: replace(s, console_url=HTTPS, public_scheme="https"), "warn"),
    (lambda s: replace(s, console_url=HTTPS, public_scheme="https", trusted_proxies=networks("10.0.0.1")), "ok"),
]


@pytest.mark.parametrize(("changed", "state"), CHANGES)
def test_the_address_of_the_console_is_judged(settings: Settings, changed: Callable[[Settings], Settings], state: str) -> None:
    verdict = about_console(changed(settings))
    assert (verdict.state, verdict.remedy is None) == (state, state == "ok")


def test_the_secret_must_be_there_unguessable_and_not_the_demonstrations(settings: Settings, tmp_path: Path) -> None:
    assert about_secret(settings, is_local=False).state == "ok"
    assert about_secret(replace(settings, secret_key=None), is_local=False).state == "fail"
    assert about_secret(replace(settings, secret_key=Secret("ab" * 20)), is_local=False).state == "fail"
    demonstration = replace(settings, secret_key=Secret(keep(tmp_path, make=True).secret_key))
    found = about_secret(demonstration, is_local=False)
    assert (found.state, "of the demonstration" in found.said) == ("fail", True)
    assert about_secret(demonstration, is_local=True).state == "ok"
    assert demonstration.needed("secret_key").reveal() not in repr(found)


@asynccontextmanager
async def mail_server(password: bytes) -> AsyncIterator[int]:
    """A server that greets and lets one password in."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            word = line.split()[0].upper()
            if word == b"AUTH":
                writer.write(b"235 in\r\n" if line.split()[-1] == password else b"535 no\r\n")
            else:
                writer.write({b"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n"))
            await writer.drain()
            if word == b"QUIT":
                break
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_a_mail_server_is_greeted_and_signed_in_to() -> None:
    async with mail_server(b"AHVzZXIAc2VjcmV0") as port:
        assert (await about_mail(Secret(f"smtp://user:secret@127.0.0.1:{port}"))).state == "ok"
        assert (await about_mail(Secret(f"smtp://127.0.0.1:{port}"))).state == "ok"
        wrong = await about_mail(Secret(f"smtp://user:hidden-word@127.0.0.1:{port}"))
    assert (wrong.state, "535" in wrong.said, "hidden-word" in repr(wrong)) == ("fail", True, False)


async def test_a_mail_server_that_is_away_is_wrong_and_none_is_well() -> None:
    assert (await about_mail(Secret("smtp://127.0.0.1:1"))).state == "fail"
    assert (await about_mail(None)).state == "ok"
