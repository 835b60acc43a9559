"""The kinds of value that a setting can have, each read from one text.

A reader raises ValueError with the second half of a sentence that begins with the name of the setting ("is not a number. …"):
what is wrong, and the remedy. The text itself is repeated only where it cannot be a secret.
"""

import hmac
import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

DIALECTS = ("postgresql+psycopg", "cockroachdb+psycopg")
REDIS_SCHEMES = ("redis", "rediss", "redis+cluster", "rediss+cluster", "unix")
PORTS = {"http": 80, "https": 443}
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
MAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+|[^<>\r\n]+ <[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+>")
SECRET_CHARACTERS = 32


class SettingsError(Exception):
    """The settings cannot be used. `problems` says for each what is wrong and the remedy, never the value of a secret."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class Secret:
    """A text that nobody sees by accident: `str`, `repr` and formatting show stars; only `reveal()` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one place that must hand it on."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')"

    def __str__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))


class Address(Struct, frozen=True):
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{_bracketed(self.host)}:{self.port}"


class Origin(Struct, frozen=True):
    """Scheme, host and port of a web address; `str` leaves out the port that the scheme implies."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{_bracketed(self.host)}{port}"

    @property
    def is_secure(self) -> bool:
        """Whether it is https: then cookies carry the `__Host-` prefix and answers carry HSTS."""
        return self.scheme == "https"

    @property
    def is_loopback(self) -> bool:
        """Whether it can only be reached on this machine."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host name or address stays on this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def database(text: str) -> Secret:
    """The address of a database, whose scheme decides the dialect."""
    parts = _split(text)
    if parts.scheme not in DIALECTS:
        raise ValueError("must begin with postgresql+psycopg:// or cockroachdb+psycopg://, for the address decides the dialect.")
    if not parts.path.strip("/"):
        raise ValueError("names no database. Add it after the host, as in postgresql+psycopg://app@db.example:5432/agoat.")
    return Secret(text)


def redis(text: str) -> Secret:
    """The address of a Redis or Valkey server, or of one node of a cluster."""
    if _split(text).scheme not in REDIS_SCHEMES:
        raise ValueError("must begin with redis://, rediss:// (TLS), redis+cluster://, rediss+cluster:// or unix://.")
    return Secret(text)


def smtp(text: str) -> Secret:
    """The address of a mail server."""
    parts = _split(text)
    if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname:
        raise ValueError(
            "must look like smtps://user:password@mail.example:465, smtp+starttls://mail.example:587 or smtp://mail.example:25."
        )
    return Secret(text)


def secret(text: str) -> Secret:
    """A signing secret, long enough not to be guessed."""
    if len(text) < SECRET_CHARACTERS:
        raise ValueError(f"is shorter than {SECRET_CHARACTERS} characters. `openssl rand -base64 48` prints a good one.")
    return Secret(text)


def origin(text: str) -> Origin:
    """Scheme, host and port of a web address, without a path."""
    parts = _split(text)
    if "@" in text:
        raise ValueError("carries a user name or a password. Leave them out: people sign in on the page itself.")
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"is {text!r}; it must be a scheme and a host, with a port if needed, as in https://console.example.com.")
    literal = parts.hostname if ":" in parts.hostname else host(parts.hostname)
    return Origin(parts.scheme, literal, parts.port or PORTS[parts.scheme])


def host(text: str) -> str:
    """A host name in lower case, without a final dot."""
    name = text.lower().removesuffix(".")
    if not HOST.fullmatch(name):
        raise ValueError(f"is {text!r}, which is not a host name. Write it like sites.example.com, in Punycode where it is not ASCII.")
    return name


def scheme(text: str) -> str:
    """`http` or `https`."""
    if text not in PORTS:
        raise ValueError(f"is {text!r}; it must be http or https.")
    return text


def port(text: str) -> int:
    """A TCP port."""
    return _whole_number(text, 1, 65_535)


def upload(text: str) -> int:
    """The largest upload, in millions of bytes."""
    return _whole_number(text, 1, 10_000)


def processes(text: str) -> int:
    """How many processes answer requests."""
    return _whole_number(text, 1, 64)


def address(text: str) -> Address:
    """Where to listen, as host:port."""
    name, _, number = text.rpartition(":")
    literal = name.removeprefix("[").removesuffix("]")
    try:
        return Address(str(ip_address(literal)) if ":" in literal else host(literal), port(number))
    except ValueError:
        raise ValueError(f"is {text!r}; it must be an address and a port, as in 127.0.0.1:8000 or [::1]:8000.") from None


def folder(text: str) -> Path:
    """A folder, made absolute."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise ValueError(f"is {text!r}, and there is no such home folder. Write an absolute path.") from None


def media(text: str) -> str:
    """Where files of the media library live."""
    parts = _split(text)
    if parts.scheme == "s3" and parts.hostname:
        return text.rstrip("/")
    if parts.scheme == "file" and not parts.netloc and parts.path.strip("/") and not parts.query and not parts.fragment:
        return text.rstrip("/")
    raise ValueError(f"is {text!r}; it must be file:///an/absolute/folder or s3://bucket/prefix.")


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Networks and single addresses, separated by commas."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    try:
        return tuple(ip_network(word) for word in words)
    except ValueError as wrong:
        raise ValueError(f"cannot be read: {wrong}. List networks, separated by commas, as in 10.0.0.0/8, 192.0.2.7, fd00::/8.") from None


def mail(text: str) -> str:
    """The sender of the product's letters."""
    if not MAIL.fullmatch(text):
        raise ValueError(f"is {text!r}; it must be an address such as agoat@example.com or AGoat <agoat@example.com>.")
    return text


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        # The library's own message repeats parts of the text, which may be a password.
        raise ValueError("cannot be read as an address. Write / @ : # and % in a password as %2F %40 %3A %23 and %25.") from None
    return parts


def _whole_number(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ValueError(f"is {text!r}; it must be a whole number from {least:,} to {most:,}.")
    return int(text)


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name
