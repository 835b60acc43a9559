"""Requests that change something must come from the console's own pages.

Browsers say where a request comes from (Sec-Fetch-Site, else Origin). A browser that says neither must send the token
that is bound to its session. Sites of tenants are never same-origin, even where they are same-site.
"""

import hmac

from app.errors import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FOREIGN = "This request came from another site, so nothing was changed. Open the page here and try again."


def origin_proves(method: str, fetch_site: str | None, origin: str | None, console_origin: str) -> bool:
    """True when the headers prove a request to be the console's own, False when only the form's token can.

    Raises Forbidden when they prove the opposite.
    """
    if method in SAFE:
        return True
    if fetch_site is not None:
        if fetch_site not in ("same-origin", "none"):
            raise Forbidden(FOREIGN)
        return True
    if origin is not None:
        if origin != console_origin:
            raise Forbidden(FOREIGN)
        return True
    return False


def form_token(key: bytes, session_token: str) -> str:
    """The token of a session's forms. It tells nothing of the session and fits no other."""
    return hmac.digest(key, session_token.encode(), "sha256").hex()[:40]


def check_form_token(keys: tuple[bytes, ...], session_token: str, given: str) -> None:
    """Raise Forbidden unless the token belongs to this session."""
    if not any(hmac.compare_digest(form_token(key, session_token).encode(), given.encode()) for key in keys):
        raise Forbidden("The form has grown too old. Open the page again; your text can be copied from here first.")
