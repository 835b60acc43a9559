"""Looking at a version of a post before it is published: the same page, from the history instead of from what is live."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from app.content.addresses import path_of
from app.content.finishing import compose
from app.content.history import PostState, state_in
from app.content.repository import POSTS, tags_by_id, version_of_post
from app.db.work import Reading
from app.errors import NotFound
from app.publishing.chrome import PreviewPass
from app.publishing.repository import site_row
from app.publishing.snapshots import PostSnapshot
from app.publishing.visits import Press, PreviewOf
from app.tenancy.repository import languages_of_site, own_customer


class PreviewPlace(Struct, frozen=True):
    """Where the preview of a post begins: its site, the site's primary host if it has one, and the post's path there."""

    site_id: UUID
    host: str | None
    path: str


async def preview_place(reading: Reading, post_id: UUID, version: int) -> PreviewPlace:
    """Where a version of a post would be found. Raises NotFound for what does not exist or is in the trash."""
    state = await _state(reading, post_id, version)
    row = await site_row(reading, state.site_id)
    first = (await languages_of_site(reading, state.site_id))[0]
    return PreviewPlace(state.site_id, row.host, path_of(state.kind, state.lang, state.slug, first.lang))


async def read_draft(reading: Reading, site_id: UUID, preview: PreviewOf, now: datetime) -> PostSnapshot:
    """A version of a post as its page would be. Raises NotFound for what does not exist on this site or is in the trash."""
    state = await _state(reading, preview.post_id, preview.version)
    if state.site_id != site_id:
        raise NotFound()
    tags = {tag.id: tag for tag in await tags_by_id(reading, site_id, [mark.id for mark in state.tags])}
    dated = structs.replace(state, published_at=state.published_at or now)
    made = await compose(reading, preview.post_id, dated, [tags[mark.id] for mark in state.tags if mark.id in tags])
    return made.snapshot


async def preview_pass(reading: Reading, press: Press, site_id: UUID, preview: PreviewOf, kind: str) -> PreviewPass:
    """What the banner above a preview says, with the way back to the editor."""
    customer, row = await own_customer(reading), await site_row(reading, site_id)
    editor = f"{press.console_origin}/c/{customer.slug}/s/{row.site.slug}/{kind}s/{preview.post_id}"
    return PreviewPass(base=preview.base, version=preview.version, expires_at=preview.expires_at, editor_url=editor)


async def _state(reading: Reading, post_id: UUID, version: int) -> PostState:
    post = await POSTS.get(reading, post_id)
    if post.state == "trashed":
        raise NotFound()
    return state_in((await version_of_post(reading, post_id, version)).payload)
