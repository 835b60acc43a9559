"""The trash: out of sight, without an address, and back again; and removal for good."""

from typing import Any
from uuid import UUID

from app.actor import Actor
from app.content.actions.opening import PUBLISHES, WRITES, check_address, languages, opened_post, place_of
from app.content.actions.publishing import withdraw
from app.content.addresses import checked_slug
from app.content.history import payload_of
from app.content.models import Post
from app.content.repository import POSTS, find_publication, post_tags, tags_of_posts
from app.content.requests import Saved
from app.db.work import Work
from app.errors import Conflict
from app.identity.access import is_own, require


async def trash_post(work: Work, actor: Actor, post_id: UUID, expect: int | None) -> Saved:
    """Move a post to the trash: visitors no longer see it and others may take its address. Twice changes nothing.

    Raises NotFound, Forbidden (a live post needs the right to publish, too), ChangedElsewhere.
    """
    post = await opened_post(work, actor, post_id, expect, WRITES)
    if post.state == "trashed":
        return _saved(post)
    live = await find_publication(work, post.id)
    touched: list[str] = []
    if live is not None:
        require(actor, PUBLISHES[post.kind], own=is_own(actor, post.created_by), site_id=post.site_id)
        touched = await withdraw(work, live)
    return await _change_state(work, post, {"state": "trashed"}, "trashed", touched)


async def bring_back_post(work: Work, actor: Actor, post_id: UUID, expect: int | None, slug: str | None = None) -> Saved:
    """Bring a post back from the trash as a draft, at its address or at `slug`.

    Raises NotFound, Forbidden, ChangedElsewhere, Invalid, and Taken (`free` may be given as `slug`) when another post has the address.
    """
    post = await opened_post(work, actor, post_id, expect, WRITES)
    if post.state != "trashed":
        return _saved(post)
    wanted = post.slug
    if slug and slug != post.slug:
        wanted = checked_slug(post.kind, slug, await languages(work, post.site_id))
    await check_address(work, place_of(post), wanted, but=post.id)
    return await _change_state(work, post, {"state": "draft", "slug": wanted}, "restored", [])


async def delete_post(work: Work, actor: Actor, post_id: UUID, expect: int | None) -> None:
    """Remove a post from the trash. Its history stays, ends with a version of kind `deleted`, and can bring it back.

    Raises NotFound, Forbidden, ChangedElsewhere, and Conflict for a post that is not in the trash.
    """
    post = await opened_post(work, actor, post_id, expect, WRITES)
    if post.state != "trashed":
        raise Conflict(f"“{post.title}” is not in the trash. Move it there first.")
    tags = (await tags_of_posts(work, [post.id]))[post.id]
    for row in await post_tags(work, post.id):
        await POSTS.remove_part(work, row)
    await POSTS.delete(work, post, expect=None, payload=payload_of(post, tags, None))


async def _change_state(work: Work, post: Post, values: dict[str, Any], kind: str, touched: list[str]) -> Saved:
    tags = (await tags_of_posts(work, [post.id]))[post.id]
    await POSTS.change(work, post, values, expect=None, kind=kind, tags=touched, payload=lambda: payload_of(post, tags, None))
    return _saved(post)


def _saved(post: Post) -> Saved:
    return Saved(id=post.id, version=post.version, slug=post.slug)
