"""Reads that the return of posts needs: what is live of them, and who has the addresses that they had."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, or_, select, union_all

from app.content.models import Post, PostVersion, Publication
from app.content.repository import Place
from app.db.work import Reading


class HolderOfAddress(NamedTuple):
    """A post that has an address, as working copy or live."""

    slug: str
    post_id: UUID
    title: str


async def live_version(reading: Reading, post_id: UUID) -> int | None:
    """The version of a post that visitors see, None when they see nothing. Its text is not loaded."""
    statement = select(Publication.version).where(Publication.customer_id == reading.customer_id, Publication.post_id == post_id)
    return (await reading.session.execute(statement)).scalar_one_or_none()


async def holders_of_addresses(reading: Reading, place: Place, slugs: Collection[str]) -> list[HolderOfAddress]:
    """Every post that has one of the slugs in a place."""
    working = select(Post.slug, Post.id, Post.title).where(
        Post.customer_id == reading.customer_id, *place.of(Post), Post.slug.in_(slugs), Post.state == "draft"
    )
    live = select(Publication.slug, Publication.post_id, Publication.title).where(
        Publication.customer_id == reading.customer_id, *place.of(Publication), Publication.slug.in_(slugs)
    )
    return [HolderOfAddress(*row) for row in await reading.session.execute(union_all(working, live))]


async def stored_posts(reading: Reading, versions: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], dict[str, Any]]:
    """What versions of posts hold."""
    if not versions:
        return {}
    named = [and_(PostVersion.thing_id == post_id, PostVersion.version == version) for post_id, version in versions]
    statement = select(PostVersion.thing_id, PostVersion.version, PostVersion.payload)
    statement = statement.where(PostVersion.customer_id == reading.customer_id, or_(*named))
    return {(post_id, version): payload for post_id, version, payload in await reading.session.execute(statement)}
