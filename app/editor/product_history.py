"""The history of a product: its versions, two of them compared, and bringing one back."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.catalog.actions import restore_version
from app.catalog.models import ProductVersion
from app.catalog.repository import PRODUCTS, categories_of, publications_of, version_of_product, versions_of_product
from app.catalog.states import ProductState, state_in
from app.db.work import Reading
from app.editor.comparing import Comparison, Fields, compared
from app.editor.entry import CurrentHere
from app.editor.errors import said_page
from app.editor.frame import Html, screen, see_other, shell_at_customer
from app.editor.meanwhile import changed_meanwhile
from app.editor.post_form import body_format_of, expected_version
from app.editor.product_choosing import CELLS
from app.editor.product_form import stored_cells
from app.editor.product_reading import address_of_products, refusal_of, seen_by
from app.editor.site_links import language_name
from app.editor.timeline import SHOWN, days_of, number_in
from app.editor.views.shell import Toast
from app.editor.views.writing import History
from app.editor.wording import AVAILABILITIES
from app.errors import ChangedElsewhere, Invalid, Taken
from app.identity.access import Act, require
from app.web.context import AnyRequest, Here
from app.web.forms import read_form


class Past(NamedTuple):
    """What the screen of a history reads."""

    title: str
    lang: str
    newest: int
    shown: int
    before: int | None
    rows: list[ProductVersion]
    live: int | None
    comparison: Comparison


def fields_to_compare(state: ProductState, categories: Mapping[UUID, str]) -> Fields:
    """The fields and cells of a state by their labels. What the person may not see has been taken out before."""
    said: dict[str, Any] = {
        "Name": state.title,
        "Address": state.slug,
        "Excerpt": state.summary,
        "Brand": state.brand,
        "Category": categories.get(state.category_id, "one that is gone") if state.category_id else "",
        "Tags": list(state.tags),
        "Language": language_name(state.lang),
        "State": state.state,
        "Tax rate": state.tax_rate_percent,
        "Featured": state.is_featured,
        "Images": len(state.images),
        "Sites": len(state.sites),
    }
    said |= {f"Field {code}": str(value) for code, value in state.fields.items()}
    for variant in state.variants:
        cells = stored_cells(variant)
        words = {name: getattr(cells, name) for name in CELLS} | {
            "availability": AVAILABILITIES.get(cells.availability, cells.availability)
        }
        said |= {f"{label} of {variant.sku}": words[name] for name, label in CELLS.items() if name != "sku"}
    return said | {"Variants": [variant.sku for variant in state.variants]}


async def compare_products(reading: Reading, before: ProductState, after: ProductState) -> Comparison:
    """Two states of a product."""
    categories = {category.id: category.label for category in await categories_of(reading)}
    fields = fields_to_compare(before, categories), fields_to_compare(after, categories)
    return compared(*fields, before.body_source, after.body_source, body_format_of(after.body_format))


@get("/history")
async def history_page(request: AnyRequest, here: CurrentHere, product_id: FromPath[UUID]) -> Html:
    """The versions of a product, and two of them side by side: `from` and `to`."""
    require(here.actor, Act.READ_PRODUCTS)
    asked = {name: number_in(request.query_params.get(name, "")) for name in ("from", "to", "before")}

    async def read(reading: Reading) -> Past:
        return await read_past(reading, here, product_id, asked)

    past = await here.database.read(read)
    shell = await shell_at_customer(request, here, "History", "products")
    return screen(request, "history.html", shell, history_view(here, product_id, past, shell.zone))


async def read_past(reading: Reading, here: Here, product_id: UUID, asked: Mapping[str, int | None]) -> Past:
    """The versions and the comparison that the address asks for; without a wish the newest with the one before it."""
    found = await PRODUCTS.get(reading, product_id)
    newer = asked["to"] or found.version
    older = asked["from"] if asked["from"] is not None else newer - 1 or None
    live = (await publications_of(reading, [product_id]))[product_id]
    return Past(
        title=found.title,
        lang=found.lang,
        newest=found.version,
        shown=newer,
        before=older,
        rows=await versions_of_product(reading, product_id, before=asked["before"], limit=SHOWN + 1),
        live=live[0].text_version if live else None,
        comparison=await _compared(reading, here, product_id, older, newer),
    )


async def _compared(reading: Reading, here: Here, product_id: UUID, old: int | None, new: int) -> Comparison:
    after = seen_by(here, state_in((await version_of_product(reading, product_id, new)).payload))
    if old is None:
        return Comparison((), (), 0, 0)
    return await compare_products(reading, seen_by(here, state_in((await version_of_product(reading, product_id, old)).payload)), after)


def history_view(here: Here, product_id: UUID, past: Past, zone: str) -> History:
    """The screen of a history."""
    rows = past.rows[:SHOWN]
    restorable = past.shown if past.shown != past.newest else past.before
    return History(
        kind="product",
        id=product_id,
        version=past.newest,
        title=past.title,
        to_version=past.shown,
        from_version=past.before,
        lang=past.lang,
        fields=past.comparison.fields,
        blocks=past.comparison.blocks,
        words_added=past.comparison.words_added,
        words_removed=past.comparison.words_removed,
        days=days_of(rows, zone, here.person.user_id, newest=past.newest, live=past.live),
        older=f"?before={rows[-1].version}" if len(past.rows) > SHOWN else None,
        restorable=restorable if refusal_of(here) is None else None,
    )


@post("/restore", status_code=303)
async def restore(request: AnyRequest, here: CurrentHere, product_id: FromPath[UUID]) -> Html | Redirect:
    """Make an old version the newest one again; prices and stock stay as they are."""
    form = await read_form(request)
    expect, number, address = expected_version(form), form.number("number"), f"{address_of_products(here)}/{product_id}"
    if number is None:
        raise Invalid({"number": "Choose the version to bring back."})
    try:
        await here.database.run(here.actor, "restore product", lambda work: restore_version(work, here.actor, product_id, number, expect))
    except ChangedElsewhere:
        return await faster(request, here, product_id, f"{address}/history")
    except Taken as error:
        return said_page(
            request, 409, "This version cannot be brought back yet", (error.detail, "Give the other product another address first.")
        )
    return see_other(request, address, Toast(text=f"The texts of version {number} are back. Prices and stock stay as they were."))


async def faster(request: AnyRequest, here: Here, product_id: UUID, drop: str) -> Html:
    """Who saved this product in the meantime."""
    newest = await here.database.read(lambda reading: version_of_product(reading, product_id))
    return changed_meanwhile(request, here, newest.title, newest, drop)


ROUTER = Router(path="/{product_id:uuid}", route_handlers=[history_page, restore])
