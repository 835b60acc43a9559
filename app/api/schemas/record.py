"""Changes, acts and problems on the wire."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class ChangeItem(Struct, frozen=True, kw_only=True):
    """A numbered change: the thing of this id and type now has this version, or is gone (`deleted`)."""

    number: int
    type: str
    id: UUID
    version: int
    deleted: bool
    at: datetime


class ChangesPage(Struct, frozen=True, kw_only=True):
    """Changes in the order of their numbers. Go on with `after=next`; when `next` is `newest`, there is nothing more to read yet."""

    items: tuple[ChangeItem, ...]
    next: int
    newest: int


class ChangeSetItem(Struct, frozen=True, kw_only=True):
    """One act of one actor: a person, a key, the operator or the product itself."""

    id: UUID
    at: datetime
    verb: str
    reason: str | None
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    door: str
    request_id: str | None


class FieldProblem(Struct, frozen=True, kw_only=True):
    """What is wrong with one field and how to mend it; `pointer` is a JSON Pointer into the body."""

    detail: str
    pointer: str


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Problem details (RFC 9457). `free` is a name that is not taken, `needs` the scope that is missing.

    `outcome` is "unknown" when the change may have been made although it could not be confirmed.
    """

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldProblem, ...] = ()
    free: str | None = None
    needs: str | None = None
    expected_version: int | None = None
    current_version: int | None = None
    newest: int | None = None
    outcome: str | None = None
