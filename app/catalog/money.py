"""Amounts of money as people write them and as they are kept: whole minor units of an ISO 4217 currency. Pure."""

import re
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision, list_currencies

from app.settings import LIMITS

GROUPED = re.compile(r"\d{1,3}([.,' \u00a0\u202f]\d{3})+")


class NotAnAmount(ValueError):
    """The text is no price; the message says how it should be."""


def is_currency(code: str) -> bool:
    """Whether three capital letters name a currency of ISO 4217."""
    return len(code) == 3 and code.isupper() and code in list_currencies()


def digits_of(currency: str) -> int:
    """How many digits the currency has after the point: 2 for EUR, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))


def minor_units(text: str, currency: str) -> int:
    """The amount that a person wrote as 12.5, 12,50 or 1.234,50. Raises NotAnAmount with the remedy."""
    digits = digits_of(currency)
    example = f"{Decimal(1250).scaleb(-2):.{digits}f}"
    plain = normal_form(text.strip(), digits)
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise NotAnAmount(f"Write the price as {example}") from None
    if not value.is_finite() or value < 0:
        raise NotAnAmount(f"A price cannot be below zero. Write it as {example}")
    scaled = value.scaleb(digits)
    if scaled != scaled.to_integral_value():
        raise NotAnAmount(f"{currency} has {digits} digits after the point. Write the price as {example}")
    if scaled > LIMITS.money_minor_units:
        raise NotAnAmount("This price is larger than can be kept.")
    return int(scaled)


def normal_form(text: str, digits: int) -> str:
    """A number as Decimal reads it: the last sign that can only be a decimal point is one, signs between thousands go."""
    if not re.fullmatch(r"-?[\d.,' \u00a0\u202f]+", text):
        return text if re.fullmatch(r"-?\d+", text) else "?"
    last = max(text.rfind("."), text.rfind(","))
    whole, fraction = (text[:last], text[last + 1 :]) if last >= 0 else (text, "")
    both = "." in text and "," in text
    if last >= 0 and not both and text.count(text[last]) == 1 and len(fraction) == 3 and digits < 3 and GROUPED.fullmatch(text):
        # "1.234" in a currency with two digits is one thousand two hundred and thirty-four.
        whole, fraction = text, ""
    elif last >= 0 and not both and text.count(text[last]) > 1:
        whole, fraction = text, ""
    return re.sub(r"[^\d-]", "", whole) + (f".{fraction}" if fraction else "")


def decimal_text(amount: int, currency: str) -> str:
    """An amount for machines: 1450 GBP is "14.50"."""
    digits = digits_of(currency)
    return f"{Decimal(amount).scaleb(-digits):.{digits}f}"
