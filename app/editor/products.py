"""The list of products, which all sites of a customer share."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from litestar import Router, get
from msgspec import Struct

from app.catalog.models import Price
from app.catalog.repository import (
    PRODUCTS,
    Edited,
    Parts,
    categories_of,
    parts_of,
    publications_of,
    recent_products,
    variant_by_sku,
    version_of_product,
)
from app.db.work import Reading
from app.editor import product_history, product_publishing, product_writing
from app.editor.entry import CurrentHere
from app.editor.frame import Html, screen, shell_at_customer
from app.editor.local import query
from app.editor.paging import ROWS, Place, cut, pager, place_in
from app.editor.product_reading import sees_wholesale, status_of_product, usual_currency
from app.editor.render import plural
from app.editor.views.parts import Tab
from app.editor.views.products import PriceRange, ProductList, ProductRow
from app.errors import NotFound
from app.identity.access import Act, allows, require
from app.tenancy.models import Site
from app.tenancy.repository import sites_of_customer
from app.web.context import AnyRequest, Here

_TABS = {"": "All", "draft": "Drafts", "active": "Published", "archived": "Archived"}
LONGEST_WORDS = 200


class Wish(Struct, frozen=True):
    """What the list is narrowed to: a state, or none, and words of a name or a whole SKU."""

    view: str
    q: str


class Read(NamedTuple):
    """What the list reads."""

    rows: Sequence[Edited]
    has_older: bool
    parts: dict[UUID, Parts]
    categories: dict[UUID, str]
    sites: list[Site]


@get("/")
async def list_page(request: AnyRequest, here: CurrentHere) -> Html:
    """The products, last edited first."""
    require(here.actor, Act.READ_PRODUCTS)
    view = request.query_params.get("view", "")
    words = request.query_params.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS]
    wish = Wish(view=view if view in _TABS else "", q=words)
    place = place_in(request, f"{here.customer.customer_id}:products:{query(view=wish.view, q=wish.q)}")
    found = await here.database.read(lambda reading: read_list(reading, wish, place))
    shell = await shell_at_customer(request, here, "Products", "products")
    return screen(request, "products.html", shell, list_view(request, here, wish, place, found))


async def read_list(reading: Reading, wish: Wish, place: Place) -> Read:
    """One page of the list and what stands beside its rows."""
    rows, has_older = cut(await recent_products(reading, state=wish.view, words=wish.q, edge=place.edge, limit=ROWS + 1))
    if wish.q and not place.edges:
        named = await of_sku(reading, wish)
        rows = [*([named] if named and named.product.id not in {row.product.id for row in rows} else []), *rows]
    return Read(
        rows=rows,
        has_older=has_older,
        parts=await parts_of(reading, [row.product.id for row in rows]),
        categories={category.id: category.label for category in await categories_of(reading)},
        sites=await sites_of_customer(reading),
    )


async def of_sku(reading: Reading, wish: Wish) -> Edited | None:
    """The product that one of whose variants has this very SKU."""
    try:
        variant = await variant_by_sku(reading, wish.q)
    except NotFound:
        return None
    product = await PRODUCTS.get(reading, variant.product_id)
    if wish.view not in ("", product.state):
        return None
    newest = await version_of_product(reading, product.id)
    live = (await publications_of(reading, [product.id]))[product.id]
    return Edited(product, newest.at, newest.actor_name, len(live), min((row.text_version for row in live), default=None))


def list_view(request: AnyRequest, here: Here, wish: Wish, place: Place, found: Read) -> ProductList:
    """The screen of the list."""
    currency = usual_currency(found.sites)
    last = found.rows[-1] if found.rows and found.has_older else None
    edge = (last.at, last.product.id) if last else None
    text = f"{plural(len(found.rows), 'product')}, last edited first"
    return ProductList(
        currency=currency,
        sites=len(found.sites),
        view=wish.view,
        tabs=tuple(Tab(label=label, href=query(view=view) or "?", is_current=view == wish.view) for view, label in _TABS.items()),
        q=wish.q,
        is_filtered=bool(wish.q),
        rows=tuple(row_view(here, found, row, currency) for row in found.rows),
        pager=pager(request, place, text, edge, view=wish.view, q=wish.q),
        sees_wholesale=sees_wholesale(here),
        can_write=allows(here.actor, Act.WRITE_PRODUCT),
    )


def row_view(here: Here, found: Read, row: Edited, currency: str) -> ProductRow:
    """One row of the list."""
    product, parts = row.product, found.parts[row.product.id]
    counted = [stock.on_hand for stock in parts.stock.values() if stock.on_hand is not None]
    prices = list(parts.prices.values())
    return ProductRow(
        id=product.id,
        title=product.title,
        status=status_of_product(product, row.live_text_version),
        category=found.categories.get(product.category_id, "") if product.category_id else "",
        sku=parts.variants[0].sku if len(parts.variants) == 1 else "",
        variants=len(parts.variants),
        retail=price_range(prices, "retail", currency),
        wholesale=price_range(prices, "wholesale", currency) if sees_wholesale(here) else None,
        stock=sum(counted) if counted else None,
        lang=product.lang,
    )


def price_range(prices: Sequence[Price], kind: str, currency: str) -> PriceRange | None:
    """The lowest and highest price of a kind in the list's currency."""
    amounts = [price.amount for price in prices if price.kind == kind and price.currency == currency]
    return PriceRange(low=min(amounts), high=max(amounts)) if amounts else None


ROUTER = Router(
    path="/c/{customer:str}/products",
    route_handlers=[list_page, product_writing.ROUTER, product_publishing.ROUTER, product_history.ROUTER],
)
