"""The one frozen Struct of settings, read once at the start from the environment, from files it names and from TOML."""

import os
import re
import shutil
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from app.settings import values
from app.settings.values import Address, Origin, Secret, SettingsError

PREFIX = "AGOAT_"
# Read by the loader itself, or by the tests; these are not settings of the product.
NOT_SETTINGS = re.compile(r"AGOAT_(CONFIG|CORPUS|TEST_\w+)")
PROJECT = Path(__file__).resolve().parents[2]


class Settings(Struct, frozen=True, kw_only=True):
    """Everything an operator may set. Where no database address is given, the embedded engines are used."""

    database_url: Secret | None = None
    directory_database_url: Secret | None = None
    worker_database_url: Secret | None = None
    backoffice_database_url: Secret | None = None
    migrator_database_url: Secret | None = None
    redis_url: Secret | None = None
    console_url: Origin
    sites_domain: str
    public_scheme: str
    public_port: int
    bind: Address
    ops_bind: Address
    data_dir: Path
    media_url: str
    upload_mb: int
    secret_key: Secret | None = None
    secret_key_previous: Secret | None = None
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    web_processes: int
    smtp_url: Secret | None = None
    mail_from: str | None = None

    def needed(self, name: str) -> Secret:
        """A secret that the caller cannot do without. SettingsError says so when it is not set."""
        self.require(name)
        value = getattr(self, name)
        assert isinstance(value, Secret), f"{name} is no secret"
        return value

    def require(self, *names: str) -> None:
        """Report all of `names` that are not set, at once, by SettingsError."""
        missing = [name for name in names if getattr(self, name) is None]
        if missing:
            remedy = "`agoat init` writes it to a TOML file, which AGOAT_CONFIG names; docs/settings.md describes it."
            raise SettingsError(f"{_variable(name)} is not set. {remedy}" for name in missing)

    def public_origin(self, host: str) -> Origin:
        """The address under which visitors reach the site on `host`."""
        return Origin(self.public_scheme, host, self.public_port)

    @property
    def media_folder(self) -> Path | None:
        """The folder of the media library, None where it lives in an object store."""
        parts = urlsplit(self.media_url)
        return Path(unquote(parts.path)) if parts.scheme == "file" else None


READERS: dict[str, Callable[[str], Any]] = {
    "database_url": values.database,
    "directory_database_url": values.database,
    "worker_database_url": values.database,
    "backoffice_database_url": values.database,
    "migrator_database_url": values.database,
    "redis_url": values.redis,
    "console_url": values.origin,
    "sites_domain": values.host,
    "public_scheme": values.scheme,
    "public_port": values.port,
    "bind": values.address,
    "ops_bind": values.address,
    "data_dir": values.folder,
    "media_url": values.media,
    "upload_mb": values.upload,
    "secret_key": values.secret,
    "secret_key_previous": values.secret,
    "trusted_proxies": values.networks,
    "web_processes": values.processes,
    "smtp_url": values.smtp,
    "mail_from": values.mail,
}
# What each kind of process may know: only the command line sees the addresses of backoffice and migrator.
WEB_KNOWS = frozenset(READERS) - {"worker_database_url", "backoffice_database_url", "migrator_database_url"}
WORKER_KNOWS = WEB_KNOWS | {"worker_database_url"}


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, by default from the environment of this process. SettingsError lists every problem found."""
    environ = os.environ if environ is None else environ
    problems: list[str] = []
    texts = _from_toml(environ, problems) | _from_environment(environ, problems)
    found: dict[str, Any] = {}
    for name, text in texts.items():
        try:
            found[name] = READERS[name](text)
        except ValueError as wrong:
            problems.append(f"{_variable(name)} {wrong}")
    problems += _contradictions(found)
    if problems:
        raise SettingsError(problems)
    return Settings(**_with_defaults(found))


def config_file(environ: Mapping[str, str] | None = None) -> Path | None:
    """The TOML file that AGOAT_CONFIG names, whether it exists or not."""
    named = (os.environ if environ is None else environ).get("AGOAT_CONFIG")
    return Path(named) if named else None


def remote_shell(environ: Mapping[str, str] | None = None) -> str | None:
    """The address of this machine as the other end of an ssh connection knows it, None at the machine itself."""
    words = (os.environ if environ is None else environ).get("SSH_CONNECTION", "").split()
    return words[2] if len(words) == 4 else None


def program_on_path(name: str) -> Path | None:
    """Where the caller's PATH has a program, None where it has none."""
    found = shutil.which(name)
    return Path(found).absolute() if found else None


