"""From comparisons as the floor makes them to what the screens show: runs of text that came, went or differ."""

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from itertools import groupby
from typing import Literal, NamedTuple

from app.document.difference import Block, compare_fields, compare_texts
from app.editor.render import plural
from app.editor.views.parts import FieldChange, Piece
from app.editor.views.writing import DiffBlock

Fields = Mapping[str, "str | int | bool | None | Sequence[str]"]
Op = Literal["same", "ins", "del", "mark"]
_OPS: dict[str, Op] = {"ins": "ins", "del": "del", "mark": "mark"}


class Comparison(NamedTuple):
    """What changed between two states: fields first, then the text block by block."""

    fields: tuple[FieldChange, ...]
    blocks: tuple[DiffBlock, ...]
    words_added: int
    words_removed: int


class _Runs(HTMLParser):
    """Reads the safe HTML of a comparison as runs of text; formatting is left out, because only words are compared here."""

    def __init__(self, ops: Sequence[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.ops = ops
        self.op: Op = "same"
        self.runs: list[tuple[Op, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A run of another kind begins, or a line ends."""
        if tag in self.ops:
            self.op = _OPS[tag]
        elif tag == "br":
            self.runs.append((self.op, "\n"))

    def handle_endtag(self, tag: str) -> None:
        """What both sides share goes on."""
        if tag in self.ops:
            self.op = "same"

    def handle_data(self, data: str) -> None:
        """More text of the same kind."""
        self.runs.append((self.op, data))


def pieces_of(html: str, *ops: str) -> tuple[Piece, ...]:
    """The runs of a compared text. `ops` are the elements that mark a difference: ins and del, or mark."""
    reader = _Runs(ops or ("ins", "del"))
    reader.feed(html)
    reader.close()
    return tuple(Piece(op=op, text="".join(text for _, text in group)) for op, group in groupby(reader.runs, lambda run: run[0]))


def compared(old: Fields, new: Fields, old_text: str, new_text: str, body_format: Literal["html", "markdown"]) -> Comparison:
    """Fields, named by their labels, and texts of two states. Equal blocks between others are folded."""
    blocks = compare_texts(old_text, new_text, body_format)
    return Comparison(
        fields=field_changes(old, new),
        blocks=_folded(blocks),
        words_added=sum(block.added for block in blocks),
        words_removed=sum(block.removed for block in blocks),
    )


def field_changes(old: Fields, new: Fields) -> tuple[FieldChange, ...]:
    """The fields that differ, in words."""
    return tuple(FieldChange(label=found.name, pieces=pieces_of(found.html)) for found in compare_fields(old, new))


def _folded(blocks: Sequence[Block]) -> tuple[DiffBlock, ...]:
    if all(block.state == "same" for block in blocks):
        return ()
    shown: list[DiffBlock] = []
    for is_same, group in groupby(blocks, lambda block: block.state == "same"):
        found = list(group)
        if is_same:
            shown.append(DiffBlock(op="folded", note=f"{plural(len(found), 'paragraph')} unchanged"))
        else:
            shown.extend(_shown(block) for block in found)
    return tuple(shown)


def _shown(block: Block) -> DiffBlock:
    op: Literal["changed", "ins", "del"] = "ins" if block.state == "added" else "del" if block.state == "removed" else "changed"
    return DiffBlock(op=op, pieces=pieces_of(block.html))
