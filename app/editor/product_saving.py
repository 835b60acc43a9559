"""Saving what was sent from the editor of a product: whatever goes wrong, it comes back as it was typed."""

from uuid import UUID

from app.catalog.actions import save_product
from app.catalog.actions.opening import read_state
from app.catalog.repository import categories_of
from app.catalog.requests import Saved
from app.db.work import Reading, Work
from app.editor.frame import Html, customer_shell, screen, shell_at_customer
from app.editor.post_form import expected_version
from app.editor.product_choosing import product_conflict_screen
from app.editor.product_form import Cells, currency_of, in_form, save_request, stored_fields, typed_fields
from app.editor.product_reading import (
    new_product_editor,
    opened_product,
    product_editor,
    product_editor_without_database,
    seen_by,
    usual_currency,
)
from app.editor.views.products import ProductEditor, ProductFields
from app.editor.views.writing import Returned
from app.errors import AGoatError, ChangedElsewhere, Conflict, Invalid, OutcomeUnknown, Taken, Unavailable
from app.identity.access import Act, require
from app.tenancy.repository import sites_of_customer
from app.web.context import AnyRequest, Here, services_of
from app.web.forms import Form
from app.web.problems import headers_of, status_of


class TypedProduct:
    """What was sent from the editor of a product: the form, the product (None for a new one), and the version that was opened."""

    def __init__(self, here: Here, form: Form, product_id: UUID | None = None) -> None:
        self.here = here
        self.form = form
        self.product_id = product_id
        self.version = expected_version(form) if product_id else None
        self.rows: tuple[int, ...] = ()

    async def save(self, work: Work) -> Saved:
        """Save the product. Raises what `save_product` raises."""
        require(self.here.actor, Act.WRITE_PRODUCT)
        cells = await self.cells(work)
        self.rows = cells.rows
        return await save_product(work, self.here.actor, cells.request)

    async def cells(self, work: Work) -> Cells:
        """The request that the form makes of the product as it is stored."""
        sites = await sites_of_customer(work)
        if self.product_id is None:
            fields = typed_fields(self.form, ProductFields())
            lang = sites[0].lang if sites else "en"
            return save_request(fields, None, product_id=None, lang=lang, currency=usual_currency(sites), expect=None)
        product, state = await read_state(work, self.product_id)
        if product.version != self.version:
            # The cells are read against the version that was opened; against another one they would mean something else.
            raise ChangedElsewhere("A newer version was saved in the meantime.", expected=self.version, current=product.version)
        fields = typed_fields(self.form, stored_fields(seen_by(self.here, state)))
        currency = currency_of(state, usual_currency(sites))
        visible = seen_by(self.here, state)
        return save_request(fields, visible, product_id=product.id, lang=state.lang, currency=currency, expect=self.version)


async def save_typed(request: AnyRequest, typed: TypedProduct, verb: str) -> Saved | Html:
    """Save, or answer with what was typed: beside the newer version after a stale save, else in the editor."""
    here = typed.here
    try:
        return await here.database.run(here.actor, verb, typed.save)
    except ChangedElsewhere as error:
        if typed.product_id is None:
            raise
        return await product_conflict_screen(request, here, typed.product_id, typed.form, base=typed.version, theirs=error.current)
    except (Invalid, Conflict, Unavailable, OutcomeUnknown) as error:
        return await refused_product(request, typed, error)


async def refused_product(request: AnyRequest, typed: TypedProduct, error: AGoatError) -> Html:
    """The editor with what was typed, and what is wrong."""
    fields = typed_fields(typed.form, ProductFields())
    title = fields.title.strip() or "New product"
    if isinstance(error, Unavailable | OutcomeUnknown):
        shell = customer_shell(request, typed.here, title, "products")
        returned: Returned = "unknown" if isinstance(error, OutcomeUnknown) else "away"
        view = product_editor_without_database(typed.here, typed.product_id, typed.version, fields, returned)
    else:
        shell = await shell_at_customer(request, typed.here, title, "products")
        view = await refused_editor(request, typed, complaints(typed, error))
    return screen(request, "product.html", shell, view, status=status_of(error), headers=headers_of(error))


async def refused_editor(request: AnyRequest, typed: TypedProduct, errors: dict[str, str]) -> ProductEditor:
    """The editor as it was sent, with what needs another look."""
    settings = services_of(request).settings

    async def read(reading: Reading) -> ProductEditor:
        if typed.product_id is not None:
            found = await opened_product(reading, settings, typed.here, typed.product_id)
            fields = typed_fields(typed.form, stored_fields(found.state))
            return product_editor(typed.here, found, fields=fields, version=typed.version, errors=errors)
        currency = usual_currency(await sites_of_customer(reading))
        fields = typed_fields(typed.form, ProductFields())
        return new_product_editor(typed.here, await categories_of(reading), currency, fields=fields, errors=errors)

    return await typed.here.database.read(read)


def complaints(typed: TypedProduct, error: AGoatError) -> dict[str, str]:
    """What is wrong, by the fields and cells of the form."""
    if isinstance(error, Invalid):
        return in_form(error.fields, typed.rows)
    return in_form({error.field: error.detail}, typed.rows) if isinstance(error, Taken) else {"version": error.detail}


def saved_words(saved: Saved, *, is_live: bool) -> str:
    """That the product is saved, and when readers see it."""
    text = "Saved. Prices and stock are live as they stand here; changed texts wait until you publish." if is_live else "Saved."
    return f"{text} Publishing leaves out: {'; '.join(saved.dropped[:3])}." if saved.dropped else text
