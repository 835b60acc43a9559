"""One product of a Shopify CSV, from the rows that share its handle. Pure."""

import sys
from typing import Literal

from msgspec import Struct

from app.catalog.checks import CODE, IMAGES_EACH, LIST_EACH, VARIANTS_EACH
from app.document.plain import cut
from app.imports.addresses import Taken, slug_of
from app.imports.autop import has_blocks, paragraphs
from app.imports.plan import ImportedImage, ImportedOption, ImportedProduct, ImportedVariant, Refused
from app.imports.shopify_rows import Row
from app.imports.shopify_values import Unreadable, amount, grams, gtin, policy, truth, whole_number
from app.settings.limits import LIMITS

Status = Literal["draft", "active", "archived"]

_STATUSES: dict[str, Status] = {"active": "active", "draft": "draft", "archived": "archived"}
_LONGEST_SKU = 100
_OPTIONS = ("option1", "option2", "option3")
_VARIANT = ("price", "sku", "barcode", *(f"{option} value" for option in _OPTIONS))


class Shop(Struct):
    """What all products of a file share: currency, names of columns, and names that may be given only once.

    `skus` maps each SKU in the file, without regard to case, to the line that has it first.
    """

    currency: str
    names: dict[str, str]
    skus: dict[str, int]
    made_skus: Taken
    slugs: Taken
    refused: list[Refused]


def is_variant(row: Row) -> bool:
    """Whether a row describes something to buy; the others add a picture only."""
    return any(row.get(meaning) for meaning in _VARIANT)


def product_of(handle: str, rows: list[Row], shop: Shop) -> ImportedProduct | Refused:
    """The product of all rows with a handle. Rows that cannot be used are added to `shop.refused`, one by one."""
    first = next((row for row in rows if row.get("title")), None)
    if not first:
        return Refused(rows[0].line, handle, "product", "None of its rows has a title. Write one into its first row.")
    rows = _without_strangers(handle, rows, first, shop)
    warnings: list[str] = []
    body = _body(_first(rows, "body"))
    if len(body.encode()) > LIMITS.body_bytes:
        return Refused(first.line, handle, "product", f"The text is longer than {LIMITS.body_bytes:,} bytes. Shorten it.")
    options = _options(rows)
    variants = _variants(handle, rows, options, shop, warnings)
    if not variants:
        return Refused(first.line, handle, "product", "It has no variant with a price that could be read.")
    if len(variants) > VARIANTS_EACH:
        return Refused(
            first.line, handle, "product", f"It has {len(variants)} variants, and a product has at most {VARIANTS_EACH}. Divide it."
        )
    return ImportedProduct(
        line=first.line,
        source_id=handle,
        title=_line(first.get("title"), "The title", warnings),
        slug=shop.slugs.claim(slug_of(handle) or slug_of(first.get("title")) or "product"),
        body_source=body,
        brand=_line(_first(rows, "brand"), "The brand", warnings),
        status=_status(first, warnings),
        tags=_tags(rows, warnings),
        product_type=_first(rows, "type"),
        category=_first(rows, "category"),
        seo_title=_first(rows, "seo title"),
        seo_description=_first(rows, "seo description"),
        options=tuple(_used(option, variants) for option in options.values()),
        images=_images(handle, rows, shop, warnings),
        variants=tuple(variants),
        warnings=tuple(warnings),
    )


def _first(rows: list[Row], meaning: str) -> str:
    return next((row.get(meaning) for row in rows if row.get(meaning)), "")


def _without_strangers(handle: str, rows: list[Row], first: Row, shop: Shop) -> list[Row]:
    """Rows that repeat the title or leave it empty belong to the product; another title is another product under the same handle."""
    kept = []
    for row in rows:
        if row.get("title") in ("", first.get("title")):
            kept.append(row)
        else:
            reason = f"The handle already belongs to “{first.get('title')[:80]}” on line {first.line}. Give this product its own."
            shop.refused.append(Refused(row.line, handle, "row", reason))
    return kept


def _options(rows: list[Row]) -> dict[str, ImportedOption]:
    """The options by their columns. A product with one variant has none; Shopify writes "Title" and "Default Title" for it."""
    found: dict[str, ImportedOption] = {}
    for column in _OPTIONS:
        label, values = _first(rows, f"{column} name"), {row.get(f"{column} value") for row in rows} - {""}
        is_placeholder = label.casefold() == "title" and {x.casefold() for x in values} <= {"default title"}
        if label and values and not is_placeholder:
            code = slug_of(label).replace("-", "_")
            is_free = CODE.fullmatch(code) and code not in {option.code for option in found.values()}
            found[column] = ImportedOption(code if is_free else column, label, ())
    return found


def _used(option: ImportedOption, variants: list[ImportedVariant]) -> ImportedOption:
    """The option with the values that variants have, in the order of the file."""
    return ImportedOption(option.code, option.label, tuple(dict.fromkeys(x.option_values[option.code] for x in variants)))


def _variants(handle: str, rows: list[Row], options: dict[str, ImportedOption], shop: Shop, warnings: list[str]) -> list[ImportedVariant]:
    variants: dict[tuple[str, ...], ImportedVariant] = {}
    without_sku = 0
    for row in filter(is_variant, rows):
        try:
            values = _values(row, options)
            if values in variants:
                raise Unreadable("option1 value", f"Line {variants[values].line} has the same values already. Each variant needs its own.")
            named = dict(zip((option.code for option in options.values()), values, strict=True))
            variants[values] = _variant(handle, row, named, shop, warnings)
            without_sku += not row.get("sku")
        except Unreadable as problem:
            column = shop.names.get(problem.meaning, problem.meaning)
            shop.refused.append(Refused(row.line, handle, "variant", f"{column}: {problem.remedy}"))
    if without_sku:
        warnings.append(f"Variants without a SKU: {without_sku}. Each gets one made of the handle and its options.")
    return list(variants.values())


