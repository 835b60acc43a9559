"""A post that somebody else saved meanwhile: both texts side by side, and the one that the choices make."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from app.content.history import state_in
from app.content.models import PostVersion
from app.content.repository import authors_of_customer, version_of_post
from app.db.work import Reading
from app.document.passages import Passage, passages
from app.editor.choosing import Chosen, Pair, field_choices, pairs_of, passage_parts, settled_fields, settled_text
from app.editor.entry import Shelf
from app.editor.frame import Html, screen, shell_at_site
from app.editor.held import hold_typed
from app.editor.post_form import COMPARED, body_format_of, stored_fields, tidy, typed_fields
from app.editor.post_reading import address_of_post, post_on
from app.editor.site_links import language_name
from app.editor.timeline import who_did
from app.editor.views.writing import Conflict, PostFields
from app.errors import NotFound
from app.web.context import AnyRequest
from app.web.forms import Form


class Sides(NamedTuple):
    """What was typed, what was saved meanwhile, where they differ, and the words for what stands in the fields as an id."""

    mine: PostFields
    theirs: PostFields
    version: PostVersion
    pairs: tuple[Pair, ...]
    passages: list[Passage]
    words: dict[str, str]

    def merged(self, chosen: Chosen) -> PostFields:
        """The fields that the choices make. Raises Invalid when one is missing."""
        values: dict[str, Any] = settled_fields(self.pairs, chosen) | {"body": settled_text(self.passages, chosen)}
        return msgspec.structs.replace(self.theirs, **values)

    def shown(self, name: str, value: str) -> str:
        """A value of a field in words."""
        return language_name(value) if name == "lang" and value else self.words.get(value, value)


async def read_sides(reading: Reading, shelf: Shelf, post_id: UUID, form: Form, base: int | None, theirs: int) -> Sides:
    """Both sides. `base` is the version that was opened, `theirs` the one that was saved meanwhile. Raises NotFound."""
    await post_on(reading, shelf, post_id)
    version = await version_of_post(reading, post_id, theirs)
    saved = stored_fields(state_in(version.payload))
    before = await _fields_of_version(reading, post_id, base)
    # What the form did not ask for is as it was when it was opened, and so differs from neither side by itself.
    typed = tidy(typed_fields(form, before or saved))
    typed = msgspec.structs.replace(typed, slug=typed.slug or (before or saved).slug, body_format=saved.body_format)
    return Sides(
        mine=typed,
        theirs=saved,
        version=version,
        pairs=pairs_of(COMPARED, _texts(typed), _texts(saved), _texts(before) if before else None),
        passages=passages(typed.body, saved.body, before.body if before else None, body_format_of(saved.body_format)),
        words={str(author.id): author.name for author in await authors_of_customer(reading)},
    )


async def _fields_of_version(reading: Reading, post_id: UUID, number: int | None) -> PostFields | None:
    if number is None:
        return None
    try:
        return stored_fields(state_in((await version_of_post(reading, post_id, number)).payload))
    except NotFound:
        return None


def _texts(fields: PostFields) -> dict[str, str]:
    return {name: getattr(fields, name) for name in COMPARED}


async def conflict_screen(
    request: AnyRequest, shelf: Shelf, post_id: UUID, form: Form, *, base: int | None, theirs: int, is_new: bool = False
) -> Html:
    """The answer to a save that met a newer version. `is_new` marks what differs after a choice had been made already.

    What was typed is kept for its author first, so that closing the page loses nothing.
    """
    sides = await shelf.at.database.read(lambda reading: read_sides(reading, shelf, post_id, form, base, theirs))
    held = await hold_typed(shelf.at.here, address_of_post(shelf, post_id), form)
    return await sides_screen(request, shelf, post_id, sides, base, {}, is_new=is_new, status=409, held=held)


async def sides_screen(
    request: AnyRequest,
    shelf: Shelf,
    post_id: UUID,
    sides: Sides,
    base: int | None,
    chosen: Chosen,
    *,
    is_new: bool = False,
    status: int,
    held: str = "",
) -> Html:
    """Both sides with what has been chosen so far."""
    version = sides.version
    view = Conflict(
        kind=shelf.kind,
        id=post_id,
        title=sides.theirs.title,
        theirs=who_did(version, shelf.at.here.person.user_id),
        theirs_version=version.version,
        theirs_at=version.at,
        mine_at=datetime.now(UTC),
        fields=field_choices(sides.pairs, chosen, sides.shown, is_new=is_new),
        passages=passage_parts(sides.passages, chosen, is_new=is_new),
        kept=(*kept_fields(sides.mine, base), *([("held", held)] if held else [])),
        held=held,
        my_text=sides.mine.body,
        their_text=sides.theirs.body,
        lang=sides.theirs.lang,
    )
    shell = await shell_at_site(request, shelf.at, f"Two versions of one {shelf.kind}", shelf.screen)
    return screen(request, "conflict.html", shell, view, status=status)


def kept_fields(mine: PostFields, base: int | None) -> tuple[tuple[str, str], ...]:
    """The sender's own fields, so that the same comparison can be made again and nothing that was typed is lost on the way."""
    typed = [(name, str(getattr(mine, name))) for name in PostFields.__struct_fields__ if name != "body_format"]
    return (*typed, *([("base", str(base))] if base is not None else []))
