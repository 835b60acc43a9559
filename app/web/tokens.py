"""Signed texts that come back from browsers and programs: cursors of lists, preview addresses, form tokens. Pure.

A token is the encoded payload and its HMAC-SHA-256, both in URL-safe base 64. It is signed, not encrypted.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
SIGNATURE_BYTES = 16


class BadToken(ValueError):
    """The token was not made here, not for this purpose, or not for this asker."""


def sign(keys: Sequence[bytes], bound_to: str, payload: Any) -> str:
    """A token that holds `payload` and is worth something only together with `bound_to` (customer, list, filter)."""
    body = msgspec.msgpack.encode(payload)
    return encode(signature(keys[0], bound_to, body) + body)


def unsign(keys: Sequence[bytes], bound_to: str, token: str, kind: type[T]) -> T:
    """The payload of a token. Raises BadToken when it is malformed, altered or bound to something else."""
    raw = decode(token)
    given, body = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    if not any(hmac.compare_digest(given, signature(key, bound_to, body)) for key in keys):
        raise BadToken("the signature does not fit")
    try:
        return msgspec.msgpack.decode(body, type=kind)
    except msgspec.MsgspecError:
        raise BadToken("the payload has another form") from None


def signature(key: bytes, bound_to: str, body: bytes) -> bytes:
    """The first half of an HMAC-SHA-256 over what the token is bound to and what it says."""
    return hmac.digest(key, bound_to.encode() + b"\0" + body, "sha256")[:SIGNATURE_BYTES]


def encode(raw: bytes) -> str:
    """URL-safe base 64 without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text: str) -> bytes:
    """The bytes of URL-safe base 64 without padding. Raises BadToken."""
    try:
        if len(text) > 2_000 or not text.isascii():
            raise ValueError
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise BadToken("not a token") from None
    if encode(raw) != text:
        # The last character has bits that say nothing; a token has one spelling only.
        raise BadToken("not a token")
    return raw
