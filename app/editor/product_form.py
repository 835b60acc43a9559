"""The form of a product: from what is stored to its fields and cells, and from what was typed to a request. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from app.catalog.money import NotAnAmount, minor_units
from app.catalog.requests import Sale, SaveProduct, SaveVariant
from app.catalog.states import PriceState, ProductState, VariantState
from app.editor.render import amount_text
from app.editor.views.products import ProductFields, VariantFields
from app.editor.wording import AVAILABILITIES
from app.errors import Invalid
from app.web.forms import Form

TEXTS = ("title", "slug", "summary", "body", "brand", "category")
CELLS = ("id", "sku", "retail", "wholesale", "sale", "stock", "availability")
_CELL = re.compile(r"variant-(\d{1,3})-(id|sku|retail|wholesale|sale|stock|availability)")
_NAMES = {"body_source": "body", "category_id": "category"}
_CELL_NAMES = {"on_hand": "stock", "available_from": "availability", "retail": "retail", "wholesale": "wholesale", "sale": "sale"}
# What the form does not show of a product and a request must repeat.
_KEPT = ("translation_key", "tags", "fields", "tax_rate_percent", "is_featured", "options", "images", "posts")


class Cells(NamedTuple):
    """The request of a form, and in which row of the form each of its variants stands."""

    request: SaveProduct
    rows: tuple[int, ...]


def currency_of(state: ProductState | None, usual: str) -> str:
    """The currency of a product's prices; `usual` where it has none."""
    prices = [
        price for variant in (state.variants if state else ()) for price in (variant.retail, variant.wholesale, variant.sale) if price
    ]
    return prices[0].currency if prices else usual


def stored_fields(state: ProductState) -> ProductFields:
    """The fields of a stored state."""
    return ProductFields(
        title=state.title,
        slug=state.slug,
        summary=state.summary,
        body=state.body_source,
        body_format="markdown" if state.body_format == "markdown" else "html",
        brand=state.brand,
        category=str(state.category_id or ""),
        variants=tuple(map(stored_cells, state.variants)),
    )


def stored_cells(variant: VariantState) -> VariantFields:
    """A row of the variants as it is stored."""
    return VariantFields(
        id=str(variant.id),
        label=", ".join(variant.option_values.values()),
        sku=variant.sku,
        retail=_amount(variant.retail),
        wholesale=_amount(variant.wholesale),
        sale=_amount(variant.sale),
        stock="" if variant.on_hand is None else str(variant.on_hand),
        availability=variant.availability,
    )


def _amount(price: PriceState | None) -> str:
    return amount_text(price.amount, price.currency) if price else ""


def typed_fields(form: Form, stored: ProductFields) -> ProductFields:
    """The fields as they were typed; what the form did not have is as stored."""
    texts: dict[str, Any] = {name: form.raw(name) for name in TEXTS if name in form.fields}
    rows = sorted({int(found[1]) for name in form.fields if (found := _CELL.fullmatch(name))})
    known = {variant.id: variant for variant in stored.variants}
    if rows:
        typed = [_typed_row(form, number, known) for number in rows]
        texts["variants"] = (*typed, *_missing(typed, stored.variants))
    return msgspec.structs.replace(stored, **texts)


def _typed_row(form: Form, number: int, known: Mapping[str, VariantFields]) -> VariantFields:
    cells = {name: form.text(f"variant-{number}-{name}") for name in CELLS if f"variant-{number}-{name}" in form.fields}
    return msgspec.structs.replace(known.get(cells.get("id", ""), VariantFields()), **cells)


def _missing(typed: Sequence[VariantFields], stored: Sequence[VariantFields]) -> list[VariantFields]:
    """Stored variants that the form did not send: a form that was cut off removes nothing."""
    sent = {row.id for row in typed}
    return [row for row in stored if row.id not in sent]


def is_untouched(row: VariantFields) -> bool:
    """Whether nothing was typed into an added row."""
    return not row.id and not any((row.sku, row.retail, row.wholesale, row.sale, row.stock))


