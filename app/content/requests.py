"""What is asked of this room and what it answers. Pure: doors and imports build the requests, actions check them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from app.document.snapshots import MenuItem

Kind = Literal["post", "page"]
BodyFormat = Literal["html", "markdown"]
FieldValue = str | int | float | bool


class SavePost(Struct, frozen=True, kw_only=True):
    """The whole working copy of a post or page; `id` None makes a new one, `expect` is the version that was opened.

    Without `slug` a new post takes a free one from its title, and an existing one keeps its own. `tags` are labels or slugs.
    `published_at` is the date that readers see, None leaves it as it is; `updated_at` is given only by imports.
    `translation_key` is the same for all translations of one text. `new_id` is the id that a new post is to have, made with the
    form, so that a form which is sent twice makes one post.
    """

    site_id: UUID
    title: str
    lang: str
    kind: Kind = "post"
    id: UUID | None = None
    new_id: UUID | None = None
    expect: int | None = None
    slug: str = ""
    summary: str = ""
    body_source: str = ""
    body_format: BodyFormat = "html"
    tags: tuple[str, ...] = ()
    author_id: UUID | None = None
    cover_id: UUID | None = None
    translation_key: UUID | None = None
    seo_title: str = ""
    fields: dict[str, FieldValue] = {}
    is_featured: bool = False
    position: int = 0
    published_at: datetime | None = None
    updated_at: datetime | None = None
    is_autosave: bool = False


class Saved(Struct, frozen=True, kw_only=True):
    """A thing as it stands after an act. `dropped` says in words what cleaning will leave out when the body is published."""

    id: UUID
    version: int
    slug: str = ""
    dropped: tuple[str, ...] = ()


class Published(Struct, frozen=True, kw_only=True):
    """A post that visitors can see. `path` is its address on the site, `old_path` the one it had until now, if another."""

    id: UUID
    version: int
    path: str
    published_at: datetime
    is_new: bool
    old_path: str | None = None
    dropped: tuple[str, ...] = ()


class Problem(Struct, frozen=True, kw_only=True):
    """Something that an author may want to mend before publishing. `subject` is the picture or address that it is about."""

    kind: Literal["summary", "description", "picture", "link", "address"]
    text: str
    subject: str = ""


class Touches(Struct, frozen=True, kw_only=True):
    """What publishing would change for readers. `live_version` is the one they see now, None when they see none."""

    path: str
    old_path: str | None
    is_new: bool
    live_version: int | None
    has_changes: bool
    problems: tuple[Problem, ...]


class SaveTag(Struct, frozen=True, kw_only=True):
    """A tag of a site. `labels` maps languages to labels; without `slug` a new tag takes one from its label."""

    site_id: UUID
    label: str
    id: UUID | None = None
    expect: int | None = None
    slug: str = ""
    labels: dict[str, str] = {}
    summary: str = ""


class SaveAuthor(Struct, frozen=True, kw_only=True):
    """A byline. `texts` maps languages to `name`, `role` and `bio`, as far as they differ; `user_id` is the person, if one signs in."""

    name: str
    id: UUID | None = None
    expect: int | None = None
    slug: str = ""
    role: str = ""
    bio: str = ""
    image_id: UUID | None = None
    texts: dict[str, dict[str, str]] = {}
    user_id: UUID | None = None


class SaveMenu(Struct, frozen=True, kw_only=True):
    """A whole menu of a site in one language, known by its name. `expect` None where no person looked first."""

    site_id: UUID
    lang: str
    name: str
    items: tuple[MenuItem, ...]
    expect: int | None = None
