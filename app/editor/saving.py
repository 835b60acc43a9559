"""Acts that are sent together with the typed text: whatever goes wrong, the text comes back."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from litestar.response import Redirect

from app.content.actions import save_post
from app.content.history import state_of
from app.content.repository import authors_of_customer, tags_of_posts
from app.content.requests import Saved
from app.db.work import Reading, Work
from app.editor.conflict_view import conflict_screen
from app.editor.entry import Shelf
from app.editor.frame import Html, customer_shell, screen, shell_at_site
from app.editor.post_form import in_form, save_request, stored_fields, typed_fields
from app.editor.post_reading import editor_of, editor_without_database, new_editor, opened, post_on
from app.editor.site_links import links_of_site
from app.editor.views.writing import Editor, PostFields, Returned
from app.errors import AGoatError, ChangedElsewhere, Conflict, Invalid, OutcomeUnknown, Taken, Unavailable
from app.web.context import AnyRequest, services_of
from app.web.forms import Form
from app.web.problems import headers_of, status_of

T = TypeVar("T")


class Typed:
    """What was sent from an editor: the form, the post it is for (None for a new one), and the version that was opened."""

    def __init__(self, shelf: Shelf, form: Form, post_id: UUID | None = None, version: int | None = None) -> None:
        self.shelf = shelf
        self.form = form
        self.post_id = post_id
        self.version = version

    @property
    def fields(self) -> PostFields:
        """The fields as far as they were sent."""
        return typed_fields(self.form, PostFields())

    async def save(self, work: Work) -> Saved:
        """Save the text. Raises what `save_post` raises, and NotFound for a post that stands elsewhere."""
        actor = self.shelf.at.actor
        if self.post_id is None:
            fields = typed_fields(self.form, PostFields(lang=self.shelf.at.site.lang))
            return await save_post(work, actor, save_request(self.shelf, fields, None, None))
        post = await post_on(work, self.shelf, self.post_id)
        tags = (await tags_of_posts(work, [post.id]))[post.id]
        fields = typed_fields(self.form, stored_fields(state_of(post, tags)))
        return await save_post(work, actor, save_request(self.shelf, fields, post, self.version))


async def attempt(
    request: AnyRequest, typed: Typed, verb: str, act: Callable[[Work], Awaitable[T]], done: Callable[[T], Redirect]
) -> Html | Redirect:
    """Run an act and lead on, or answer with the text: beside the newer one after a stale save, else in the editor."""
    at = typed.shelf.at
    try:
        result = await at.database.run(at.actor, verb, act)
    except ChangedElsewhere as error:
        if typed.post_id is None:
            raise
        return await conflict_screen(request, typed.shelf, typed.post_id, typed.form, base=typed.version, theirs=error.current)
    except (Invalid, Conflict, Unavailable, OutcomeUnknown) as error:
        return await refused(request, typed, error)
    return done(result)


async def refused(request: AnyRequest, typed: Typed, error: AGoatError) -> Html:
    """The editor with what was typed, and what is wrong."""
    title = typed.fields.title.strip() or f"New {typed.shelf.kind}"
    if isinstance(error, Unavailable | OutcomeUnknown):
        returned: Returned = "unknown" if isinstance(error, OutcomeUnknown) else "away"
        view = editor_without_database(typed.shelf, typed.post_id, typed.version, typed.fields, returned)
        shell = customer_shell(request, typed.shelf.at.here, title, site=typed.shelf.at.site)
    else:
        view = await refused_editor(request, typed, complaints(error))
        shell = await shell_at_site(request, typed.shelf.at, title, typed.shelf.screen)
    return screen(request, "editor.html", shell, view, status=status_of(error), headers=headers_of(error))


async def refused_editor(request: AnyRequest, typed: Typed, errors: dict[str, str]) -> Editor:
    """The editor as it was sent, with what needs another look."""
    settings = services_of(request).settings
    shelf = typed.shelf

    async def read(reading: Reading) -> Editor:
        if typed.post_id is not None:
            found = await opened(reading, settings, shelf, typed.post_id)
            fields = typed_fields(typed.form, stored_fields(found.state))
            return editor_of(shelf, found, fields=fields, version=typed.version, errors=errors)
        links = await links_of_site(reading, settings, shelf.at.site.id)
        fields = typed_fields(typed.form, PostFields(lang=links.first))
        return new_editor(shelf, links, await authors_of_customer(reading), fields=fields, errors=errors)

    return await shelf.at.database.read(read)


def complaints(error: AGoatError) -> dict[str, str]:
    """What is wrong, by the fields of the form."""
    if isinstance(error, Invalid):
        return in_form(error.fields)
    return in_form({error.field: error.detail}) if isinstance(error, Taken) else {"version": error.detail}
