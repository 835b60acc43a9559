"""Posts and pages, tags and menus on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.api.schemas.plain import (
    Body,
    BodyFormat,
    Count,
    Fields,
    FieldValue,
    Lang,
    Line,
    Moment,
    Revision,
    Slug,
    Summary,
    Title,
    Version,
    Words,
)


class PostInput(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole post or page. What is left out is emptied, but for `lang`, `slug` and `published_at`, which then stay as they are.

    `tags` are slugs or labels; unknown ones are made. `published_at` is the date that readers see.
    """

    title: Title
    lang: Lang | UnsetType = UNSET
    slug: Slug = ""
    summary: Summary = ""
    body_source: Body = ""
    body_format: BodyFormat = "html"
    tags: Words = ()
    author_id: UUID | None = None
    cover_id: UUID | None = None
    translation_key: UUID | None = None
    seo_title: Line = ""
    fields: Fields = {}
    is_featured: bool = False
    position: Count = 0
    published_at: Moment | None = None


class NewPost(PostInput, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new post or page. Without `slug` it takes a free one from its title, without `lang` the first language of its site."""

    site_id: UUID


class PostPatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some fields of a post or page; what is left out stays as it is."""

    title: Title | UnsetType = UNSET
    lang: Lang | UnsetType = UNSET
    slug: Slug | UnsetType = UNSET
    summary: Summary | UnsetType = UNSET
    body_source: Body | UnsetType = UNSET
    body_format: BodyFormat | UnsetType = UNSET
    tags: Words | UnsetType = UNSET
    author_id: UUID | None | UnsetType = UNSET
    cover_id: UUID | None | UnsetType = UNSET
    translation_key: UUID | None | UnsetType = UNSET
    seo_title: Line | UnsetType = UNSET
    fields: Fields | UnsetType = UNSET
    is_featured: bool | UnsetType = UNSET
    position: Count | UnsetType = UNSET
    published_at: Moment | UnsetType = UNSET


class RestorePost(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version to bring back; `slug` gives it another address, where its own is taken."""

    version: Version
    slug: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class PostText(Struct, frozen=True, kw_only=True):
    """What a post or page says about itself in lists; `tags` are slugs in their author's order."""

    kind: str
    site_id: UUID
    lang: str
    slug: str
    title: str
    summary: str
    tags: tuple[str, ...]
    author_id: UUID | None
    cover_id: UUID | None
    translation_key: UUID | None
    seo_title: str
    fields: dict[str, FieldValue]
    is_featured: bool
    position: int
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime


class PostSummary(PostText, frozen=True, kw_only=True):
    """A post or page in a list, without its body.

    `status` is draft, live, waiting (live, with edits that wait) or trashed; `live_version` is the version that visitors see.
    """

    id: UUID
    version: int
    status: str
    live_version: int | None
    edited_at: datetime
    edited_by: str


class PostItem(PostSummary, frozen=True, kw_only=True):
    """A post or page with its body, in the format in which it is edited."""

    body_source: str
    body_format: str


class PastPost(PostText, frozen=True, kw_only=True):
    """A post or page as a version holds it; `state` is draft or trashed."""

    state: str
    body_source: str
    body_format: str


class PostRevision(Revision, frozen=True, kw_only=True):
    """One version with its whole text."""

    post: PastPost


class TagItem(Struct, frozen=True, kw_only=True):
    """A tag of a site. `labels` maps languages to labels."""

    id: UUID
    version: int
    site_id: UUID
    slug: str
    label: str
    labels: dict[str, str]
    summary: str


class MenuEntry(Struct, frozen=True, kw_only=True):
    """An entry of a menu; without `url` it is a heading."""

    label: str
    url: str | None = None
    children: "tuple[MenuEntry, ...]" = ()


class MenuSummary(Struct, frozen=True, kw_only=True):
    """A menu of a site in one language."""

    id: UUID
    version: int
    site_id: UUID
    lang: str
    name: str
    items: tuple[MenuEntry, ...]
