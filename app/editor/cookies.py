"""The console's cookies: the session, the chosen appearance, and what has just happened."""

from typing import cast, get_args

from litestar.datastructures import Cookie

from app.editor.views.shell import Theme, Toast
from app.settings import LIMITS
from app.web.context import AnyRequest, services_of
from app.web.tokens import BadToken, sign, unsign

THEME = "agoat_theme"
SAID = "agoat_said"
# Long enough for one redirect over a slow line.
SAID_S, THEME_S = 60, 365 * 24 * 3600
LONGEST_TOKEN = 2_000


def session_cookie(request: AnyRequest, token: str) -> Cookie:
    """The cookie of a new session; an empty token takes it away."""
    seconds = int(LIMITS.session_absolute.total_seconds()) if token else 0
    return _cookie(request, services_of(request).session_cookie, token, seconds)


def theme_cookie(request: AnyRequest, theme: str) -> Cookie:
    """The cookie of the chosen appearance; an unknown one is as the system's."""
    return _cookie(request, THEME, theme if theme in get_args(Theme) else "auto", THEME_S)


def theme_of(request: AnyRequest) -> Theme:
    """The appearance that was chosen in this browser."""
    chosen = request.cookies.get(THEME, "")
    return cast(Theme, chosen) if chosen in get_args(Theme) else "auto"


def said_cookie(request: AnyRequest, toast: Toast | None) -> Cookie:
    """What the next screen says once; None takes it away. Signed for this session, so that no other site can put words here."""
    token = sign(services_of(request).keys("toast"), _session(request), toast) if toast else ""
    # A word that does not fit into a cookie is left unsaid; everything it says stands in the history, too.
    return _cookie(request, SAID, token if len(token) <= LONGEST_TOKEN else "", SAID_S if token else 0)


def said_in(request: AnyRequest) -> Toast | None:
    """What the last act left to be said, if it was this session's."""
    token = request.cookies.get(SAID)
    if not token:
        return None
    try:
        return unsign(services_of(request).keys("toast"), _session(request), token, Toast)
    except BadToken:
        return None


def _session(request: AnyRequest) -> str:
    return request.cookies.get(services_of(request).session_cookie, "")


def _cookie(request: AnyRequest, name: str, value: str, seconds: int) -> Cookie:
    is_secure = services_of(request).settings.console_url.is_secure
    return Cookie(key=name, value=value, path="/", max_age=seconds, httponly=True, samesite="lax", secure=is_secure)
