"""How a post or page returns: its working copy with its tags, and what visitors saw of it, pinned as it was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.content.actions.publishing import put_publication, touched_pages, withdraw
from app.content.actions.tagging import put_tags
from app.content.finishing import compose
from app.content.history import PostState, live_in, payload_of, state_in, stored
from app.content.models import Post, Publication, Tag
from app.content.repository import POSTS, Place, find_publication, post_tags, tags_by_id, tags_of_posts, version_of_post
from app.content.returning.repository import holders_of_addresses, stored_posts
from app.db.repository import Repository
from app.db.returning import UNDONE, Back, Holder, Payload, Reference
from app.db.work import Reading, Work
from app.document.snapshots import PostSnapshot

COLUMNS = tuple(name for name in PostState.__struct_fields__ if name != "tags")


@dataclass(frozen=True)
class ReturningPosts:
    """The return of posts and pages."""

    repository: Repository[Post] = POSTS

    def refers_to(self, payload: Payload) -> Iterable[Reference]:
        """Site, byline, cover and tags."""
        state = state_in(payload)
        yield Reference("site", state.site_id)
        if state.author_id:
            yield Reference("author", state.author_id)
        if state.cover_id:
            yield Reference("media", state.cover_id)
        yield from (Reference("tag", mark.id) for mark in state.tags)

    async def holders(self, reading: Reading, wanted: Mapping[UUID, Payload]) -> list[Holder]:
        """Who has the addresses of the working copies outside the trash, and of what was live."""
        places: dict[Place, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
        for post_id, payload in wanted.items():
            if payload["state"] == "draft":
                places[place_in(payload)][payload["slug"]].add(post_id)
        pinned = {(post_id, live) for post_id, payload in wanted.items() if (live := live_in(payload)) is not None}
        for (post_id, _), payload in (await stored_posts(reading, pinned)).items():
            places[place_in(payload)][payload["slug"]].add(post_id)
        found: list[Holder] = []
        for place, asking in places.items():
            for slug, holder_id, title in await holders_of_addresses(reading, place, sorted(asking)):
                said = f"“{title}” has the address “{slug}” now. Give it another one first."
                found += [Holder(post_id, holder_id, said) for post_id in asking[slug] if post_id != holder_id]
        return found

    async def obstacles(self, reading: Reading, wanted: Mapping[UUID, Payload | None], together: Set[UUID]) -> dict[UUID, str]:
        """Nothing else forbids it."""
        return {}

    async def put_back(self, work: Work, back: Back) -> None:
        """Remove, change or add the post, then have visitors see of it what they saw."""
        post = await POSTS.find(work, back.thing_id)
        if post is not None:
            POSTS.check_version(post, back.present)
        live = await find_publication(work, back.thing_id)
        if back.payload is None:
            if post is not None:
                await _remove(work, post, live)
            return
        state, was_live = state_in(back.payload), live_in(back.payload)
        # Where nothing waited to be published, nothing waits afterwards: what is live is then pinned to the version that comes now.
        pinned = back.present + 1 if was_live == back.before else was_live
        tags = await _tags(work, state)
        shown = await _shown(work, back, state, tags, live)
        touched = await touched_pages(work, live, shown, state.site_id, [tag.id for tag in tags]) if shown else []
        if was_live is None and live is not None:
            touched = await withdraw(work, live)
        values = {name: getattr(state, name) for name in COLUMNS}
        record: dict[str, Any] = {"kind": UNDONE, "tags": touched, "payload": stored(state, pinned)}
        present = await post_tags(work, back.thing_id)
        if post is None:
            post = await POSTS.add(work, Post(id=back.thing_id, **values), version=back.present + 1, **record)
        else:
            await POSTS.change(work, post, values, expect=None, fields=_parts_changed(present, tags, live, was_live), **record)
        await put_tags(work, post.id, present, tags)
        if shown is not None:
            past = tags if was_live == back.before else await _tags_of(work, back.thing_id, was_live)
            await put_publication(work, live, shown, {"site_id": state.site_id, "version": pinned}, past)
        elif live is not None and was_live is not None and live.version != pinned:
            POSTS.change_part(work, live, {"version": pinned})


def place_in(payload: Payload) -> Place:
    """Where the address of a stored post is its own."""
    return Place(site_id=UUID(payload["site_id"]), lang=payload["lang"], kind=payload["kind"])


async def _shown(work: Work, back: Back, state: PostState, tags: list[Tag], live: Publication | None) -> PostSnapshot | None:
    """What visitors saw, made anew; None where they saw nothing, or see the same version still, which then stays as it is."""
    was_live = live_in(back.payload or {})
    if was_live is None or (live is not None and live.version == was_live):
        return None
    if was_live == back.before:
        return (await compose(work, back.thing_id, state, tags)).snapshot
    pinned = state_in((await version_of_post(work, back.thing_id, was_live)).payload)
    return (await compose(work, back.thing_id, pinned, await _tags(work, pinned))).snapshot


async def _tags_of(work: Work, post_id: UUID, version: int | None) -> list[Tag]:
    """The tags of a version, as far as they exist."""
    return await _tags(work, state_in((await version_of_post(work, post_id, version)).payload)) if version is not None else []


async def _tags(work: Work, state: PostState) -> list[Tag]:
    known = {tag.id: tag for tag in await tags_by_id(work, state.site_id, [mark.id for mark in state.tags])}
    return [known[mark.id] for mark in state.tags if mark.id in known]


def _parts_changed(present: list[Any], tags: list[Tag], live: Publication | None, was_live: int | None) -> list[str]:
    names = ["tags"] if [row.tag_id for row in present] != [tag.id for tag in tags] else []
    return [*names, "publication"] if (live.version if live else None) != was_live else names


async def _remove(work: Work, post: Post, live: Publication | None) -> None:
    payload = payload_of(post, (await tags_of_posts(work, [post.id]))[post.id], None)
    touched = await withdraw(work, live) if live is not None else []
    for row in await post_tags(work, post.id):
        await POSTS.remove_part(work, row)
    await POSTS.delete(work, post, expect=None, tags=touched, payload=payload)
