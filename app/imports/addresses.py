"""Addresses (slugs) made from what another system calls a thing. Pure."""

from collections.abc import Iterable
from urllib.parse import unquote

from app.document.plain import SLUG_LIMIT, slugify


def slug_of(text: str) -> str:
    """A slug of ours from a foreign slug or a title; "" when no letter or digit is in it.

    Percent-encoded text is decoded first, as other systems keep addresses in the form in which they travel.
    """
    decoded = unquote(text)
    return slugify(decoded) if any(sign.isalnum() for sign in decoded) else ""


class Taken:
    """Names given so far. `claim` gives the name itself, or the first of name-2, name-3, … that nobody has.

    It remembers how far it has counted, so that a file with one name a hundred thousand times is not counted through each time.
    """

    def __init__(self, longest: int = SLUG_LIMIT, names: Iterable[str] = ()) -> None:
        self.longest = longest
        self.names = set(names)
        self.last: dict[str, int] = {}

    def claim(self, name: str) -> str:
        """A free name made of this one; it is taken from now on. Of a path only the last part is changed."""
        number, candidate = self.last.get(name, 1), name
        while candidate in self.names:
            number += 1
            candidate = numbered(name, number, self.longest)
        self.last[name] = number
        self.names.add(candidate)
        return candidate


def numbered(path: str, number: int, longest: int = SLUG_LIMIT) -> str:
    """The path with a number at its end, its last part no longer than `longest`."""
    head, slash, last = path.rpartition("/")
    ending = f"-{number}"
    return f"{head}{slash}{last[: longest - len(ending)].rstrip('-')}{ending}"
