"""Publishing: what visitors see is made here, once, and stays pinned to a version."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import structs

from app import keys
from app.actor import Actor
from app.content.actions.opening import PUBLISHES, check_address, check_not_trashed, languages, opened_post, place_of
from app.content.addresses import path_of, targets
from app.content.finishing import Composition, compose
from app.content.history import payload_of, state_of
from app.content.models import Post, Publication, PublicationTag, Tag
from app.content.repository import (
    POSTS,
    find_publication,
    holder_of_address,
    live_addresses,
    live_translations,
    publication_tags,
    tags_of_posts,
)
from app.content.requests import Problem, Published, Saved, Touches
from app.db.work import Reading, Work
from app.document.published import RENDER_VERSION
from app.document.snapshots import PostSnapshot


async def publish_post(work: Work, actor: Actor, post_id: UUID, expect: int | None) -> Published:
    """Show the working copy to visitors: at once, at its present address, as a new version.

    The body is rendered here and nowhere else. Raises NotFound, Forbidden, ChangedElsewhere, Taken, and Conflict for a post in the trash.
    """
    post = await opened_post(work, actor, post_id, expect, PUBLISHES)
    check_not_trashed(post)
    first = (await languages(work, post.site_id))[0]
    live = await find_publication(work, post.id)
    if live is None or (live.lang, live.slug) != (post.lang, post.slug):
        await check_address(work, place_of(post), post.slug, but=post.id)
    tags = (await tags_of_posts(work, [post.id]))[post.id]
    published_at = post.published_at or work.now
    made = await compose(work, post.id, structs.replace(state_of(post, tags), published_at=published_at), tags)
    old_path = path_of(live.kind, live.lang, live.slug, first) if live else None
    touched = await touched_pages(work, live, made.snapshot, post.site_id, [tag.id for tag in tags])
    await POSTS.change(
        work,
        post,
        {"published_at": published_at},
        expect=None,
        kind="published",
        fields=("publication",),
        tags=touched,
        payload=lambda: payload_of(post, tags, post.version),
    )
    await put_publication(work, live, made.snapshot, {"site_id": post.site_id, "version": post.version}, tags)
    path = path_of(post.kind, post.lang, post.slug, first)
    return Published(
        id=post.id,
        version=post.version,
        path=path,
        published_at=published_at,
        is_new=live is None,
        old_path=old_path if old_path != path else None,
    )


async def put_publication(
    work: Work, live: Publication | None, snapshot: PostSnapshot, pinned: dict[str, Any], tags: Sequence[Tag]
) -> None:
    """Write the snapshot, `pinned` to a version, and the post's place in the lists of its tags."""
    values = pinned | {
        "kind": snapshot.kind,
        "lang": snapshot.lang,
        "slug": snapshot.slug,
        "title": snapshot.title,
        "published_at": snapshot.published_at,
        "updated_at": snapshot.updated_at,
        "translation_key": UUID(snapshot.translation_key) if snapshot.translation_key else None,
        "render_version": RENDER_VERSION,
        "snapshot": msgspec.to_builtins(snapshot),
    }
    if live is None:
        POSTS.add_part(work, Publication(post_id=snapshot.id, **values))
    else:
        POSTS.change_part(work, live, values)
    rows = {row.tag_id: row for row in await publication_tags(work, snapshot.id)} if live else {}
    place = {"lang": snapshot.lang, "published_at": snapshot.published_at}
    for tag in tags:
        row = rows.pop(tag.id, None)
        if row is None:
            POSTS.add_part(work, PublicationTag(post_id=snapshot.id, tag_id=tag.id, **place))
        else:
            POSTS.change_part(work, row, place)
    for row in rows.values():
        await POSTS.remove_part(work, row)


