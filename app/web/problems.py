"""Errors as HTTP says them: a status for each, and problem details (RFC 9457) for programs."""

from http import HTTPStatus
from typing import Any

import msgspec
from litestar.exceptions import HTTPException

from app import errors
from app.web.bodies import BodyTooLarge, BodyTooSlow
from app.web.etags import PreconditionFailed, PreconditionMissing

# The most specific class that an error belongs to decides.
STATUS: dict[type[errors.AGoatError], int] = {
    errors.NotFound: 404,
    errors.Gone: 410,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Invalid: 422,
    errors.Conflict: 409,
    errors.LimitReached: 429,
    errors.Unavailable: 503,
    errors.OutcomeUnknown: 503,
    BodyTooLarge: 413,
    BodyTooSlow: 408,
    PreconditionMissing: 428,
    PreconditionFailed: 412,
}


def status_of(error: BaseException) -> int:
    """The HTTP status of an error; 500 for everything that is nobody's fault but ours."""
    if isinstance(error, HTTPException):
        return error.status_code
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def detail_of(error: BaseException) -> str:
    """What may be said of an error. Of an unforeseen one nothing is said, whatever its text."""
    if isinstance(error, errors.AGoatError):
        return error.detail
    status = status_of(error)
    if status == 500:
        return "Something went wrong on our side. It has been written down; trying again later may help."
    return {
        400: "The request cannot be read. Look at its syntax.",
        404: "There is nothing at this address.",
        405: "This address does not know the method.",
        413: "The request is too large.",
        415: "Send the body as application/json.",
    }.get(status, HTTPStatus(status).phrase)


def headers_of(error: BaseException) -> dict[str, str]:
    """Headers that belong to an error: when to try again, how to identify oneself, which methods there are."""
    headers: dict[str, str] = {}
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    if isinstance(error, errors.Unauthenticated):
        headers["www-authenticate"] = 'Bearer realm="agoat"'
    if isinstance(error, HTTPException) and error.headers:
        headers |= {name.lower(): value for name, value in error.headers.items() if name.lower() == "allow"}
    return headers


def problem(error: BaseException) -> dict[str, Any]:
    """The problem details of an error. `title` is constant for a status, `detail` is meant for people."""
    status = status_of(error)
    said: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail_of(error)}
    if isinstance(error, errors.Invalid):
        said["errors"] = [{"detail": text, "pointer": pointer(name)} for name, text in error.fields.items()]
    if isinstance(error, errors.Taken):
        said |= {"errors": [{"detail": error.detail, "pointer": pointer(error.field)}], "free": error.free}
    if isinstance(error, errors.ChangedElsewhere):
        said |= {"expected_version": error.expected, "current_version": error.current}
    if isinstance(error, errors.OutcomeUnknown):
        said["outcome"] = "unknown"
    if isinstance(error, errors.Forbidden) and error.needs:
        said["needs"] = error.needs
    return said


def pointer(name: str) -> str:
    """A JSON pointer to a field (RFC 6901), from its dotted name."""
    return "#" + "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in name.split(".") if step)


def problem_bytes(error: BaseException) -> bytes:
    """The problem details as JSON."""
    return msgspec.json.encode(problem(error))
