"""Secrets: passwords, session tokens and API keys. Pure but for the threads in which passwords are hashed."""

import asyncio
import hashlib
import re
import secrets
import zlib
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import Invalid

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM_CHARACTERS, CHECK_CHARACTERS = 36, 6
# Scanners for leaked secrets look for this; the last six characters are a checksum, so that they can tell a key from a look-alike.
KEY_PATTERN = re.compile(rf"agoat_[0-9A-Za-z]{{{RANDOM_CHARACTERS + CHECK_CHARACTERS}}}")
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1000

# Parameters of the OWASP Password Storage Cheat Sheet for Argon2id: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Verified when nobody has the given address, so that both cases cost the same and answer alike.
NOBODY = HASHER.hash(secrets.token_urlsafe(16))

COMMON = frozenset(
    (
        "password password1 password12 password123 passw0rd p@ssw0rd 12345678 123456789 1234567890 87654321 "
        "11111111 00000000 88888888 qwertyui qwertyuiop qwerty123 qwerty12 1q2w3e4r 1q2w3e4r5t 1qaz2wsx asdfghjk "
        "asdfghjkl zxcvbnm1 zxcvbnm, iloveyou iloveyou1 sunshine sunshine1 princess princess1 football football1 "
        "baseball baseball1 superman superman1 starwars trustno1 whatever letmein1 letmein123 welcome1 welcome123 "
        "admin123 administrator changeme changeme1 secret123 abc12345 abcd1234 abcdefgh computer michelle jennifer "
        "jordan23 dragon123 monkey123 master123 shadow123 freedom1 internet pokemon1 liverpool chelsea1 arsenal1 "
        "samantha victoria charlie1 hello123 helloworld q1w2e3r4 zaq12wsx passwort passwort1 hallo123 geheim123 "
    ).split()
)


def new_token() -> str:
    """A session or link token of 256 random bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is stored of a token. A plain SHA-256 suffices because the token is random, unlike a password."""
    return hashlib.sha256(token.encode()).digest()


def new_key() -> str:
    """A new API key: `agoat_`, random letters and digits, and their checksum."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return f"agoat_{body}{checksum(body)}"


def checksum(body: str) -> str:
    """The CRC-32 of a key's random part in base 62, six characters."""
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(CHECK_CHARACTERS):
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return digits


def looks_like_key(text: str) -> bool:
    """Whether a text can be one of our keys at all, without asking the database."""
    body = text.removeprefix("agoat_")
    return bool(KEY_PATTERN.fullmatch(text)) and checksum(body[:RANDOM_CHARACTERS]) == body[RANDOM_CHARACTERS:]


def check_password(password: str, *, email: str = "", field: str = "password") -> None:
    """Raise Invalid unless a new password is long enough and not among the first that anybody would try.

    No rules of composition, as NIST SP 800-63B advises; length is counted in characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid({field: f"Use at least {SHORTEST_PASSWORD} characters; 15 or more are better."})
    if len(password) > LONGEST_PASSWORD:
        raise Invalid({field: f"Use at most {LONGEST_PASSWORD} characters."})
    if password.lower() in COMMON or (email and password.lower() in (email.lower(), email.lower().split("@")[0])):
        raise Invalid({field: "This password is among the first that anybody would try. Choose another."})


class Passwords:
    """Hashes and verifies passwords in two threads, so that sign-ins can neither block nor exhaust a process."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")

    async def hash(self, password: str) -> str:
        """The Argon2id hash of a password."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, HASHER.hash, password)

    async def verify(self, stored: str | None, password: str) -> bool:
        """Whether the password fits. Without a stored hash the same work is done and the answer is no."""
        fits = await asyncio.get_running_loop().run_in_executor(self._threads, verified, stored or NOBODY, password)
        return fits and stored is not None

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def verified(stored: str, password: str) -> bool:
    """Whether a password fits a hash; a hash that cannot be read fits nothing."""
    try:
        return HASHER.verify(stored, password[:LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False
