"""Acts and reads as one call each, so that a test says what happens and not how units of work are opened."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.actor import Actor
from app.content.actions import publish_post, save_post, trash_post, unpublish_post
from app.content.models import Post, Publication, PublicationTag
from app.content.repository import find_publication, post_by_id, publication_tags
from app.content.requests import Published, Saved, SavePost
from app.db.database import TenantDatabase
from app.db.record.tables import CacheBump, Event
from app.db.work import Reading, Work
from app.media.models import Media, Rendition
from app.media.repository import MEDIA


async def save(db: TenantDatabase, actor: Actor, site_id: UUID, **request: Any) -> Saved:
    """Save a post of that site, in English unless it says otherwise."""
    asked = SavePost(**{"site_id": site_id, "lang": "en", "title": "Untitled", **request})
    return await db.run(actor, "save post", lambda work: save_post(work, actor, asked))


async def publish(db: TenantDatabase, actor: Actor, post_id: UUID, expect: int | None = None) -> Published:
    """Publish a post."""
    return await db.run(actor, "publish post", lambda work: publish_post(work, actor, post_id, expect))


async def unpublish(db: TenantDatabase, actor: Actor, post_id: UUID, expect: int | None = None) -> Saved:
    """Unpublish a post."""
    return await db.run(actor, "unpublish post", lambda work: unpublish_post(work, actor, post_id, expect))


async def trash(db: TenantDatabase, actor: Actor, post_id: UUID, expect: int | None = None) -> Saved:
    """Move a post to the trash."""
    return await db.run(actor, "trash post", lambda work: trash_post(work, actor, post_id, expect))


async def post(db: TenantDatabase, post_id: UUID) -> Post:
    """The working copy."""
    return await db.read(lambda reading: post_by_id(reading, post_id))


async def live(db: TenantDatabase, post_id: UUID) -> Publication | None:
    """What visitors see."""
    return await db.read(lambda reading: find_publication(reading, post_id))


async def live_tags(db: TenantDatabase, post_id: UUID) -> list[PublicationTag]:
    """In which tags' lists the post stands."""
    return await db.read(lambda reading: publication_tags(reading, post_id))


async def events(db: TenantDatabase, thing_id: UUID) -> list[Event]:
    """What the record says of a thing, oldest first."""

    async def ask(reading: Reading) -> list[Event]:
        statement = select(Event).where(Event.customer_id == reading.customer_id, Event.thing_id == thing_id)
        return list((await reading.session.execute(statement.order_by(Event.to_version))).scalars())

    return await db.read(ask)


async def bumps(db: TenantDatabase, *tags: str) -> dict[str, int]:
    """How often each cache tag has been bumped so far."""

    async def ask(reading: Reading) -> dict[str, int]:
        statement = select(CacheBump.tag).where(CacheBump.customer_id == reading.customer_id, CacheBump.tag.in_(tags))
        found = list((await reading.session.execute(statement)).scalars())
        return {tag: found.count(tag) for tag in tags}

    return await db.read(ask)


async def upload(
    db: TenantDatabase, actor: Actor, name: str, alt: dict[str, str] | None = None, widths: tuple[int, ...] = (480, 960)
) -> UUID:
    """A picture with its renditions, without any bytes."""
    media_id = uuid4()

    async def add(work: Work) -> None:
        media = Media(
            id=media_id,
            name=name,
            content_type="image/webp",
            width=960,
            height=640,
            alt=alt or {},
            created_by=actor.id,
            created_at=work.now,
        )
        await MEDIA.add(work, media)
        for width in widths:
            file = f"{name}-{width}.webp"
            MEDIA.add_part(
                work,
                Rendition(
                    media_id=media_id, purpose="rendition", width=width, height=width * 2 // 3, hash=f"{width:064x}", name=file,
                    content_type="image/webp", bytes=1000,
                ),
            )  # fmt: skip

    await db.run(actor, "upload", add)
    return media_id