def form_of(fields: ProductFields) -> Form:
    """A form that would have been sent with these fields."""
    sent = {name: [getattr(fields, name)] for name in TEXTS}
    for number, row in enumerate(fields.variants):
        sent |= {f"variant-{number}-{name}": [getattr(row, name)] for name in CELLS}
    return Form(sent)


def save_request(
    fields: ProductFields, state: ProductState | None, *, product_id: UUID | None, lang: str, currency: str, expect: int | None
) -> Cells:
    """The request that the fields make; what they do not name stays as it is. Raises Invalid naming fields and cells of the form."""
    wrong: dict[str, str] = {}
    stored = {str(variant.id): variant for variant in (state.variants if state else ())}
    rows = [(number, row) for number, row in enumerate(fields.variants) if not is_untouched(row)]
    variants = tuple(_variant(number, row, stored.get(row.id), currency, wrong) for number, row in rows)
    category_id = _category(fields.category, wrong)
    if wrong:
        raise Invalid(wrong)
    kept = {name: getattr(state, name) for name in _KEPT} if state else {}
    request = SaveProduct(
        id=product_id,
        new_id=_new_id(fields.new_id) if product_id is None else None,
        expect=expect,
        title=fields.title,
        lang=lang,
        currency=currency,
        slug=fields.slug.strip(),
        summary=fields.summary,
        body_source=fields.body,
        body_format=fields.body_format,
        brand=fields.brand,
        category_id=category_id,
        variants=variants,
        **kept,
    )
    return Cells(request, tuple(number for number, _ in rows))


def _new_id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Invalid({"version": "This form is not complete. Open the page again."}) from None


def _category(text: str, wrong: dict[str, str]) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        wrong["category"] = "There is no such category. Choose another."
        return None


def _variant(number: int, row: VariantFields, stored: VariantState | None, currency: str, wrong: dict[str, str]) -> SaveVariant:
    cells = stored_cells(stored) if stored else VariantFields()
    offers: dict[str, Any] = {}
    for name in ("retail", "wholesale", "sale"):
        if getattr(row, name) != getattr(cells, name):
            offers[name] = _price(number, name, getattr(row, name), currency, wrong)
    if isinstance(offers.get("sale"), int):
        before = stored.sale if stored else None
        offers["sale"] = Sale(
            amount=offers["sale"], starts_at=before.starts_at if before else None, ends_at=before.ends_at if before else None
        )
    if row.stock != cells.stock:
        offers["on_hand"] = _stock(number, row.stock, wrong)
    if row.availability and row.availability != cells.availability:
        offers["availability"] = _availability(number, row.availability, wrong)
    kept = {name: getattr(stored, name) for name in ("gtin", "option_values", "unit_measure", "weight_g", "images")} if stored else {}
    return SaveVariant(id=stored.id if stored else None, sku=row.sku, **kept, **offers)


def _price(number: int, name: str, text: str, currency: str, wrong: dict[str, str]) -> int | None:
    try:
        return minor_units(text, currency) if text else None
    except NotAnAmount as error:
        wrong[f"variant-{number}-{name}"] = f"{error}."
        return None


def _stock(number: int, text: str, wrong: dict[str, str]) -> int | None:
    if text and not (text.isascii() and text.isdigit() and len(text) < 12):
        wrong[f"variant-{number}-stock"] = "Write how many there are, as a whole number."
        return None
    return int(text) if text else None


def _availability(number: int, text: str, wrong: dict[str, str]) -> Any | UnsetType:
    if text not in AVAILABILITIES:
        wrong[f"variant-{number}-availability"] = "Choose an availability."
        return UNSET
    return text


def in_form(errors: Mapping[str, str], rows: Sequence[int]) -> dict[str, str]:
    """The room's complaints by the names that fields and cells have in the form."""
    said: dict[str, str] = {}
    for name, text in errors.items():
        parts = name.split(".")
        if len(parts) == 3 and parts[0] == "variants" and parts[1].isdigit() and int(parts[1]) < len(rows):
            said[f"variant-{rows[int(parts[1])]}-{_CELL_NAMES.get(parts[2], 'sku')}"] = text
        else:
            said[_NAMES.get(name, name)] = text
    return said
