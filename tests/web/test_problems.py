"""Errors as problem details: every one of our errors has a status, and nothing foreign is said."""

import msgspec
import pytest

from app import errors
from app.api.problems import STATUS as API_STATUS
from app.web.problems import STATUS, detail_of, headers_of, problem, problem_bytes, status_of


def every_error() -> list[type[errors.AGoatError]]:
    found, waiting = [], [errors.AGoatError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind is not errors.AGoatError:
            found.append(kind)
    return found


def test_every_kind_of_error_has_a_status() -> None:
    nameless = [kind.__name__ for kind in every_error() if not any(base in STATUS | API_STATUS for base in kind.__mro__)]
    assert nameless == []


def test_an_unforeseen_error_says_nothing_of_itself() -> None:
    error = RuntimeError('relation "secret" does not exist: SELECT password')
    assert status_of(error) == 500
    assert b"secret" not in problem_bytes(error)
    assert "SELECT" not in detail_of(error)


def test_wrong_fields_are_pointed_at() -> None:
    said = problem(errors.Invalid({"variants.0.sku": "Write a SKU."}))
    assert said["status"] == 422
    assert said["errors"] == [{"detail": "Write a SKU.", "pointer": "#/variants/0/sku"}]


@pytest.mark.parametrize(
    ("error", "status", "header"),
    [
        (errors.LimitReached("Wait.", retry_after=60), 429, ("retry-after", "60")),
        (errors.Unavailable(), 503, ("retry-after", "5")),
        (errors.Unauthenticated("Sign in."), 401, ("www-authenticate", 'Bearer realm="agoat"')),
    ],
)
def test_headers_belong_to_their_errors(error: errors.AGoatError, status: int, header: tuple[str, str]) -> None:
    assert status_of(error) == status
    assert headers_of(error)[header[0]] == header[1]


def test_the_status_in_the_body_is_the_real_one() -> None:
    error = errors.ChangedElsewhere("newer", expected=1, current=2)
    said = msgspec.json.decode(problem_bytes(error))
    assert (said["status"], said["title"], said["current_version"]) == (409, "Conflict", 2)