async def touched_pages(
    work: Work, live: Publication | None, snapshot: PostSnapshot | None, site_id: UUID, tag_ids: Collection[UUID]
) -> list[str]:
    """The cache tags of all pages that show the post, as it was and as it will be, its lists and its translations."""
    posts, langs, lists = set[UUID](), set[str](), set(tag_ids)
    translation_keys = set[UUID]()
    if live is not None:
        posts.add(live.post_id)
        langs.add(live.lang)
        lists |= {row.tag_id for row in await publication_tags(work, live.post_id)}
        translation_keys |= {live.translation_key} if live.translation_key else set()
    if snapshot is not None:
        posts.add(snapshot.id)
        langs.add(snapshot.lang)
        translation_keys |= {UUID(snapshot.translation_key)} if snapshot.translation_key else set()
    for key in translation_keys:
        posts |= set(await live_translations(work, key))
    of_posts, of_tags = map(keys.post_tag, posts), map(keys.tag_tag, lists)
    return sorted([*of_posts, *of_tags, *(keys.posts_tag(site_id, lang) for lang in langs)])


async def unpublish_post(work: Work, actor: Actor, post_id: UUID, expect: int | None) -> Saved:
    """Take a post from the site; its working copy stays. Unpublishing what is not live changes nothing.

    Raises NotFound, Forbidden, ChangedElsewhere.
    """
    post = await opened_post(work, actor, post_id, expect, PUBLISHES)
    live = await find_publication(work, post.id)
    if live is not None:
        tags = (await tags_of_posts(work, [post.id]))[post.id]
        touched = await withdraw(work, live)
        await POSTS.change(
            work,
            post,
            {},
            expect=None,
            kind="unpublished",
            fields=("publication",),
            tags=touched,
            payload=lambda: payload_of(post, tags, None),
        )
    return Saved(id=post.id, version=post.version, slug=post.slug)


async def withdraw(work: Work, live: Publication) -> list[str]:
    """Remove what visitors see of a post that is changed in the same unit; gives the cache tags of the pages that showed it."""
    touched = await touched_pages(work, live, None, live.site_id, ())
    for row in await publication_tags(work, live.post_id):
        await POSTS.remove_part(work, row)
    await POSTS.remove_part(work, live)
    return touched


async def what_publishing_touches(reading: Reading, post: Post) -> Touches:
    """What publishing the working copy would change for readers, and what its author may want to mend first."""
    known = await languages(reading, post.site_id)
    live = await find_publication(reading, post.id)
    tags = (await tags_of_posts(reading, [post.id]))[post.id]
    state = state_of(post, tags)
    made = await compose(reading, post.id, structs.replace(state, published_at=post.published_at or post.updated_at), tags)
    path = path_of(post.kind, post.lang, post.slug, known[0])
    old_path = path_of(live.kind, live.lang, live.slug, known[0]) if live else None
    return Touches(
        path=path,
        old_path=old_path if old_path != path else None,
        is_new=live is None,
        live_version=live.version if live else None,
        has_changes=live is None or live.version != post.version,
        problems=tuple(await _problems(reading, post, made, known)),
    )


async def _problems(reading: Reading, post: Post, made: Composition, known: Sequence[str]) -> list[Problem]:
    found: list[Problem] = []
    holder = await holder_of_address(reading, place_of(post), post.slug, but=post.id)
    if holder is not None:
        found.append(Problem(kind="address", text=f"“{holder}” already has this address. Choose another.", subject=post.slug))
    if not post.summary:
        found.append(Problem(kind="summary", text="There is no summary. Write one for lists and search engines."))
    for name in made.missing:
        found.append(
            Problem(kind="picture", text=f"The picture “{name}” is not in the media library. Upload it or remove it.", subject=name)
        )
    for name in made.undescribed:
        text = f"The picture “{name}” has no description. Write one for people who cannot see it."
        found.append(Problem(kind="description", text=text, subject=name))
    for link in await dead_links(reading, post, made.rendered.links, known):
        found.append(Problem(kind="link", text=f"Nothing is published at {link}. Change the link or publish its target.", subject=link))
    return found


async def dead_links(reading: Reading, post: Post, links: Sequence[str], known: Sequence[str]) -> list[str]:
    """Those links to posts and pages of the same site at which visitors find nothing, in the order of the text."""
    wanted = targets(links, known, known[0])
    alive = await live_addresses(reading, post.site_id, {slug for _, _, slug in wanted.values()}) | {(post.kind, post.lang, post.slug)}
    return [link for link, target in wanted.items() if target not in alive]
