"""Two texts that grew from one, passage by passage, so that a person can choose, and the text their choices make."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby
from typing import Literal

import msgspec

from app.document.alignment import Row, aligned, word_likeness
from app.document.body import BodyFormat
from app.document.clean import clean_tree
from app.document.tokens import tidy_characters
from app.document.tree import Child, Node, is_blank, is_block, text_of, write
from app.document.words import Segment, Word, bag, compared, show, words_of, words_of_text
from app.errors import Invalid

Choice = Literal["mine", "theirs", "both"]

_LEAST_LIKENESS = 0.3
_MOST_LOST = 200
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_MARKDOWN_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_HEADINGS = frozenset({"h2", "h3", "h4"})


class Passage(msgspec.Struct, frozen=True):
    """A stretch of both sources that belongs together; a side that has nothing there is "".

    `mine_html` and `theirs_html` are safe and go into a paragraph; `<mark>` shows where they differ. `suggestion` is the
    side that alone changed it since the common base, None when both did or no base is known. `kind` is the element of its
    first block, "source" for Markdown; `under` the heading above it. `glue` keeps passages apart when they are merged.
    """

    mine: str
    theirs: str
    is_equal: bool
    mine_html: str
    theirs_html: str
    kind: str
    under: str = ""
    suggestion: Literal["mine", "theirs"] | None = None
    glue: str = ""


class _Piece(msgspec.Struct, frozen=True):
    """A top-level block of a source, with the white space behind it."""

    source: str
    kind: str
    heading: str
    words: tuple[Word, ...]

    @property
    def key(self) -> str:
        return self.source.strip()


def passages(mine: str, theirs: str, base: str | None = None, body_format: BodyFormat = "html") -> list[Passage]:
    """Both texts aligned. The passages of one side joined are that text: HTML as cleaning leaves it, Markdown to the letter."""
    left, right = _pieces(mine, body_format), _pieces(theirs, body_format)
    left_bags, right_bags = [bag(piece.words) for piece in left], [bag(piece.words) for piece in right]
    rows = aligned(
        [piece.key for piece in left],
        [piece.key for piece in right],
        lambda here, there: word_likeness(left_bags[here], right_bags[there]),
        _LEAST_LIKENESS,
    )
    advice = _Advice(left, right, None if base is None else _pieces(base, body_format))
    glue = "\n\n" if body_format == "markdown" else ""
    result: list[Passage] = []
    under = ""
    for my_indexes, their_indexes in _joined(rows):
        my_pieces, their_pieces = [left[index] for index in my_indexes], [right[index] for index in their_indexes]
        result.append(_passage(my_pieces, their_pieces, advice, under, glue))
        under = next((piece.heading for piece in reversed(my_pieces or their_pieces) if piece.heading), under)
    return result


def merge(found: Sequence[Passage], choices: Mapping[int, Choice]) -> str:
    """The source that the choices make; `both` puts mine first. Keys are indexes into the passages.

    Raises Invalid naming `passage_<index>` for each passage that differs and has neither a choice nor a suggestion.
    """
    chosen = ["mine" if passage.is_equal else choices.get(index, passage.suggestion) for index, passage in enumerate(found)]
    missing = {f"passage_{index}": "Choose yours, theirs or both." for index, choice in enumerate(chosen) if choice is None}
    if missing:
        raise Invalid(missing, "Some passages are not decided yet.")
    parts: list[str] = []
    for passage, choice in zip(found, chosen, strict=True):
        texts = [passage.mine if choice != "theirs" else "", passage.theirs if choice != "mine" else ""]
        for text in filter(None, texts):
            parts.extend([_gap_after(parts[-1], passage.glue) if parts else "", text])
    return "".join(parts)


def paragraphs_of_source(source: str) -> list[str]:
    """Markdown cut after each run of empty lines outside fenced code. The parts joined are the source."""
    parts: list[str] = []
    current: list[str] = []
    fence = ""
    has_text = has_ended = False
    for line in _LINE.findall(source):
        is_empty = not line.strip() and not fence
        if has_ended and not is_empty:
            parts.append("".join(current))
            current, has_text = [], False
        current.append(line)
        fence = _fence_after(fence, line)
        has_text = has_text or not is_empty
        has_ended = is_empty and has_text
    return [*parts, "".join(current)] if current else parts


def _fence_after(fence: str, line: str) -> str:
    """The fence that is open behind a line, "" for none."""
    found = _FENCE.match(line)
    if found is None:
        return fence
    if not fence:
        return found[1]
    return "" if found[1].startswith(fence) and not found[2].strip() else fence


def _gap_after(text: str, glue: str) -> str:
    line_ends = text[len(text.rstrip(" \t\n")) :].count("\n")
    return glue[min(line_ends, len(glue)) :]


def _pieces(source: str, body_format: BodyFormat) -> list[_Piece]:
    if body_format == "markdown":
        return [_markdown_piece(text) for text in paragraphs_of_source(tidy_characters(source))]
    return [_html_piece(children) for children in _top_level(clean_tree(source)[0])]


def _markdown_piece(text: str) -> _Piece:
    heading = _MARKDOWN_HEADING.match(text.lstrip("\n"))
    return _Piece(text, "source", heading[1] if heading else "", tuple(words_of_text(text.strip("\n"), exactly=True)))


def _html_piece(children: list[Child]) -> _Piece:
    first = next((child for child in children if isinstance(child, Node) and is_block(child)), Node("p"))
    heading = text_of(first) if first.tag in _HEADINGS else ""
    words = words_of(children, exactly=first.tag == "pre", breaks=True)
    return _Piece(write(Node("", children=children)), first.tag, heading, tuple(words))


def _top_level(root: Node) -> list[list[Child]]:
    """The children of a body in groups: each block alone, neighbouring text together, white space with what precedes it."""
    groups: list[list[Child]] = []
    is_run = False
    for child in root.children:
        if groups and (is_blank(child) or (is_run and not is_block(child))):
            groups[-1].append(child)
        else:
            groups.append([child])
            is_run = not is_block(child)
    return groups


def _joined(rows: Iterable[Row]) -> list[tuple[list[int], list[int]]]:
    """Rows as they are, but where both sides have something without a partner in the same place, that is one."""
    joined: list[tuple[list[int], list[int]]] = []
    for is_pair, group in groupby(rows, lambda row: row[0] is not None and row[1] is not None):
        parts = [([] if left is None else [left], [] if right is None else [right]) for left, right in group]
        mine, theirs = (list(chain.from_iterable(side)) for side in zip(*parts, strict=True))
        joined.extend(parts if is_pair or not mine or not theirs else [(mine, theirs)])
    return joined


def _passage(mine: list[_Piece], theirs: list[_Piece], advice: "_Advice", under: str, glue: str) -> Passage:
    is_equal = [piece.key for piece in mine] == [piece.key for piece in theirs]
    segments = compared(_words(mine), _words(theirs))
    return Passage(
        mine="".join(piece.source for piece in mine),
        theirs="".join(piece.source for piece in theirs),
        is_equal=is_equal,
        mine_html="".join(_shown(segment, segment.old) for segment in segments),
        theirs_html="".join(_shown(segment, segment.new) for segment in segments),
        kind=(mine or theirs)[0].kind,
        under=under,
        suggestion=None if is_equal else advice.on(mine, theirs),
        glue=glue,
    )


def _shown(segment: Segment, words: Sequence[Word]) -> str:
    return show(words, "" if segment.is_same else "mark")


def _words(pieces: list[_Piece]) -> list[Word]:
    words: list[Word] = []
    for piece in pieces:
        words.extend([Word("\n")] if words else [])
        words.extend(piece.words)
    return words


class _Advice:
    """Knows which side changed what since the base of both."""

    def __init__(self, mine: list[_Piece], theirs: list[_Piece], base: list[_Piece] | None) -> None:
        self.known = None if base is None else {piece.key for piece in base}
        kept = {piece.key for piece in [*mine, *theirs]}
        self.lost: list[Counter[str]] = [bag(piece.words) for piece in base or [] if piece.key not in kept][:_MOST_LOST]

    def on(self, mine: list[_Piece], theirs: list[_Piece]) -> Literal["mine", "theirs"] | None:
        if self.known is None:
            return None
        mine_old, theirs_old = ([piece.key in self.known for piece in side] for side in (mine, theirs))
        if (not mine or not theirs) and not any([*mine_old, *theirs_old]) and self._replaced_something([*mine, *theirs]):
            return None
        if all(theirs_old) and not any(mine_old):
            return "mine"
        return "theirs" if all(mine_old) and not any(theirs_old) else None

    def _replaced_something(self, pieces: list[_Piece]) -> bool:
        """Whether one of the pieces grew from a block of the base that the other side removed."""
        return any(word_likeness(bag(piece.words), lost) >= _LEAST_LIKENESS for piece in pieces for lost in self.lost)
