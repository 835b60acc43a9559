"""Reads anybody's HTML as a row of tokens, in time proportional to its length and without ever failing.

Follows the tokenizer of the HTML standard where it matters, and is kinder where the standard would lose text: a tag
that is never finished is text. Nothing here decides what is allowed.
"""

import html
import re
from collections.abc import Iterator
from typing import Literal

from app.document.policy import SWALLOWED

_NAME = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_SHORT = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)>")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>=][^\s/>=]*|=[^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*)))?""")
_END = re.compile(r"[\s/]*>")
_COMMENT_END = re.compile(r"--!?>")
# A reference without semicolon before a letter, digit or "=" is not one in an attribute: "?a=1&copy=2" stays as it is.
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*(?:;|(?![=a-zA-Z0-9;])))")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_OTHER_SPACES = str.maketrans({"\x0b": " ", "\x0c": " ", "\r": "\n"})


Kind = Literal["text", "start", "end", "comment", "swallowed"]
# Kind, then text or the name of an element in lower case, then its attributes. A swallowed element has no end token.
Token = tuple[Kind, str, dict[str, str]]

_NONE: dict[str, str] = {}


def tidy_characters(text: str) -> str:
    """Text without the characters that neither HTML nor XML can carry; line ends are line feeds."""
    text = text.replace("\r\n", "\n").translate(_OTHER_SPACES) if _has_other_spaces(text) else text
    return _SURROGATES.sub("\ufffd", _UNWANTED.sub("", text))


def tokens(source: str) -> Iterator[Token]:
    """The tokens of `source` in their order. Text is given with its references resolved."""
    return _Reader(tidy_characters(source)).tokens()


def _has_other_spaces(text: str) -> bool:
    return "\r" in text or "\x0b" in text or "\x0c" in text


def _text(raw: str) -> str:
    return tidy_characters(html.unescape(raw)) if "&" in raw else raw


def _value(raw: str) -> str:
    return tidy_characters(_REFERENCE.sub(lambda found: html.unescape(found[0]), raw)) if "&" in raw else raw


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.never_closed: set[str] = set()

    def tokens(self) -> Iterator[Token]:
        source, end = self.source, len(self.source)
        while self.position < end:
            at = source.find("<", self.position)
            if at < 0:
                break
            if at > self.position:
                yield "text", _text(source[self.position : at]), _NONE
            self.position = at
            token = self._markup(at)
            if token is None:
                break
            yield token
        if self.position < end:
            yield "text", _text(source[self.position :]), _NONE

    def _markup(self, at: int) -> Token | None:
        """The token that begins with the "<" at `at`; None when the rest of the source is text."""
        short = _SHORT.match(self.source, at)
        if short:
            return self._tag(short[1], short[2].lower(), _NONE, short.end())
        named = _NAME.match(self.source, at)
        if named:
            return self._long_tag(named)
        if self.source.startswith(("<!", "<?", "</"), at):
            return self._comment(at)
        self.position = at + 1
        return "text", "<", _NONE

    def _long_tag(self, named: re.Match[str]) -> Token | None:
        attributes: dict[str, str] = {}
        position = named.end()
        while found := _ATTRIBUTE.match(self.source, position):
            position = found.end()
            name, *values = found.groups()
            attributes.setdefault(name.lower(), _value(next((value for value in values if value is not None), "")))
        end = _END.match(self.source, position)
        return self._tag(named[1], named[2].lower(), attributes, end.end()) if end else None

    def _tag(self, slash: str, name: str, attributes: dict[str, str], end: int) -> Token:
        self.position = end
        if slash:
            return "end", name, _NONE
        if name in SWALLOWED and self._skip(name):
            return "swallowed", name, attributes
        return "start", name, attributes

    def _skip(self, name: str) -> bool:
        """Moves behind the end tag of a swallowed element; False when it has none, so that the text after it stays."""
        if name in self.never_closed:
            return False
        closing = re.compile(rf"</{name}(?=[\s/>])[^>]*>", re.IGNORECASE).search(self.source, self.position)
        if closing is None:
            self.never_closed.add(name)
            return False
        self.position = closing.end()
        return True

    def _comment(self, at: int) -> Token:
        if not self.source.startswith("<!--", at):
            close = self.source.find(">", at)
            self.position = close + 1 if close >= 0 else len(self.source)
        elif self.source.startswith((">", "->"), at + 4):
            self.position = self.source.index(">", at) + 1
        else:
            found = _COMMENT_END.search(self.source, at + 4)
            self.position = found.end() if found else len(self.source)
        return "comment", "", _NONE
