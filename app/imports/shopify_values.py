"""What a cell of a product list says: an amount, a number, a yes or no. Pure; a cell that says nothing clear is refused, never guessed."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from app.catalog.gtins import is_gtin
from app.catalog.money import NotAnAmount, digits_of, minor_units
from app.imports.shopify_rows import Row

_AMOUNT = re.compile(r"-?[0-9]+(?:\.([0-9]+))?")
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
_SCIENTIFIC = re.compile(r"[0-9]+(?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_YES = frozenset(("true", "yes", "1", "y", "wahr"))
_NO = frozenset(("false", "no", "0", "n", "falsch"))


class Unreadable(Exception):
    """A cell that cannot be used: its column's meaning, and what to write instead."""

    def __init__(self, meaning: str, remedy: str) -> None:
        super().__init__(remedy)
        self.meaning = meaning
        self.remedy = remedy


def amount(row: Row, meaning: str, currency: str) -> int | None:
    """A price in minor units, None for an empty cell. Raises Unreadable.

    Shopify writes a point and nothing between thousands, so a comma or a third digit says that the file was changed on its way.
    """
    text = row.get(meaning)
    if not text:
        return None
    match = _AMOUNT.fullmatch(text)
    if not match:
        raise Unreadable(meaning, f"“{text[:40]}” is not a price. Write digits with a point, such as 1234.50.")
    if text.startswith("-"):
        raise Unreadable(meaning, f"“{text[:40]}” is below zero. Write a price of 0 or more.")
    fraction, digits = match[1] or "", digits_of(currency)
    # "1.000" may be meant as a thousand, so three noughts are not taken for spare ones.
    if len(fraction.rstrip("0")) > digits or len(fraction) == 3 > digits:
        raise Unreadable(
            meaning, f"“{text[:40]}” has {len(fraction)} digits after the point, {currency} has {digits}. Write no more than these."
        )
    try:
        return minor_units(text, currency)
    except NotAnAmount:
        raise Unreadable(meaning, f"“{text[:40]}” is larger than any price can be. Write a smaller one.") from None


def whole_number(row: Row, meaning: str) -> int | None:
    """A whole number, None for an empty cell. Raises Unreadable."""
    number = _number(row, meaning)
    if number is not None and number != int(number):
        raise Unreadable(meaning, f"“{row.get(meaning)}” is not a whole number. Write one such as 12.")
    return None if number is None else int(number)


def grams(row: Row) -> int | None:
    """The weight rounded to whole grams, None where it is empty or 0, which is what Shopify writes for unknown. Raises Unreadable."""
    number = _number(row, "grams")
    if number is not None and number < 0:
        raise Unreadable("grams", f"“{row.get('grams')}” is below zero. Write the weight in grams, or nothing.")
    return int(number.quantize(Decimal(1), ROUND_HALF_UP)) or None if number else None


def _number(row: Row, meaning: str) -> Decimal | None:
    text = row.get(meaning)
    if text and not _NUMBER.fullmatch(text):
        raise Unreadable(meaning, f"“{text[:40]}” is not a number. Write digits only, such as 12.")
    return Decimal(text) if text else None


def truth(text: str) -> bool | None:
    """Yes or no, None for an empty cell or any other word."""
    word = text.casefold()
    return True if word in _YES else False if word in _NO else None


def policy(row: Row, warnings: list[str]) -> Literal["deny", "continue"]:
    """Whether a variant may be sold beyond its stock. The new dialect may say yes and no instead."""
    word = row.get("policy").casefold()
    if word in ("", "deny") or word in _NO:
        return "deny"
    if word == "continue" or word in _YES:
        return "continue"
    warnings.append(f"Line {row.line}: the inventory policy “{word}” is unknown; selling stops when the stock is gone.")
    return "deny"


def gtin(row: Row, warnings: list[str]) -> str | None:
    """The barcode when it is a GTIN with the right check digit. A wrong number does harm in feeds where a missing one does none."""
    # Spreadsheets keep long numbers as text by putting an apostrophe before them.
    text = row.get("barcode").lstrip("'")
    number = re.sub(r"[\s-]", "", text)
    if not number:
        return None
    # Noughts alone fit their check digit, but number nothing.
    if is_gtin(number) and int(number):
        return number
    reason = "was turned into a rounded number by a spreadsheet" if _SCIENTIFIC.fullmatch(number) else "is no GTIN with a right check digit"
    warnings.append(f"Line {row.line}: the barcode “{text[:40]}” {reason} and is left out.")
    return None
