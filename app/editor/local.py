"""Addresses inside the console. Pure: where one may be led back to, and which screen a form was sent from."""

import re
from urllib.parse import quote, urlencode

START = "/c/"
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_KEPT = "/?&=%:@,;~+!$'()*"
LONGEST = 2_000

# Acts that have no screen of their own: their form stood on the screen that is one or more steps above.
_WITHOUT_SCREEN = {"trash": 1, "unpublish": 1, "bring-back": 1, "restore": 1, "conflict": 1, "revoke": 2}


def local_path(text: str, default: str = START) -> str:
    """The text if it is an address on this very host, else the default. Nothing that a browser reads as another host passes."""
    is_local = text.startswith("/") and not text.startswith("//") and not _UNSAFE.search(text) and len(text) <= LONGEST
    return quote(text, safe=_KEPT) if is_local else default


def screen_of(path: str) -> str:
    """The address of the screen whose form is sent to `path`."""
    steps = path.rstrip("/").split("/")
    return "/".join(steps[: len(steps) - _WITHOUT_SCREEN.get(steps[-1], 0)])


def customer_in(path: str) -> str | None:
    """The slug of the customer that an address names, None where it names none."""
    steps = path.split("/")
    return steps[2] if len(steps) > 2 and steps[1] == "c" and steps[2] else None


def query(**fields: str | int | None) -> str:
    """A query with its question mark, without the fields that are empty; empty when all are."""
    said = {name: value for name, value in fields.items() if value not in (None, "")}
    return f"?{urlencode(said)}" if said else ""


def sign_in_address(next_address: str, held: str = "") -> str:
    """The sign-in page that leads on to an address."""
    return "/sign-in" + query(next="" if next_address in ("/", START) else next_address, held=held)
