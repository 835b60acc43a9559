"""Writing a product: its texts, variants, prices and stock; and deciding between two versions of it."""

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.catalog.repository import categories_of, publications_of
from app.catalog.requests import Saved
from app.db.work import Reading
from app.editor.choosing import chosen_in, everything, side_in
from app.editor.entry import CurrentHere
from app.editor.frame import Html, screen, see_other, shell_at_customer
from app.editor.held import held_address, held_fields
from app.editor.post_form import expected_version
from app.editor.product_choosing import ProductSides, product_conflict_screen, product_sides_screen, read_product_sides
from app.editor.product_form import form_of, stored_fields, typed_fields
from app.editor.product_reading import address_of_products, new_product_editor, opened_product, product_editor, usual_currency
from app.editor.product_saving import TypedProduct, refused_product, save_typed, saved_words
from app.editor.views.products import ProductEditor, ProductFields
from app.editor.views.shell import Toast
from app.errors import ChangedElsewhere, Conflict, Invalid, OutcomeUnknown, Unavailable
from app.identity.access import Act, require
from app.tenancy.repository import sites_of_customer
from app.web.context import AnyRequest, Here, services_of
from app.web.forms import Form, read_form


@get("/new")
async def new_page(request: AnyRequest, here: CurrentHere) -> Html:
    """An empty editor, or one with what was typed before the session ran out."""
    require(here.actor, Act.WRITE_PRODUCT)
    held = await held_fields(request, here)

    async def read(reading: Reading) -> ProductEditor:
        currency = usual_currency(await sites_of_customer(reading))
        fields = typed_fields(held, ProductFields()) if held else None
        return new_product_editor(here, await categories_of(reading), currency, fields=fields, returned="signed-in" if held else "")

    view = await here.database.read(read)
    return screen(request, "product.html", await shell_at_customer(request, here, "New product", "products"), view)


@post("/new", status_code=303)
async def create(request: AnyRequest, here: CurrentHere) -> Html | Redirect:
    """Save a new product."""
    form = await read_form(request)
    saved = await save_typed(request, TypedProduct(here, form), "create product")
    return await saved_answer(request, here, form, saved) if isinstance(saved, Saved) else saved


@get("/{product_id:uuid}")
async def edit_page(request: AnyRequest, here: CurrentHere, product_id: FromPath[UUID]) -> Html:
    """The editor of one product; whoever may not change it reads it there."""
    require(here.actor, Act.READ_PRODUCTS)
    held = await held_fields(request, here)
    settings = services_of(request).settings

    async def read(reading: Reading) -> ProductEditor:
        found = await opened_product(reading, settings, here, product_id)
        if held is None:
            return product_editor(here, found)
        fields = typed_fields(held, stored_fields(found.state))
        return product_editor(here, found, fields=fields, version=held.number("version"), returned="signed-in")

    view = await here.database.read(read)
    return screen(request, "product.html", await shell_at_customer(request, here, view.fields.title, "products"), view)


@post("/{product_id:uuid}", status_code=303)
async def save(request: AnyRequest, here: CurrentHere, product_id: FromPath[UUID]) -> Html | Redirect:
    """Save a product that exists."""
    form = await read_form(request)
    saved = await save_typed(request, TypedProduct(here, form, product_id), "save product")
    return await saved_answer(request, here, form, saved) if isinstance(saved, Saved) else saved


async def saved_answer(request: AnyRequest, here: Here, form: Form, saved: Saved) -> Redirect:
    """Back to the editor, or on to publishing where that was asked for."""
    address = f"{address_of_products(here)}/{saved.id}"
    if form.text("then") == "publish":
        return see_other(request, f"{address}/publish")
    live = await here.database.read(lambda reading: publications_of(reading, [saved.id]))
    return see_other(request, address, Toast(text=saved_words(saved, is_live=bool(live[saved.id]))))


@post("/{product_id:uuid}/conflict", status_code=303)
async def resolve(request: AnyRequest, here: CurrentHere, product_id: FromPath[UUID]) -> Html | Redirect:
    """Save what was chosen of both versions; a third save that came between opens the page once more."""
    form = await read_form(request)
    require(here.actor, Act.WRITE_PRODUCT)
    base, theirs = form.number("base"), expected_version(form)
    held = held_address(form, f"{address_of_products(here)}/{product_id}")

    async def read(reading: Reading) -> ProductSides:
        return await read_product_sides(reading, here, product_id, form, base, theirs)

    sides, chosen, take = await here.database.read(read), chosen_in(form), side_in(form.text("take"))
    if take is not None:
        chosen = everything(take, sides.pairs, sides.passages)
        return await product_sides_screen(request, here, product_id, sides, base, chosen, status=200, held=held)
    try:
        merged = form_of(sides.merged(chosen))
    except Invalid:
        return await product_sides_screen(request, here, product_id, sides, base, chosen, status=422, held=held)
    merged.fields["version"] = [str(theirs)]
    return await save_merged(request, TypedProduct(here, merged, product_id))


async def save_merged(request: AnyRequest, merged: TypedProduct) -> Html | Redirect:
    """Save a merged product as a version of its own."""
    here, product_id = merged.here, merged.product_id
    assert product_id is not None
    try:
        await here.database.run(here.actor, "merge product", merged.save)
    except ChangedElsewhere as error:
        return await product_conflict_screen(request, here, product_id, merged.form, base=merged.version, theirs=error.current, is_new=True)
    except (Invalid, Conflict, Unavailable, OutcomeUnknown) as error:
        return await refused_product(request, merged, error)
    return see_other(request, f"{address_of_products(here)}/{product_id}", Toast(text="Merged product saved."))


ROUTER = Router(path="/", route_handlers=[new_page, create, edit_page, save, resolve])
