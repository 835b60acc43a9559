"""What an import found, made and left out, in numbers that add up to those of the file. Pure."""

from collections import Counter
from uuid import UUID

from msgspec import Struct

from app.imports.apply import Applied
from app.imports.plan import Checked, Refused, Warned

# Kinds in the order in which reports show them; what a file calls otherwise comes after these.
KINDS = ("author", "tag", "post", "page", "category", "product", "variant", "attachment", "comment")
# Rows of a product list are not made: they say what products and variants are.
ROWS = "row"


class Line(Struct, frozen=True, kw_only=True):
    """One kind of thing: found = made + here + refused + left_out. `here` were there already, `left_out` has no place here yet.

    Categories are not counted by any file: they are found when they are made.
    """

    kind: str
    found: int
    made: int = 0
    here: int = 0
    refused: int = 0
    left_out: int = 0


class Report(Struct, frozen=True, kw_only=True):
    """The whole report. Of a rehearsal, `made` says what would be made. `images` are referenced and stay at their old addresses.

    `rows` are those of a product list, 0 for other files.
    """

    source: str
    title: str
    is_rehearsal: bool
    lines: tuple[Line, ...]
    refused: tuple[Refused, ...]
    warnings: tuple[Warned, ...]
    rows: int
    images: int
    comments: int
    import_id: UUID | None
    change_set_id: UUID | None


def report_of(checked: Checked, applied: Applied, *, is_rehearsal: bool = False) -> Report:
    """The report of an import, or of what it would do."""
    left_out = dict(checked.left_out)
    if "attachment" in checked.counts:
        left_out["attachment"] = checked.counts["attachment"]
    # Files do not count authors and tags, or comments as things of their own; what was read of them is what was found.
    uncounted = {kind: checked.counts[kind] for kind in ("author", "tag") if kind in checked.counts}
    found = Counter(uncounted) + Counter(checked.found) + Counter({"comment": left_out.get("comment", 0)})
    found["category"] = applied.made.get("category", 0)
    kinds = [*KINDS, *sorted(found.keys() - set(KINDS))]
    refused = tuple(sorted((*checked.refused, *applied.refused), key=lambda x: x.line))
    return Report(
        source=checked.source,
        title=checked.title,
        is_rehearsal=is_rehearsal,
        lines=tuple(_line(kind, found[kind], applied, left_out.get(kind, 0)) for kind in kinds if found[kind] and kind != ROWS),
        refused=refused,
        warnings=tuple(sorted((*checked.warnings, *applied.warnings), key=lambda x: x.line)),
        rows=checked.found.get(ROWS, 0),
        images=len(checked.images),
        comments=left_out.get("comment", 0),
        import_id=applied.import_id,
        change_set_id=applied.change_set_id,
    )


def _line(kind: str, found: int, applied: Applied, left_out: int) -> Line:
    made, here = applied.made.get(kind, 0), applied.here.get(kind, 0)
    # A refused product takes its variants with it, so what was refused is what remains.
    return Line(kind=kind, found=found, made=made, here=here, refused=found - made - here - left_out, left_out=left_out)