def child_environment(settings: Settings, knows: frozenset[str], extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a child process: this one's, but of the settings only those that the child may know, and `extra`."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    texts = {_variable(name): _text(getattr(settings, name)) for name in sorted(knows)}
    return others | {name: text for name, text in texts.items() if text} | dict(extra or {})


def _from_environment(environ: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    # An empty variable counts as not set: that is how container files say "nothing".
    for variable in sorted(name for name, value in environ.items() if name.startswith(PREFIX) and value):
        name = variable.removeprefix(PREFIX).lower()
        if name in READERS:
            texts[name] = environ[variable]
        elif name.removesuffix("_file") not in READERS:
            _unknown(variable, problems)
        elif environ.get(variable.removesuffix("_FILE")):
            problems.append(f"{variable} and {variable.removesuffix('_FILE')} are both set. Remove one of them.")
        else:
            text = _contents(variable, Path(environ[variable]), problems)
            texts |= {name.removesuffix("_file"): text.rstrip("\r\n")} if text else {}
    return texts


def _from_toml(environ: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    if not environ.get("AGOAT_CONFIG"):
        return {}
    text = _contents("AGOAT_CONFIG", Path(environ["AGOAT_CONFIG"]), problems)
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        problems.append(
            f'{environ["AGOAT_CONFIG"]}, named by AGOAT_CONFIG, is not TOML: {wrong}. Write lines like bind = "127.0.0.1:8000".'
        )
        return {}
    for name in sorted(entries.keys() - READERS.keys()):
        _unknown(_variable(name), problems, f"{name} in {environ['AGOAT_CONFIG']}")
    known = {name: value for name, value in entries.items() if name in READERS and value != ""}
    problems += [
        f"{name} in {environ['AGOAT_CONFIG']} is a table. Write it as one text." for name, value in known.items() if isinstance(value, dict)
    ]
    return {name: _toml_text(value) for name, value in known.items() if not isinstance(value, dict)}


def _contents(variable: str, path: Path, problems: list[str]) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else "it is not UTF-8 text"
        problems.append(f"{variable} names {path}, which cannot be read ({reason}). Correct the path, or who may read it.")
        return ""


def _unknown(variable: str, problems: list[str], shown: str | None = None) -> None:
    if NOT_SETTINGS.fullmatch(variable):
        return
    close = get_close_matches(variable.removeprefix(PREFIX).lower(), READERS, n=1, cutoff=0.7)
    remedy = f"Did you mean {close[0] if shown else _variable(close[0])}?" if close else "Remove it."
    problems.append(f"{shown or variable} is not a setting. {remedy}")


def _contradictions(found: Mapping[str, Any]) -> list[str]:
    checks = (_database_contradictions, _address_contradictions, _other_contradictions)
    return [problem for check in checks for problem in check(found)]


def _database_contradictions(found: Mapping[str, Any]) -> list[str]:
    addresses = {name: urlsplit(found[name].reveal()) for name in READERS if name.endswith("database_url") and name in found}
    problems = []
    if addresses and not {"database_url", "directory_database_url"} <= addresses.keys():
        problems.append(
            "AGOAT_DATABASE_URL and AGOAT_DIRECTORY_DATABASE_URL go together; one is not set. `agoat init` writes all addresses."
        )
    if len({parts.scheme for parts in addresses.values()}) > 1:
        problems.append("The database addresses name two dialects. Use postgresql+psycopg:// in all of them, or cockroachdb+psycopg://.")
    users = [parts.username for parts in addresses.values() if parts.username]
    if len(set(users)) < len(users):
        problems.append(
            "Two database addresses use the same role, so one barrier between customers is down. `agoat init` makes one role for each."
        )
    return problems


def _address_contradictions(found: Mapping[str, Any]) -> list[str]:
    problems = []
    console = found.get("console_url")
    if console and not console.is_secure and not console.is_loopback:
        problems.append("AGOAT_CONSOLE_URL is http on another machine's name, so passwords would travel in the clear. Use https.")
    if console and not console.is_loopback and "sites_domain" not in found:
        problems.append("AGOAT_SITES_DOMAIN is not set, so sites would only be reached on this machine. Set it, as in sites.example.com.")
    if "bind" in found and found["bind"] == found.get("ops_bind"):
        problems.append("AGOAT_BIND and AGOAT_OPS_BIND are the same. Give the ops listener a port of its own, as in 127.0.0.1:8001.")
    return problems


def _other_contradictions(found: Mapping[str, Any]) -> list[str]:
    problems = []
    if ("smtp_url" in found) != ("mail_from" in found):
        problems.append("AGOAT_SMTP_URL and AGOAT_MAIL_FROM go together; one is not set. Set both, or none to have links shown instead.")
    if "secret_key" in found and found["secret_key"] == found.get("secret_key_previous"):
        problems.append("AGOAT_SECRET_KEY and AGOAT_SECRET_KEY_PREVIOUS are the same. Put the new key first, or remove the previous one.")
    if "secret_key_previous" in found and "secret_key" not in found:
        problems.append("AGOAT_SECRET_KEY_PREVIOUS is set without AGOAT_SECRET_KEY. Set the key that signs as well.")
    return problems


def _with_defaults(found: Mapping[str, Any]) -> dict[str, Any]:
    console = found.get("console_url") or Origin("http", "console.localhost", 8000)
    data = found.get("data_dir") or _data_dir()
    scheme = found.get("public_scheme") or console.scheme
    defaults = {
        "console_url": console,
        "sites_domain": "localhost",
        "public_scheme": scheme,
        "public_port": console.port if scheme == console.scheme else values.PORTS[scheme],
        "bind": Address("127.0.0.1", 8000),
        "ops_bind": Address("127.0.0.1", 8001),
        "data_dir": data,
        "media_url": (data / "media").as_uri(),
        "upload_mb": 50,
        "web_processes": min(os.cpu_count() or 1, 8),
    }
    return defaults | dict(found)


def _data_dir() -> Path:
    # Started by root, PostgreSQL runs as nobody, who can rarely enter the folder of a checkout.
    if os.geteuid() == 0:
        return Path("/var/lib/agoat") / sha256(os.fsencode(PROJECT)).hexdigest()[:16]
    # A checkout keeps its data to itself, so that two checkouts do not share one database.
    return PROJECT / ".agoat" if (PROJECT / "pyproject.toml").is_file() else Path.home() / ".local" / "share" / "agoat"


def _toml_text(value: Any) -> str:
    return ",".join(str(item) for item in value) if isinstance(value, list) else str(value)


def _text(value: Any) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, tuple):
        return ",".join(str(item) for item in value)
    return "" if value is None else str(value)


def _variable(name: str) -> str:
    return PREFIX + name.upper()
