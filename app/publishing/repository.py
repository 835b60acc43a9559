"""What pages are read from: publications, menus and settings of one site. It never reads working copies, and it writes nothing.

Lists that grow run along the owned functions; their rows come without bodies unless a feed needs them.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Text, and_, literal, or_, select, union_all
from sqlalchemy.sql.selectable import TableValuedAlias

from app.catalog.models import ProductPost, ProductPublication
from app.content.finishing import tag_snapshot
from app.content.models import Publication, Tag
from app.db.functions import LATEST, owned
from app.db.work import Reading
from app.errors import NotFound
from app.media.models import Media, Rendition
from app.publishing.snapshots import PostSnapshot, ProductOffer, ProductSnapshot, ProductText, Reference, TagSnapshot
from app.publishing.visits import Edge
from app.tenancy.models import Domain, Site, ThemeSettings

T = TypeVar("T")

# A bound for what stands around one page; a page with more children does not show them all.
PAGES_NEAR = 1_000
NEWEST = Edge(*LATEST)


class SiteRow(NamedTuple):
    """A site with its theme settings and its primary host, None where it has none."""

    site: Site
    theme: ThemeSettings | None
    host: str | None


class PictureRow(NamedTuple):
    """A picture and one of its files; None for a picture without files."""

    media: Media
    file: Rendition | None


class Listed(NamedTuple, Generic[T]):
    """An item of a list and its place there."""

    item: T
    edge: Edge


@dataclass(frozen=True)
class Shelf(Generic[T]):
    """A list that grows: the owned functions that run along it, `older` downwards and `newer` upwards, and its rows."""

    older: str
    newer: str
    arguments: tuple[Any, ...]
    rows: Callable[[Reading, TableValuedAlias], Select[Any]]
    item: Callable[..., T]

    @property
    def name(self) -> str:
        """What a cursor of this list is bound to, beside the customer."""
        return ":".join(map(str, (self.older, *self.arguments)))

    def statement(self, reading: Reading, edge: Edge, limit: int, *, is_upward: bool = False) -> Select[Any]:
        """The next `limit` rows after an edge, in no order."""
        listed = owned(self.newer if is_upward else self.older, *self.arguments, *edge, limit)
        return self.rows(reading, listed).add_columns(listed.c.at, listed.c.id)

    async def after(self, reading: Reading, edge: Edge, limit: int, *, is_upward: bool = False) -> list[Listed[T]]:
        """The next `limit` items after an edge, older ones or newer ones, always newest first."""
        found = await reading.session.execute(self.statement(reading, edge, limit, is_upward=is_upward))
        return self.listed(found)

    async def newest(self, reading: Reading, limit: int) -> list[T]:
        """The newest items."""
        return [entry.item for entry in await self.after(reading, NEWEST, limit)]

    async def around(self, reading: Reading, edge: Edge) -> tuple[T | None, T | None]:
        """The item before an edge and the one after it, the older one first, in one statement."""
        down, up = (self.statement(reading, edge, 1, is_upward=is_upward) for is_upward in (False, True))
        entries = self.listed(await reading.session.execute(union_all(down, up)))
        older = next((entry.item for entry in entries if entry.edge < edge), None)
        return older, next((entry.item for entry in entries if entry.edge > edge), None)

    async def count_after(self, reading: Reading, edge: Edge, limit: int, *, is_upward: bool = False) -> int:
        """How many items follow an edge, counted up to `limit`."""
        listed = owned(self.newer if is_upward else self.older, *self.arguments, *edge, limit)
        return len((await reading.session.execute(select(listed.c.id))).all())

    def listed(self, rows: Iterable[Any]) -> list[Listed[T]]:
        """The items of rows, newest first."""
        entries = [Listed(self.item(*columns), Edge(at, item_id)) for *columns, at, item_id in rows]
        return sorted(entries, key=lambda entry: entry.edge, reverse=True)


def posts_shelf(site_id: UUID, lang: str, *, has_bodies: bool = False) -> Shelf[PostSnapshot]:
    """The live posts of a site in one language."""
    functions = ("content.newest_publications", "content.newer_publications")
    return Shelf(*functions, (site_id, "post", lang), _whole_posts if has_bodies else _post_cards, _post)


def tag_shelf(tag_id: UUID, lang: str) -> Shelf[PostSnapshot]:
    """The live posts of a tag in one language."""
    return Shelf("content.newest_tagged", "content.newer_tagged", (tag_id, lang), _post_cards, _post)


def products_shelf(site_id: UUID, lang: str) -> Shelf[ProductSnapshot]:
    """The live products of a site in one language."""
    functions = ("catalog.newest_products", "catalog.newer_products")
    return Shelf(*functions, (site_id, lang), partial(_product_cards, site_id), _product)


def _whole_posts(reading: Reading, listed: TableValuedAlias) -> Select[Any]:
    statement = select(Publication.snapshot).select_from(Publication).join(listed, listed.c.id == Publication.post_id)
    return statement.where(Publication.customer_id == reading.customer_id)


def _post_cards(reading: Reading, listed: TableValuedAlias) -> Select[Any]:
    statement = select(_bodiless(Publication.snapshot)).select_from(Publication).join(listed, listed.c.id == Publication.post_id)
    return statement.where(Publication.customer_id == reading.customer_id)


def _product_cards(site_id: UUID, reading: Reading, listed: TableValuedAlias) -> Select[Any]:
    columns = (_bodiless(ProductPublication.text), ProductPublication.offer)
    statement = select(*columns).select_from(ProductPublication).join(listed, listed.c.id == ProductPublication.product_id)
    # A product is live on several sites, each with a row of its own; the function gives only the id that they share.
    return statement.where(ProductPublication.customer_id == reading.customer_id, ProductPublication.site_id == site_id)


def _bodiless(snapshot: Any) -> ColumnElement[Any]:
    """A stored snapshot without what lists do not show, which is most of it."""
    without_html = snapshot.op("-", return_type=snapshot.type)(literal("html", Text()))
    without_both: ColumnElement[Any] = without_html.op("-", return_type=snapshot.type)(literal("toc", Text()))
    return without_both


def _post(snapshot: Any) -> PostSnapshot:
    return msgspec.convert(snapshot, PostSnapshot)


def _product(text: Any, offer: Any) -> ProductSnapshot:
    return ProductSnapshot(text=msgspec.convert(text, ProductText), offer=msgspec.convert(offer, ProductOffer))


async def site_row(reading: Reading, site_id: UUID) -> SiteRow:
    """A site of the customer. Raises NotFound."""
    has_theme = and_(ThemeSettings.customer_id == Site.customer_id, ThemeSettings.site_id == Site.id)
    is_its_host = and_(Domain.customer_id == Site.customer_id, Domain.site_id == Site.id, Domain.is_primary.is_(True))
    statement = select(Site, ThemeSettings, Domain.host).outerjoin(ThemeSettings, has_theme).outerjoin(Domain, is_its_host)
    statement = statement.where(Site.customer_id == reading.customer_id, Site.id == site_id)
    row = (await reading.session.execute(statement)).first()
    if row is None:
        raise NotFound()
    return SiteRow(*row)


async def languages_with_content(reading: Reading, site_id: UUID, languages: Collection[str]) -> set[str]:
    """Those of the languages in which something of the site is live."""
    if not languages:
        return set()
    arms = [
        select(literal(lang, Text())).select_from(listed)
        for lang in languages
        for listed in (
            owned("content.newest_publications", site_id, "post", lang, *LATEST, 1),
            owned("content.newest_publications", site_id, "page", lang, *LATEST, 1),
            owned("catalog.newest_products", site_id, lang, *LATEST, 1),
        )
    ]
    return set((await reading.session.execute(union_all(*arms))).scalars())


async def pictures_by_name(reading: Reading, names: Collection[str]) -> list[PictureRow]:
    """Pictures with their files, from small to large. Originals are left out, because nobody may see them."""
    if not names:
        return []
    is_shown = and_(Rendition.customer_id == Media.customer_id, Rendition.media_id == Media.id, Rendition.purpose != "original")
    statement = select(Media, Rendition).outerjoin(Rendition, is_shown)
    statement = statement.where(Media.customer_id == reading.customer_id, Media.name.in_(names)).order_by(Media.name, Rendition.width)
    return [PictureRow(*row) for row in await reading.session.execute(statement)]


async def find_file(reading: Reading, digest: str, name: str) -> Rendition | None:
    """The file of an address under /media/, None for originals and for what the customer does not have."""
    statement = select(Rendition).where(
        Rendition.customer_id == reading.customer_id, Rendition.hash == digest, Rendition.name == name, Rendition.purpose != "original"
    )
    return (await reading.session.execute(statement.limit(1))).scalar_one_or_none()


async def find_post(reading: Reading, site_id: UUID, kind: str, lang: str, slug: str) -> PostSnapshot | None:
    """The live post or page at an address, or None."""
    statement = select(Publication.snapshot).where(
        Publication.customer_id == reading.customer_id,
        Publication.site_id == site_id,
        Publication.lang == lang,
        Publication.kind == kind,
        Publication.slug == slug,
    )
    snapshot = (await reading.session.execute(statement)).scalar_one_or_none()
    return _post(snapshot) if snapshot is not None else None


async def posts_by_id(reading: Reading, site_id: UUID, post_ids: Collection[UUID]) -> dict[UUID, PostSnapshot]:
    """Those of the posts and pages that are live on the site, without their bodies."""
    if not post_ids:
        return {}
    statement = select(_bodiless(Publication.snapshot)).where(
        Publication.customer_id == reading.customer_id, Publication.site_id == site_id, Publication.post_id.in_(post_ids)
    )
    return {post.id: post for post in map(_post, (await reading.session.execute(statement)).scalars())}


async def pages_near(reading: Reading, site_id: UUID, lang: str, path: str, others: Collection[str]) -> list[Reference]:
    """The live pages below a path, and those of `others` that are live."""
    summary = Publication.snapshot["summary"].astext
    statement = select(Publication.lang, Publication.slug, Publication.title, summary).where(
        Publication.customer_id == reading.customer_id,
        Publication.site_id == site_id,
        Publication.lang == lang,
        Publication.kind == "page",
        or_(Publication.slug.like(f"{path}/%"), Publication.slug.in_(others)),
    )
    return [_reference(*row) for row in await reading.session.execute(statement.order_by(Publication.slug).limit(PAGES_NEAR))]


async def translations_of_post(reading: Reading, site_id: UUID, kind: str, key: str | None) -> list[Reference]:
    """The live translations of a post or page on the site, itself among them."""
    return await _translations(reading, Publication, site_id, key, Publication.kind == kind)


async def translations_of_product(reading: Reading, site_id: UUID, key: str | None) -> list[Reference]:
    """The live translations of a product on the site, itself among them."""
    return await _translations(reading, ProductPublication, site_id, key)


async def _translations(
    reading: Reading, model: type[Publication] | type[ProductPublication], site_id: UUID, key: str | None, *conditions: ColumnElement[bool]
) -> list[Reference]:
    if not key:
        return []
    statement = select(model.lang, model.slug, model.title).where(
        model.customer_id == reading.customer_id, model.site_id == site_id, model.translation_key == UUID(key), *conditions
    )
    return [_reference(*row) for row in await reading.session.execute(statement)]


def _reference(lang: str, slug: str, title: str, summary: str | None = None) -> Reference:
    return Reference(lang=lang, slug=slug, title=title, summary=summary)


async def find_tag(reading: Reading, site_id: UUID, slug: str) -> tuple[UUID, TagSnapshot] | None:
    """A tag of the site and its id, or None."""
    statement = select(Tag).where(Tag.customer_id == reading.customer_id, Tag.site_id == site_id, Tag.slug == slug)
    tag = (await reading.session.execute(statement)).scalar_one_or_none()
    return (tag.id, tag_snapshot(tag)) if tag is not None else None


async def find_product(reading: Reading, site_id: UUID, lang: str, slug: str) -> ProductSnapshot | None:
    """The live product at an address, or None."""
    statement = select(ProductPublication.text, ProductPublication.offer).where(
        ProductPublication.customer_id == reading.customer_id,
        ProductPublication.site_id == site_id,
        ProductPublication.lang == lang,
        ProductPublication.slug == slug,
    )
    row = (await reading.session.execute(statement)).one_or_none()
    return _product(*row) if row is not None else None


async def products_about(reading: Reading, site_id: UUID, lang: str, post_id: UUID, limit: int) -> list[ProductSnapshot]:
    """The live products of a language on whose pages a post stands, newest first, without their bodies.

    The working copies lead to them; what has not been published of the relation is left out.
    """
    is_live = and_(ProductPublication.customer_id == ProductPost.customer_id, ProductPublication.product_id == ProductPost.product_id)
    statement = (
        select(_bodiless(ProductPublication.text), ProductPublication.offer)
        .join(ProductPost, is_live)
        .where(
            ProductPublication.customer_id == reading.customer_id,
            ProductPost.customer_id == reading.customer_id,
            ProductPost.post_id == post_id,
            ProductPublication.site_id == site_id,
            ProductPublication.lang == lang,
        )
        .order_by(ProductPublication.published_at.desc(), ProductPublication.product_id)
        .limit(limit)
    )
    found = [_product(*row) for row in await reading.session.execute(statement)]
    return [product for product in found if post_id in product.text.related_posts]
