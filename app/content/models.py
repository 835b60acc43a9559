"""Tables of the room content: posts and pages with their versions and publications, bylines, tags and menus."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import EVERYTHING, WORKING, Base, Tenant, Thing, info, tenant_key, unique
from app.db.record.tables import Version

KINDS = ("post", "page")


class Post(Thing, Base):
    """The working copy of a post or page. Visitors never see it: they see its publication."""

    __tablename__ = "posts"
    site_id: Mapped[UUID]
    kind: Mapped[str]
    lang: Mapped[str] = mapped_column(String(35))
    translation_key: Mapped[UUID | None]
    slug: Mapped[str] = mapped_column(String(200))
    title: Mapped[str]
    summary: Mapped[str]
    body_source: Mapped[str]
    body_format: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    author_id: Mapped[UUID | None]
    cover_id: Mapped[UUID | None]
    seo_title: Mapped[str] = mapped_column(default="")
    fields: Mapped[dict[str, Any]]
    is_featured: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("body_format IN ('html', 'markdown')", name="body_format"),
        CheckConstraint("state IN ('draft', 'trashed')", name="state"),
        tenant_key("tenancy.sites", "site_id"),
        tenant_key("content.authors", "author_id"),
        tenant_key("content.media", "cover_id"),
        unique("ux_posts_address", "customer_id", "site_id", "lang", "kind", "slug", postgresql_where=text("state = 'draft'")),
        Index("ix_posts_author", "customer_id", "author_id"),
        Index("ix_posts_cover", "customer_id", "cover_id"),
        Index("ix_posts_translation", "customer_id", "translation_key"),
        Index("ix_posts_trashed", "customer_id", "id", postgresql_where=text("state = 'trashed'")),
        info("content", app=WORKING, worker="SELECT", backoffice=EVERYTHING, reader="SELECT"),
    )


class PostVersion(Version, Base):
    """Every save of a post, whole. "Recently edited" is its index on `at`, so that no index on `posts` changes by saving."""

    __tablename__ = "post_versions"
    site_id: Mapped[UUID]
    title: Mapped[str]
    __table_args__ = (
        Index("ix_post_versions_recent", "customer_id", "site_id", text("at DESC"), text("thing_id DESC"), text("version DESC")),
        info("content", app="SELECT, INSERT", worker="SELECT", backoffice="SELECT, INSERT, DELETE, UPDATE", reader="SELECT"),
    )


class Publication(Tenant, Base):
    """What visitors see of one post or page: a finished snapshot, pinned to a version."""

    __tablename__ = "publications"
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID]
    kind: Mapped[str]
    lang: Mapped[str] = mapped_column(String(35))
    translation_key: Mapped[UUID | None]
    slug: Mapped[str] = mapped_column(String(200))
    version: Mapped[int]
    render_version: Mapped[int]
    published_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    title: Mapped[str]
    snapshot: Mapped[dict[str, Any]]
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        tenant_key("tenancy.sites", "site_id"),
        tenant_key("content.posts", "post_id"),
        unique("ux_publications_address", "customer_id", "site_id", "lang", "kind", "slug"),
        Index("ix_publications_newest", "customer_id", "site_id", "kind", "lang", text("published_at DESC"), text("post_id DESC")),
        Index("ix_publications_translation", "customer_id", "translation_key"),
        info("content", app=WORKING, worker="SELECT", backoffice=EVERYTHING, reader="SELECT"),
    )


class PublicationTag(Tenant, Base):
    """Which live posts a tag has, in the order of its page; part of the publication."""

    __tablename__ = "publication_tags"
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(String(35))
    published_at: Mapped[datetime]
    __table_args__ = (
        tenant_key("content.tags", "tag_id"),
        Index("ix_publication_tags_newest", "customer_id", "tag_id", "lang", text("published_at DESC"), text("post_id DESC")),
        info("content", app=WORKING, worker="SELECT", backoffice=EVERYTHING, reader="SELECT"),
    )


class Author(Thing, Base):
    """A byline. It need not be a person who signs in."""

    __tablename__ = "authors"
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[str]
    role: Mapped[str]
    bio: Mapped[str]
    image_id: Mapped[UUID | None]
    texts: Mapped[dict[str, Any]]
    user_id: Mapped[UUID | None]
    __table_args__ = (
        tenant_key("content.media", "image_id"),
        unique("ux_authors_slug", "customer_id", "slug"),
        Index("ix_authors_image", "customer_id", "image_id"),
        info("content", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class Tag(Thing, Base):
    """A subject of posts on one site, with its label per language."""

    __tablename__ = "tags"
    site_id: Mapped[UUID]
    slug: Mapped[str] = mapped_column(String(120))
    label: Mapped[str]
    labels: Mapped[dict[str, Any]]
    summary: Mapped[str]
    __table_args__ = (
        tenant_key("tenancy.sites", "site_id"),
        unique("ux_tags_slug", "customer_id", "site_id", "slug"),
        info("content", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class PostTag(Tenant, Base):
    """A tag of the working copy of a post; part of the post."""

    __tablename__ = "post_tags"
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    __table_args__ = (
        tenant_key("content.posts", "post_id", ondelete="CASCADE"),
        tenant_key("content.tags", "tag_id"),
        Index("ix_post_tags_tag", "customer_id", "tag_id"),
        info("content", app=WORKING, worker="SELECT", backoffice=EVERYTHING, reader="SELECT"),
    )


class Menu(Thing, Base):
    """A menu of a site in one language: a tree of labels and addresses."""

    __tablename__ = "menus"
    site_id: Mapped[UUID]
    lang: Mapped[str] = mapped_column(String(35))
    name: Mapped[str] = mapped_column(String(63))
    items: Mapped[list[Any]]
    __table_args__ = (
        tenant_key("tenancy.sites", "site_id"),
        unique("ux_menus_name", "customer_id", "site_id", "lang", "name"),
        info("content", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )
