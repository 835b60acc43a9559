"""Reads of what the floor recorded: who did what, when, through which door."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct
from sqlalchemy import and_, select

from app.catalog.models import Product
from app.content.models import Post
from app.db.functions import LATEST
from app.db.record.changes import recent_change_sets
from app.db.record.tables import ChangeSet, Event
from app.db.work import Reading
from app.errors import NotFound
from app.tenancy.models import Site

# What one act shows of itself in a list of acts; an import may have touched thousands of things.
SHOWN_EACH = 1_000


class Touched(Struct, frozen=True):
    """What an act did to one thing. `from_version` is 0 for a thing that did not exist before."""

    thing_type: str
    thing_id: UUID
    label: str
    kind: str
    version: int
    fields: list[str]
    from_version: int = 0


class Act(Struct, frozen=True):
    """One act of one actor with everything it touched."""

    id: UUID
    at: datetime
    verb: str
    actor_kind: str
    actor_name: str
    door: str
    reason: str | None
    touched: tuple[Touched, ...]
    actor_id: UUID | None = None
    request_id: str | None = None


class PostPlace(NamedTuple):
    """Where a post that exists is edited: the slug of its site, and whether it is a post or a page."""

    site_slug: str
    kind: str


async def recent_acts(reading: Reading, *, limit: int, before: datetime | None = None) -> list[Act]:
    """The newest acts of the customer, newest first, or those before a moment."""
    statement = select(ChangeSet).where(ChangeSet.customer_id == reading.customer_id)
    if before is not None:
        statement = statement.where(ChangeSet.at < before)
    rows = (await reading.session.execute(statement.order_by(ChangeSet.at.desc(), ChangeSet.id.desc()).limit(limit))).scalars()
    return await _acts(reading, list(rows))


async def acts_page(reading: Reading, *, edge: tuple[datetime, UUID] = LATEST, limit: int = 25) -> list[Act]:
    """A page of the acts, newest first. `edge` is (at, id) of the last act of the page before."""
    return await _acts(reading, await recent_change_sets(reading, edge=edge, limit=limit))


async def act_by_id(reading: Reading, act_id: UUID) -> Act:
    """One act. Raises NotFound."""
    row = await reading.session.get(ChangeSet, (reading.customer_id, act_id))
    if row is None:
        raise NotFound()
    return (await _acts(reading, [row]))[0]


async def was_done(reading: Reading, verb: str, door: str) -> bool:
    """Whether an act of this name has ever come through this door."""
    statement = select(ChangeSet.id).where(ChangeSet.customer_id == reading.customer_id, ChangeSet.verb == verb, ChangeSet.door == door)
    return (await reading.session.execute(statement.limit(1))).first() is not None


async def places_of_posts(reading: Reading, post_ids: Collection[UUID]) -> dict[UUID, PostPlace]:
    """Where those of the posts that still exist are edited."""
    if not post_ids:
        return {}
    is_site = and_(Site.customer_id == Post.customer_id, Site.id == Post.site_id)
    statement = select(Post.id, Site.slug, Post.kind).join(Site, is_site)
    statement = statement.where(Post.customer_id == reading.customer_id, Post.id.in_(list(post_ids)))
    return {post_id: PostPlace(slug, kind) for post_id, slug, kind in await reading.session.execute(statement)}


async def products_present(reading: Reading, product_ids: Collection[UUID]) -> set[UUID]:
    """Those of the products that still exist."""
    if not product_ids:
        return set()
    statement = select(Product.id).where(Product.customer_id == reading.customer_id, Product.id.in_(list(product_ids)))
    return set((await reading.session.execute(statement)).scalars())


async def _acts(reading: Reading, rows: Sequence[ChangeSet]) -> list[Act]:
    touched = await _touched(reading, [row.id for row in rows])
    return [
        Act(
            row.id, row.at, row.verb, row.actor_kind, row.actor_name, row.door, row.reason, tuple(touched.get(row.id, ())),
            actor_id=row.actor_id, request_id=row.request_id,
        )
        for row in rows
    ]  # fmt: skip


async def _touched(reading: Reading, acts: list[UUID]) -> dict[UUID, list[Touched]]:
    """What each act touched, in the order in which it did. One statement an act, so that a large one cannot crowd out the others."""
    found: dict[UUID, list[Touched]] = {}
    for act in acts:
        statement = select(Event).where(Event.customer_id == reading.customer_id, Event.change_set_id == act)
        statement = statement.order_by(Event.thing_id, Event.to_version).limit(SHOWN_EACH)
        rows = sorted((await reading.session.execute(statement)).scalars(), key=lambda row: row.at)
        found[act] = [
            Touched(row.thing_type, row.thing_id, row.label, row.kind, row.to_version, list(row.fields), row.from_version) for row in rows
        ]
    return found
