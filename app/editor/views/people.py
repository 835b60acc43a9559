"""The customer's own matters: team, keys, the audit log, and the person's account."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from app.actor import Role
from app.editor.views.parts import Door, Filter, Option, Pager
from app.editor.views.shell import Who


class MemberRow(Struct, frozen=True, kw_only=True):
    """One member. `site` is the name of the only site the role holds for, empty for all."""

    name: str
    email: str
    role: Role
    site: str = ""
    is_you: bool = False
    seen_at: datetime | None = None

    @property
    def who(self) -> Who:
        """The member as an actor."""
        return Who(name=self.name, is_you=self.is_you)


class Team(Struct, frozen=True, kw_only=True):
    """team.html, at /c/{customer}/team. Read only."""

    members: tuple[MemberRow, ...] = ()


class KeyRow(Struct, frozen=True, kw_only=True):
    """An API key, known by its beginning ("agoat_3fK…")."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...] = ()
    used_at: datetime | None = None
    ends_at: datetime | None = None


class Scope(Struct, frozen=True, kw_only=True):
    """A scope that the new key may get: "products:read", in words "Read products, prices and stock"."""

    value: str
    label: str
    is_chosen: bool = False


class Keys(Struct, frozen=True, kw_only=True):
    """keys.html, at /c/{customer}/keys. Making one posts to …/keys: `name`, `scope` (several), `ends`.

    `secret`    the new key, shown by the answer to that post and never again; the handler must not redirect.
    `revoking`  the key named by ?revoke={id}: the screen asks, and the button posts to …/keys/{id}/revoke.
    `errors`    may name `name`, `scope` and `ends`.
    """

    keys: tuple[KeyRow, ...] = ()
    scopes: tuple[Scope, ...] = ()
    ends: tuple[Option, ...] = ()
    chosen_end: str = ""
    name: str = ""
    secret: str = ""
    revoking: KeyRow | None = None
    errors: dict[str, str] = {}


class EventRow(Struct, frozen=True, kw_only=True):
    """What one change set did to one thing. `fields` are in words ("retail price"); versions are None before and after life."""

    thing: str
    href: str | None = None
    fields: tuple[str, ...] = ()
    from_version: int | None = None
    to_version: int | None = None


class ChangeSetRow(Struct, frozen=True, kw_only=True):
    """One act: "Bob", "published", "Brew water", and 2 others. `href` opens the act alone, where that screen exists.

    `changes` is how many there are in all, where `events` holds only the first of them.
    """

    id: UUID
    at: datetime
    by: Who
    did: str
    thing: str = ""
    thing_href: str | None = None
    others: int = 0
    door: Door = "console"
    reason: str = ""
    request_id: str = ""
    events: tuple[EventRow, ...] = ()
    changes: int = 0
    href: str | None = None

    @property
    def total(self) -> int:
        """How many changes the act made."""
        return max(self.changes, len(self.events))


class ChangeSetDay(Struct, frozen=True, kw_only=True):
    """The acts of one day in the zone of the screen, newest first."""

    at: datetime
    change_sets: tuple[ChangeSetRow, ...]


class AuditLog(Struct, frozen=True, kw_only=True):
    """audit.html, at /c/{customer}/audit, and for one act at …/audit/{change set} (`is_single`: its changes are open).

    `undo_href` leads to the undo of the one act, for those who may; `undoer_href` to the act that has undone it.
    `sealed_until` is when the newest seal of the customer's history was made, None before the first.
    """

    days: tuple[ChangeSetDay, ...] = ()
    filters: tuple[Filter, ...] = ()
    is_filtered: bool = False
    pager: Pager | None = None
    is_single: bool = False
    undo_href: str = ""
    undoer_href: str = ""
    sealed_until: datetime | None = None


class SessionRow(Struct, frozen=True, kw_only=True):
    """A browser in which the person is signed in: "Firefox on Linux". Ending it posts to /account/sessions/{id}/end."""

    id: UUID
    device: str
    since: datetime
    seen_at: datetime
    is_current: bool = False


class Account(Struct, frozen=True, kw_only=True):
    """account.html, at /account. Name posts to /account: `name`; password to /account/password: `current_password`,
    `new_password`; all other sessions end by a post to /account/sessions/end.

    `errors` may name these three fields.
    """

    name: str
    email: str
    customers: tuple[str, ...] = ()
    sessions: tuple[SessionRow, ...] = ()
    errors: dict[str, str] = {}

    @property
    def name_errors(self) -> dict[str, str]:
        """What is wrong in the form of the name."""
        return {field: message for field, message in self.errors.items() if field == "name"}

    @property
    def password_errors(self) -> dict[str, str]:
        """What is wrong in the form of the password."""
        return {field: message for field, message in self.errors.items() if field != "name"}
