"""The platform's words, dates, numbers and money in one language, by CLDR."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_precision
from babel.units import format_unit
from markupsafe import Markup
from msgspec import Struct

from app.publishing.snapshots import FieldSnapshot, Money
from app.publishing.views import Field, Price

Strings = dict[str, dict[str, str | dict[str, str]]]

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_DURATION = re.compile(r"P(?:(?P<day>\d+)D)?(?:T(?:(?P<hour>\d+)H)?(?:(?P<minute>\d+)M)?(?:(?P<second>\d+)S)?)?")


def base_language(lang: str) -> str:
    """The language without region or script: "en" of "en-GB"."""
    return lang.split("-")[0].lower()


def direction(lang: str) -> str:
    """ "rtl" or "ltr"."""
    return "rtl" if base_language(lang) in _RIGHT_TO_LEFT else "ltr"


def in_language(texts: dict[str, str], lang: str) -> str | None:
    """The text for a language or for its base, else None."""
    return texts.get(lang) or texts.get(base_language(lang))


def language_name(lang: str, others: tuple[str, ...]) -> str:
    """What speakers of a language call it; with its region when another of `others` has the same base."""
    locale = _locale(lang)
    has_twin = any(x != lang and base_language(x) == base_language(lang) for x in others)
    name = locale.get_display_name(locale) if has_twin else locale.get_language_name(locale)
    return name or lang


class Wording(Struct, frozen=True):
    """How one language speaks on one site. `zone` is the site's; `locale` decides on formats."""

    lang: str
    table: dict[str, str | dict[str, str]]
    locale: Locale
    zone: ZoneInfo

    def t(self, key: str, **values: str | int) -> str:
        """A platform string; `n` chooses among its plural forms. Raises KeyError for an unknown key."""
        entry = self.table[key]
        if isinstance(entry, dict):
            entry = entry.get(self.locale.plural_form(int(values["n"]))) or entry["other"]
        return entry.format(**{k: self.number(v) if isinstance(v, int) else v for k, v in values.items()})

    def number(self, value: int | float | Decimal) -> str:
        """A number with this locale's separators."""
        return format_decimal(value, locale=self.locale)

    def local(self, at: datetime) -> datetime:
        """The same moment on the site's clock, to the second."""
        return at.astimezone(self.zone).replace(microsecond=0)

    def date(self, at: datetime | date, style: str = "long") -> str:
        """A day as people write it; `style` is short, medium, long or full."""
        day = self.local(at) if isinstance(at, datetime) else at
        return format_date(day, style, locale=self.locale)

    def time(self, at: datetime, cls: str = "", style: str = "long") -> Markup:
        """The `time` element of a moment: its day for people, its time with offset for machines."""
        attributes = Markup(' class="{}"').format(cls) if cls else Markup("")
        return Markup('<time{} datetime="{}">{}</time>').format(attributes, self.local(at).isoformat(), self.date(at, style))

    def price(self, money: Money) -> Price:
        """Money with as many digits after the point as its currency has."""
        digits = get_currency_precision(money.currency)
        value = Decimal(money.amount).scaleb(-digits)
        text = format_currency(value, money.currency, locale=self.locale)
        return Price(amount=money.amount, currency=money.currency, value=f"{value:.{digits}f}", text=text)

    def field(self, field: FieldSnapshot) -> Field:
        """A custom field with its label and value in this language."""
        label = in_language(field.labels, self.lang) or field.label
        return Field(code=field.code, label=label, value=field.value, text=self._value(field.value))

    def _value(self, value: str | int | float | bool) -> str:
        if isinstance(value, bool):
            return self.t("yes") if value else self.t("no")
        if isinstance(value, str):
            return self._duration(value) or value
        return self.number(value)

    def _duration(self, text: str) -> str | None:
        match = _DURATION.fullmatch(text)
        parts = {unit: int(n) for unit, n in match.groupdict().items() if n} if match else {}
        return " ".join(format_unit(n, f"duration-{unit}", locale=self.locale) for unit, n in parts.items()) or None

    def lang_attrs(self, lang: str) -> Markup:
        """The attributes of an element in another language than the page's, else nothing."""
        if lang == self.lang:
            return Markup("")
        turned = Markup(' dir="{}"').format(direction(lang)) if direction(lang) != direction(self.lang) else ""
        return Markup(' lang="{}"{}').format(lang, turned)


@lru_cache(maxsize=512)
def _locale(tag: str) -> Locale:
    for candidate in (tag, base_language(tag)):
        try:
            return Locale.parse(candidate, sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def make_wording(strings: Strings, lang: str, format_tag: str, timezone: str) -> Wording:
    """The wording of a language, with the formats of `format_tag`. An unknown language speaks English, an unknown zone is UTC."""
    table = strings.get(lang) or strings.get(base_language(lang)) or strings["en"]
    return Wording(lang=lang, table=table, locale=_locale(format_tag), zone=_zone(timezone))
