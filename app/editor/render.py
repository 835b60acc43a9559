"""Renders the console: the Jinja environment, words for moments and money, and the static files named by their content."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal, get_currency_precision, get_currency_symbol
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape
from msgspec import Struct

from app.editor.views.shell import Shell
from app.resources import templates_dir

_FILES = Path(__file__).parent / "assets"
_NAMES = ("tokens.css", "console.css", "console.js", "icons.svg")
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DOORS = {"console": "Console", "api": "API", "cli": "Command line", "worker": "Job", "demo": "Demonstration"}
_LANGUAGE = "en_GB"


class Asset(NamedTuple):
    """A static file: its name with the hash of its content, its bytes, and the content type it is sent with."""

    hashed_name: str
    content: bytes
    content_type: str


def _load(name: str) -> Asset:
    file = _FILES / name
    content = file.read_bytes()
    return Asset(f"{file.stem}-{sha256(content).hexdigest()[:12]}{file.suffix}", content, _TYPES[file.suffix])


# Read once at import: the name changes with the content, so browsers may keep a file for ever.
ASSETS: Mapping[str, Asset] = MappingProxyType({name: _load(name) for name in _NAMES})
_BY_HASHED_NAME = {asset.hashed_name: asset for asset in ASSETS.values()}


def asset(name: str) -> str:
    """The address of a static file, by the name it has in `assets`. Raises KeyError for an unknown name."""
    return f"/static/{ASSETS[name].hashed_name}"


def asset_of(hashed_name: str) -> Asset | None:
    """The static file that is served under /static/{hashed_name}, None when no file of this release has that name."""
    return _BY_HASHED_NAME.get(hashed_name)


def _date(at: datetime, now: datetime) -> str:
    year = "" if at.year == now.year else f" {at.year}"
    return f"{at.day} {_MONTHS[at.month - 1][:3]}{year}"


def _clock(at: datetime) -> str:
    return f"{at:%H:%M}"


def _under_an_hour(away: timedelta) -> str | None:
    minutes = int(abs(away).total_seconds() // 60)
    if minutes >= 60:
        return None
    if minutes == 0:
        return "just now"
    return f"{minutes} min ago" if away > timedelta(0) else f"in {minutes} min"


def _near_day(at: datetime, now: datetime) -> str | None:
    return {0: "today", -1: "yesterday", 1: "tomorrow"}.get((at.date() - now.date()).days)


def moment_in_words(at: datetime, now: datetime, zone: str) -> str:
    """A moment as a colleague says it: "4 min ago", "today, 08:52", "yesterday, 19:31", "14 Nov", "8 Jan 2025".

    Both moments carry a zone; days are those of `zone`.
    """
    near = _under_an_hour(now - at)
    if near:
        return near
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    day = _near_day(local, today)
    return f"{day}, {_clock(local)}" if day else _date(local, today)


def saved_in_words(at: datetime, now: datetime, zone: str) -> str:
    """A moment in words that stay true while the page is open: "10:42" of today, "yesterday, 17:12", "14 Nov"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    day = _near_day(local, today)
    if day is None:
        return _date(local, today)
    return _clock(local) if day == "today" else f"{day}, {_clock(local)}"


def day_in_words(at: datetime, now: datetime, zone: str) -> str:
    """A day as a heading: "Today, Thursday 19 November", "Yesterday", "Tuesday 3 November", "Thursday 8 January 2025"."""
    local, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    near = _near_day(local, today)
    if near == "yesterday":
        return "Yesterday"
    year = "" if local.year == today.year else f" {local.year}"
    day = f"{_WEEKDAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year}"
    return f"Today, {day}" if near == "today" else day


def in_full(at: datetime, zone: str) -> str:
    """The full form for tooltips: "Thu 19 Nov 2026, 10:42 in Berlin"."""
    local = at.astimezone(ZoneInfo(zone))
    place = "UTC" if zone == "UTC" else f"in {zone.rsplit('/', 1)[-1].replace('_', ' ')}"
    return f"{_WEEKDAYS[local.weekday()][:3]} {local.day} {_MONTHS[local.month - 1][:3]} {local.year}, {_clock(local)} {place}"


