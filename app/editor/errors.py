"""What the console says when something goes wrong: a page in plain words, never a trace, and the typed text where there is any."""

from collections.abc import Callable
from typing import Any

from litestar.exceptions import HTTPException
from msgspec import structs

from app import errors
from app.editor.entry import SignInFirst
from app.editor.frame import Html, address_of, bare_shell, screen, see_other
from app.editor.local import sign_in_address
from app.editor.views.errors import Away, Broken, ErrorPage, Kept, NotAllowed, NothingHere, TooLarge, TooMany, kept_fields
from app.editor.views.shell import Link, Person, Shell, Toast
from app.logs import logger
from app.settings import LIMITS
from app.web.bodies import BodyTooLarge
from app.web.context import AnyRequest, Here
from app.web.csrf import SAFE
from app.web.forms import Form
from app.web.problems import detail_of, headers_of, problem_bytes, status_of

LOG = logger(__name__)
HOME = Link(text="Everything you can open", href="/c/")
SIGN_IN = Link(text="Go to sign in", href="/sign-in")

_HEADINGS = {
    400: "This request cannot be read",
    405: "This cannot be done here",
    408: "That took too long",
    409: "This has changed meanwhile",
    410: "This is gone",
    422: "That does not fit yet",
}

Answer = Callable[[AnyRequest, Any], Any]


def answer_error(request: AnyRequest, error: Exception) -> Any:
    """The page for an error that no handler has answered itself; for programs, problem details."""
    if request.url.path.startswith("/api/"):
        return _for_programs(error)
    answer = next((_ANSWERS[kind] for kind in type(error).__mro__ if kind in _ANSWERS), None)
    if answer is not None:
        return answer(request, error)
    if status_of(error) == 500:
        LOG.error("console.broken", path=request.url.path)
        return _broken(request, error)
    return _nothing_here(request, error) if status_of(error) == 404 else _said(request, error)


def _for_programs(error: Exception) -> Any:
    return Html(
        problem_bytes(error).decode(), status_code=status_of(error), media_type="application/problem+json", headers=headers_of(error)
    )


def reference(request: AnyRequest) -> str:
    """What support asks for: the id of the request."""
    return str(request.scope["state"].get("request_id", ""))


def kept_of(request: AnyRequest, shell: Shell) -> tuple[Kept, ...]:
    """The fields that were sent, to be sent again with a token that is still good."""
    form: Form | None = request.scope["state"].get("form")
    if form is None:
        return ()
    posted = [(name, value) for name, values in form.kept().items() for value in values]
    return (*kept_fields(posted), *([Kept(name="csrf", value=shell.csrf)] if shell.csrf else []))


def _sign_in_first(request: AnyRequest, error: SignInFirst) -> Any:
    return see_other(request, error.address)


def _unauthenticated(request: AnyRequest, error: errors.Unauthenticated) -> Any:
    if request.method in SAFE:
        return see_other(request, sign_in_address(address_of(request)))
    view = ErrorPage(
        heading="Sign in to go on",
        sentences=(
            "You are signed out, so nothing was saved.",
            "What you wrote is still in this browser: go back to copy it, or sign in in another tab.",
        ),
        reference=reference(request),
        links=(SIGN_IN,),
    )
    return screen(request, "error.html", bare_shell(request, "Sign in to go on"), view, status=401, headers={"www-authenticate": "Cookie"})


def _forbidden(request: AnyRequest, error: errors.Forbidden) -> Any:
    here: Here | None = request.scope["state"].get("here")
    shell = bare_shell(request, "Not allowed")
    view = NotAllowed(reason=error.detail, reference=reference(request), links=(HOME,))
    if here is not None and error.needs:
        shell = structs.replace(shell, person=Person(name=here.person.name, role=here.customer.role))
        view = NotAllowed(
            reason=error.detail, customer=here.customer.customer_name, role=here.customer.role, reference=reference(request), links=(HOME,)
        )
    return screen(request, "error-403.html", shell, view, status=403)


def _nothing_here(request: AnyRequest, error: Exception) -> Any:
    # The same page for everybody and for every cause: it must not tell what exists.
    view = NothingHere(reference=reference(request), links=(HOME,))
    return screen(request, "error-404.html", bare_shell(request, "Nothing here"), view, status=404)


def _too_many(request: AnyRequest, error: errors.LimitReached) -> Any:
    view = TooMany(detail=error.detail, retry_after=error.retry_after, reference=reference(request), links=(HOME,))
    return screen(request, "error-429.html", bare_shell(request, "Wait a little"), view, status=429, headers=headers_of(error))


def _too_large(request: AnyRequest, error: BodyTooLarge) -> Any:
    view = TooLarge(limit=LIMITS.request_bytes, reference=reference(request))
    return screen(request, "error-413.html", bare_shell(request, "Too large"), view, status=413)


def _away(request: AnyRequest, error: errors.Unavailable) -> Any:
    shell = bare_shell(request, "The database cannot be reached")
    is_reading = request.method in SAFE
    view = Away(
        retry_after=error.retry_after,
        retry=address_of(request) if is_reading else "",
        action="" if is_reading else request.url.path,
        fields=kept_of(request, shell),
        reference=reference(request),
    )
    return screen(request, "error-503.html", shell, view, status=503, headers=headers_of(error))


def _broken(request: AnyRequest, error: Exception) -> Any:
    shell = bare_shell(request, "Something broke")
    is_unknown = isinstance(error, errors.OutcomeUnknown)
    fields = kept_of(request, shell)
    view = Broken(
        is_unknown=is_unknown, action=request.url.path if request.method not in SAFE else "", fields=fields, reference=reference(request)
    )
    return screen(request, "error-500.html", shell, view, status=status_of(error))


def _invalid(request: AnyRequest, error: errors.Invalid) -> Any:
    return said_page(request, 422, _HEADINGS[422], tuple(error.fields.values()))


def _said(request: AnyRequest, error: Exception) -> Any:
    status = status_of(error)
    headers = {name: value for name, value in headers_of(error).items() if name != "www-authenticate"}
    return said_page(request, status, _HEADINGS.get(status, "That did not work"), (detail_of(error),), headers=headers)


def said_page(
    request: AnyRequest,
    status: int,
    heading: str,
    sentences: tuple[str, ...],
    *,
    headers: dict[str, str] | None = None,
    offer: Toast | None = None,
) -> Html:
    """A page that says what is wrong and leads on; `offer` may hold a button that does what can be done instead."""
    view = ErrorPage(heading=heading, sentences=sentences, reference=reference(request), links=(HOME,))
    shell = bare_shell(request, heading)
    return screen(request, "error.html", structs.replace(shell, toast=offer or shell.toast), view, status=status, headers=headers)


_ANSWERS: dict[type[BaseException], Answer] = {
    SignInFirst: _sign_in_first,
    errors.Unauthenticated: _unauthenticated,
    errors.Forbidden: _forbidden,
    errors.NotFound: _nothing_here,
    errors.Invalid: _invalid,
    errors.LimitReached: _too_many,
    errors.Unavailable: _away,
    errors.OutcomeUnknown: _broken,
    BodyTooLarge: _too_large,
}

HANDLERS: dict[type[Exception] | int, Any] = {Exception: answer_error, HTTPException: answer_error}
