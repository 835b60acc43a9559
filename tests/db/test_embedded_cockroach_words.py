"""What is said to the `cockroach` program and understood of its answers, without the program."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.db.embedded import cockroach
from app.db.install import address

SAID = """Build Tag:        v26.1.0-alpha.1
Build Time:       2025/12/01 12:00:00
Distribution:     CCL
Platform:         linux amd64 (x86_64-pc-linux-gnu)
"""


@pytest.mark.parametrize(
    ("said", "version"),
    [(SAID, (26, 1)), ("Build Tag: v25.4.0", (25, 4)), ("Build Tag:        v25.10.3\n", (25, 10)), ("unknown command", None), ("", None)],
)
def test_the_version_is_read_from_the_build_tag(said: str, version: tuple[int, int] | None) -> None:
    assert cockroach.read_version(said) == version


@pytest.mark.parametrize(("version", "usable"), [((25, 4), True), ((25, 10), True), ((26, 1), True), ((25, 3), False), ((3, 25), False)])
def test_everything_from_25_4_on_is_usable(version: tuple[int, int], usable: bool) -> None:
    assert (cockroach.problem_with(version) is None) is usable


def test_the_node_is_bounded_listens_on_loopback_alone_and_is_never_insecure() -> None:
    words = cockroach.start(Path("/opt/cockroach"), store=Path("/d/s"), certs=Path("/d/c"), told=Path("/d/run/agoat-1.url"))
    flags = dict(word.partition("=")[::2] for word in words[2:])
    assert words[:2] == ["/opt/cockroach", "start-single-node"]
    assert flags["--listen-addr"] == flags["--http-addr"] == "127.0.0.1:0"
    assert flags["--certs-dir"] == "/d/c"
    assert flags["--store"] == "path=/d/s"
    assert {"--cache", "--max-sql-memory", "--max-disk-temp-storage"} <= flags.keys()
    assert not {"--insecure", "--background"} & flags.keys()


def test_the_mark_of_the_folder_stands_in_the_title_of_the_process() -> None:
    told = cockroach.told_file(Path("/d/run"), "agoat-0123456789abcdef")
    assert any("agoat-0123456789abcdef" in word for word in cockroach.start(Path("c"), store=Path("s"), certs=Path("c"), told=told))


def test_certificates_are_made_in_the_order_in_which_each_needs_the_last() -> None:
    words = cockroach.certificates(Path("/c"), Path("/d"), Path("/d/ca.key"))
    assert [each[1:3] for each in words] == [["cert", "create-ca"], ["cert", "create-node"], ["cert", "create-client"]]
    assert all(each[-2:] == ["--certs-dir=/d", "--ca-key=/d/ca.key"] for each in words)
    assert words[1][3:5] == ["127.0.0.1", "localhost"]
    assert words[2][3] == "root"


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ("postgresql://root@127.0.0.1:40123/defaultdb?sslmode=verify-full\n", ("127.0.0.1", 40123)),
        ("postgresql://root@127.0.0.1", None),
        ("", None),
        ("postgresql://root@127.0.0.1:x/", None),
    ],
)
def test_the_address_is_read_only_when_it_is_whole(said: str, where: tuple[str, int] | None) -> None:
    assert cockroach.read_address(said) == where


def test_the_address_carries_certificates_whatever_the_path() -> None:
    made = make_url(cockroach.url("127.0.0.1", 4, Path("/a folder/100%&more")))
    assert made.query["sslkey"] == "/a folder/100%&more/client.root.key"
    assert made.query["sslmode"] == "verify-full"


def test_the_roles_addresses_do_not_carry_the_certificate_of_the_administrator() -> None:
    admin = make_url(cockroach.url("db.example", 26257, Path("/certs")))
    made = make_url(address(admin, "agoat_app", {"app": "secret"}, "app", "agoat"))
    assert (made.username, made.password, made.database) == ("agoat_app", "secret", "agoat")
    assert dict(made.query) == {"sslmode": "verify-full", "sslrootcert": "/certs/ca.crt"}


@pytest.mark.parametrize(
    ("log", "said"),
    [
        ("*\n* ERROR: ERROR: store is locked.\n*\nFailed running start", "store is locked"),
        ("starting\nthe last words:\n", "the last words"),
        ("", "it gave no reason"),
    ],
)
def test_the_reason_is_found_in_the_log(log: str, said: str) -> None:
    assert cockroach.complaint(log) == said
