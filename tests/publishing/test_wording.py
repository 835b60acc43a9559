"""Words, numbers, dates and money in each language."""

from datetime import UTC, date, datetime

import pytest

from app.publishing.snapshots import FieldSnapshot, Money
from app.publishing.wording import Wording, direction, language_name, make_wording
from tests.publishing.demo_pages import themes


def wording(lang: str, format_tag: str | None = None, timezone: str = "Europe/London") -> Wording:
    return make_wording(themes().strings, lang, format_tag or lang, timezone)


def test_every_language_has_every_string() -> None:
    strings = themes().strings
    assert {"en", "de", "ar"} <= strings.keys()
    assert all(table.keys() == strings["en"].keys() for table in strings.values())


@pytest.mark.parametrize(
    ("lang", "n", "text"),
    [
        ("en-GB", 1, "1 product"),
        ("en-GB", 1200, "1,200 products"),
        ("de", 1200, "1.200 Produkte"),
        ("ar", 1, "منتج واحد"),
        ("ar", 2, "منتجان"),
        ("ar", 3, "3 منتجات"),
        ("ar", 11, "11 منتجًا"),
        ("ar", 100, "100 منتج"),
    ],
)
def test_a_count_takes_the_plural_of_its_language(lang: str, n: int, text: str) -> None:
    assert wording(lang).t("count", n=n) == text


def test_an_unknown_language_speaks_english_and_an_unknown_string_is_an_error() -> None:
    assert wording("tlh").t("older") == "Older"
    with pytest.raises(KeyError):
        wording("en").t("no such string")


def test_a_value_is_never_read_as_a_format() -> None:
    assert wording("en").t("price.until", date="{0.__class__}") == "Until {0.__class__}."


def test_a_time_is_told_on_the_sites_clock() -> None:
    at = datetime(2026, 10, 19, 23, 30, 0, 123, tzinfo=UTC)
    assert wording("en-GB").time(at) == '<time datetime="2026-10-20T00:30:00+01:00">20 October 2026</time>'
    assert (
        wording("de", timezone="America/New_York").time(at, "dt")
        == '<time class="dt" datetime="2026-10-19T19:30:00-04:00">19. Oktober 2026</time>'
    )
    assert str(wording("en", timezone="Not/AZone").zone) == "UTC"


def test_formats_follow_the_named_region() -> None:
    day = date(2026, 10, 20)
    assert wording("en", "en-US").date(day) == "October 20, 2026"
    assert wording("en", "en-IE").date(day) == "20 October 2026"


@pytest.mark.parametrize(
    ("amount", "currency", "value", "text"),
    [(1450, "GBP", "14.50", "£14.50"), (5, "EUR", "0.05", "€0.05"), (1450, "JPY", "1450", "JP¥1,450"), (1450, "KWD", "1.450", "KWD1.450")],
)
def test_money_has_the_digits_of_its_currency(amount: int, currency: str, value: str, text: str) -> None:
    price = wording("en-GB").price(Money(amount=amount, currency=currency))
    assert (price.value, price.text) == (value, text)


@pytest.mark.parametrize(
    ("value", "lang", "text"),
    [
        ("PT3M", "en-GB", "3 minutes"),
        ("PT1H30M", "de", "1 Stunde 30 Minuten"),
        ("P", "en-GB", "P"),
        ("Part", "en-GB", "Part"),
        (1700, "de", "1.700"),
        (2.5, "de", "2,5"),
        (True, "de", "Ja"),
        (False, "en-GB", "No"),
    ],
)
def test_a_custom_field_is_written_as_people_write_it(value: str | int | float | bool, lang: str, text: str) -> None:
    field = wording(lang).field(FieldSnapshot(code="x", label="X", value=value, labels={"de": "Ix"}))
    assert field.text == text
    assert field.label == ("Ix" if lang == "de" else "X")


def test_an_item_in_another_language_says_so_and_turns_round() -> None:
    english = wording("en-GB")
    assert english.lang_attrs("en-GB") == ""
    assert english.lang_attrs("de") == ' lang="de"'
    assert english.lang_attrs("ar") == ' lang="ar" dir="rtl"'
    assert wording("ar").lang_attrs('x"><script>') == ' lang="x&#34;&gt;&lt;script&gt;" dir="ltr"'


def test_languages_are_called_what_their_speakers_call_them() -> None:
    assert [language_name(x, ("en", "de", "ar")) for x in ("en", "de", "ar")] == ["English", "Deutsch", "العربية"]
    assert language_name("en-GB", ("en-GB", "en-US")) == "English (United Kingdom)"
    assert [direction(x) for x in ("ar-EG", "he", "de")] == ["rtl", "rtl", "ltr"]
