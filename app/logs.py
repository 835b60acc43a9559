"""Structured logs: one JSON object a line, with the request and the customer it belongs to, and nothing secret in it.

Both structlog and the standard library's loggers end in the same formatter. What is secret is taken out last, after exceptions
have become text: by the name of a field, by its look (tokens, cookies, passwords in addresses), and by value for the secrets of
this installation.
"""

import logging
import logging.config
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import msgspec
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.settings import Secret, Settings

REMOVED = "[removed]"
SHORTEST_SECRET = 6
DEEPEST = 12

WORDS = r"(?:passw(?:or)?d|passphrase|pwd|secret|token|cookie|authori[sz]ation|credential|api[_-]?key|private[_-]?key|signature)"
HEADERS = r"(?:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key)"
SECRET_NAME = re.compile(rf"{WORDS}|^session$", re.IGNORECASE)
# Group 1 of each pattern is harmless and stays; the rest goes.
SECRET_LOOKS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        # The values of a statement, which the database layer adds to its errors.
        r"(\[parameters: ).*?\](?=\s*(?:\n|$|\())",
        # The password in an address.
        r"(\b[a-z][a-z0-9+.-]*://[^\s/:@'\"]*:)[^\s'\"]*(?=@)",
        # Headers as servers keep them: (b'cookie', b'…'), and as they travel: Cookie: …
        rf"(['\"]{HEADERS}['\"]\s*[,:]\s*)b?(?:'[^']*'|\"[^\"]*\")",
        rf"(\b{HEADERS}\s*[:=]\s*)[^\r\n'\"]+",
        r"(\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}",
        # password=…, "api_key": "…", token='…'
        rf"(\b[\w-]*{WORDS}[\w-]*\\?['\"]?\s*[=:]\s*)(?:b?'(?:[^'\\]|\\.)*'|b?\\?\"(?:[^\"\\]|\\.)*\"|[^\s,;&)}}\]'\"]+)",
        # The product's own tokens and cookies, and the addresses that carry one.
        r"(\bagoat_(?:session=)?)[\w.~-]{12,}",
        r"(/-/preview/|/set-password/)[^\s/'\"]+",
    )
)


class Redactor:
    """The processor that takes secrets out of an event, however deep they stand. `secrets` are removed wherever they occur."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted({text for text in secrets if len(text) >= SHORTEST_SECRET}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """Take part in structlog's chain of processors."""
        return {self.text(name): self._clean(value, name, 0) for name, value in event.items()}

    def text(self, text: str) -> str:
        """One text without its secrets."""
        if self._known:
            text = self._known.sub(REMOVED, text)
        for look in SECRET_LOOKS:
            text = look.sub(rf"\g<1>{REMOVED}", text)
        return text

    def _clean(self, value: Any, name: str, depth: int) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if SECRET_NAME.search(name) or depth > DEEPEST:
            return REMOVED
        if isinstance(value, int | float):
            return value
        if isinstance(value, Mapping):
            return {self.text(str(key)): self._clean(inner, str(key), depth + 1) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return self._clean_all(list(value), depth)
        return self.text(value if isinstance(value, str) else str(value) if isinstance(value, UUID) else repr(value))

    def _clean_all(self, values: list[Any], depth: int) -> list[Any]:
        # A header is a pair: its first half is the name that says whether the second is secret.
        if len(values) == 2 and isinstance(values[0], str | bytes):
            name = values[0].decode("latin-1") if isinstance(values[0], bytes) else values[0]
            return [self.text(name), self._clean(values[1], name if len(name) < 40 else "", depth + 1)]
        return [self._clean(inner, "", depth + 1) for inner in values]


def configure(settings: Settings | None = None, level: str = "INFO") -> None:
    """Send all logs of this process to standard error. With `settings`, none of their secrets ever appears."""
    logging.config.dictConfig(dict_config(settings, level))
    logging.captureWarnings(True)
    _end_in(structlog.stdlib.ProcessorFormatter.wrap_for_formatter)
    sys.excepthook = _log_uncaught


def dict_config(settings: Settings | None = None, level: str = "INFO") -> dict[str, Any]:
    """The same as a dictionary for `logging.config`, for servers that configure logging by themselves."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": json_formatter, "secrets": secrets_of(settings) if settings else []}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
    }


def json_formatter(secrets: Iterable[str] = ()) -> logging.Formatter:
    """A formatter that turns any record into one line of JSON without secrets."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            Redactor(secrets),
            _as_json,
        ],
    )


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of one module: `LOG = logs.logger(__name__)`, then `LOG.info("post published", post_id=post.id)`."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound


@contextmanager
def request_context(request_id: str, customer_id: UUID | None = None) -> Iterator[None]:
    """Whatever is logged inside carries the request and, once it is known, the customer. Nothing else may read them."""
    fields = {"request_id": request_id} | ({"customer_id": str(customer_id)} if customer_id else {})
    with structlog.contextvars.bound_contextvars(**fields):
        try:
            yield
        finally:
            structlog.contextvars.unbind_contextvars("customer_id")


def name_customer(customer_id: UUID) -> None:
    """The customer of the request at hand has become known."""
    structlog.contextvars.bind_contextvars(customer_id=str(customer_id))


def secrets_of(settings: Settings) -> list[str]:
    """Every text that must not be logged: secrets as a whole, and the passwords inside addresses in both spellings."""
    texts = [value.reveal() for name in settings.__struct_fields__ if isinstance(value := getattr(settings, name), Secret)]
    passwords = [urlsplit(text).password for text in texts if "://" in text]
    return texts + [spelling for password in passwords if password for spelling in (password, unquote(password))]


def prepare() -> None:
    """What holds until `configure` is called: the same lines without secrets, to whatever the standard library does with them."""
    _end_in(structlog.processors.format_exc_info, Redactor(), _as_message)


def _end_in(*last: Processor) -> None:
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_shared(), *last],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.StackInfoRenderer(),
    ]


def _as_json(logger: WrappedLogger, method: str, event: EventDict) -> str:
    return msgspec.json.encode(event).decode()


def _as_message(logger: WrappedLogger, method: str, event: EventDict) -> tuple[tuple[str], dict[str, Any]]:
    # The exception is in the text already; left to itself, the standard library would print it again, with its secrets.
    return (_as_json(logger, method, event),), {"exc_info": False}


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("app").critical("The process ends on an error that nobody expected.", exc_info=(kind, error, trace))


# structlog's own default prints tracebacks with all local variables, which is where secrets are; so it never holds.
prepare()