def amount_text(minor: int, currency: str) -> str:
    """Minor units as a person types them into a field: 1250 and "GBP" give "12.50"."""
    precision = get_currency_precision(currency)
    return f"{Decimal(minor).scaleb(-precision):.{precision}f}"


def amount(minor: int, currency: str) -> str:
    """Minor units for reading under a head that names the currency: grouped, with a true minus sign."""
    precision = get_currency_precision(currency)
    pattern = "#,##0" + ("." + "0" * precision if precision else "")
    return format_decimal(Decimal(minor).scaleb(-precision), format=pattern, locale=_LANGUAGE).replace("-", "−")


def money(minor: int, currency: str) -> str:
    """Minor units with their currency: "£12.50", "−£3.00"."""
    sign = "−" if minor < 0 else ""
    return f"{sign}{symbol(currency)}{amount(abs(minor), currency)}"


def symbol(currency: str) -> str:
    """The sign of a currency as readers of English know it: "£", "€", "US$"; the code and a space where there is none."""
    sign = get_currency_symbol(currency, locale=_LANGUAGE)
    return f"{sign}\N{NO-BREAK SPACE}" if sign[-1].isalpha() else sign


def plural(count: int, one: str, many: str = "") -> str:
    """A number and its noun: "1 post", "1,166 posts"; `many` for nouns that do not end in s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def size(count: int) -> str:
    """Bytes in words: "900 KB", "50 MB"."""
    return f"{count // 1_000_000:,} MB" if count >= 1_000_000 else f"{max(count // 1000, 1):,} KB"


def wait(seconds: int) -> str:
    """How long to wait, in words: "5 seconds", "15 minutes"."""
    return plural(seconds, "second") if seconds < 60 else plural(-(-seconds // 60), "minute")


def _time(at: datetime, shell: Shell, words: str) -> Markup:
    stamp = at.astimezone(ZoneInfo(shell.zone)).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, in_full(at, shell.zone), words)


@pass_context
def _moment(context: Context, at: datetime) -> Markup:
    shell: Shell = context["shell"]
    return _time(at, shell, moment_in_words(at, shell.now, shell.zone))


@pass_context
def _saved(context: Context, at: datetime) -> Markup:
    shell: Shell = context["shell"]
    return _time(at, shell, saved_in_words(at, shell.now, shell.zone))


@pass_context
def _clock_time(context: Context, at: datetime) -> Markup:
    shell: Shell = context["shell"]
    return _time(at, shell, _clock(at.astimezone(ZoneInfo(shell.zone))))


@pass_context
def _short_date(context: Context, at: datetime) -> Markup:
    shell: Shell = context["shell"]
    return _time(at, shell, _date(at.astimezone(ZoneInfo(shell.zone)), shell.now.astimezone(ZoneInfo(shell.zone))))


@pass_context
def _instant(context: Context, at: datetime) -> Markup:
    shell: Shell = context["shell"]
    return _time(at, shell, in_full(at, shell.zone))


@pass_context
def _day(context: Context, at: datetime) -> str:
    shell: Shell = context["shell"]
    return day_in_words(at, shell.now, shell.zone)


def _breakable(url: str) -> Markup:
    """An address without its scheme that may be broken over lines after each slash."""
    return Markup("/<wbr>").join(escape(part) for part in url.split("://", 1)[-1].split("/"))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_dir() / "console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(asset=asset, doors=_DOORS)
    environment.filters.update(moment=_moment, saved=_saved, clock=_clock_time, date=_short_date, instant=_instant, day=_day)
    environment.filters.update(money=money, amount=amount, symbol=symbol, plural=plural, size=size, wait=wait, breakable=_breakable)
    return environment


ENVIRONMENT = _environment()


def page(template: str, shell: Shell, view: Struct) -> str:
    """A whole screen as HTML. `template` is a file of templates/console, `view` the Struct that names it.

    Raises jinja2.UndefinedError when the view is not the one the template was written for.
    """
    return ENVIRONMENT.get_template(template).render(shell=shell, view=view)
