"""What is shown when something goes wrong: what happened in one sentence, what is safe, and the way on."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from app.actor import Role
from app.editor.views.parts import FieldChange
from app.editor.views.shell import Link, Who

# Text that a person wrote, and the label it is shown under; every other field is carried along unseen.
WRITTEN = {
    "title": "Title",
    "body": "Text",
    "summary": "Excerpt",
    "slug": "Address",
    "tags": "Tags",
    "seo_title": "Title in search results",
    "name": "Name",
    "brand": "Brand",
}


class Kept(Struct, frozen=True, kw_only=True):
    """A field of a form that could not be handled, to be sent again. With a `label` it is shown, else it is hidden."""

    name: str
    value: str
    label: str = ""


def kept_fields(posted: Iterable[tuple[str, str]]) -> tuple[Kept, ...]:
    """The posted fields as they are carried in an error page; passwords and files never are."""
    return tuple(Kept(name=name, value=value, label=WRITTEN.get(name, "")) for name, value in posted if "password" not in name)


class ErrorPage(Struct, frozen=True, kw_only=True):
    """error.html: any error that has no page of its own. `reference` is the request id, for support.

    `links` are ways on; the first is the primary one.
    """

    heading: str
    sentences: tuple[str, ...] = ()
    reference: str = ""
    links: tuple[Link, ...] = ()


class NotAllowed(Struct, frozen=True, kw_only=True):
    """error-403.html. `reason` is a whole sentence: "Changing prices needs the role editor or owner." `ask` names who may."""

    reason: str
    customer: str = ""
    role: Role | None = None
    ask: tuple[str, ...] = ()
    reference: str = ""
    links: tuple[Link, ...] = ()


class NothingHere(Struct, frozen=True, kw_only=True):
    """error-404.html, the same for what was deleted, mistyped or belongs to somebody else."""

    reference: str = ""
    links: tuple[Link, ...] = ()


class ChangedMeanwhile(Struct, frozen=True, kw_only=True):
    """error-409.html, for short things; long texts get conflict.html.

    "Do mine on top" sends `fields`, with the newer version token among them, to `action`. `drop` shows the newer state.
    """

    thing: str
    by: Who
    at: datetime
    action: str
    drop: str
    fields: tuple[Kept, ...] = ()
    mine: tuple[FieldChange, ...] = ()
    theirs: tuple[FieldChange, ...] = ()
    reference: str = ""


class Broken(Struct, frozen=True, kw_only=True):
    """error-500.html. `is_unknown` is a save whose outcome nobody knows; then `fields` can be sent to `action` again."""

    is_unknown: bool = False
    action: str = ""
    fields: tuple[Kept, ...] = ()
    reference: str = ""


class Away(Struct, frozen=True, kw_only=True):
    """error-503.html: the database cannot be reached and nothing was changed. `fields` are sent to `action` again, by a button.

    `retry_after` is in seconds. With no `action` the request was a reading one and the page only offers to try again at
    `retry`, its own address.
    """

    retry_after: int
    retry: str = ""
    action: str = ""
    fields: tuple[Kept, ...] = ()
    reference: str = ""


class TooMany(Struct, frozen=True, kw_only=True):
    """error-429.html. `retry_after` is in seconds, None when waiting does not help."""

    detail: str
    retry_after: int | None = None
    reference: str = ""
    links: tuple[Link, ...] = ()


class TooLarge(Struct, frozen=True, kw_only=True):
    """error-413.html. `limit` and `size` are in bytes; `size` is None when it was not known before reading stopped."""

    limit: int
    size: int | None = None
    reference: str = ""
