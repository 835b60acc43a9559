"""Global trade item numbers (GS1 General Specifications, section 7.9). Pure."""

LENGTHS = (8, 12, 13, 14)


def is_gtin(number: str) -> bool:
    """Whether a number has 8, 12, 13 or 14 digits and ends with its check digit."""
    if not number.isascii() or not number.isdigit() or len(number) not in LENGTHS:
        return False
    return check_digit(number[:-1]) == int(number[-1])


def check_digit(digits: str) -> int:
    """The check digit of the digits before it: weights 3 and 1 from the right, filled up to ten."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10
