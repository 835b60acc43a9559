"""Deciding between two versions of one text, and saving what was decided."""

from uuid import UUID

from litestar import Router, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.db.work import Reading
from app.editor.choosing import chosen_in, everything, side_in
from app.editor.conflict_view import Sides, conflict_screen, read_sides, sides_screen
from app.editor.entry import CurrentShelf
from app.editor.frame import Html, see_other
from app.editor.held import held_address
from app.editor.post_form import expected_version, form_of
from app.editor.post_reading import address_of_post, post_on, refusal_of
from app.editor.saving import Typed, refused
from app.editor.views.shell import Toast
from app.errors import ChangedElsewhere, Conflict, Invalid, OutcomeUnknown, Unavailable
from app.web.context import AnyRequest
from app.web.forms import read_form


@post("/conflict", status_code=303)
async def resolve(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Html | Redirect:
    """Save what was chosen of both texts; a third save that came between opens the page once more."""
    form = await read_form(request)
    base, theirs, held = form.number("base"), expected_version(form), held_address(form, address_of_post(shelf, post_id))

    async def read(reading: Reading) -> Sides:
        refusal = refusal_of(shelf.at.actor, await post_on(reading, shelf, post_id))
        if refusal is not None:
            raise refusal
        return await read_sides(reading, shelf, post_id, form, base, theirs)

    sides, chosen, take = await shelf.at.database.read(read), chosen_in(form), side_in(form.text("take"))
    if take is not None:
        taken = everything(take, sides.pairs, sides.passages)
        return await sides_screen(request, shelf, post_id, sides, base, taken, status=200, held=held)
    try:
        merged = Typed(shelf, form_of(sides.merged(chosen)), post_id, theirs)
    except Invalid:
        return await sides_screen(request, shelf, post_id, sides, base, chosen, status=422, held=held)
    return await save_merged(request, merged)


async def save_merged(request: AnyRequest, merged: Typed) -> Html | Redirect:
    """Save a merged text as a version of its own."""
    shelf, post_id = merged.shelf, merged.post_id
    assert post_id is not None
    try:
        await shelf.at.database.run(shelf.at.actor, f"merge {shelf.kind}", merged.save)
    except ChangedElsewhere as error:
        return await conflict_screen(request, shelf, post_id, merged.form, base=merged.version, theirs=error.current, is_new=True)
    except (Invalid, Conflict, Unavailable, OutcomeUnknown) as error:
        return await refused(request, merged, error)
    return see_other(request, address_of_post(shelf, post_id), Toast(text="Merged text saved."))


ROUTER = Router(path="/{post_id:uuid}", route_handlers=[resolve])
