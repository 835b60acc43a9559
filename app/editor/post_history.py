"""The history of a post or page: its versions, two of them compared, and bringing one back."""

from typing import Any, NamedTuple
from uuid import UUID

from litestar import Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.content.actions import restore_version
from app.content.history import PostState, state_in
from app.content.repository import VersionRow, authors_of_customer, find_publication, version_of_post, versions_of_post
from app.content.requests import Saved
from app.db.work import Reading, Work
from app.editor.comparing import Comparison, Fields, compared
from app.editor.entry import CurrentShelf, Shelf
from app.editor.errors import said_page
from app.editor.frame import Html, screen, see_other, shell_at_site
from app.editor.meanwhile import changed_meanwhile
from app.editor.post_form import body_format_of, expected_version
from app.editor.post_reading import address_of_post, post_on, refusal_of
from app.editor.site_links import language_name
from app.editor.timeline import SHOWN, days_of, number_in
from app.editor.views.shell import Toast
from app.editor.views.writing import History
from app.errors import ChangedElsewhere, Invalid, Taken
from app.identity.access import Act, require
from app.web.context import AnyRequest
from app.web.forms import read_form


class Past(NamedTuple):
    """What the screen of a history reads."""

    title: str
    lang: str
    newest: int
    shown: int
    before: int | None
    rows: list[VersionRow]
    live: int | None
    comparison: Comparison
    may_restore: bool


def fields_to_compare(state: PostState, words: dict[str, str]) -> Fields:
    """The fields of a state by their labels. `words` names what stands in it as an id."""
    said: dict[str, Any] = {
        "Title": state.title,
        "Address": state.slug,
        "Excerpt": state.summary,
        "Tags": [tag.label for tag in state.tags],
        "Author": words.get(str(state.author_id), "somebody who is gone") if state.author_id else "",
        "Cover image": words.get(str(state.cover_id), "an image") if state.cover_id else "",
        "Language": language_name(state.lang),
        "Title in search results": state.seo_title,
        "Date": state.published_at.date().isoformat() if state.published_at else "",
        "Featured": state.is_featured,
    }
    return said | {f"Field {code}": str(value) for code, value in state.fields.items()}


async def compare_versions(reading: Reading, post_id: UUID, old: int | None, new: int) -> Comparison:
    """Two versions of a post. Raises NotFound. Without an older one there is nothing to compare."""
    after = state_in((await version_of_post(reading, post_id, new)).payload)
    if old is None:
        return Comparison((), (), 0, 0)
    before = state_in((await version_of_post(reading, post_id, old)).payload)
    return await compare_states(reading, before, after)


async def compare_states(reading: Reading, before: PostState, after: PostState) -> Comparison:
    """Two states of a post."""
    words = {str(author.id): author.name for author in await authors_of_customer(reading)}
    fields = fields_to_compare(before, words), fields_to_compare(after, words)
    return compared(*fields, before.body_source, after.body_source, body_format_of(after.body_format))


@get("/history")
async def history_page(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Html:
    """The versions of a text, and two of them side by side: `from` and `to`."""
    require(shelf.at.actor, Act.READ_CONTENT, site_id=shelf.at.site.id)
    asked = {name: number_in(request.query_params.get(name, "")) for name in ("from", "to", "before")}

    async def read(reading: Reading) -> Past:
        return await read_past(reading, shelf, post_id, asked)

    past = await shelf.at.database.read(read)
    shell = await shell_at_site(request, shelf.at, "History", shelf.screen)
    return screen(request, "history.html", shell, history_view(shelf, post_id, past, shell.zone))


async def read_past(reading: Reading, shelf: Shelf, post_id: UUID, asked: dict[str, int | None]) -> Past:
    """The versions and the comparison that the address asks for; without a wish the newest with the one before it."""
    found = await post_on(reading, shelf, post_id)
    live = await find_publication(reading, post_id)
    newer = asked["to"] or found.version
    older = asked["from"] if asked["from"] is not None else newer - 1 or None
    rows = await versions_of_post(reading, post_id, before=asked["before"], limit=SHOWN + 1)
    return Past(
        title=found.title,
        lang=found.lang,
        newest=found.version,
        shown=newer,
        before=older,
        rows=rows,
        live=live.version if live else None,
        comparison=await compare_versions(reading, post_id, older, newer),
        may_restore=refusal_of(shelf.at.actor, found) is None and found.state != "trashed",
    )


def history_view(shelf: Shelf, post_id: UUID, past: Past, zone: str) -> History:
    """The screen of a history."""
    rows = past.rows[:SHOWN]
    restorable = past.shown if past.shown != past.newest else past.before
    return History(
        kind=shelf.kind,
        id=post_id,
        version=past.newest,
        title=past.title,
        to_version=past.shown,
        from_version=past.before,
        lang=past.lang,
        fields=past.comparison.fields,
        blocks=past.comparison.blocks,
        words_added=past.comparison.words_added,
        words_removed=past.comparison.words_removed,
        days=days_of(rows, zone, shelf.at.here.person.user_id, newest=past.newest, live=past.live),
        older=f"?before={rows[-1].version}" if len(past.rows) > SHOWN else None,
        restorable=restorable if past.may_restore else None,
    )


@post("/restore", status_code=303)
async def restore(request: AnyRequest, shelf: CurrentShelf, post_id: FromPath[UUID]) -> Html | Redirect:
    """Make an old version the newest one again."""
    form = await read_form(request)
    expect, number, address = expected_version(form), form.number("number"), address_of_post(shelf, post_id)
    if number is None:
        raise Invalid({"number": "Choose the version to bring back."})

    async def unit(work: Work) -> Saved:
        await post_on(work, shelf, post_id)
        return await restore_version(work, shelf.at.actor, post_id, number, expect, form.text("slug") or None)

    try:
        await shelf.at.database.run(shelf.at.actor, f"restore {shelf.kind}", unit)
    except ChangedElsewhere:
        return await faster(request, shelf, post_id, f"{address}/history")
    except Taken as error:
        return said_page(
            request, 409, "This version cannot be brought back yet", (error.detail, "Give the other text another address first.")
        )
    return see_other(request, address, Toast(text=f"Version {number} is back as the newest one. Nothing went live."))


async def faster(request: AnyRequest, shelf: Shelf, post_id: UUID, drop: str) -> Html:
    """Who saved this text in the meantime."""

    async def read(reading: Reading) -> VersionRow:
        await post_on(reading, shelf, post_id)
        return (await versions_of_post(reading, post_id, limit=1))[0]

    newest = await shelf.at.database.read(read)
    return changed_meanwhile(request, shelf.at.here, newest.title, newest, drop)


ROUTER = Router(path="/{post_id:uuid}", route_handlers=[history_page, restore])
