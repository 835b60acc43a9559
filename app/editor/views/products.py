"""The catalogue that all sites of a customer share."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from app.editor.views.parts import Filter, Live, Option, Pager, Status, Tab
from app.editor.views.writing import Returned


class PriceRange(Struct, frozen=True, kw_only=True):
    """The lowest and the highest price of a product's variants, in minor units of the list's currency."""

    low: int
    high: int


class ProductRow(Struct, frozen=True, kw_only=True):
    """A product in the list. `sku` for a single variant, else `variants` counts them. `stock` is None when none is counted."""

    id: UUID
    title: str
    status: Status
    category: str = ""
    sku: str = ""
    variants: int = 1
    retail: PriceRange | None = None
    wholesale: PriceRange | None = None
    stock: int | None = None
    lang: str = ""


class ProductList(Struct, frozen=True, kw_only=True):
    """products.html, at /c/{customer}/products. A GET of `q`, `view` and the names of `filters`.

    `view` is repeated by the form of filters. Wholesale prices are only shown, and must only be filled, when `sees_wholesale`.
    `currency` is an ISO 4217 code.
    """

    currency: str
    sites: int = 1
    view: str = ""
    tabs: tuple[Tab, ...] = ()
    q: str = ""
    filters: tuple[Filter, ...] = ()
    is_filtered: bool = False
    rows: tuple[ProductRow, ...] = ()
    pager: Pager | None = None
    sees_wholesale: bool = False
    can_write: bool = False


class VariantFields(Struct, frozen=True, kw_only=True):
    """A row of the variants as texts. Prices are texts in the currency ("12.50"); `amount_text` of `app.editor.render` makes them.

    Sent as `variant-{n}-{name}`, n from 0. `id` is empty for a row that is not saved yet. A handler lets an added row
    through only when something was typed into it.
    """

    id: str = ""
    label: str = ""
    sku: str = ""
    retail: str = ""
    wholesale: str = ""
    sale: str = ""
    stock: str = ""
    availability: str = ""


class ProductFields(Struct, frozen=True, kw_only=True):
    """The fields of a product as texts, exactly as they were typed or stored; `new_id` as in the editor of posts."""

    title: str = ""
    slug: str = ""
    summary: str = ""
    body: str = ""
    body_format: Literal["markdown", "html"] = "html"
    brand: str = ""
    category: str = ""
    new_id: str = ""
    variants: tuple[VariantFields, ...] = ()


class ProductEditor(Struct, frozen=True, kw_only=True):
    """product.html. Posts to /c/{customer}/products/new or …/{id}: the names of `ProductFields`, `version`, and the variants.

    The button "Publish…" sends `then=publish` as in the editor of posts. A last empty row in `variants` is how one is added.
    `errors` may name a cell: `variant-2-retail`. Without `sees_wholesale` neither column nor field exists.
    """

    fields: ProductFields
    currency: str
    id: UUID | None = None
    version: int | None = None
    status: Status = "draft"
    saved_at: datetime | None = None
    live: Live | None = None
    categories: tuple[Option, ...] = ()
    availabilities: tuple[Option, ...] = ()
    lang: str = ""
    errors: dict[str, str] = {}
    returned: Returned = ""
    sees_wholesale: bool = False
    can_edit: bool = True
    needs: str = ""
