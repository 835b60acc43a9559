"""Small parts of the contract: pages of lists, receipts, versions, sites, pictures and categories."""

from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from msgspec import Meta, Struct

from app.settings import LIMITS

T = TypeVar("T")

Title = Annotated[str, Meta(min_length=1, max_length=LIMITS.title_characters)]
Line = Annotated[str, Meta(max_length=LIMITS.title_characters)]
Slug = Annotated[str, Meta(max_length=200)]
Summary = Annotated[str, Meta(max_length=10_000)]
Body = Annotated[str, Meta(max_length=LIMITS.body_bytes)]
BodyFormat = Literal["html", "markdown"]
Lang = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
Moment = Annotated[datetime, Meta(tz=True)]
Word = Annotated[str, Meta(min_length=1, max_length=120)]
Words = Annotated[tuple[Word, ...], Meta(max_length=100)]
Ids = Annotated[tuple[UUID, ...], Meta(max_length=100)]
FieldValue = str | int | float | bool
Fields = Annotated[dict[str, FieldValue], Meta(max_length=100)]
Count = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Version = Annotated[int, Meta(ge=1, le=2**53)]


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """An empty object; the body may be left out altogether."""


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """A page of a list. `next` is the cursor of the page after it, null on the last one."""

    items: tuple[T, ...]
    next: str | None


class Receipt(Struct, frozen=True, kw_only=True):
    """What a key is told of its act on a thing that it may write and not read."""

    id: UUID
    version: int
    slug: str


class Revision(Struct, frozen=True, kw_only=True):
    """A version in a list. `kind` says what was done: saved, published, unpublished, trashed, archived, restored, undone, deleted."""

    version: int
    kind: str
    at: datetime
    title: str
    actor_kind: str
    actor_name: str
    door: str
    change_set_id: UUID


class SiteSummary(Struct, frozen=True, kw_only=True):
    """A site. `lang` is its first language, `currency` an ISO 4217 code."""

    id: UUID
    version: int
    slug: str
    name: str
    state: str
    lang: str
    timezone: str
    currency: str
    created_at: datetime


class SiteItem(SiteSummary, frozen=True, kw_only=True):
    """A site with its languages, the first one first, and its hosts, the primary one first."""

    languages: tuple[str, ...]
    hosts: tuple[str, ...]


class CategoryItem(Struct, frozen=True, kw_only=True):
    """A shelf of the catalogue. `slug` is its whole path, `labels` maps languages to labels."""

    id: UUID
    version: int
    slug: str
    label: str
    labels: dict[str, str]
    summary: str
    position: int


class MediaRendition(Struct, frozen=True, kw_only=True):
    """One file of a picture; `url` begins at the root of each site's host, sizes are pixels."""

    url: str
    width: int
    height: int


class MediaItem(Struct, frozen=True, kw_only=True):
    """A picture of the media library. `alt` maps languages, or "" for any, to its description."""

    id: UUID
    version: int
    name: str
    content_type: str
    width: int
    height: int
    alt: dict[str, str]
    renditions: tuple[MediaRendition, ...]
    created_at: datetime
