"""One secret, many keys: each purpose has a key of its own, derived by HKDF, so that no key ever serves two things."""

import hmac

from app.settings.reading import Settings
from app.settings.values import Secret

SALT = b"agoat-publisher"
BLOCK = 32


def derive(secret: Secret, purpose: str, length: int = BLOCK) -> bytes:
    """A key of `length` bytes (at most 8,160) for one purpose, the same in every process that knows the secret."""
    return hkdf(secret.reveal().encode(), SALT, purpose.encode(), length)


def signing_keys(settings: Settings, purpose: str) -> tuple[bytes, ...]:
    """Keys for one purpose, newest first: sign with the first, accept all. SettingsError when AGOAT_SECRET_KEY is not set."""
    secrets = (settings.needed("secret_key"), settings.secret_key_previous)
    return tuple(derive(secret, purpose) for secret in secrets if secret is not None)


def hkdf(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """Extract and expand with SHA-256, as RFC 5869 says."""
    extracted = hmac.digest(salt, material, "sha256")
    block, output = b"", b""
    for counter in range(1, -(-length // BLOCK) + 1):
        block = hmac.digest(extracted, block + info + bytes([counter]), "sha256")
        output += block
    return output[:length]
