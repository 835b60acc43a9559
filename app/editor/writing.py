"""Writing a post or page: the editor and its Save button."""

from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.content.actions.opening import WRITES
from app.content.repository import authors_of_customer
from app.content.requests import Saved
from app.db.work import Reading
from app.editor.entry import CurrentShelf, Shelf
from app.editor.frame import Html, screen, see_other, shell_at_site
from app.editor.held import held_fields
from app.editor.post_form import expected_version, stored_fields, typed_fields
from app.editor.post_reading import address_of_post, editor_of, new_editor, opened
from app.editor.saving import Typed, attempt
from app.editor.site_links import links_of_site
from app.editor.views.shell import Toast
from app.editor.views.writing import Editor, PostFields
from app.identity.access import Act, require
from app.web.context import AnyRequest, services_of
from app.web.forms import Form, read_form


@get("/new")
async def new_page(request: AnyRequest, shelf: CurrentShelf) -> Html:
    """An empty editor, or one with what was typed before the session ran out."""
    require(shelf.at.actor, WRITES[shelf.kind], own=True, site_id=shelf.at.site.id)
    held = await held_fields(request, shelf.at.here)
    settings = services_of(request).settings

    async def read(reading: Reading) -> Editor:
        links = await links_of_site(reading, settings, shelf.at.site.id)
        fields = typed_fields(held, PostFields(lang=links.first)) if held else None
        return new_editor(shelf, links, await authors_of_customer(reading), fields=fields, returned="signed-in" if held else "")

    view = await shelf.at.database.read(read)
    return screen(request, "editor.html", await shell_at_site(request, shelf.at, f"New {shelf.kind}", shelf.screen), view)


@post("/new", status_code=303)
async def create(request: AnyRequest, shelf: CurrentShelf) -> Html | Redirect:
    """Save a new text."""
    form = await read_form(request)
    typed = Typed(shelf, form)
    return await attempt(request, typed, f"create {shelf.kind}", typed.save, lambda saved: saved_answer(request, shelf, form, saved))


@get("/{post_id:uuid}")
async def edit_page(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Html:
    """The editor of one text; whoever may not change it reads it there."""
    require(shelf.at.actor, Act.READ_CONTENT, site_id=shelf.at.site.id)
    held = await held_fields(request, shelf.at.here)
    settings = services_of(request).settings

    async def read(reading: Reading) -> Editor:
        found = await opened(reading, settings, shelf, post_id)
        if held is None:
            return editor_of(shelf, found)
        fields = typed_fields(held, stored_fields(found.state))
        return editor_of(shelf, found, fields=fields, version=held.number("version"), returned="signed-in")

    view = await shelf.at.database.read(read)
    return screen(request, "editor.html", await shell_at_site(request, shelf.at, view.fields.title or "Untitled", shelf.screen), view)


@post("/{post_id:uuid}", status_code=303)
async def save(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Html | Redirect:
    """Save a text that exists."""
    form = await read_form(request)
    typed = Typed(shelf, form, post_id, expected_version(form))
    return await attempt(request, typed, f"save {shelf.kind}", typed.save, lambda saved: saved_answer(request, shelf, form, saved))


def saved_answer(request: AnyRequest, shelf: Shelf, form: Form, saved: Saved) -> Redirect:
    """Back to the editor, or on to publishing where that was asked for."""
    address = address_of_post(shelf, saved.id)
    if form.text("then") == "publish":
        return see_other(request, f"{address}/publish")
    return see_other(request, address, Toast(text=saved_words(saved)))


def saved_words(saved: Saved) -> str:
    """That the text is saved, and what readers will not get of it."""
    if not saved.dropped:
        return "Saved."
    return f"Saved. Publishing leaves out: {'; '.join(saved.dropped[:3])}{' and more' if len(saved.dropped) > 3 else ''}."


ROUTER = Router(path="/", route_handlers=[new_page, create, edit_page, save])
