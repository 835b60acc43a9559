"""Publishing a post or page, taking it back, the trash, and the preview."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.content.actions import bring_back_post, publish_post, trash_post, unpublish_post, what_publishing_touches
from app.content.actions.opening import PUBLISHES
from app.content.history import state_in
from app.content.repository import version_of_post
from app.content.requests import Problem as Found
from app.content.requests import Published, Saved
from app.db.work import Reading, Work
from app.editor.entry import CurrentShelf, Shelf
from app.editor.errors import said_page
from app.editor.frame import Html, screen, see_other, shell_at_site
from app.editor.post_form import expected_version, has_text
from app.editor.post_history import compare_states, faster
from app.editor.post_reading import Opened, address_of_post, list_of, opened, post_on
from app.editor.render import plural
from app.editor.saving import Typed, attempt
from app.editor.views.parts import FieldChange
from app.editor.views.shell import Link, Toast, Undo
from app.editor.views.writing import Problem, Publish
from app.errors import ChangedElsewhere, Conflict, Taken
from app.identity.access import Act, is_own, require
from app.web.context import AnyRequest, services_of
from app.web.forms import Form, read_form
from app.web.previews import preview_url

# Where in the editor a problem is mended.
_MENDED = {"summary": "Write one", "address": "Change it", "picture": "Look at it", "link": "Look at it", "description": ""}


@get("/publish")
async def publish_page(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Html:
    """What publishing would change for readers, and what to mend first."""
    return await publish_screen(request, shelf, post_id)


async def publish_screen(request: AnyRequest, shelf: Shelf, post_id: UUID, refusal: str = "", status: int = 200) -> Html:
    """The publish page; with a refusal when an attempt has just failed."""
    settings = services_of(request).settings

    async def read(reading: Reading) -> Publish:
        found = await opened(reading, settings, shelf, post_id)
        return await publish_view(reading, shelf, found, refusal)

    view = await shelf.at.database.read(read)
    return screen(request, "publish.html", await shell_at_site(request, shelf.at, "Publish", shelf.screen), view, status=status)


async def publish_view(reading: Reading, shelf: Shelf, found: Opened, refusal: str) -> Publish:
    """The publish page of an opened post. Raises Forbidden, and Conflict for a post in the trash."""
    post = found.post
    require(shelf.at.actor, PUBLISHES[post.kind], own=is_own(shelf.at.actor, post.created_by), site_id=post.site_id)
    if post.state == "trashed":
        raise Conflict(f"“{post.title}” is in the trash. Bring it back first.")
    touches = await what_publishing_touches(reading, post)
    address = address_of_post(shelf, post.id)
    refusals = [problem_view(one, address) for one in touches.problems if one.kind == "address"]
    return Publish(
        kind=shelf.kind,
        id=post.id,
        version=post.version,
        title=post.title,
        lang=post.lang,
        live=found.live_view(),
        addresses=(found.links.origin + touches.path,) if found.links.origin else (),
        old_path=touches.old_path or "",
        problems=tuple(problem_view(one, address) for one in touches.problems if one.kind != "address"),
        refusals=(*refusals, *([Problem(title=refusal)] if refusal and not refusals else [])),
        changes=await what_changes(reading, found),
        has_changes=touches.has_changes,
    )


def problem_view(found: Found, address: str) -> Problem:
    """A problem with the way to where it is mended."""
    text = _MENDED[found.kind]
    anchor = {"summary": "#summary", "address": "#slug"}.get(found.kind, "#body")
    return Problem(title=found.text, mend=Link(text=text, href=address + anchor) if text else None)


async def what_changes(reading: Reading, found: Opened) -> tuple[FieldChange, ...]:
    """What differs between what readers see and what they would see."""
    if found.live is None or found.live.version == found.post.version:
        return ()
    before = state_in((await version_of_post(reading, found.post.id, found.live.version)).payload)
    comparison = await compare_states(reading, before, found.state)
    if not comparison.blocks:
        return comparison.fields
    note = f"{plural(comparison.words_added, 'word')} added, {comparison.words_removed:,} removed"
    return (*comparison.fields, FieldChange(label="Text", note=note))


@post("/publish", status_code=303)
async def publish(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Html | Redirect:
    """Show the newest version to readers, at once."""
    form = await read_form(request)
    expect, address = expected_version(form), address_of_post(shelf, post_id)

    async def unit(work: Work) -> Published:
        await post_on(work, shelf, post_id)
        return await publish_post(work, shelf.at.actor, post_id, expect)

    try:
        done = await shelf.at.database.run(shelf.at.actor, f"publish {shelf.kind}", unit)
    except ChangedElsewhere:
        return await faster(request, shelf, post_id, f"{address}/publish")
    except Taken as error:
        return await publish_screen(request, shelf, post_id, error.detail, status=409)
    return see_other(request, address, await live_toast(request, shelf, address, done))


async def live_toast(request: AnyRequest, shelf: Shelf, address: str, done: Published) -> Toast:
    """That it is live, where, and the way back for a first publication."""
    settings = services_of(request).settings

    async def read(reading: Reading) -> str:
        return (await opened(reading, settings, shelf, done.id)).links.origin

    url = await shelf.at.database.read(read) + done.path
    undo = Undo(action=f"{address}/unpublish", fields=(("version", str(done.version)),), label="Unpublish") if done.is_new else None
    return Toast(text="Published. Live at", link=Link(text=url.split("://", 1)[-1], href=url), undo=undo)


@post("/unpublish", status_code=303)
async def unpublish(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Html | Redirect:
    """Take a text from the site; sent from the editor, what was typed is saved in the same act."""
    form = await read_form(request)

    async def unit(work: Work) -> Saved:
        return await unpublish_post(work, shelf.at.actor, post_id, await saved_before(work, shelf, post_id, form))

    def done(saved: Saved) -> Redirect:
        return see_other(request, address_of_post(shelf, post_id), Toast(text="Unpublished. The text stays here."))

    return await act_on(request, shelf, post_id, form, f"unpublish {shelf.kind}", unit, done)


@post("/trash", status_code=303)
async def trash(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Html | Redirect:
    """Move a text to the trash; sent from the editor, what was typed is saved in the same act."""
    form = await read_form(request)

    async def unit(work: Work) -> Saved:
        return await trash_post(work, shelf.at.actor, post_id, await saved_before(work, shelf, post_id, form))

    def done(saved: Saved) -> Redirect:
        undo = Undo(action=f"{address_of_post(shelf, post_id)}/bring-back", fields=(("version", str(saved.version)),))
        return see_other(request, list_of(shelf), Toast(text="Moved to the trash.", undo=undo))

    return await act_on(request, shelf, post_id, form, f"trash {shelf.kind}", unit, done)


async def saved_before(work: Work, shelf: Shelf, post_id: UUID, form: Form) -> int:
    """The version that an act is meant for, after saving what was typed since, if the whole editor was sent."""
    if has_text(form):
        return (await Typed(shelf, form, post_id, expected_version(form)).save(work)).version
    await post_on(work, shelf, post_id)
    return expected_version(form)


async def act_on(
    request: AnyRequest,
    shelf: Shelf,
    post_id: UUID,
    form: Form,
    verb: str,
    unit: Callable[[Work], Awaitable[Saved]],
    done: Callable[[Saved], Redirect],
) -> Html | Redirect:
    """Run an act of one button. What was typed comes back when it fails; a button of a list asks whether to do it all the same."""
    if has_text(form):
        return await attempt(request, Typed(shelf, form, post_id, expected_version(form)), verb, unit, done)
    try:
        return done(await shelf.at.database.run(shelf.at.actor, verb, unit))
    except ChangedElsewhere:
        return await faster(request, shelf, post_id, address_of_post(shelf, post_id))


@post("/bring-back", status_code=303)
async def bring_back(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Html | Redirect:
    """Bring a text back from the trash, at its address or at the free one that was offered."""
    form = await read_form(request)
    expect, address = expected_version(form), address_of_post(shelf, post_id)
    wanted = None if has_text(form) else form.text("slug") or None

    async def unit(work: Work) -> Saved:
        await post_on(work, shelf, post_id)
        return await bring_back_post(work, shelf.at.actor, post_id, expect, wanted)

    try:
        await shelf.at.database.run(shelf.at.actor, f"bring back {shelf.kind}", unit)
    except ChangedElsewhere:
        return await faster(request, shelf, post_id, address)
    except Taken as error:
        return taken_page(request, address, expect, error)
    return see_other(request, address, Toast(text="Brought back as a draft. Readers do not see it until it is published."))


def taken_page(request: AnyRequest, address: str, version: int, error: Taken) -> Html:
    """That the address belongs to another text now, with a button that takes the free one."""
    offer = None
    if error.free:
        fields = (("version", str(version)), ("slug", error.free))
        undo = Undo(action=f"{address}/bring-back", fields=fields, label=f"Bring back as “{error.free}”")
        offer = Toast(text="It can come back at another address.", undo=undo)
    return said_page(request, 409, "Its address is taken", (error.detail,), offer=offer)


@get("/preview", status_code=303)
async def preview(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Redirect:
    """Lead on to the saved text on the site's own host, at an address that needs no cookie."""
    require(shelf.at.actor, Act.READ_CONTENT, site_id=shelf.at.site.id)
    found = await shelf.at.database.read(lambda reading: post_on(reading, shelf, post_id))
    url = await preview_url(services_of(request), shelf.at.database, post_id, found.version, datetime.now(UTC))
    return Redirect(url, status_code=303)


ROUTER = Router(path="/{post_id:uuid}", route_handlers=[publish_page, publish, unpublish, trash, bring_back, preview])
