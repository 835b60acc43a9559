"""What can go wrong, as one tree; rooms raise these and each door says them in its own way.

AGoatError
├── NotFound            the thing does not exist, or belongs to somebody else, which is the same answer
├── Gone                it existed and is deliberately no longer available
├── Unauthenticated     nobody is known by the given session, key or password
├── Forbidden           the actor is known and may not do this
├── Invalid             the input cannot be accepted; names each field and its remedy
├── Conflict            the input was fine, but the thing has moved on
│   ├── ChangedElsewhere    a newer version exists
│   ├── ReadOnly            the customer or the site takes no changes at present
│   └── Taken               an address, SKU or name already belongs to another thing
├── LimitReached        too many attempts or too large; says when or how much
├── Unavailable         a part of the service is away; nothing was changed
└── OutcomeUnknown      the connection broke while committing, and it could not be found out what became of the act
"""

from typing import Any


class AGoatError(Exception):
    """The root of every error that a person or client may be told about."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotFound(AGoatError):
    """Nothing of that name exists for this customer."""

    def __init__(self, detail: str = "There is nothing at this address.") -> None:
        super().__init__(detail)


class Gone(AGoatError):
    """The thing was here and has been removed for good."""


class Unauthenticated(AGoatError):
    """No valid session, key or password was given."""


class Forbidden(AGoatError):
    """The actor lacks a role or a scope; `needs` names it."""

    def __init__(self, detail: str, needs: str | None = None) -> None:
        super().__init__(detail)
        self.needs = needs


class Invalid(AGoatError):
    """Input that cannot be accepted. `fields` maps the name of a field to what is wrong and how to mend it."""

    def __init__(self, fields: dict[str, str], detail: str = "Some fields need another look.") -> None:
        super().__init__(detail)
        self.fields = fields


class Conflict(AGoatError):
    """The thing is in another state than the request assumed."""


class ChangedElsewhere(Conflict):
    """A newer version exists than the one that was opened. Versions are counted from 1."""

    def __init__(self, detail: str, *, expected: int | None, current: int, thing: Any = None) -> None:
        super().__init__(detail)
        self.expected = expected
        self.current = current
        self.thing = thing


class ReadOnly(Conflict):
    """The customer or the site takes no changes from people and programs at present; the operator has decided so."""


class Taken(Conflict):
    """A name that must be unique is in use; `free` is one that is not."""

    def __init__(self, field: str, detail: str, free: str | None = None) -> None:
        super().__init__(detail)
        self.field = field
        self.free = free


class LimitReached(AGoatError):
    """Too often or too much. `retry_after` is in seconds, None when waiting does not help."""

    def __init__(self, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(AGoatError):
    """A part of the service is away and nothing was changed. `retry_after` is in seconds."""

    def __init__(self, detail: str = "The service cannot reach its database. Nothing was changed.", retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class OutcomeUnknown(AGoatError):
    """The connection was lost while committing, so the act may or may not have happened."""

    def __init__(self, detail: str = "This may have been saved: the database did not answer in time. Look before you try again.") -> None:
        super().__init__(detail)
