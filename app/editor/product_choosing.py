"""A product that somebody else saved meanwhile: fields, cells and text side by side, and what the choices make of them."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace

from app.catalog.models import ProductVersion
from app.catalog.repository import categories_of, version_of_product
from app.catalog.states import state_in
from app.db.work import Reading
from app.document.passages import Passage, passages
from app.editor.choosing import Chosen, Pair, field_choices, pairs_of, passage_parts, settled_fields, settled_text
from app.editor.frame import Html, screen, shell_at_customer
from app.editor.held import hold_typed
from app.editor.post_form import body_format_of
from app.editor.product_form import form_of, is_untouched, stored_fields, typed_fields
from app.editor.product_reading import address_of_products, seen_by
from app.editor.timeline import who_did
from app.editor.views.products import ProductFields, VariantFields
from app.editor.views.writing import Conflict
from app.errors import NotFound
from app.web.context import AnyRequest, Here
from app.web.forms import Form

TEXTS = {"title": "Name", "slug": "Address", "summary": "Excerpt", "brand": "Brand", "category": "Category"}
CELLS = {
    "sku": "SKU",
    "retail": "Retail price",
    "wholesale": "Wholesale price",
    "sale": "Sale price",
    "stock": "Stock",
    "availability": "Availability",
}
GONE = "gone-"


class ProductSides(NamedTuple):
    """What was typed, what was saved meanwhile, and where they differ."""

    mine: ProductFields
    theirs: ProductFields
    version: ProductVersion
    pairs: tuple[Pair, ...]
    passages: list[Passage]
    words: dict[str, str]

    def merged(self, chosen: Chosen) -> ProductFields:
        """The fields that the choices make. Raises Invalid when one is missing."""
        settled = settled_fields(self.pairs, chosen)
        texts: dict[str, Any] = {name: settled[name] for name in TEXTS if name in settled}
        rows = [_settled_row(row, settled) for row in self.theirs.variants]
        kept = [row for row in self.mine.variants if not row.id or settled.get(GONE + row.id)]
        added = [replace(row, id="") for row in kept if not is_untouched(row)]
        return replace(self.theirs, **texts, body=settled_text(self.passages, chosen), variants=(*rows, *added))

    def shown(self, name: str, value: str) -> str:
        """A value of a field in words."""
        return self.words.get(value, value)


def _settled_row(row: VariantFields, settled: dict[str, str]) -> VariantFields:
    cells = {name: settled[cell] for name in CELLS if (cell := _cell(row.id, name)) in settled}
    return replace(row, **cells)


def _cell(variant_id: str, name: str) -> str:
    return f"cell-{variant_id}-{name}"


async def read_product_sides(reading: Reading, here: Here, product_id: UUID, form: Form, base: int | None, theirs: int) -> ProductSides:
    """Both sides. `base` is the version that was opened, `theirs` the one that was saved meanwhile. Raises NotFound."""
    version = await version_of_product(reading, product_id, theirs)
    saved = stored_fields(seen_by(here, state_in(version.payload)))
    before = await _fields_of_version(reading, here, product_id, base)
    typed = tidy(typed_fields(form, before or saved))
    typed = replace(typed, slug=typed.slug or (before or saved).slug)
    body_format = body_format_of(saved.body_format)
    return ProductSides(
        mine=typed,
        theirs=saved,
        version=version,
        pairs=pairs_of(_labels(typed, saved), _flat(typed, saved), _flat(saved, saved), _flat(before, saved) if before else None),
        passages=passages(typed.body, saved.body, before.body if before else None, body_format),
        words={str(category.id): category.label for category in await categories_of(reading)},
    )


async def _fields_of_version(reading: Reading, here: Here, product_id: UUID, number: int | None) -> ProductFields | None:
    if number is None:
        return None
    try:
        return stored_fields(seen_by(here, state_in((await version_of_product(reading, product_id, number)).payload)))
    except NotFound:
        return None


def tidy(fields: ProductFields) -> ProductFields:
    """The fields as saving would store them, so that white space alone makes no conflict."""
    lines = {name: " ".join(getattr(fields, name).split()) for name in ("title", "brand")}
    return replace(fields, **lines, slug=fields.slug.strip(), summary=fields.summary.strip())


def _labels(mine: ProductFields, theirs: ProductFields) -> dict[str, str]:
    """Every field that can differ, in the order in which it is shown."""
    labels = dict(TEXTS)
    for row in theirs.variants:
        labels |= {_cell(row.id, name): f"{label} of {row.label or row.sku}" for name, label in CELLS.items()}
    known = {row.id for row in theirs.variants}
    return labels | {
        GONE + row.id: f"Variant {row.label or row.sku}, removed meanwhile" for row in mine.variants if row.id not in ("", *known)
    }


def _flat(fields: ProductFields, theirs: ProductFields) -> dict[str, str]:
    """Fields and cells by their names. A variant that the other side removed is one value."""
    said = {name: str(getattr(fields, name)) for name in TEXTS}
    known = {row.id for row in theirs.variants}
    sent = {row.id: row for row in fields.variants if row.id}
    for row in theirs.variants:
        # A variant that this side never saw cannot differ in it.
        mine = sent.get(row.id, row)
        said |= {_cell(row.id, name): getattr(mine, name) for name in CELLS}
    return said | {GONE + key: f"{row.sku} · {row.retail} · {row.stock}" for key, row in sent.items() if key not in known}


async def product_conflict_screen(
    request: AnyRequest, here: Here, product_id: UUID, form: Form, *, base: int | None, theirs: int, is_new: bool = False
) -> Html:
    """The answer to a save that met a newer version. `is_new` marks what differs after a choice had been made already.

    What was typed is kept for its author first, so that closing the page loses nothing.
    """
    sides = await here.database.read(lambda reading: read_product_sides(reading, here, product_id, form, base, theirs))
    held = await hold_typed(here, f"{address_of_products(here)}/{product_id}", form)
    return await product_sides_screen(request, here, product_id, sides, base, {}, is_new=is_new, status=409, held=held)


async def product_sides_screen(
    request: AnyRequest,
    here: Here,
    product_id: UUID,
    sides: ProductSides,
    base: int | None,
    chosen: Chosen,
    *,
    is_new: bool = False,
    status: int,
    held: str = "",
) -> Html:
    """Both sides with what has been chosen so far."""
    version = sides.version
    kept = [(name, value) for name, values in form_of(sides.mine).fields.items() for value in values]
    view = Conflict(
        kind="product",
        id=product_id,
        title=sides.theirs.title,
        theirs=who_did(version, here.person.user_id),
        theirs_version=version.version,
        theirs_at=version.at,
        mine_at=datetime.now(UTC),
        fields=field_choices(sides.pairs, chosen, sides.shown, is_new=is_new),
        passages=passage_parts(sides.passages, chosen, is_new=is_new),
        kept=(*kept, *([("base", str(base))] if base is not None else []), *([("held", held)] if held else [])),
        held=held,
        my_text=sides.mine.body,
        their_text=sides.theirs.body,
    )
    shell = await shell_at_customer(request, here, "Two versions of one product", "products")
    return screen(request, "conflict.html", shell, view, status=status)
