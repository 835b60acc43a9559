"""A text as words that can be compared: each knows its formatting and how it is shown when it stayed, came or went."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from app.document.alignment import equal_pairs
from app.document.tree import Child, Node, escape_text, is_block

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = rf"\d+(?:[.,:]\d+)*|[{_CJK}]|(?:(?![{_CJK}])\w)+|[^\w\s]"
_PIECE = re.compile(rf"(\s*)(?:({_WORD})|$)")
_EXACT_PIECE = re.compile(rf"\n[ \t]*|[ \t]+|\s|{_WORD}")
_SHOWN = frozenset({"strong", "em", "b", "i", "u", "s", "sub", "sup", "mark", "small", "code", "kbd", "q", "cite"})
# Inside a comparison ins and del mean something else.
_SHOWN_AS = {"ins": "u", "del": "s"}


class Word(msgspec.Struct, frozen=True):
    """A word or sign, `has_gap` when white space stands before it.

    Quiet ones, such as the address of a link, are shown only where they differ.
    """

    text: str
    has_gap: bool = False
    marks: tuple[str, ...] = ()
    is_quiet: bool = False

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """What makes two words equal."""
        return self.text, self.marks


class Segment(msgspec.Struct, frozen=True):
    """A stretch of two texts, equal or not. Where they differ either side may be empty."""

    is_same: bool
    old: tuple[Word, ...]
    new: tuple[Word, ...]


def words_of_text(text: str, *, exactly: bool = False) -> list[Word]:
    """The words of a text; `exactly` makes white space count, as it does in code and in Markdown."""
    return words_of([text], exactly=exactly)


def words_of(children: Iterable[Child], *, exactly: bool = False, breaks: bool = False) -> list[Word]:
    """The words in a block, with their formatting and with the addresses of its links and pictures.

    With `breaks` a line end stands between blocks, else they run on.
    """
    collector = _Collector(exactly, breaks)
    collector.take(children, ())
    return collector.words


def bag(words: Iterable[Word]) -> Counter[str]:
    """How often each word occurs; signs count only where there is nothing else."""
    words = list(words)
    return Counter(word.text.lower() for word in words if _is_word(word)) or Counter(word.text for word in words)


def count_words(words: Iterable[Word]) -> int:
    """How many of them are words, not signs."""
    return sum(1 for word in words if _is_word(word) and not word.is_quiet)


def compared(old: Sequence[Word], new: Sequence[Word]) -> list[Segment]:
    """Both texts as one row of segments, equal and different in turn. Crumbs between two differences go with them."""
    parts: list[_Part] = []
    old_at = new_at = 0
    pairs = equal_pairs([word.key for word in old], [word.key for word in new])
    for left, right in [*pairs, (len(old), len(new))]:
        if old_at < left or new_at < right:
            parts.append(_Part(False, old[old_at:left], new[new_at:right]))
        if left < len(old) and parts and parts[-1].is_same:
            parts[-1].extend([old[left]], [new[right]])
        elif left < len(old):
            parts.append(_Part(True, [old[left]], [new[right]]))
        old_at, new_at = left + 1, right + 1
    return [Segment(part.is_same, tuple(part.old), tuple(part.new)) for part in _without_crumbs(parts)]


def show(words: Iterable[Word], around: str = "") -> str:
    """Words as safe HTML with their formatting; `around` names the element to put around words that differ."""
    shown = [word for word in words if around or not word.is_quiet]
    html = "".join(_group(list(group), marks, around in {"ins", "del"}) for marks, group in groupby(shown, lambda word: word.marks))
    if not around or not shown:
        return html
    gap = " " if shown[0].has_gap else ""
    return f"{gap}<{around}>{html[len(gap) :]}</{around}>"


def _is_word(word: Word) -> bool:
    return word.text[0].isalnum()


def _group(words: list[Word], marks: tuple[str, ...], differs: bool) -> str:
    html = "".join((" " if word.has_gap and index else "") + _word_html(word, differs) for index, word in enumerate(words))
    for mark in reversed(marks):
        html = f"<{mark}>{html}</{mark}>"
    return (" " if words[0].has_gap else "") + html


def _word_html(word: Word, differs: bool) -> str:
    if not word.text.isspace():
        return escape_text(word.text)
    if word.text.startswith("\n"):
        return ("↵" if differs else "") + "<br>" + _spaces(word.text[1:])
    return " " if word.text == " " else _spaces(word.text)


def _spaces(text: str) -> str:
    return "&nbsp;" * len(text.expandtabs(4))


class _Part:
    """A segment that still grows, with its lengths in characters."""

    __slots__ = ("is_same", "new", "new_size", "old", "old_size")

    def __init__(self, is_same: bool, old: Sequence[Word], new: Sequence[Word]) -> None:
        self.is_same = is_same
        self.old: list[Word] = []
        self.new: list[Word] = []
        self.old_size = self.new_size = 0
        self.extend(old, new)

    def extend(self, old: Sequence[Word], new: Sequence[Word]) -> None:
        self.old.extend(old)
        self.new.extend(new)
        self.old_size += sum(len(word.text) for word in old)
        self.new_size += sum(len(word.text) for word in new)

    def size(self) -> int:
        return max(self.old_size, self.new_size)


def _without_crumbs(parts: list[_Part]) -> list[_Part]:
    """Joins two differences with the equal words between them when those are shorter than either: easier to read."""
    result: list[_Part] = []
    for part in parts:
        result.append(part)
        while len(result) > 2 and not part.is_same and result[-2].size() <= min(result[-3].size(), result[-1].size()):
            right, middle = result.pop(), result.pop()
            result[-1].extend([*middle.old, *right.old], [*middle.new, *right.new])
    return result


class _Collector:
    def __init__(self, exactly: bool, breaks: bool) -> None:
        self.exactly = exactly
        self.breaks = breaks
        self.words: list[Word] = []
        self.has_gap = self.has_break = False

    def take(self, children: Iterable[Child], marks: tuple[str, ...]) -> None:
        for child in children:
            if isinstance(child, str):
                self._text(child, marks)
            elif child.tag == "br":
                self._add("\n", marks)
            else:
                self._node(child, marks)

    def _node(self, node: Node, marks: tuple[str, ...]) -> None:
        self._edge(node)
        picture = node.attributes.get("data-asset") or node.attributes.get("src")
        if picture:
            self._add(picture, (*marks, "code"))
        tag = _SHOWN_AS.get(node.tag, node.tag)
        self.take(node.children, (*marks, tag) if tag in _SHOWN and tag not in marks else marks)
        if href := node.attributes.get("href"):
            self.words.append(Word(f"({href})", True, (*marks, "small"), is_quiet=True))
        self._edge(node)

    def _edge(self, node: Node) -> None:
        """Words on both sides of the edge of a block or picture do not touch."""
        if is_block(node) or node.tag == "img":
            self.has_gap = True
            self.has_break = self.has_break or (self.breaks and is_block(node))

    def _text(self, text: str, marks: tuple[str, ...]) -> None:
        if self.exactly:
            for piece in _EXACT_PIECE.findall(text):
                self._add(piece, marks)
            return
        for gap, piece in _PIECE.findall(text):
            self.has_gap = self.has_gap or bool(gap)
            if piece:
                self._add(piece, marks)

    def _add(self, text: str, marks: tuple[str, ...]) -> None:
        if self.has_break and self.words:
            self.words.append(Word("\n"))
            self.has_gap = False
        self.words.append(Word(text, self.has_gap and bool(self.words), marks))
        self.has_gap = self.has_break = False
