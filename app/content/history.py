"""A post as its history keeps it: the whole working copy with its tags, in one value. Pure."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from app.content.models import Post, Tag
from app.content.requests import BodyFormat, FieldValue, Kind
from app.db.repository import snapshot


class TagMark(Struct, frozen=True):
    """A tag as the post had it: found again by its id, told by its label."""

    id: UUID
    slug: str
    label: str


class PostState(Struct, frozen=True, kw_only=True):
    """Everything that a version holds. Names are those of the columns."""

    site_id: UUID
    kind: Kind
    lang: str
    slug: str
    title: str
    summary: str
    body_source: str
    body_format: BodyFormat
    created_at: datetime
    updated_at: datetime
    state: str = "draft"
    translation_key: UUID | None = None
    author_id: UUID | None = None
    cover_id: UUID | None = None
    seo_title: str = ""
    fields: dict[str, FieldValue] = {}
    is_featured: bool = False
    position: int = 0
    published_at: datetime | None = None
    created_by: UUID | None = None
    tags: tuple[TagMark, ...] = ()


def state_of(post: Post, tags: list[Tag]) -> PostState:
    """The present state of a post."""
    return PostState(**snapshot(post), tags=tuple(TagMark(tag.id, tag.slug, tag.label) for tag in tags))


def payload_of(post: Post, tags: list[Tag], live_version: int | None) -> dict[str, object]:
    """The state of a post in the form in which versions are stored. `live_version` is what visitors see of it from now on."""
    return stored(state_of(post, tags), live_version)


def stored(state: PostState, live_version: int | None) -> dict[str, object]:
    """A state, and the version that visitors see beside it, in the form in which versions are stored."""
    return dict(msgspec.to_builtins(state)) | {"live_version": live_version}


def live_in(payload: dict[str, Any]) -> int | None:
    """The version that visitors saw when this one was written, None when they saw nothing."""
    found: int | None = payload.get("live_version")
    return found


def state_in(payload: dict[str, object]) -> PostState:
    """The state that a version holds. Columns that a later release added have their defaults."""
    return msgspec.convert(payload, PostState)
