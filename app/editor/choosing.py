"""Choosing between two states that grew from one, field by field and passage by passage. Pure."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Literal, NamedTuple, cast

from app.document.difference import mark_pair
from app.document.passages import Choice as Side
from app.document.passages import Passage, merge
from app.editor.comparing import pieces_of
from app.editor.views.parts import Piece
from app.editor.views.writing import Choice, Unchanged
from app.errors import Invalid
from app.web.forms import Form

PREFIX = "choice-"
UNDECIDED = "Choose one side for everything that differs."
_KINDS = {
    "p": "Paragraph",
    "h2": "Heading",
    "h3": "Heading",
    "h4": "Heading",
    "ul": "List",
    "ol": "List",
    "table": "Table",
    "blockquote": "Quotation",
    "pre": "Code",
    "figure": "Image",
}

Chosen = Mapping[str, Side]


class Pair(NamedTuple):
    """A field in which the two sides differ. `base` is what it was before both, None where that is not known."""

    name: str
    label: str
    mine: str
    theirs: str
    base: str | None

    @property
    def suggestion(self) -> Literal["mine", "theirs"] | None:
        """The side that alone changed it."""
        if self.base is None:
            return None
        return "mine" if self.theirs == self.base else "theirs" if self.mine == self.base else None


def pairs_of(
    labels: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str], base: Mapping[str, str] | None
) -> tuple[Pair, ...]:
    """The fields that differ, in the order of their labels. A side that lacks one has it empty."""
    return tuple(
        Pair(name, label, mine.get(name, ""), theirs.get(name, ""), base.get(name, "") if base is not None else None)
        for name, label in labels.items()
        if mine.get(name, "") != theirs.get(name, "")
    )


def chosen_in(form: Form) -> dict[str, Side]:
    """What was chosen so far."""
    found = {name.removeprefix(PREFIX): form.text(name) for name in form.fields if name.startswith(PREFIX)}
    return {name: cast(Side, side) for name, side in found.items() if side in ("mine", "theirs", "both")}


def side_in(text: str) -> Literal["mine", "theirs"] | None:
    """The side that a button takes everything of, None for no such button."""
    return "mine" if text == "mine" else "theirs" if text == "theirs" else None


def everything(side: Literal["mine", "theirs"], pairs: Sequence[Pair], texts: Sequence[Passage]) -> dict[str, Side]:
    """One side for everything that differs."""
    return dict.fromkeys([*(pair.name for pair in pairs), *(passage_name(index) for index in range(len(texts)))], side)


def passage_name(index: int) -> str:
    """How a passage is called in the form."""
    return f"passage-{index}"


def field_choices(pairs: Sequence[Pair], chosen: Chosen, shown: Callable[[str, str], str], *, is_new: bool) -> tuple[Choice, ...]:
    """The fields as they are offered. `shown` puts a value of a field into words."""
    return tuple(_field_choice(pair, chosen.get(pair.name, pair.suggestion or ""), shown, is_new) for pair in pairs)


def _field_choice(pair: Pair, chosen: Side | Literal[""], shown: Callable[[str, str], str], is_new: bool) -> Choice:
    mine, theirs = mark_pair(shown(pair.name, pair.mine), shown(pair.name, pair.theirs))
    return Choice(
        name=pair.name, label=pair.label, mine=pieces_of(mine, "mark"), theirs=pieces_of(theirs, "mark"), chosen=chosen, is_new=is_new
    )


def passage_parts(texts: Sequence[Passage], chosen: Chosen, *, is_new: bool) -> tuple[Choice | Unchanged, ...]:
    """The passages as they are offered; neighbours that are the same are folded into one."""
    parts: list[Choice | Unchanged] = []
    for is_equal, group in groupby(enumerate(texts), lambda place: place[1].is_equal):
        if is_equal:
            parts.append(Unchanged(passages=tuple(plain(pieces_of(passage.mine_html, "mark")) for _, passage in group)))
        else:
            parts.extend(_passage_choice(index, passage, chosen, is_new) for index, passage in group)
    return tuple(parts)


def plain(pieces: Sequence[Piece]) -> str:
    """The text of a run of pieces."""
    return "".join(piece.text for piece in pieces).strip()


def _passage_choice(index: int, passage: Passage, chosen: Chosen, is_new: bool) -> Choice:
    name = passage_name(index)
    kind = _KINDS.get(passage.kind, "Passage")
    return Choice(
        name=name,
        label=f"{kind} under “{passage.under}”" if passage.under else kind,
        mine=pieces_of(passage.mine_html, "mark") if passage.mine else (),
        theirs=pieces_of(passage.theirs_html, "mark") if passage.theirs else (),
        chosen=chosen.get(name, passage.suggestion or ""),
        can_keep_both=bool(passage.mine and passage.theirs),
        is_new=is_new,
    )


def settled_fields(pairs: Sequence[Pair], chosen: Chosen) -> dict[str, str]:
    """The values that the choices make. Raises Invalid when one is missing."""
    settled: dict[str, str] = {}
    for pair in pairs:
        side = chosen.get(pair.name, pair.suggestion)
        if side is None:
            raise Invalid({pair.name: UNDECIDED})
        settled[pair.name] = pair.mine if side == "mine" else pair.theirs
    return settled


def settled_text(texts: Sequence[Passage], chosen: Chosen) -> str:
    """The text that the choices make. Raises Invalid when one is missing."""
    by_index = {index: chosen[name] for index in range(len(texts)) if (name := passage_name(index)) in chosen}
    return merge(texts, by_index)
