"""Settings are read once from environment, files and TOML; every mistake is named at once, and no secret is ever shown."""

import copy
import json
import os
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import (
    LIMITS,
    WEB_KNOWS,
    WORKER_KNOWS,
    Address,
    Origin,
    Secret,
    Settings,
    SettingsError,
    child_environment,
    derive,
    load,
    signing_keys,
)
from app.settings.derivation import hkdf
from app.settings.reading import READERS

CANARY = "Tr0ub4dor-and-3"
KEY = "0123456789abcdef0123456789abcdef"
ADDRESSES = {
    f"AGOAT_{name}": f"postgresql+psycopg://agoat_{role}:{CANARY}@db.example:5432/agoat"
    for name, role in (
        ("DATABASE_URL", "app"),
        ("DIRECTORY_DATABASE_URL", "directory"),
        ("WORKER_DATABASE_URL", "worker"),
        ("BACKOFFICE_DATABASE_URL", "backoffice"),
        ("MIGRATOR_DATABASE_URL", "migrator"),
    )
}
EVERYTHING = ADDRESSES | {
    "AGOAT_REDIS_URL": f"rediss+cluster://:{CANARY}@cache.example:6379/0",
    "AGOAT_CONSOLE_URL": "https://console.example.com",
    "AGOAT_SITES_DOMAIN": "sites.example.com",
    "AGOAT_PUBLIC_SCHEME": "https",
    "AGOAT_PUBLIC_PORT": "8443",
    "AGOAT_BIND": "[::1]:9000",
    "AGOAT_OPS_BIND": "127.0.0.1:9001",
    "AGOAT_DATA_DIR": "/var/lib/agoat/data",
    "AGOAT_MEDIA_URL": "s3://bucket/agoat",
    "AGOAT_UPLOAD_MB": "80",
    "AGOAT_SECRET_KEY": KEY,
    "AGOAT_SECRET_KEY_PREVIOUS": KEY[::-1],
    "AGOAT_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.7, fd00::/8",
    "AGOAT_WEB_PROCESSES": "4",
    "AGOAT_SMTP_URL": f"smtps://post:{CANARY}@mail.example:465",
    "AGOAT_MAIL_FROM": "AGoat <agoat@example.com>",
}


def problems(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        load(environ)
    assert str(refused.value) == "\n".join(refused.value.problems)
    return refused.value.problems


def only_problem(environ: dict[str, str]) -> str:
    (problem,) = problems(environ)
    return problem


def test_nothing_needs_to_be_set() -> None:
    settings = load({})
    assert settings.database_url is None
    assert str(settings.console_url) == "http://console.localhost:8000"
    assert str(settings.public_origin("acme.localhost")) == "http://acme.localhost:8000"
    assert (settings.bind, settings.ops_bind) == (Address("127.0.0.1", 8000), Address("127.0.0.1", 8001))
    assert settings.media_folder == settings.data_dir / "media"
    assert 1 <= settings.web_processes <= 8


def test_every_setting_can_be_set_by_the_environment() -> None:
    assert {name.removeprefix("AGOAT_").lower() for name in EVERYTHING} == set(Settings.__struct_fields__) == set(READERS)
    settings = load(EVERYTHING)
    assert settings.needed("worker_database_url").reveal() == EVERYTHING["AGOAT_WORKER_DATABASE_URL"]
    assert settings.console_url == Origin("https", "console.example.com", 443)
    assert str(settings.public_origin("acme.example")) == "https://acme.example:8443"
    assert (settings.bind.host, str(settings.bind)) == ("::1", "[::1]:9000")
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("192.0.2.7"), ip_network("fd00::/8"))
    assert settings.media_folder is None
    assert (settings.upload_mb, settings.web_processes, settings.public_port) == (80, 4, 8443)


@pytest.mark.parametrize("name", sorted(EVERYTHING))
def test_every_setting_can_stand_in_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "value").write_text(EVERYTHING[name] + "\n")
    named = {key: value for key, value in EVERYTHING.items() if key != name}
    assert load(named | {f"{name}_FILE": str(tmp_path / "value")}) == load(EVERYTHING)


def toml(tmp_path: Path, text: str) -> dict[str, str]:
    file = tmp_path / "agoat.toml"
    file.write_text(text)
    return {"AGOAT_CONFIG": str(file)}


def test_every_setting_can_stand_in_toml(tmp_path: Path) -> None:
    lines = [f"{name.removeprefix('AGOAT_').lower()} = {json.dumps(value)}" for name, value in EVERYTHING.items()]
    assert load(toml(tmp_path, "\n".join(lines))) == load(EVERYTHING)


def test_toml_may_use_its_own_types(tmp_path: Path) -> None:
    settings = load(toml(tmp_path, 'web_processes = 3\ntrusted_proxies = ["10.0.0.0/8", "192.0.2.7"]'))
    assert settings.web_processes == 3
    assert len(settings.trusted_proxies) == 2


