"""The screens around one text: writing, publishing, resolving a conflict, looking back."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from app.editor.views.parts import Door, FieldChange, Live, Option, Piece, Status
from app.editor.views.shell import Kind, Link, Who

# Why a form is shown filled with what was sent before: after signing in again, with the database away, or with the
# outcome of the last save unknown.
Returned = Literal["", "signed-in", "away", "unknown"]


class PostFields(Struct, frozen=True, kw_only=True):
    """The fields of the editor as texts, exactly as they were typed or stored; `tags` are separated by commas.

    `new_id` is the id that a text which was never saved is to have, so that a form which is sent twice makes one.
    """

    title: str = ""
    body: str = ""
    body_format: Literal["markdown", "html"] = "markdown"
    slug: str = ""
    summary: str = ""
    tags: str = ""
    byline: str = ""
    lang: str = ""
    cover: str = ""
    seo_title: str = ""
    new_id: str = ""


class Editor(Struct, frozen=True, kw_only=True):
    """editor.html. Posts to …/{kind}s/new or …/{kind}s/{id}: the names of `PostFields`, and `version`.

    The button "Publish…" sends `then=publish`: the text is saved first, then the publish page opens.
    "Move to trash" sends the same form to …/{id}/trash, "Unpublish" to …/{id}/unpublish, so that what was typed since the last
    save can be saved in the same act. A title is a textarea that wraps; line breaks in it are to be read as spaces.
    With the status `trash` nothing can be changed, and "Bring back" posts to …/{id}/bring-back.

    `id`, `version`  None for a text that was never saved. `body_format` is a choice only then.
    `prefix`         what stands before the address, "/posts/" or "/de/".
    `old_path`       the live address that publishing gives up, where the new one differs.
    `languages`      with none the select is not shown; the same holds for `bylines` and `covers`.
    `errors`         by the name of the field, in the words of the error.
    `needs`          the role that may change this text ("editor or owner"), shown when `can_edit` is False.
    """

    kind: Literal["post", "page"]
    fields: PostFields
    id: UUID | None = None
    version: int | None = None
    status: Status = "draft"
    saved_at: datetime | None = None
    prefix: str = "/"
    old_path: str = ""
    live: Live | None = None
    later_versions: int = 0
    bylines: tuple[Option, ...] = ()
    languages: tuple[Option, ...] = ()
    covers: tuple[Option, ...] = ()
    errors: dict[str, str] = {}
    returned: Returned = ""
    can_edit: bool = True
    can_publish: bool = True
    needs: str = ""


class Problem(Struct, frozen=True, kw_only=True):
    """Something to mend before publishing: a sentence, what follows from it, and where to mend it."""

    title: str
    text: str = ""
    mend: Link | None = None


class Publish(Struct, frozen=True, kw_only=True):
    """publish.html, for posts, pages and products. Posts to …/{id}/publish: `version`.

    `addresses`   where it will be live; products may have one a site.
    `old_path`    the address that is given up, where it changes.
    `problems`    warn; `refusals` would break the site, and with any of them there is no button.
    `changes`     what changes for readers, compared with `live`; empty for a first publication or when nothing changed.
    `has_changes` is False when the newest version is the live one already.
    """

    kind: Kind
    id: UUID
    version: int
    title: str
    lang: str = ""
    live: Live | None = None
    addresses: tuple[str, ...] = ()
    old_path: str = ""
    problems: tuple[Problem, ...] = ()
    refusals: tuple[Problem, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    has_changes: bool = True


class Choice(Struct, frozen=True, kw_only=True):
    """A field or passage in which two texts differ. Sent as `choice-{name}`: mine, theirs or both. No pieces: it is not there."""

    name: str
    label: str
    mine: tuple[Piece, ...] = ()
    theirs: tuple[Piece, ...] = ()
    chosen: Literal["", "mine", "theirs", "both"] = ""
    can_keep_both: bool = False
    is_new: bool = False

    @property
    def is_same(self) -> bool:
        """A choice is never the same on both sides."""
        return False


class Unchanged(Struct, frozen=True, kw_only=True):
    """Passages between two choices that are the same in both texts, folded into one line."""

    passages: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Nothing has to be chosen here."""
        return True


class Conflict(Struct, frozen=True, kw_only=True):
    """conflict.html, the answer (409) to a save that met a newer version. Posts to …/{id}/conflict.

    Sent: `choice-{name}` for each field and passage, `version` (theirs, the token of the next save), and `kept`: the
    sender's own fields, so that the same comparison can be made again. `held` is where the sender's own text can be opened
    for a day, whatever is chosen. The buttons `take=mine` and `take=theirs` ask for
    this page with everything chosen.
    """

    kind: Kind
    id: UUID
    title: str
    theirs: Who
    theirs_version: int
    theirs_at: datetime
    mine_at: datetime
    fields: tuple[Choice, ...] = ()
    passages: tuple[Choice | Unchanged, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    my_text: str = ""
    their_text: str = ""
    lang: str = ""
    held: str = ""

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Everything to be decided, fields first."""
        return (*self.fields, *(part for part in self.passages if isinstance(part, Choice)))


class VersionRow(Struct, frozen=True, kw_only=True):
    """One version in the timeline. `note` says what was done ("title, address", "published", "brought back from version 6")."""

    number: int
    at: datetime
    by: Who
    note: str = ""
    reason: str = ""
    door: Door = "console"
    is_newest: bool = False
    is_live: bool = False


class VersionDay(Struct, frozen=True, kw_only=True):
    """The versions of one day in the site's zone, newest first."""

    at: datetime
    versions: tuple[VersionRow, ...]


class DiffBlock(Struct, frozen=True, kw_only=True):
    """A block of the comparison. `folded` stands for equal blocks and says so in `note` ("3 paragraphs unchanged")."""

    op: Literal["changed", "ins", "del", "folded"] = "changed"
    pieces: tuple[Piece, ...] = ()
    note: str = ""


class History(Struct, frozen=True, kw_only=True):
    """history.html, for posts, pages and products. The comparison is a GET of `from` and `to`.

    "Bring back version n" posts to …/{id}/restore: `version` (the newest, the token) and `number` (n = `restorable`).
    `from_version` is None for the first version, which has nothing before it.
    """

    kind: Kind
    id: UUID
    version: int
    title: str
    to_version: int
    from_version: int | None = None
    lang: str = ""
    fields: tuple[FieldChange, ...] = ()
    blocks: tuple[DiffBlock, ...] = ()
    words_added: int = 0
    words_removed: int = 0
    days: tuple[VersionDay, ...] = ()
    older: str | None = None
    restorable: int | None = None

    @property
    def versions(self) -> tuple[VersionRow, ...]:
        """Every version in the timeline, newest first."""
        return tuple(row for day in self.days for row in day.versions)
