"""Reads and writes of posts, pages, bylines, tags and menus. Lists give their rows and what stands beside them in one statement."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, column, func, select, table, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from app.content.models import Author, Menu, Post, PostTag, PostVersion, Publication, PublicationTag, Tag
from app.content.states import Status, View, status_of
from app.db.functions import LATEST, NO_ID, owned
from app.db.repository import Repository
from app.db.work import Reading
from app.errors import NotFound

POSTS = Repository(
    Post, "post", parts=(PostTag, Publication, PublicationTag), history=PostVersion, history_columns=("site_id", "title"),
    label=lambda post: post.title,
)  # fmt: skip
TAGS = Repository(Tag, "tag", label=lambda tag: tag.label)
AUTHORS = Repository(Author, "author")
MENUS = Repository(Menu, "menu")

# Labels of custom fields belong to the catalogue; their columns are read by name, because neighbouring rooms do not import each other.
FIELD_DEFINITIONS = table(
    "field_definitions", column("customer_id", Post.id.type), column("thing_type"), column("code"), column("label"),
    column("labels", Post.fields.type), schema="catalog",
)  # fmt: skip


# A bound for lists that people keep short; a site with more is not shown whole.
ALL = 5_000


class PostRow(NamedTuple):
    """A post in a list: who saved it last and when (UTC), and the version that visitors see. Its body is not loaded."""

    post: Post
    edited_at: datetime
    editor: str
    live_version: int | None

    @property
    def status(self) -> Status:
        """What state the post is in, as one word."""
        return status_of(self.post.state, self.post.version, self.live_version)


class VersionRow(NamedTuple):
    """A version in a list, without its text."""

    version: int
    kind: str
    at: datetime
    title: str
    change_set_id: UUID
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    door: str


class Place(Struct, frozen=True, kw_only=True):
    """Where addresses are unique: a site, a language and a kind."""

    site_id: UUID
    lang: str
    kind: str

    def of(self, model: type[Post] | type[Publication]) -> tuple[ColumnElement[bool], ...]:
        """The conditions of this place on one of the two tables that hold addresses."""
        return model.site_id == self.site_id, model.lang == self.lang, model.kind == self.kind


async def post_by_id(reading: Reading, post_id: UUID) -> Post:
    """A post or page with its body, also from the trash. Raises NotFound."""
    return await POSTS.get(reading, post_id)


async def posts_of_site(
    reading: Reading,
    site_id: UUID,
    *,
    kind: str = "post",
    view: View = "all",
    words: str = "",
    author_id: UUID | None = None,
    tag_id: UUID | None = None,
    edge: tuple[datetime, UUID] = LATEST,
    limit: int = 25,
) -> list[PostRow]:
    """The posts of a site, last edited first. `edge` is (edited_at, post.id) of the last row of the page before."""
    listed = owned("content.recent_posts", site_id, kind, view, words, author_id or NO_ID, tag_id or NO_ID, *edge, limit)
    statement = _rows(reading).join(listed, listed.c.id == Post.id).order_by(listed.c.at.desc(), listed.c.id.desc())
    return await _post_rows(reading, statement, has_bodies=False)


async def posts_page(
    reading: Reading, *, kind: str = "post", site_id: UUID | None = None, after: UUID = NO_ID, limit: int = 100, has_bodies: bool = False
) -> list[PostRow]:
    """Posts outside the trash by id, of one site or of all. `after` is the last id of the page before."""
    listed = owned("content.posts_page", kind, site_id or NO_ID, after, limit)
    return await _post_rows(reading, _rows(reading).join(listed, listed.c.id == Post.id).order_by(listed.c.id), has_bodies=has_bodies)


async def row_of_post(reading: Reading, post_id: UUID) -> PostRow:
    """A post with its body, as a row of a list. Raises NotFound."""
    rows = await _post_rows(reading, _rows(reading).where(Post.id == post_id), has_bodies=True)
    if not rows:
        raise NotFound()
    return rows[0]


def _rows(reading: Reading) -> Select[Any]:
    is_present = and_(PostVersion.customer_id == Post.customer_id, PostVersion.thing_id == Post.id, PostVersion.version == Post.version)
    is_live = and_(Publication.customer_id == Post.customer_id, Publication.post_id == Post.id)
    statement = select(Post, PostVersion.at, PostVersion.actor_name, Publication.version).join(PostVersion, is_present)
    return statement.outerjoin(Publication, is_live).where(Post.customer_id == reading.customer_id)


async def _post_rows(reading: Reading, statement: Select[Any], *, has_bodies: bool) -> list[PostRow]:
    options = () if has_bodies else (defer(Post.body_source, raiseload=True),)
    return [PostRow(*row) for row in await reading.session.execute(statement.options(*options))]


async def versions_of_post(reading: Reading, post_id: UUID, *, before: int | None = None, limit: int = 25) -> list[VersionRow]:
    """The versions of a post, also of a deleted one, newest first and below `before`. Without their texts."""
    columns = [getattr(PostVersion, name) for name in VersionRow._fields]
    statement = select(*columns).where(PostVersion.customer_id == reading.customer_id, PostVersion.thing_id == post_id)
    if before is not None:
        statement = statement.where(PostVersion.version < before)
    rows = await reading.session.execute(statement.order_by(PostVersion.version.desc()).limit(limit))
    return [VersionRow(*row) for row in rows]


async def version_of_post(reading: Reading, post_id: UUID, version: int) -> PostVersion:
    """One version of a post with its whole text as `payload`. Raises NotFound."""
    row = await reading.session.get(PostVersion, (reading.customer_id, post_id, version))
    if row is None:
        raise NotFound()
    return row


async def last_version_of_post(reading: Reading, post_id: UUID) -> PostVersion:
    """The newest version of a post, which for a deleted one is of kind `deleted`. Raises NotFound."""
    rows = await versions_of_post(reading, post_id, limit=1)
    if not rows:
        raise NotFound()
    return await version_of_post(reading, post_id, rows[0].version)


async def find_publication(reading: Reading, post_id: UUID) -> Publication | None:
    """What visitors see of a post, None when they see nothing."""
    return await reading.session.get(Publication, (reading.customer_id, post_id))


async def publication_tags(reading: Reading, post_id: UUID) -> list[PublicationTag]:
    """The rows by which a live post stands in the lists of its tags."""
    statement = select(PublicationTag).where(PublicationTag.customer_id == reading.customer_id, PublicationTag.post_id == post_id)
    return list((await reading.session.execute(statement)).scalars())


async def live_translations(reading: Reading, translation_key: UUID) -> list[UUID]:
    """The ids of the live posts that are translations of one text."""
    statement = select(Publication.post_id).where(
        Publication.customer_id == reading.customer_id, Publication.translation_key == translation_key
    )
    return list((await reading.session.execute(statement)).scalars())


async def live_addresses(reading: Reading, site_id: UUID, slugs: Collection[str]) -> set[tuple[str, str, str]]:
    """Those of the slugs under which the site shows something, as (kind, lang, slug)."""
    if not slugs:
        return set()
    statement = select(Publication.kind, Publication.lang, Publication.slug).where(
        Publication.customer_id == reading.customer_id, Publication.site_id == site_id, Publication.slug.in_(slugs)
    )
    return {(kind, lang, slug) for kind, lang, slug in await reading.session.execute(statement)}


async def live_posts_with(
    reading: Reading, *, tag_id: UUID | None = None, author_id: UUID | None = None, after: UUID = NO_ID, limit: int = 100
) -> list[UUID]:
    """The ids of live posts that show a tag or a byline, in their order, to be made anew after it has changed."""
    statement = select(Publication.post_id).where(Publication.customer_id == reading.customer_id, Publication.post_id > after)
    if tag_id is not None:
        is_tagged = and_(PublicationTag.customer_id == Publication.customer_id, PublicationTag.post_id == Publication.post_id)
        statement = statement.join(PublicationTag, is_tagged).where(PublicationTag.tag_id == tag_id)
    if author_id is not None:
        is_his = and_(Post.customer_id == Publication.customer_id, Post.id == Publication.post_id)
        statement = statement.join(Post, is_his).where(Post.author_id == author_id)
    return list((await reading.session.execute(statement.order_by(Publication.post_id).limit(limit))).scalars())


async def holder_of_address(reading: Reading, place: Place, slug: str, *, but: UUID) -> str | None:
    """The title of another post that has an address, as working copy or live, None when it is free. `but` may have it."""
    working = select(Post.title).where(
        Post.customer_id == reading.customer_id, *place.of(Post), Post.slug == slug, Post.state == "draft", Post.id != but
    )
    live = select(Publication.title).where(
        Publication.customer_id == reading.customer_id, *place.of(Publication), Publication.slug == slug, Publication.post_id != but
    )
    return (await reading.session.execute(union_all(working, live).limit(1))).scalar()


async def addresses_taken(reading: Reading, place: Place, slugs: Collection[str], *, but: UUID) -> set[str]:
    """Those of the slugs that other posts have, as working copies or live."""
    working = select(Post.slug).where(
        Post.customer_id == reading.customer_id, *place.of(Post), Post.slug.in_(slugs), Post.state == "draft", Post.id != but
    )
    live = select(Publication.slug).where(
        Publication.customer_id == reading.customer_id, *place.of(Publication), Publication.slug.in_(slugs), Publication.post_id != but
    )
    return set((await reading.session.execute(union_all(working, live))).scalars())


async def tags_of_site(reading: Reading, site_id: UUID) -> list[Tag]:
    """All tags of a site by label."""
    return await TAGS.page(reading, Tag.site_id == site_id, order=(Tag.label, Tag.id), limit=ALL)


async def tags_by_slug(reading: Reading, site_id: UUID, slugs: Collection[str]) -> list[Tag]:
    """Those tags of a site whose slugs are given."""
    return await TAGS.page(reading, Tag.site_id == site_id, Tag.slug.in_(slugs), order=(Tag.slug,), limit=len(slugs))


async def tags_by_label(reading: Reading, site_id: UUID, labels: Collection[str]) -> list[Tag]:
    """Those tags of a site whose labels, in small letters, are given."""
    return await TAGS.page(reading, Tag.site_id == site_id, func.lower(Tag.label).in_(labels), order=(Tag.slug,), limit=ALL)


async def tags_by_id(reading: Reading, site_id: UUID, tag_ids: Collection[UUID]) -> list[Tag]:
    """Those tags of a site whose ids are given."""
    if not tag_ids:
        return []
    return await TAGS.page(reading, Tag.site_id == site_id, Tag.id.in_(tag_ids), order=(Tag.id,), limit=len(tag_ids))


async def tags_of_posts(reading: Reading, post_ids: Iterable[UUID]) -> dict[UUID, list[Tag]]:
    """The tags of the working copies of posts, in the order that their authors gave them. Every asked id is a key."""
    found: dict[UUID, list[Tag]] = {post_id: [] for post_id in post_ids}
    if not found:
        return found
    is_tag = and_(Tag.customer_id == PostTag.customer_id, Tag.id == PostTag.tag_id)
    statement = select(PostTag.post_id, Tag).join(Tag, is_tag).where(PostTag.customer_id == reading.customer_id, PostTag.post_id.in_(found))
    for post_id, tag in await reading.session.execute(statement.order_by(PostTag.post_id, PostTag.position)):
        found[post_id].append(tag)
    return found


async def post_tags(reading: Reading, post_id: UUID) -> list[PostTag]:
    """The rows that give a post its tags, in order."""
    statement = select(PostTag).where(PostTag.customer_id == reading.customer_id, PostTag.post_id == post_id)
    return list((await reading.session.execute(statement.order_by(PostTag.position))).scalars())


async def authors_of_customer(reading: Reading) -> list[Author]:
    """All bylines of the customer by name."""
    return await AUTHORS.page(reading, order=(Author.name, Author.id), limit=ALL)


async def find_author(reading: Reading, slug: str) -> Author | None:
    """The byline of a slug, or None."""
    statement = select(Author).where(Author.customer_id == reading.customer_id, Author.slug == slug)
    return (await reading.session.execute(statement)).scalar_one_or_none()


async def menus_of_site(reading: Reading, site_id: UUID) -> list[Menu]:
    """The menus of a site by language and name."""
    return await MENUS.page(reading, Menu.site_id == site_id, order=(Menu.lang, Menu.name), limit=ALL)


async def find_menu(reading: Reading, site_id: UUID, lang: str, name: str) -> Menu | None:
    """A menu by its language and name, or None."""
    statement = select(Menu).where(Menu.customer_id == reading.customer_id, Menu.site_id == site_id, Menu.lang == lang, Menu.name == name)
    return (await reading.session.execute(statement)).scalar_one_or_none()


async def labels_of_fields(reading: Reading, codes: Collection[str]) -> dict[str, tuple[str, dict[str, str]]]:
    """The label of each custom field of posts that is defined, and its labels in other languages."""
    if not codes:
        return {}
    columns = FIELD_DEFINITIONS.c
    statement = select(columns.code, columns.label, columns.labels).where(
        columns.customer_id == reading.customer_id, columns.thing_type == "post", columns.code.in_(codes)
    )
    return {code: (label, labels) for code, label, labels in await reading.session.execute(statement)}


async def trashed_before(session: AsyncSession, moment: datetime, limit: int = 100) -> list[tuple[UUID, UUID, int]]:
    """Customer, post and version of posts of all customers that went to the trash before `moment`; asked through `worker`."""
    is_version = and_(PostVersion.customer_id == Post.customer_id, PostVersion.thing_id == Post.id, PostVersion.version == Post.version)
    statement = select(Post.customer_id, Post.id, Post.version).join(PostVersion, is_version)
    statement = statement.where(Post.state == "trashed", PostVersion.at < moment).order_by(PostVersion.at, Post.id).limit(limit)
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]
