"""Amounts as people write them, and GTINs."""

import pytest

from app.catalog.gtins import is_gtin
from app.catalog.money import NotAnAmount, decimal_text, minor_units


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("12.5", "EUR", 1250),
        ("12,50", "EUR", 1250),
        ("1.234,50", "EUR", 123450),
        ("1,234.50", "EUR", 123450),
        ("1 234,50", "EUR", 123450),
        ("0", "EUR", 0),
        ("1200", "JPY", 1200),
        ("1.234", "EUR", 123400),
        ("1.234", "KWD", 1234),
        ("1,234,567", "EUR", 123456700),
        (" 5 ", "EUR", 500),
        ("٣", "EUR", 300),
        ("12.505", "JPY", 12505),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, amount: int) -> None:
    assert minor_units(text, currency) == amount


@pytest.mark.parametrize(
    ("text", "currency"),
    [("", "EUR"), ("-1", "EUR"), ("1.5", "JPY"), ("abc", "EUR"), ("1e5", "EUR"), ("9" * 20, "EUR"), ("NaN", "EUR"), ("12.5055", "EUR")],
)
def test_what_is_no_amount_is_refused_with_an_example(text: str, currency: str) -> None:
    with pytest.raises(NotAnAmount):
        minor_units(text, currency)


def test_machines_read_decimals() -> None:
    assert [decimal_text(1450, "GBP"), decimal_text(1200, "JPY"), decimal_text(5, "KWD")] == ["14.50", "1200", "0.005"]


def test_gtins_end_with_their_check_digit() -> None:
    assert is_gtin("9520001000010")
    assert is_gtin("96385074")
    assert not is_gtin("9520001000011")
    assert not is_gtin("123")
    assert not is_gtin("952000100001٠")
