"""Checking a Shopify product CSV in its old or new header dialect. Rows that share a handle are one product, wherever they stand."""

from collections import Counter
from pathlib import Path

from app.catalog.money import is_currency
from app.errors import Invalid
from app.imports.addresses import Taken, slug_of
from app.imports.plan import Checked, ImportedProduct, Progress, Refused, Warned
from app.imports.shopify_products import Shop, is_variant, product_of, sku_in
from app.imports.shopify_rows import Row, Sheet, read_sheet

_LONGEST_HANDLE = 500


def check_shopify(path: Path, currency: str, progress: Progress) -> Checked:
    """Read a whole product list and say what it would bring; nothing is written. Its prices are in `currency`, an ISO 4217 code.

    Raises BrokenFile, with the line, for a file that is cut off, is no UTF-8 CSV with commas or lacks Title or Handle; Invalid for an
    unknown currency.
    """
    if not is_currency(currency):
        raise Invalid({"currency": f"“{currency}” is no currency. Write the three letters of ISO 4217, such as EUR."})
    sheet = read_sheet(path, progress)
    refused = list(sheet.refused)
    groups = _by_handle(sheet.rows, refused)
    skus = _skus(sheet.rows)
    shop = Shop(currency, sheet.names, skus, Taken(names=skus), Taken(), refused)
    products: list[ImportedProduct] = []
    for handle, rows in groups.items():
        outcome = product_of(handle, rows, shop)
        if isinstance(outcome, Refused):
            refused.append(outcome)
        else:
            products.append(outcome)
    return _checked(sheet, groups, products, refused)


def _by_handle(rows: list[Row], refused: list[Refused]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        handle, title = row.get("handle"), row.get("title")
        made = handle or slug_of(title)
        if not made:
            refused.append(Refused(row.line, "", "row", "It has neither a handle nor a title. Write the handle of its product."))
        elif len(made) > _LONGEST_HANDLE:
            refused.append(Refused(row.line, made[:40], "row", f"The handle is longer than {_LONGEST_HANDLE} characters. Shorten it."))
        elif not handle and made in groups:
            refused.append(Refused(row.line, made, "row", f"It has no handle, and “{made}” belongs to another product. Write its handle."))
        else:
            groups.setdefault(made, []).append(row)
    return groups


def _skus(rows: list[Row]) -> dict[str, int]:
    """Each SKU without regard to case, with the line that has it first."""
    first: dict[str, int] = {}
    for row in rows:
        if sku := sku_in(row):
            first.setdefault(sku.lower(), row.line)
    return first


def _checked(sheet: Sheet, groups: dict[str, list[Row]], products: list[ImportedProduct], refused: list[Refused]) -> Checked:
    found = {"row": len(sheet.rows) + len(sheet.refused), "product": len(groups), "variant": sum(map(is_variant, sheet.rows))}
    counts = Counter(product=len(products), variant=sum(len(x.variants) for x in products))
    warned = [Warned(x.line, x.source_id, "product", message) for x in products for message in x.warnings]
    return Checked(
        source="shopify",
        title="",
        lang=None,
        found=found,
        counts={kind: number for kind, number in counts.items() if number},
        left_out={},
        refused=tuple(sorted(refused, key=lambda x: x.line)),
        warnings=(*_about_columns(sheet), *warned),
        images=tuple(_pictures(products)),
        read=lambda: iter(products),
    )


def _pictures(products: list[ImportedProduct]) -> dict[str, None]:
    pictures: dict[str, None] = {}
    for product in products:
        pictures.update({image.url: None for image in product.images})
        pictures.update({variant.image_url: None for variant in product.variants if variant.image_url})
    return pictures


def _about_columns(sheet: Sheet) -> list[Warned]:
    """What of the file nobody will find again, so that it is known before and not missed after."""
    known = [name for name in sheet.unread if name not in sheet.unknown]
    said = (
        ("Columns that are unknown and left out", sheet.unknown),
        ("Columns of Shopify that have no place here and are left out", known),
    )
    return [Warned(1, "", "column", f"{text}: {', '.join(names)}.") for text, names in said if names]
