"""Moments, money and numbers in the words of the console, and its static files."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.editor.render import (
    ASSETS,
    amount,
    amount_text,
    asset,
    asset_of,
    day_in_words,
    in_full,
    moment_in_words,
    money,
    page,
    plural,
    saved_in_words,
    size,
    symbol,
    wait,
)
from app.editor.views.shell import Shell, Who
from tests.editor.html_rules import tree
from tests.editor.samples import SAMPLES

NOW = datetime(2026, 11, 19, 10, 46, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "just now"),
        (NOW - timedelta(seconds=59), "just now"),
        (NOW + timedelta(seconds=30), "just now"),
        (NOW - timedelta(minutes=4), "4 min ago"),
        (NOW - timedelta(minutes=59, seconds=59), "59 min ago"),
        (NOW - timedelta(minutes=60), "today, 10:46"),
        (NOW - timedelta(hours=11), "today, 00:46"),
        (NOW - timedelta(hours=12), "yesterday, 23:46"),
        (NOW - timedelta(days=5), "14 Nov"),
        (datetime(2025, 1, 8, 12, tzinfo=UTC), "8 Jan 2025"),
        (datetime(2026, 1, 8, 12, tzinfo=UTC), "8 Jan"),
        (NOW + timedelta(minutes=9), "in 9 min"),
        (NOW + timedelta(hours=3), "today, 14:46"),
        (NOW + timedelta(days=1), "tomorrow, 11:46"),
        (datetime(2027, 3, 1, 12, tzinfo=UTC), "1 Mar 2027"),
    ],
)
def test_a_moment_is_told_as_a_colleague_would(at: datetime, words: str) -> None:
    assert moment_in_words(at, NOW, "Europe/Berlin") == words


def test_the_time_of_a_save_stays_true_while_the_page_is_open() -> None:
    spans = (timedelta(minutes=4), timedelta(hours=12), timedelta(days=5))
    assert [saved_in_words(NOW - span, NOW, "Europe/London") for span in spans] == ["10:42", "yesterday, 22:46", "14 Nov"]


def test_days_are_those_of_the_site() -> None:
    late = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)
    assert moment_in_words(late, NOW, "Europe/London") == "yesterday, 22:30"
    assert moment_in_words(late, NOW, "Asia/Tokyo") == "today, 07:30"
    new_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert moment_in_words(new_year, NOW, "UTC") == "31 Dec"
    assert moment_in_words(new_year, NOW, "Europe/Berlin") == "1 Jan 2027"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "Today, Thursday 19 November"),
        (1, "Yesterday"),
        (16, "Tuesday 3 November"),
        (315, "Thursday 8 January"),
        (680, "Wednesday 8 January 2025"),
    ],
)
def test_a_day_is_a_heading(days: int, words: str) -> None:
    assert day_in_words(NOW - timedelta(days=days), NOW, "Europe/London") == words


def test_the_full_form_names_the_place() -> None:
    assert in_full(NOW, "America/New_York") == "Thu 19 Nov 2026, 05:46 in New York"
    assert in_full(NOW, "UTC") == "Thu 19 Nov 2026, 10:46 UTC"


def test_a_time_on_a_page_carries_the_instant_in_the_zone_of_the_site() -> None:
    times = list(tree(page(*SAMPLES["overview"])).all("time"))
    assert times
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", node["datetime"]) for node in times)
    assert all(node["title"].endswith(" in London") for node in times)


@pytest.mark.parametrize(
    ("minor", "currency", "typed", "read", "told"),
    [
        (1250, "GBP", "12.50", "12.50", "£12.50"),
        (123450, "EUR", "1234.50", "1,234.50", "€1,234.50"),
        (-300, "GBP", "-3.00", "−3.00", "−£3.00"),
        (1500, "JPY", "1500", "1,500", "JP¥1,500"),
        (1500, "KWD", "1.500", "1.500", "KWD\N{NO-BREAK SPACE}1.500"),
        (5, "USD", "0.05", "0.05", "US$0.05"),
    ],
)
def test_money_is_written_in_the_form_of_its_currency(minor: int, currency: str, typed: str, read: str, told: str) -> None:
    assert amount_text(minor, currency) == typed
    assert amount(minor, currency) == read
    assert money(minor, currency) == told


@given(st.integers(min_value=0, max_value=2**53 - 1))
def test_no_penny_is_lost_in_a_field(minor: int) -> None:
    assert int(amount_text(minor, "GBP").replace(".", "")) == minor
    assert amount(minor, "GBP").replace(",", "") == amount_text(minor, "GBP")


def test_the_sign_of_a_currency_stands_in_the_head_of_a_column() -> None:
    assert [symbol(code).strip() for code in ("GBP", "EUR", "CHF")] == ["£", "€", "CHF"]


def test_numbers_agree_with_their_nouns() -> None:
    assert [plural(count, "post") for count in (0, 1, 2, 1166)] == ["0 posts", "1 post", "2 posts", "1,166 posts"]
    assert plural(3, "passage is", "passages are") == "3 passages are"
    assert [size(61_000_000), size(900_000), size(3)] == ["61 MB", "900 KB", "1 KB"]
    assert [wait(1), wait(5), wait(60), wait(61), wait(900)] == ["1 second", "5 seconds", "1 minute", "2 minutes", "15 minutes"]


@pytest.mark.parametrize(
    ("name", "initials"), [("Alice Moreno", "AM"), ("Rita", "R"), ("Ana María de la Cruz", "AC"), ("", "?"), ("  ", "?"), ("(x) y", "Y")]
)
def test_a_person_has_initials(name: str, initials: str) -> None:
    assert Who(name=name).initials == initials


@given(st.text(max_size=40))
def test_any_name_can_be_shown(name: str) -> None:
    who = Who(name=name)
    assert 1 <= len(who.initials) <= 6  # some letters are two or three when they are capital
    assert who.tone in "abc"
    assert who.short == "" or who.short in name


def test_a_key_keeps_its_whole_name() -> None:
    assert Who(name="ERP key", kind="key").short == "ERP key"
    assert Who(name="Bob Lindqvist").short == "Bob"


def test_addresses_begin_at_the_customer() -> None:
    nowhere = Shell(title="x", now=NOW)
    assert (nowhere.customer_path, nowhere.site_path) == ("/c/", "/c/")


@pytest.mark.parametrize("name", ASSETS)
def test_a_static_file_is_named_by_its_content(name: str) -> None:
    file = ASSETS[name]
    assert sha256(file.content).hexdigest()[:12] in file.hashed_name
    assert asset(name) == f"/static/{file.hashed_name}"
    assert asset_of(file.hashed_name) is file


def test_an_unknown_static_file_is_not_there() -> None:
    assert asset_of("console.css") is None
    with pytest.raises(KeyError):
        asset("other.css")


def test_static_files_are_sent_with_their_types() -> None:
    assert {name: file.content_type.split(";")[0] for name, file in ASSETS.items()} == {
        "tokens.css": "text/css",
        "console.css": "text/css",
        "console.js": "text/javascript",
        "icons.svg": "image/svg+xml",
    }


def test_static_files_fetch_nothing_from_elsewhere() -> None:
    named = [url for file in ASSETS.values() for url in re.findall(rb"https?://[^\s'\")]+", file.content)]
    assert set(named) <= {b"http://www.w3.org/2000/svg"}