def test_the_environment_wins_over_toml(tmp_path: Path) -> None:
    config = toml(tmp_path, 'web_processes = 3\nupload_mb = 7\nbind = "nonsense"')
    settings = load(config | {"AGOAT_WEB_PROCESSES": "5", "AGOAT_BIND": "127.0.0.1:8080"})
    assert (settings.web_processes, settings.upload_mb) == (5, 7)


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert load({"AGOAT_REDIS_URL": "", "AGOAT_CONFIG": "", "AGOAT_WEB_PROCESSES_FILE": ""}).redis_url is None


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    found = problems(
        toml(tmp_path, 'upload_mb = 0\nspeed = "high"') | {"AGOAT_BIND": "8000", "AGOAT_SECRET_KEY": "short", "AGOAT_WEB_PROCESES": "2"}
    )
    assert [next(word for word in ("UPLOAD_MB", "speed", "BIND", "SECRET_KEY", "PROCESES") if word in problem) for problem in found] == [
        "speed",
        "PROCESES",
        "UPLOAD_MB",
        "BIND",
        "SECRET_KEY",
    ]


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("DATABASE_URL", "mysql://app@db/agoat", "postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql://app@db/agoat", "postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql+psycopg://app@db:5432", "names no database"),
        ("DATABASE_URL", f"postgresql+psycopg://app:x@{CANARY}:z@db:{CANARY}/agoat", "%40"),
        ("REDIS_URL", "http://cache", "redis://"),
        ("CONSOLE_URL", "console.localhost:8000", "scheme and a host"),
        ("CONSOLE_URL", "http://console.localhost/console", "scheme and a host"),
        ("CONSOLE_URL", f"https://me:{CANARY}@console.localhost", "Leave them out"),
        ("SITES_DOMAIN", "https://sites", "sites.example.com"),
        ("SITES_DOMAIN", "bücher.example", "Punycode"),
        ("PUBLIC_SCHEME", "ftp", "http or https"),
        ("PUBLIC_PORT", "65536", "from 1 to 65,535"),
        ("PUBLIC_PORT", "٣", "from 1 to 65,535"),
        ("BIND", "0.0.0.0", "127.0.0.1:8000"),
        ("BIND", ":8000", "127.0.0.1:8000"),
        ("BIND", "[::zz]:8000", "127.0.0.1:8000"),
        ("OPS_BIND", "localhost:0", "127.0.0.1:8000"),
        ("MEDIA_URL", "/srv/media", "file:///"),
        ("MEDIA_URL", "file://media", "file:///"),
        ("MEDIA_URL", "s3:///prefix", "s3://bucket"),
        ("UPLOAD_MB", "50.5", "whole number"),
        ("WEB_PROCESSES", "many", "from 1 to 64"),
        ("WEB_PROCESSES", "-1", "from 1 to 64"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "host bits"),
        ("TRUSTED_PROXIES", "everybody", "List networks"),
        ("DATA_DIR", "~nobody-of-this-name/agoat", "absolute path"),
        ("SECRET_KEY", CANARY, "openssl rand"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy_and_without_its_secret(name: str, value: str, remedy: str) -> None:
    problem = only_problem({f"AGOAT_{name}": value})
    assert problem.startswith(f"AGOAT_{name} ")
    assert remedy in problem
    assert CANARY not in problem


@pytest.mark.parametrize(
    ("environ", "remedy"),
    [
        ({"AGOAT_DATABASE_URL": ADDRESSES["AGOAT_DATABASE_URL"]}, "go together"),
        (ADDRESSES | {"AGOAT_WORKER_DATABASE_URL": "cockroachdb+psycopg://agoat_worker@db/agoat"}, "two dialects"),
        (ADDRESSES | {"AGOAT_WORKER_DATABASE_URL": ADDRESSES["AGOAT_DATABASE_URL"]}, "one role for each"),
        ({"AGOAT_CONSOLE_URL": "http://console.example.com", "AGOAT_SITES_DOMAIN": "example.com"}, "Use https"),
        ({"AGOAT_CONSOLE_URL": "https://console.example.com"}, "AGOAT_SITES_DOMAIN is not set"),
        ({"AGOAT_BIND": "127.0.0.1:8001", "AGOAT_OPS_BIND": "127.0.0.1:8001"}, "port of its own"),
        ({"AGOAT_SMTP_URL": "smtp://mail.example"}, "AGOAT_MAIL_FROM"),
        ({"AGOAT_SECRET_KEY": KEY, "AGOAT_SECRET_KEY_PREVIOUS": KEY}, "are the same"),
        ({"AGOAT_SECRET_KEY_PREVIOUS": KEY}, "without AGOAT_SECRET_KEY"),
        ({"AGOAT_SECRET_KEY": KEY, "AGOAT_SECRET_KEY_FILE": "/nowhere"}, "Remove one of them"),
        ({"AGOAT_SECRET_KEY_FILE": "/nowhere/key"}, "/nowhere/key, which cannot be read"),
        ({"AGOAT_CONFIG": "/nowhere/agoat.toml"}, "/nowhere/agoat.toml, which cannot be read"),
        ({"AGOAT_DATABSE_URL": CANARY}, "Did you mean AGOAT_DATABASE_URL?"),
        ({"AGOAT_COLOUR": CANARY}, "Remove it."),
    ],
)
def test_settings_that_cannot_go_together_are_refused(environ: dict[str, str], remedy: str) -> None:
    problem = only_problem(environ)
    assert remedy in problem
    assert CANARY not in problem


@pytest.mark.parametrize(
    ("text", "remedy"),
    [("bind 8000", "is not TOML"), ("bnd = '127.0.0.1:8000'", "Did you mean bind?"), (f"[secret_key]\nvalue = '{CANARY}'", "is a table")],
)
def test_a_mistake_in_the_toml_file_is_named(tmp_path: Path, text: str, remedy: str) -> None:
    problem = only_problem(toml(tmp_path, text))
    assert remedy in problem
    assert "agoat.toml" in problem
    assert CANARY not in problem


def test_names_of_the_tests_are_not_taken_for_settings() -> None:
    load({"AGOAT_TEST_DATABASE_URL": "x", "AGOAT_CORPUS": "y", "OTHER": "z"})


def test_a_secret_is_never_shown() -> None:
    settings = load(EVERYTHING)
    shown = f"{settings} {settings!r} {settings.secret_key} {settings.secret_key!r} {[settings.redis_url]} {copy.deepcopy(settings)}"
    assert CANARY not in shown
    assert KEY not in shown
    assert Secret(CANARY) == Secret(CANARY)
    assert Secret(CANARY) != Secret(KEY)
    assert Secret(CANARY) != CANARY


def test_what_a_caller_needs_is_reported_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        load({}).require("worker_database_url", "bind", "secret_key")
    assert [problem.split()[0] for problem in refused.value.problems] == ["AGOAT_WORKER_DATABASE_URL", "AGOAT_SECRET_KEY"]
    with pytest.raises(SettingsError, match="AGOAT_REDIS_URL is not set"):
        load({}).needed("redis_url")


def test_a_child_process_learns_only_what_it_may_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGOAT_BACKOFFICE_DATABASE_URL", CANARY)
    monkeypatch.setenv("PATH", "/bin")
    settings = load(EVERYTHING)
    web, worker = (child_environment(settings, knows, {"EXTRA": "1"}) for knows in (WEB_KNOWS, WORKER_KNOWS))
    assert (web["PATH"], web["EXTRA"]) == ("/bin", "1")
    assert EVERYTHING.keys() - web.keys() == {f"AGOAT_{name}_DATABASE_URL" for name in ("WORKER", "BACKOFFICE", "MIGRATOR")}
    assert EVERYTHING.keys() - worker.keys() == {f"AGOAT_{name}_DATABASE_URL" for name in ("BACKOFFICE", "MIGRATOR")}


@pytest.mark.parametrize("environ", [{}, EVERYTHING], ids=["nothing", "everything"])
def test_a_child_process_reads_the_same_settings(environ: dict[str, str]) -> None:
    settings = load(environ)
    handed_on = child_environment(settings, frozenset(READERS))
    assert load({name: value for name, value in handed_on.items() if name.startswith("AGOAT_")}) == settings


@given(st.text().filter(lambda text: "\0" not in text))
def test_no_text_makes_a_reader_fail_in_an_unknown_way(text: str) -> None:
    for name in READERS:
        try:
            load({f"AGOAT_{name.upper()}": text})
        except SettingsError:
            continue


def test_keys_are_derived_as_the_standard_says() -> None:
    # RFC 5869, appendix A.1.
    key = hkdf(bytes([0x0B] * 22), bytes(range(13)), bytes(range(0xF0, 0xFA)), 42)
    assert key.hex() == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"


def test_each_purpose_and_each_secret_has_a_key_of_its_own() -> None:
    made = {derive(Secret(secret), purpose) for secret in (KEY, KEY[::-1]) for purpose in ("preview", "csrf")}
    assert len(made) == 4
    assert len(derive(Secret(KEY), "preview", 64)) == 64


def test_the_previous_secret_still_verifies_but_comes_second() -> None:
    settings = load(EVERYTHING)
    assert signing_keys(settings, "preview") == (derive(Secret(KEY), "preview"), derive(Secret(KEY[::-1]), "preview"))
    with pytest.raises(SettingsError, match="AGOAT_SECRET_KEY is not set"):
        signing_keys(load({}), "preview")


def test_where_root_keeps_data_nobody_can_get_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert load({}).data_dir.parent == Path("/var/lib/agoat")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert load({}).data_dir == Path(__file__).parents[1] / ".agoat"


def test_a_held_form_outlives_no_session_and_a_link_no_day() -> None:
    assert LIMITS.session_idle < LIMITS.session_absolute
    assert LIMITS.single_use_link == LIMITS.held_form == timedelta(days=1)
