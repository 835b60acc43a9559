"""Errors as the API says them: problem details with the status that fits a client with a key."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import msgspec

from app.errors import AGoatError, ChangedElsewhere, Gone
from app.web.problems import headers_of, problem, status_of

PROBLEM_TYPE = "application/problem+json"
# A version that no thing ever has; it stands for an If-Match that names none.
NO_VERSION = 0


class BadRequest(AGoatError):
    """A parameter, cursor or header cannot be understood; the detail names it and the remedy (400)."""


class UnsupportedMedia(AGoatError):
    """The body is of a kind that is not taken here (415)."""


class MethodUnknown(AGoatError):
    """The address exists and does not know the method (405)."""

    def __init__(self, known: Iterable[str]) -> None:
        self.allow = ", ".join(known)
        super().__init__(f"This address knows {self.allow}.")


class ChangesGone(Gone):
    """The changes after a number cannot be followed without missing a deletion (410). `newest` is where to begin anew."""

    def __init__(self, newest: int) -> None:
        super().__init__(f"These changes are no longer kept. Read the lists anew, then follow the changes after {newest}.")
        self.newest = newest


# Where the API differs from what the doors have in common.
STATUS: dict[type[AGoatError], int] = {BadRequest: 400, UnsupportedMedia: 415, MethodUnknown: 405, ChangedElsewhere: 412}


def api_status(error: BaseException) -> int:
    """The HTTP status of an error."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), status_of(error))


def api_problem(error: BaseException) -> dict[str, Any]:
    """The problem details of an error (RFC 9457)."""
    status = api_status(error)
    said = problem(error) | {"status": status, "title": HTTPStatus(status).phrase}
    if isinstance(error, ChangedElsewhere) and error.expected == NO_VERSION:
        del said["expected_version"]
    if isinstance(error, ChangesGone):
        said["newest"] = error.newest
    return said


def problem_bytes(error: BaseException) -> bytes:
    """The problem details as JSON."""
    return msgspec.json.encode(api_problem(error))


def problem_headers(error: BaseException) -> dict[str, str]:
    """The headers that belong to an error, its media type among them."""
    allowed = {"allow": error.allow} if isinstance(error, MethodUnknown) else {}
    return {"content-type": PROBLEM_TYPE, **headers_of(error), **allowed}
