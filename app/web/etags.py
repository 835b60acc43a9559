"""Conditional requests (RFC 9110, sections 8.8.3 and 13). Pure."""

import hashlib
import re

from app.errors import AGoatError, Invalid

TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


class PreconditionMissing(AGoatError):
    """A change was asked for without saying which version it is meant for (428)."""


class PreconditionFailed(AGoatError):
    """The thing has another version than the request is meant for (412)."""


def etag_of(body: bytes) -> str:
    """A strong entity tag of these very bytes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def version_etag(version: int) -> str:
    """The strong entity tag of a thing that can be changed under If-Match: its version."""
    return f'"v{version}"'


def parse_tags(header: str) -> list[tuple[bool, str]] | None:
    """Entity tags of a header as (is weak, text); None stands for `*`. Raises ValueError when it is malformed."""
    if header.strip() == "*":
        return None
    tags, rest = [], header.strip()
    while rest:
        found = TAG.match(rest)
        if not found:
            raise ValueError(f"not an entity tag: {rest[:40]!r}")
        tags.append((bool(found[1]), found[2]))
        rest = rest[found.end() :].lstrip()
        if rest and not rest.startswith(","):
            raise ValueError("entity tags are separated by commas")
        rest = rest.lstrip(", ")
    return tags


def is_unchanged(if_none_match: str | None, etag: str) -> bool:
    """Whether If-None-Match names the present tag, by weak comparison; a malformed header matches nothing."""
    if if_none_match is None:
        return False
    try:
        tags = parse_tags(if_none_match)
    except ValueError:
        return False
    return tags is None or etag.strip('"') in [text for _, text in tags]


def expected_version(if_match: str | None) -> int | None:
    """The version that If-Match names, None for `*`. Raises PreconditionMissing, PreconditionFailed, Invalid."""
    if if_match is None:
        raise PreconditionMissing("Send the ETag of what you read as If-Match, or If-Match: * to overwrite whatever is there.")
    try:
        tags = parse_tags(if_match)
    except ValueError:
        raise Invalid({"If-Match": 'Send the ETag as you received it, for example "v3".'}) from None
    if tags is None:
        return None
    versions = [int(text[1:]) for weak, text in tags if not weak and re.fullmatch(r"v\d{1,18}", text)]
    if len(versions) != 1:
        raise PreconditionFailed("If-Match names no version of this thing. Read it again and send its ETag.")
    return versions[0]
