"""Texts as people and programs send them, made fit to be kept. Pure."""

import re

# Neither can stand in a database's text: zero bytes, and halves of characters that some programs cut apart.
_ZERO, _HALVES = "\x00", re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """A text without what no database can keep; nothing that one can see is lost."""
    return _HALVES.sub("\ufffd", text.replace(_ZERO, ""))


def one_line(text: str) -> str:
    """A storable text on one line, without white space at its ends."""
    return " ".join(storable(text).split())
