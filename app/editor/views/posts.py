"""Lists of posts and of pages, the trash among them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from app.editor.views.parts import Filter, Pager, Status, Tab
from app.editor.views.shell import Who

PostsView = Literal["all", "drafts", "live", "waiting", "trash"]


class PostRow(Struct, frozen=True, kw_only=True):
    """A post or page in a list.

    `path`        the address readers see or will see, "/posts/brew-water/".
    `live_url`    the whole public address while it is live.
    `version`     the token that moving to the trash or bringing back sends.
    `trashed_at`  set in the view `trash`, where the row offers "Bring back".
    `can_edit`    whether this person may move it to the trash or bring it back.
    """

    id: UUID
    version: int
    title: str
    path: str
    status: Status
    edited_at: datetime
    edited_by: Who
    lang: str = ""
    tags: tuple[str, ...] = ()
    live_url: str | None = None
    trashed_at: datetime | None = None
    can_edit: bool = False


class PostList(Struct, frozen=True, kw_only=True):
    """posts.html, for posts and pages alike, at …/posts and …/pages.

    The form of filters is a GET of `q`, `view` and the names of `filters` (`author`, `tag`, `status`, `order`).
    `is_filtered` is whether `q` or any filter narrows the list; it decides which empty state is shown.
    Rows post to …/{id}/trash and …/{id}/bring-back: `version`.
    """

    kind: Literal["post", "page"]
    view: PostsView = "all"
    tabs: tuple[Tab, ...] = ()
    q: str = ""
    filters: tuple[Filter, ...] = ()
    is_filtered: bool = False
    rows: tuple[PostRow, ...] = ()
    pager: Pager | None = None
    can_write: bool = False
