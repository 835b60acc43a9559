"""The rows of a Shopify product CSV with their lines, whichever of the two header dialects it has. Pure but for reading the file."""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from msgspec import Struct

from app.imports.plan import BrokenFile, Progress, Refused
from app.settings.limits import LIMITS

# The whole text is held while it is read; Shopify itself takes 15 MB.
LARGEST_FILE = 50_000_000

# What a column means, by its name in the old and in the new dialect, compared without case, signs and double spaces.
_COLUMNS = {
    "handle": ("handle", "url handle"),
    "title": ("title",),
    "body": ("body html", "description"),
    "brand": ("vendor",),
    "category": ("product category", "standard product type", "standardized product type"),
    "type": ("type", "custom product type"),
    "tags": ("tags",),
    "published": ("published", "published on online store"),
    "status": ("status",),
    "option1 name": ("option1 name",),
    "option1 value": ("option1 value",),
    "option2 name": ("option2 name",),
    "option2 value": ("option2 value",),
    "option3 name": ("option3 name",),
    "option3 value": ("option3 value",),
    "sku": ("variant sku", "sku"),
    "barcode": ("variant barcode", "barcode"),
    "grams": ("variant grams", "weight value grams"),
    "tracker": ("variant inventory tracker", "inventory tracker"),
    "on hand": ("variant inventory qty", "inventory quantity"),
    "policy": ("variant inventory policy", "continue selling when out of stock"),
    "price": ("variant price", "price"),
    "compare at": ("variant compare at price", "compare at price"),
    "image": ("image src", "product image url"),
    "image position": ("image position",),
    "image alt": ("image alt text",),
    "variant image": ("variant image", "variant image url"),
    "seo title": ("seo title",),
    "seo description": ("seo description",),
}
_MEANINGS = {name: meaning for meaning, names in _COLUMNS.items() for name in names}
# Columns of Shopify that have no place here. Costs are nobody's business who may read products.
_KNOWN = re.compile(
    r"google shopping .*|.* (?:product|variant) metafields .*|(?:price|compare at price|included) .+|option[123] linked to|cost per item"
    r"|(?:variant )?(?:taxable|tax code|requires shipping|fulfillment service|unit price .*|weight unit)|charge tax|weight unit for display"
    r"|gift card|collection"
)


class Row(Struct, frozen=True):
    """One row by the meaning of its columns; empty cells are left out. `line` is where it begins."""

    line: int
    cells: dict[str, str]

    def get(self, meaning: str) -> str:
        """A cell without white space around it; "" where it is empty or the column is absent."""
        return self.cells.get(meaning, "")


class Sheet(Struct):
    """A file row by row. `names` maps meanings to the column names of this file; `unread` are columns with values that are not imported."""

    names: dict[str, str]
    unknown: list[str]
    unread: dict[str, None]
    rows: list[Row]
    refused: list[Refused]


def read_sheet(path: Path, progress: Progress) -> Sheet:
    """All rows of a file. Rows with more or fewer cells than the header are refused, as nobody can tell which cell is which.

    Raises BrokenFile, with the line, for a file that is no UTF-8 CSV with commas, is cut off, or lacks a column that products need.
    """
    text = _text(path)
    records = (record for record in _records(text, progress) if any(x.strip() for x in record[1]))
    header = next(records, (1, []))[1]
    meanings = _meanings(header)
    sheet = Sheet({meaning: header[at].strip() for at, meaning in meanings.items()}, [], {}, [], [])
    sheet.unknown = [x.strip() for x in header if x.strip() and _simple(x) not in _MEANINGS and not _KNOWN.fullmatch(_simple(x))]
    line, cells = 1, header
    for line, record in records:
        cells = [x.strip() for x in record]
        _take(sheet, line, cells, header, meanings)
    if len(cells) < len(header) and not text.endswith(("\n", "\r")):
        raise BrokenFile(line, "The file ends in the middle of this row: it was cut off. Export it again.")
    progress(len(text), len(text))
    return sheet


def _take(sheet: Sheet, line: int, cells: list[str], header: list[str], meanings: dict[int, str]) -> None:
    if len(cells) < len(header) or any(cells[len(header) :]):
        handle = next((cells[at] for at, meaning in meanings.items() if meaning == "handle" and at < len(cells)), "")
        reason = f"The row has {len(cells)} cells and the header {len(header)}. Look for a missing comma or quotation mark."
        sheet.refused.append(Refused(line, handle, "row", reason))
        return
    sheet.rows.append(Row(line, {meaning: cells[at] for at, meaning in meanings.items() if cells[at]}))
    sheet.unread.update({name.strip(): None for at, name in enumerate(header) if at not in meanings and cells[at] and name.strip()})


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST_FILE:
        raise BrokenFile(1, f"The file is larger than {LARGEST_FILE // 1_000_000} MB. Divide it into several with the same header.")
    data = path.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        raise BrokenFile(1, "This is a workbook or a packed file. Save the sheet as “CSV UTF-8”.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BrokenFile(1, "The file is in UTF-16. Save it as “CSV UTF-8”.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenFile(_line_of(data, error.start), "The bytes here are not UTF-8. Save the file as “CSV UTF-8”.") from None
    nul = data.find(b"\0")
    if nul >= 0:
        raise BrokenFile(_line_of(data, nul), "The control character U+0000 stands here, which no text holds. Export the file again.")
    return text


def _line_of(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1


def _records(text: str, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins."""
    # The limit belongs to the whole process; every reader that sets it sets this same value.
    csv.field_size_limit(LIMITS.body_bytes)
    source = StringIO(text, newline="")
    reader = csv.reader(source, strict=True)
    line = 1
    try:
        for number, record in enumerate(reader):
            yield line, record
            line = reader.line_num + 1
            if number % 100 == 0:
                progress(source.tell(), len(text))
    except csv.Error as error:
        raise BrokenFile(line, _reason(str(error), line, reader.line_num)) from None


def _reason(error: str, line: int, noticed: int) -> str:
    where = "" if noticed == line else f" (noticed on line {noticed})"
    if "field larger" in error:
        return f"A cell of this row is longer than {LIMITS.body_bytes:,} characters{where}. A quotation mark may be missing."
    if "unexpected end" in error:
        return "A quotation mark opens in this row and never closes: the mark is missing or the file was cut off."
    return f"A quotation mark in this row is not closed or not doubled{where}."


def _meanings(header: list[str]) -> dict[int, str]:
    """The meaning of each column by its place."""
    if not any(x.strip() for x in header):
        raise BrokenFile(1, "The file is empty.")
    if len(header) == 1 and re.search("[;\t]", header[0]):
        raise BrokenFile(1, "The columns are divided by semicolons or tabs. Save the file with commas.")
    found: dict[int, str] = {}
    for at, name in enumerate(header):
        meaning = _MEANINGS.get(_simple(name))
        if meaning in found.values():
            raise BrokenFile(1, f"Two columns mean the same, the second is “{name.strip()}”. Remove one.")
        if meaning:
            found[at] = meaning
    for needed, name in (("title", "Title"), ("handle", "Handle")):
        if needed not in found.values():
            raise BrokenFile(1, f"The column “{name}” is missing. Without it no row can be told from another.")
    return found


def _simple(name: str) -> str:
    words = " ".join(re.findall(r"[a-z0-9]+", name.casefold()))
    return re.sub(r"^option (?=[123]\b)", "option", words)
