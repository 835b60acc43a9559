"""Planted secrets never reach the log, whichever way they take; what is harmless does."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import structlog

from app import logs
from app.settings import Settings, load

CANARY = "Tr0ub4dor-and-3"
TOKEN = "agoat_live_9hX2kQz7VfB3mN8pR5tY"
SETTINGS = {
    "AGOAT_DATABASE_URL": "postgresql+psycopg://app:pa%24sw0rd@db.example:5432/agoat",
    "AGOAT_DIRECTORY_DATABASE_URL": "postgresql+psycopg://directory:other-word@db.example:5432/agoat",
    "AGOAT_SECRET_KEY": "k" * 20 + "0123456789abcdef",
}


class Log:
    """What one test has logged."""

    def __init__(self, stream: io.StringIO) -> None:
        self.stream = stream

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def last(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.text.splitlines()[-1])
        return event


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    root = logging.getLogger()
    before, level, hook = root.handlers[:], root.level, sys.excepthook
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure(load(SETTINGS))
    yield Log(stream)
    logging.captureWarnings(False)
    root.handlers[:], root.level, sys.excepthook = before, level, hook
    logs.prepare()
    structlog.contextvars.clear_contextvars()


def test_an_event_is_one_line_of_json_with_its_fields(log: Log) -> None:
    post = uuid4()
    logs.logger("app.content").info("post published", post_id=post, version=3, tags=["post:1"])
    assert log.text.count("\n") == 1
    assert log.last["event"] == "post published"
    assert log.last["post_id"] == str(post)
    assert log.last["version"] == 3
    assert log.last["tags"] == ["post:1"]
    assert log.last["level"] == "info"
    assert log.last["logger"] == "app.content"
    assert log.last["at"].endswith("Z")


def test_what_is_logged_in_a_request_names_request_and_customer(log: Log) -> None:
    customer = uuid4()
    with logs.request_context("r-1"):
        logs.name_customer(customer)
        logging.getLogger("somebody.else").warning("slow")
    assert (log.last["request_id"], log.last["customer_id"]) == ("r-1", str(customer))
    logs.logger("app").info("afterwards")
    assert "request_id" not in log.last
    assert "customer_id" not in log.last


@pytest.mark.parametrize(
    "fields",
    [
        {"password": CANARY},
        {"new_password": [CANARY]},
        {"Authorization": CANARY},
        {"set-cookie": CANARY},
        {"session": CANARY},
        {"form": {"fields": [{"api_key": CANARY}]}},
        {"headers": [(b"cookie", CANARY.encode()), (b"host", b"acme.localhost")]},
        {"headers": {"X-Api-Key": CANARY}},
        {"address": f"postgresql+psycopg://app:{CANARY}@db/agoat"},
        {"address": f"redis://:{CANARY}@cache:6379/0"},
        {"line": f"Cookie: theme=dark; agoat_session={CANARY}"},
        {"line": f"Authorization: Bearer {CANARY}"},
        {"line": f"got (b'authorization', b'Basic {CANARY}')"},
        {"line": f"connection failed: host=db password={CANARY} user=app"},
        {"line": f"connection failed: password='{CANARY} and more' user=app"},
        {"line": json.dumps({"token": CANARY})},
        {"line": f"GET /sign-in?token={CANARY}&next=/ failed"},
        {"line": f"GET /-/preview/{CANARY}/posts/ failed"},
        {"line": f"[SQL: SELECT 1]\n[parameters: {{'hash': '{CANARY}'}}]\n(Background on this error)"},
        {"thing": type("Odd", (), {"__repr__": lambda self: f"<Odd secret={CANARY}>"})()},
        {f"password={CANARY}": 1},
    ],
    ids=str,
)
def test_a_secret_is_removed_by_its_name_or_by_its_look(log: Log, fields: dict[str, Any]) -> None:
    logs.logger("app").info("something happened", **fields)
    assert "something happened" in log.text
    assert CANARY not in log.text
    assert logs.REMOVED in log.text


def test_a_token_of_the_product_is_removed_wherever_it_stands(log: Log) -> None:
    logs.logger("app").info(f"the key {TOKEN} was refused", why=f"unknown {TOKEN}")
    assert TOKEN.removeprefix("agoat_") not in log.text


def _raise_from_below() -> None:
    try:
        raise ValueError(f"password={CANARY}")
    except ValueError as cause:
        raise RuntimeError(f"could not connect to postgresql://app:{CANARY}@db/agoat") from cause


@pytest.mark.parametrize("logger", [logs.logger, logging.getLogger])
def test_a_secret_in_an_exception_and_its_cause_is_removed(log: Log, logger: Callable[[str], Any]) -> None:
    try:
        _raise_from_below()
    except RuntimeError:
        logger("somebody").exception("failed")
    assert "Traceback" in log.last["exception"]
    assert "RuntimeError" in log.last["exception"]
    assert CANARY not in log.text


def test_a_secret_in_a_record_of_the_standard_library_is_removed(log: Log) -> None:
    logging.getLogger("library").error("cannot reach %s", f"postgresql://app:{CANARY}@db/agoat", extra={"password": CANARY})
    assert "cannot reach" in log.last["event"]
    assert CANARY not in log.text


@pytest.mark.parametrize("secret", ["pa%24sw0rd", "pa$sw0rd", "other-word", SETTINGS["AGOAT_SECRET_KEY"]])
def test_the_secrets_of_the_settings_are_removed_by_value(log: Log, secret: str) -> None:
    logs.logger("app").info(f"the word is {secret}.", also={"deep": [secret]})
    assert secret not in log.text
    assert log.last["event"] == f"the word is {logs.REMOVED}."


def test_nothing_secret_is_printed_before_logs_are_configured(caplog: pytest.LogCaptureFixture) -> None:
    try:
        _raise_from_below()
    except RuntimeError:
        logs.logger("app").exception("failed early", password=CANARY)
    assert "failed early" in caplog.text
    assert CANARY not in caplog.text


def test_an_uncaught_error_is_logged_without_secrets(log: Log) -> None:
    error = RuntimeError(f"token={CANARY}")
    sys.excepthook(RuntimeError, error, None)
    assert log.last["level"] == "critical"
    assert CANARY not in log.text


@pytest.mark.parametrize(
    "harmless",
    [
        "GET http://acme.localhost:8000/posts/a-token-of-thanks/ 200",
        "the password was changed",
        "basic usage of cookies",
        "post:5b0c1f2e-7a57-4a0e-9a52-2d1a35b4c6f1",
        "agoat_session expired",
    ],
)
def test_harmless_text_stays_as_it_is(log: Log, harmless: str) -> None:
    logs.logger("app").info(harmless)
    assert log.last["event"] == harmless


def test_the_test_can_fail_without_the_redactor(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs.Redactor, "__call__", lambda self, logger, method, event: event)
    logs.logger("app").info("unprotected", password=CANARY)
    assert CANARY in log.text


def test_every_secret_setting_is_known_to_the_redactor() -> None:
    settings: Settings = load(SETTINGS)
    assert set(SETTINGS.values()) <= set(logs.secrets_of(settings))
