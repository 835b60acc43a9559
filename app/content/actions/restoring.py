"""Bringing back what was: an old version becomes a new one, and a deleted post goes on where its history ended."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import structs

from app.actor import Actor
from app.content.actions.opening import WRITES, check_address, check_not_trashed, languages, opened_post
from app.content.actions.saving import change_post, what_cleaning_drops
from app.content.actions.tagging import put_tags
from app.content.addresses import checked_slug
from app.content.history import PostState, payload_of, state_in
from app.content.models import Post, Tag
from app.content.repository import AUTHORS, POSTS, Place, last_version_of_post, tags_by_id, version_of_post
from app.content.requests import Saved
from app.db.work import Work
from app.errors import ChangedElsewhere, Conflict
from app.identity.access import is_own, require
from app.media.repository import MEDIA

# What a version gives back to a post that exists: its text and everything about it, but neither its place nor its past.
GIVEN_BACK = (
    "lang",
    "slug",
    "translation_key",
    "title",
    "summary",
    "body_source",
    "body_format",
    "author_id",
    "cover_id",
    "seo_title",
    "fields",
    "is_featured",
    "position",
)
NEVER_CHANGED = ("site_id", "kind", "created_by", "created_at", "published_at")


async def restore_version(work: Work, actor: Actor, post_id: UUID, version: int, expect: int | None, slug: str | None = None) -> Saved:
    """Make an old version the working copy again, as a new version; a deleted post comes back as a draft.

    What the version refers to and no longer exists (byline, picture, tag) is left out. `slug` replaces its address.
    Raises NotFound, Forbidden, ChangedElsewhere, Invalid, Taken, and Conflict for a post in the trash.
    """
    if await POSTS.find(work, post_id) is None:
        return await _undelete(work, actor, post_id, version, expect, slug)
    post = await opened_post(work, actor, post_id, expect, WRITES)
    check_not_trashed(post)
    stored = await version_of_post(work, post_id, version)
    state = await _existing(work, state_in(stored.payload), slug)
    if (state.lang, state.slug) != (post.lang, post.slug):
        await _check_place(work, state, post_id)
    values: dict[str, Any] = {name: getattr(state, name) for name in GIVEN_BACK}
    if state.published_at is not None:
        values["published_at"] = state.published_at
    await change_post(work, post, values, await _tags(work, state), "restored")
    return await _saved(post)


async def undelete_post(work: Work, actor: Actor, post_id: UUID, slug: str | None = None) -> Saved:
    """Bring a deleted post back as it was last, as a draft whose versions go on counting.

    Raises NotFound, Forbidden, Taken (`free` may be given as `slug`), and Conflict when the post exists.
    """
    if await POSTS.find(work, post_id) is not None:
        raise Conflict("This post exists. There is nothing to bring back.")
    return await _undelete(work, actor, post_id, None, None, slug)


async def _undelete(work: Work, actor: Actor, post_id: UUID, version: int | None, expect: int | None, slug: str | None) -> Saved:
    last = await last_version_of_post(work, post_id)
    past = state_in(last.payload)
    require(actor, WRITES[past.kind], own=is_own(actor, past.created_by), site_id=past.site_id)
    if expect is not None and expect != last.version:
        raise ChangedElsewhere("A newer version was saved in the meantime.", expected=expect, current=last.version, thing=last.payload)
    stored = last if version is None or version == last.version else await version_of_post(work, post_id, version)
    state = await _existing(work, state_in(stored.payload), slug)
    await _check_place(work, state, post_id)
    tags = await _tags(work, state)
    values = {name: getattr(state, name) for name in (*GIVEN_BACK, *NEVER_CHANGED)}
    post = Post(id=post_id, state="draft", updated_at=work.now, **values)
    await POSTS.add(work, post, kind="restored", version=last.version + 1, payload=payload_of(post, list(tags), None))
    await put_tags(work, post_id, (), tags)
    return await _saved(post)


async def _check_place(work: Work, state: PostState, post_id: UUID) -> None:
    """Raise Taken unless the address of the state is free for the post."""
    await check_address(work, Place(site_id=state.site_id, lang=state.lang, kind=state.kind), state.slug, but=post_id)


async def _existing(work: Work, state: PostState, slug: str | None) -> PostState:
    """The state without what is gone, and at the address that was asked for."""
    known = await languages(work, state.site_id)
    author = await AUTHORS.find(work, state.author_id) if state.author_id else None
    cover = await MEDIA.find(work, state.cover_id) if state.cover_id else None
    return structs.replace(
        state,
        slug=checked_slug(state.kind, slug, known) if slug else state.slug,
        lang=state.lang if state.lang in known else known[0],
        author_id=author.id if author else None,
        cover_id=cover.id if cover else None,
    )


async def _tags(work: Work, state: PostState) -> Sequence[Tag]:
    tags = {tag.id: tag for tag in await tags_by_id(work, state.site_id, [mark.id for mark in state.tags])}
    return [tags[mark.id] for mark in state.tags if mark.id in tags]


async def _saved(post: Post) -> Saved:
    dropped = await what_cleaning_drops(post.body_source, post.body_format)
    return Saved(id=post.id, version=post.version, slug=post.slug, dropped=dropped)
