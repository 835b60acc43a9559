"""Saving the working copy of a post or page."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from app.actor import Actor
from app.content.actions.opening import WRITES, check_address, check_not_trashed, free_address, languages, opened_post
from app.content.actions.tagging import put_tags, tags_for
from app.content.addresses import checked_slug, slug_from_title
from app.content.checks import checked_post
from app.content.history import payload_of
from app.content.models import Post, Tag
from app.content.repository import AUTHORS, POSTS, Place, addresses_taken, post_tags
from app.content.requests import Saved, SavePost
from app.content.returning.repository import live_version
from app.db.work import Work
from app.document.clean import clean_html
from app.errors import Invalid
from app.identity.access import is_own, require
from app.media.repository import MEDIA
from app.settings import LIMITS

# Columns that a request sets as they are; slug, dates and tags have rules of their own.
TAKEN_OVER = (
    "lang",
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


async def save_post(work: Work, actor: Actor, request: SavePost) -> Saved:
    """Make a post or page, or change its working copy. A request that changes nothing leaves no version.

    Raises NotFound, Forbidden, Invalid, ChangedElsewhere (`thing` is the present post) and Taken (`free` is an address that is not).
    """
    # Cleaning may take long. The transaction begins with the first statement, so this comes before it.
    dropped = () if request.is_autosave else await what_cleaning_drops(request.body_source, request.body_format)
    kind = "autosaved" if request.is_autosave else "saved"
    if request.id is None:
        post = await _add_post(work, actor, request, kind)
    else:
        post = await _change_post(work, actor, request.id, request, kind)
    return Saved(id=post.id, version=post.version, slug=post.slug, dropped=dropped)


async def what_cleaning_drops(source: str, body_format: str) -> tuple[str, ...]:
    """What a body loses when it is published, in words. Markdown loses nothing: markup in it is shown as text."""
    if body_format != "html" or len(source) > LIMITS.body_bytes:
        return ()
    return (await asyncio.to_thread(clean_html, source)).dropped


async def _add_post(work: Work, actor: Actor, request: SavePost, kind: str) -> Post:
    require(actor, WRITES["page" if request.kind == "page" else "post"], own=True, site_id=request.site_id)
    request = checked_post(request)
    known = await languages(work, request.site_id)
    _check_language(request.lang, known)
    post_id = request.new_id or uuid4()
    made = await POSTS.find(work, post_id) if request.new_id else None
    if made is not None:
        require(actor, WRITES[made.kind], own=is_own(actor, made.created_by), site_id=made.site_id)
        return made
    slug = await _slug_of_new(work, request, known, post_id)
    await check_references(work, request.author_id, request.cover_id)
    tags = await tags_for(work, actor, request.site_id, request.tags)
    post = Post(
        id=post_id,
        site_id=request.site_id,
        kind=request.kind,
        slug=slug,
        state="draft",
        published_at=request.published_at,
        created_by=actor.id,
        created_at=work.now,
        updated_at=request.updated_at or work.now,
        **{name: getattr(request, name) for name in TAKEN_OVER},
    )
    await POSTS.add(work, post, kind=kind, payload=payload_of(post, tags, None))
    await put_tags(work, post.id, (), tags)
    return post


async def _change_post(work: Work, actor: Actor, post_id: UUID, request: SavePost, kind: str) -> Post:
    post = await opened_post(work, actor, post_id, request.expect, WRITES)
    check_not_trashed(post)
    request = checked_post(request)
    if (request.site_id, request.kind) != (post.site_id, post.kind):
        raise Invalid({"kind": "A post or page stays what it is, on its site. Make a new one there."})
    slug = request.slug or post.slug
    if (slug, request.lang) != (post.slug, post.lang):
        known = await languages(work, post.site_id)
        _check_language(request.lang, known)
        await _check_slug(work, request, known, slug, post.id)
    await check_references(
        work,
        request.author_id if request.author_id != post.author_id else None,
        request.cover_id if request.cover_id != post.cover_id else None,
    )
    tags = await tags_for(work, actor, post.site_id, request.tags)
    values = {name: getattr(request, name) for name in TAKEN_OVER} | {"slug": slug}
    for name in ("published_at", "updated_at"):
        if getattr(request, name) is not None:
            values[name] = getattr(request, name)
    await change_post(work, post, values, tags, kind)
    return post


async def change_post(work: Work, post: Post, values: dict[str, Any], tags: Sequence[Tag], kind: str) -> None:
    """Set the working copy to `values` and `tags`, as one version; no version when nothing differs."""
    present = await post_tags(work, post.id)
    has_new_tags = [row.tag_id for row in present] != [tag.id for tag in tags]
    if not has_new_tags and all(getattr(post, name) == value for name, value in values.items()):
        return
    values = {"updated_at": work.now, **values}
    fields = ("tags",) if has_new_tags else ()
    live = await live_version(work, post.id)
    await POSTS.change(work, post, values, expect=None, kind=kind, fields=fields, payload=lambda: payload_of(post, list(tags), live))
    await put_tags(work, post.id, present, tags)


def _check_language(lang: str, known: Sequence[str]) -> None:
    if lang not in known:
        raise Invalid({"lang": f"This site has no language “{lang}”. Choose {' or '.join(known)}."})


async def _slug_of_new(work: Work, request: SavePost, known: Sequence[str], post_id: UUID) -> str:
    """The slug that was asked for, if it is free, else one that is free and made from the title."""
    if request.slug:
        await _check_slug(work, request, known, request.slug, post_id)
        return request.slug
    place = Place(site_id=request.site_id, lang=request.lang, kind=request.kind)
    slug = slug_from_title(request.kind, request.title, known)
    if not await addresses_taken(work, place, [slug], but=post_id):
        return slug
    return await free_address(work, place, slug, but=post_id) or f"{slug}-{post_id.hex[:6]}"


async def _check_slug(work: Work, request: SavePost, known: Sequence[str], slug: str, post_id: UUID) -> None:
    place = Place(site_id=request.site_id, lang=request.lang, kind=request.kind)
    await check_address(work, place, checked_slug(request.kind, slug, known), but=post_id)


async def check_references(work: Work, author_id: UUID | None, cover_id: UUID | None) -> None:
    """Raise Invalid unless the byline and the picture exist."""
    if author_id is not None and await AUTHORS.find(work, author_id) is None:
        raise Invalid({"author_id": "There is no such byline. Choose another."})
    if cover_id is not None and await MEDIA.find(work, cover_id) is None:
        raise Invalid({"cover_id": "There is no such picture. Choose another."})