def _values(row: Row, options: dict[str, ImportedOption]) -> tuple[str, ...]:
    for column in _OPTIONS:
        value = row.get(f"{column} value")
        if column in options and not value:
            raise Unreadable(f"{column} value", f"The value for “{options[column].label}” is missing. Write one.")
        if column not in options and value and value.casefold() != "default title":
            raise Unreadable(
                f"{column} name", f"The value “{value[:40]}” belongs to an option without a name. Write its name into the first row."
            )
    return tuple(row.get(f"{column} value") for column in options)


def _variant(handle: str, row: Row, values: dict[str, str], shop: Shop, warnings: list[str]) -> ImportedVariant:
    retail, sale = _prices(row, shop)
    on_hand, weight = whole_number(row, "on hand"), grams(row)
    sku = _sku(handle, row, values, shop)
    if on_hand is not None and on_hand < 0:
        warnings.append(f"Line {row.line}: the stock is {on_hand}, more were sold than there were; it becomes 0.")
    return ImportedVariant(
        line=row.line,
        sku=sku,
        gtin=gtin(row, warnings),
        option_values=values,
        retail=retail,
        sale=sale,
        currency=shop.currency,
        weight_g=weight,
        on_hand=None if on_hand is None else max(on_hand, 0),
        is_stock_tracked=bool(row.get("tracker")),
        inventory_policy=policy(row, warnings),
        image_url=_picture(handle, row, "variant image", shop),
    )


def _prices(row: Row, shop: Shop) -> tuple[int, int | None]:
    """The price without a sale and, where "compare at" is higher than the price, the price as that of a sale."""
    price, compare_at = amount(row, "price", shop.currency), amount(row, "compare at", shop.currency)
    if price is None:
        raise Unreadable("price", "The price is missing. Write one such as 12.50, or see whether the cells of this row have shifted.")
    return (compare_at, price) if compare_at is not None and compare_at > price else (price, None)


def _sku(handle: str, row: Row, values: dict[str, str], shop: Shop) -> str:
    sku = sku_in(row)
    if not sku:
        return shop.made_skus.claim(slug_of("-".join([handle, *values.values()])) or "sku")
    if len(sku) > _LONGEST_SKU or not sku.isprintable():
        raise Unreadable("sku", f"“{sku[:40]}” is longer than {_LONGEST_SKU} characters or has signs that cannot be seen. Write another.")
    if shop.skus[sku.lower()] != row.line:
        raise Unreadable("sku", f"“{sku}” is also the SKU of line {shop.skus[sku.lower()]}. Each variant needs its own.")
    return sku


def sku_in(row: Row) -> str:
    """The SKU of a row. Spreadsheets keep long numbers as text by putting an apostrophe before them."""
    return row.get("sku").lstrip("'")


def _images(handle: str, rows: list[Row], shop: Shop, warnings: list[str]) -> tuple[ImportedImage, ...]:
    """The pictures by their positions, those without one last; each address once."""
    found: dict[str, tuple[int, str]] = {}
    for row in rows:
        url = _picture(handle, row, "image", shop)
        if url and url not in found:
            found[url] = (_position(row), row.get("image alt"))
    if len(found) > IMAGES_EACH:
        warnings.append(f"It has {len(found)} pictures; the first {IMAGES_EACH} are kept.")
    ordered = sorted(found.items(), key=lambda entry: entry[1][0])[:IMAGES_EACH]
    return tuple(ImportedImage(url, alt, number) for number, (url, (_, alt)) in enumerate(ordered, 1))


def _position(row: Row) -> int:
    text = row.get("image position")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else sys.maxsize


def _picture(handle: str, row: Row, meaning: str, shop: Shop) -> str | None:
    url = row.get(meaning)
    if not url or url.startswith(("http://", "https://")):
        return url or None
    reason = f"{shop.names[meaning]}: “{url[:80]}” is no address of a picture. Write one that begins with https://."
    shop.refused.append(Refused(row.line, handle, "image", reason))
    return None


def _line(text: str, column: str, warnings: list[str]) -> str:
    """A text on one line, cut where it is longer than titles and names may be."""
    line = " ".join(text.split())
    if len(line) > LIMITS.title_characters:
        warnings.append(f"{column} has {len(line):,} characters and is cut after {LIMITS.title_characters}.")
    return cut(line, LIMITS.title_characters)


def _tags(rows: list[Row], warnings: list[str]) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(x.strip() for x in _first(rows, "tags").split(",") if x.strip()))
    if len(tags) > LIST_EACH:
        warnings.append(f"It has {len(tags)} tags; the first {LIST_EACH} are kept.")
    return tags[:LIST_EACH]


def _body(text: str) -> str:
    """HTML as it is; a text without any markup for paragraphs gets them."""
    return text if has_blocks(text) else paragraphs(text)


def _status(first: Row, warnings: list[str]) -> Status:
    """Shopify says in two columns whether a product is active and whether the shop shows it; empty cells mean yes to both."""
    word, published = first.get("status").casefold() or "active", first.get("published")
    if word not in _STATUSES:
        warnings.append(f"Its status “{word[:40]}” is unknown here. It becomes a draft.")
        return "draft"
    if _STATUSES[word] != "active" or not published or truth(published):
        return _STATUSES[word]
    if truth(published) is None:
        warnings.append(f"“{published[:40]}” says neither yes nor no to its being published. It becomes a draft.")
    elif first.get("status"):
        warnings.append("It was active but not shown in the shop. It becomes a draft.")
    return "draft"
