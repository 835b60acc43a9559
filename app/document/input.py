"""Texts as people and programs send them, made fit to be kept. Pure."""

import re
from collections.abc import Iterable, Mapping

# Neither can stand in a database's text: zero bytes, and halves of characters that some programs cut apart.
NAME_CHARACTERS, TEXT_CHARACTERS = 120, 10_000
_ZERO, _HALVES = "\x00", re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """A text without what no database can keep; nothing that one can see is lost."""
    return _HALVES.sub("\ufffd", text.replace(_ZERO, ""))


def one_line(text: str) -> str:
    """A storable text on one line, without white space at its ends."""
    return " ".join(storable(text).split())


def wrong_line(line: str, remedy: str, most: int = NAME_CHARACTERS) -> str | None:
    """What is wrong with a name or label that must not be empty, None when nothing is."""
    return remedy if not line else too_long(line, most)


def too_long(text: str, most: int = TEXT_CHARACTERS) -> str | None:
    """What is wrong with a text of more characters than are kept, None when nothing is."""
    return f"This has {len(text):,} characters. Shorten it to {most:,} or fewer." if len(text) > most else None


def one_line_each(texts: Mapping[str, str]) -> dict[str, str]:
    """Labels by language, each on one line; empty ones go."""
    return {lang: line for lang, text in texts.items() if (line := one_line(text))}


def wrong_lines(lines: Iterable[str], most: int = NAME_CHARACTERS) -> str | None:
    """What is wrong with the first of some labels that is too long, None when nothing is."""
    return next(filter(None, (too_long(line, most) for line in lines)), None)
