"""Making live posts anew after something that they show has changed: a tag, a byline, or the renderer itself."""

from uuid import UUID

from app import keys
from app.actor import Actor
from app.content.actions.publishing import put_publication
from app.content.finishing import compose
from app.content.history import state_in
from app.content.models import Publication
from app.content.repository import POSTS, find_publication, live_posts_with, tags_by_id, version_of_post
from app.db.functions import NO_ID
from app.db.work import Work
from app.identity.access import Act, require

# The name of the promise; its payload has `tag_id` or `author_id`, or neither for all live posts.
REFRESH = "refresh_publications"


def promise_refresh(work: Work, *, tag_id: UUID | None = None, author_id: UUID | None = None) -> None:
    """Have the worker make all live posts anew that show the tag or byline."""
    named = {"tag_id": tag_id, "author_id": author_id}
    work.promise(REFRESH, {name: str(value) for name, value in named.items() if value is not None})


async def refresh_publications(
    work: Work, actor: Actor, *, tag_id: UUID | None = None, author_id: UUID | None = None, after: UUID = NO_ID, limit: int = 20
) -> UUID | None:
    """Make the next live posts anew from the versions that they are pinned to. Gives where to go on, None at the end.

    What readers see stays the same text, so that no version is written. Raises Forbidden.
    """
    require(actor, Act.CHANGE_SETTINGS)
    post_ids = await live_posts_with(work, tag_id=tag_id, author_id=author_id, after=after, limit=limit)
    for post_id in post_ids:
        live = await find_publication(work, post_id)
        if live is not None:
            await _refresh(work, live)
    return post_ids[-1] if len(post_ids) == limit else None


async def _refresh(work: Work, live: Publication) -> None:
    stored = await version_of_post(work, live.post_id, live.version)
    state = state_in(stored.payload)
    tags = {tag.id: tag for tag in await tags_by_id(work, state.site_id, [mark.id for mark in state.tags])}
    ordered = [tags[mark.id] for mark in state.tags if mark.id in tags]
    made = await compose(work, live.post_id, state, ordered)
    await put_publication(work, live, made.snapshot, {"site_id": live.site_id, "version": live.version}, ordered)
    POSTS.bump(work, [keys.post_tag(live.post_id), keys.posts_tag(live.site_id, live.lang), *map(keys.tag_tag, tags)])
