"""Entity tags of the API. Pure.

The tag of a thing is its version and a hash of what was sent, because one version looks different to keys with other scopes.
Conditional changes compare the version alone, conditional reads the whole tag.
"""

import hashlib
import re

from app.api.problems import NO_VERSION, BadRequest
from app.errors import Invalid
from app.web.etags import PreconditionFailed, expected_version

TAIL = re.compile(r'"(v\d{1,18})\.[0-9a-f]{12}"')


def item_etag(version: int, body: bytes) -> str:
    """The strong entity tag of one thing as it was sent."""
    return f'"v{version}.{hashlib.sha256(body).hexdigest()[:12]}"'


def expected(if_match: str | None) -> int | None:
    """The version that If-Match names, None for `*`, and NO_VERSION when it names none of ours.

    The latter is refused by whoever opens the thing, so that a thing that does not exist stays a 404.
    Raises PreconditionMissing, BadRequest.
    """
    try:
        return expected_version(TAIL.sub(r'"\1"', if_match) if if_match is not None else None)
    except PreconditionFailed:
        return NO_VERSION
    except Invalid as malformed:
        raise BadRequest(f"If-Match cannot be read. {malformed.fields['If-Match']}") from None
