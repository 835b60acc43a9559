"""What a file would bring, whatever system it came from: frozen values that checking makes and applying reads. Pure.

A check reads the whole file first, so that a broken one is refused before anything is written. Things point at each other by `source_id`,
their name in the source, which is unique within one kind (author, tag, attachment, post or page, product). Lines are counted from 1.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from app.errors import Invalid

# How far a reading has come: units done, units in all. The units are bytes or characters; only their ratio means something.
Progress = Callable[[int, int], None]


class BrokenFile(Invalid):
    """A file that cannot be read as a whole: ill-formed, cut off, or something else altogether. Nothing of it is imported."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__({"file": f"Line {line}: {reason}"}, f"The file cannot be imported. Line {line}: {reason}")
        self.line = line
        self.reason = reason


class Refused(Struct, frozen=True):
    """Something in the file that will be left out. `kind` is its type in the source, `reason` says what to mend."""

    line: int
    source_id: str
    kind: str
    reason: str


class Warned(Struct, frozen=True):
    """Something that will be imported, but not quite as it was."""

    line: int
    source_id: str
    kind: str
    message: str


class ImportedAuthor(Struct, frozen=True):
    """A byline. `source_id` is the login, which posts name; no e-mail address is taken over."""

    line: int
    source_id: str
    slug: str
    name: str
    bio: str = ""


class ImportedTag(Struct, frozen=True):
    """A category or tag. `source_id` is its slug here; `path` are the labels from the outermost parent down to its own."""

    line: int
    source_id: str
    slug: str
    label: str
    path: tuple[str, ...]
    summary: str = ""


class ImportedAttachment(Struct, frozen=True):
    """A file of the media library, still at its old address."""

    line: int
    source_id: str
    url: str
    title: str
    alt: str
    caption: str
    parent_source_id: str | None
    position: int


class ImportedPost(Struct, frozen=True, kw_only=True):
    """A post or page. `slug` is free of clashes within the file; a page's is its whole path.

    `published_at` is in UTC and None for drafts without a date; for `scheduled` it may already be past when the import is applied.
    `parent_source_id` may name a page that comes later in the file. `tags` are the `source_id`s of ImportedTags. `guid` is what the
    source calls it for good, "" where it has no such name; unlike `source_url` it stays when a draft is published or an address changes.
    """

    line: int
    source_id: str
    kind: Literal["post", "page"]
    title: str
    slug: str
    body_source: str
    summary: str
    status: Literal["draft", "published", "scheduled", "trashed"]
    published_at: datetime | None
    author_source_id: str | None
    tags: tuple[str, ...]
    parent_source_id: str | None
    menu_order: int
    cover_source_id: str | None
    source_url: str
    guid: str = ""
    is_featured: bool = False
    body_format: Literal["html"] = "html"
    lang: str | None = None
    warnings: tuple[str, ...] = ()


class ImportedImage(Struct, frozen=True):
    """A picture of a product, still at its old address. Positions count from 1."""

    url: str
    alt: str
    position: int


class ImportedOption(Struct, frozen=True):
    """What the variants of a product differ in, with its values in the order of the file."""

    code: str
    label: str
    values: tuple[str, ...]


class ImportedVariant(Struct, frozen=True, kw_only=True):
    """One thing that can be bought. Prices are in minor units of `currency`; `retail` is the price without the sale.

    `option_values` maps the code of an option to a value. `on_hand` and `weight_g` are None where the file does not say.
    """

    line: int
    sku: str
    gtin: str | None
    option_values: dict[str, str]
    retail: int
    sale: int | None
    currency: str
    weight_g: int | None
    on_hand: int | None
    is_stock_tracked: bool
    inventory_policy: Literal["deny", "continue"]
    image_url: str | None


class ImportedProduct(Struct, frozen=True, kw_only=True):
    """A product with at least one variant. `source_id` is the handle; `tags` are labels; `category` is a path such as `Home > Vases`."""

    line: int
    source_id: str
    title: str
    slug: str
    body_source: str
    brand: str
    status: Literal["draft", "active", "archived"]
    tags: tuple[str, ...]
    product_type: str
    category: str
    seo_title: str
    seo_description: str
    options: tuple[ImportedOption, ...]
    images: tuple[ImportedImage, ...]
    variants: tuple[ImportedVariant, ...]
    body_format: Literal["html"] = "html"
    warnings: tuple[str, ...] = ()


Imported = ImportedAuthor | ImportedTag | ImportedAttachment | ImportedPost | ImportedProduct


class Checked(Struct, frozen=True, kw_only=True):
    """The outcome of pass 1. Nothing was written.

    `source` names the system whose `source_id`s these are. `found` counts what the file holds by its own types, `counts` what pass 2
    will make by ours, `left_out` what is known but has no place here (comments, menus). `images` are the distinct addresses of pictures.
    `read()` gives the things in the order in which they can be made (authors, tags, attachments, then posts), each time from the start;
    it reads the file again, so the file must stay where it is.
    """

    source: str
    title: str
    lang: str | None
    found: dict[str, int]
    counts: dict[str, int]
    left_out: dict[str, int]
    refused: tuple[Refused, ...]
    warnings: tuple[Warned, ...]
    images: tuple[str, ...]
    read: Callable[[], Iterator[Imported]]
