"""What changed between two versions: of a text block by block and word by word, and of fields.

Made for the pages that show history. All HTML in the results is safe; what came is in `<ins>`, what went in `<del>`.
Choosing between two texts that grew from one is in passages.py and offered here too.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from app.document.alignment import Row, aligned, word_likeness
from app.document.body import BodyFormat
from app.document.clean import clean_tree
from app.document.passages import Choice, Passage, merge, paragraphs_of_source, passages
from app.document.tokens import tidy_characters
from app.document.tree import Child, Node, is_block
from app.document.words import Segment, Word, bag, compared, count_words, show, words_of, words_of_text

__all__ = [
    "Block", "Choice", "FieldDifference", "Passage", "compare_fields", "compare_texts", "mark_pair", "merge", "passages",
]  # fmt: skip

State = Literal["same", "changed", "added", "removed"]
FieldValue = str | int | bool | None | Sequence[str]

# Blocks that share less than this are told as one removed and one added.
_LEAST_LIKENESS = 0.4
_NOTHING: tuple[FieldValue, ...] = (None, "", (), [])


class Block(msgspec.Struct, frozen=True):
    """A paragraph, heading, item, table row … of a comparison.

    `kind` is its element, "source" for Markdown. `was` tells where its text stood before, as "blockquote p", when that
    differs. `html` is what goes into the element; `added` and `removed` count words.
    """

    state: State
    kind: str
    html: str
    added: int = 0
    removed: int = 0
    was: str | None = None


class FieldDifference(msgspec.Struct, frozen=True):
    """A field whose value differs, as safe HTML."""

    name: str
    state: State
    html: str


class _Leaf(msgspec.Struct, frozen=True):
    """A block that holds text itself; `path` names the elements it stands in and, last, its own."""

    path: tuple[str, ...]
    words: tuple[Word, ...]
    bag: Counter[str]

    @property
    def key(self) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]:
        return self.path, tuple(word.key for word in self.words)


def compare_texts(old: str, new: str, body_format: BodyFormat = "html") -> list[Block]:
    """The blocks of both bodies in reading order. Markdown is compared as source, paragraph by paragraph."""
    before, after = _leaves(old, body_format), _leaves(new, body_format)
    rows = aligned(
        [leaf.key for leaf in before],
        [leaf.key for leaf in after],
        lambda left, right: word_likeness(before[left].bag, after[right].bag),
        _LEAST_LIKENESS,
    )
    return [_block(row, before, after) for row in rows]


def compare_fields(old: Mapping[str, FieldValue], new: Mapping[str, FieldValue]) -> list[FieldDifference]:
    """The fields that differ, in the order of `new`, then those that only `old` has. Lists are compared item by item."""
    names = [*new, *(name for name in old if name not in new)]
    return [_field(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)]


def mark_pair(mine: str, theirs: str) -> tuple[str, str]:
    """Two plain texts as safe HTML, with `<mark>` where they differ; neither counts as the older."""
    segments = compared(words_of_text(mine), words_of_text(theirs))
    return (
        "".join(show(segment.old, "" if segment.is_same else "mark") for segment in segments),
        "".join(show(segment.new, "" if segment.is_same else "mark") for segment in segments),
    )


def _block(row: Row, before: list[_Leaf], after: list[_Leaf]) -> Block:
    old = None if row[0] is None else before[row[0]]
    new = None if row[1] is None else after[row[1]]
    if old is not None and new is not None:
        return _pair(old, new)
    if new is not None:
        return Block("added", new.path[-1], show(new.words, "ins"), added=count_words(new.words))
    assert old is not None
    return Block("removed", old.path[-1], show(old.words, "del"), removed=count_words(old.words))


def _pair(old: _Leaf, new: _Leaf) -> Block:
    if old.key == new.key:
        return Block("same", new.path[-1], show(new.words))
    segments = compared(old.words, new.words)
    return Block(
        "changed",
        new.path[-1],
        _marked(segments),
        added=sum(count_words(segment.new) for segment in segments if not segment.is_same),
        removed=sum(count_words(segment.old) for segment in segments if not segment.is_same),
        was=None if old.path == new.path else " ".join(old.path),
    )


def _marked(segments: list[Segment]) -> str:
    return "".join(show(part.new) if part.is_same else show(part.old, "del") + show(part.new, "ins") for part in segments)


_Found = list[tuple[tuple[str, ...], list[Word]]]


def _leaves(source: str, body_format: BodyFormat) -> list[_Leaf]:
    found: _Found = []
    if body_format == "markdown":
        texts = paragraphs_of_source(tidy_characters(source))
        found = [(("source",), words_of_text(text.strip("\n"), exactly=True)) for text in texts]
    else:
        _descend(clean_tree(source)[0], (), found)
    return [_Leaf(path, tuple(words), bag(words)) for path, words in found if words]


def _descend(node: Node, path: tuple[str, ...], found: _Found) -> None:
    """Adds the blocks below a node that hold text themselves, and the node itself where it holds some."""
    run: list[Child] = []
    for child in node.children:
        if isinstance(child, Node) and is_block(child):
            found.append((path or ("p",), words_of(run, exactly="pre" in path)))
            run = []
            _one_block(child, (*path, child.tag), found)
        else:
            run.append(child)
    found.append((path or ("p",), words_of(run, exactly="pre" in path)))


def _one_block(node: Node, path: tuple[str, ...], found: _Found) -> None:
    if node.tag == "hr":
        found.append((path, [Word("—")]))
    elif node.tag == "tr":
        found.append((path, _row_words(node)))
    else:
        if asset := node.attributes.get("data-asset"):
            found.append((path, [Word(asset, marks=("code",))]))
        _descend(node, path, found)


def _row_words(row: Node) -> list[Word]:
    words: list[Word] = []
    for cell in row.children:
        if not isinstance(cell, Node):
            continue
        if words:
            words.append(Word("|", has_gap=True))
        inside = words_of(cell.children)
        if words and inside:
            inside[0] = msgspec.structs.replace(inside[0], has_gap=True)
        words.extend(inside)
    return words


def _field(name: str, old: FieldValue, new: FieldValue) -> FieldDifference:
    state: State = "added" if old in _NOTHING else "removed" if new in _NOTHING else "changed"
    if _is_list(old) or _is_list(new):
        return FieldDifference(name, state, _items_html(_items(old), _items(new)))
    return FieldDifference(name, state, _marked(compared(words_of_text(_text(old)), words_of_text(_text(new)))))


def _items_html(old: list[str], new: list[str]) -> str:
    shown: list[str] = []
    for left, right in aligned(old, new, lambda _left, _right: 0.0, 1.0):
        around = "ins" if left is None else "del" if right is None else ""
        text = old[left] if left is not None else new[right or 0]
        shown.append(show([Word(text or "—")], around))
    return ", ".join(shown)


def _is_list(value: FieldValue) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _items(value: FieldValue) -> list[str]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [str(item) for item in value]
    return [] if value is None else [_text(value)]


def _text(value: FieldValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
