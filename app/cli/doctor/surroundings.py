"""The doctor around the installation: Redis, the media library, the console's address, the secret that signs, and mail."""

import asyncio
import shutil
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.cli.doctor.clocks import skew
from app.cli.doctor.verdicts import Verdict, fail, ok, unchecked, warn
from app.db.embedded import EngineError
from app.db.local import kept_secret
from app.errors import AGoatError
from app.media.storage import open_storage
from app.settings import Secret, Settings
from app.settings.values import is_loopback

REDIS_S, SMTP_S = 2.0, 5.0
OLDEST_REDIS = (6, 2)
LITTLE_BYTES = 2_000_000_000
FEW_CHARACTERS = 12


def about_redis(url: Secret | None) -> list[Verdict]:
    """Whether Redis answers, is new enough, forgets the right things, and knows the time."""
    if url is None:
        return [ok("redis", "not used: everything works, more slowly"), unchecked("clock of Redis", "no Redis is used")]
    # One node of a cluster is asked like any other server.
    client = Redis.from_url(
        url.reveal().replace("+cluster://", "://", 1), socket_timeout=REDIS_S, socket_connect_timeout=REDIS_S, retry=Retry(NoBackoff(), 0)
    )
    try:
        known = client.info()
        began = datetime.now(UTC)
        seconds, microseconds = client.time()
        theirs = datetime.fromtimestamp(seconds + microseconds / 1_000_000, UTC)
        return [redis_verdict(known), skew("clock of Redis", theirs, began, datetime.now(UTC), "NTP on both machines")]
    except (RedisError, OSError) as error:
        said = f"Redis does not answer ({type(error).__name__}). Pages are served all the same, more slowly."
        return [fail("redis", said, "Start it, or correct AGOAT_REDIS_URL."), unchecked("clock of Redis", "Redis does not answer")]
    finally:
        with suppress(RedisError, OSError):
            client.close()


def redis_verdict(known: dict[str, str]) -> Verdict:
    """What the server says about itself. Whether it keeps anything on disk does not matter: nothing there is the truth."""
    version = str(known.get("valkey_version") or known.get("redis_version") or "0")
    name = "Valkey" if known.get("valkey_version") else "Redis"
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < OLDEST_REDIS:
        return warn("redis", f"{name} {version} answers.", "Use Redis 6.2 or later, or Valkey.")
    if int(known.get("maxmemory", 0)) and known.get("maxmemory_policy") == "noeviction":
        return warn("redis", f"{name} {version} refuses writes when its memory is full.", "Set maxmemory-policy to allkeys-lfu.")
    if not int(known.get("maxmemory", 0)):
        return warn("redis", f"{name} {version} may take all memory of its machine.", "Set maxmemory, and maxmemory-policy to allkeys-lfu.")
    return ok("redis", f"{name} {version}, {known.get('maxmemory_policy')}")


async def about_storage(settings: Settings) -> list[Verdict]:
    """Whether files can be kept, read back and removed, and whether there is room."""
    probe, owner = b"agoat doctor", uuid4()
    remedy = "Correct AGOAT_MEDIA_URL, or who may write there."
    try:
        storage = open_storage(settings.media_url)
        name = await storage.put(owner, probe)
        whole = await storage.get(name) == probe
        await storage.delete_all(owner)
    except (AGoatError, OSError) as error:
        reason = error.detail if isinstance(error, AGoatError) else (error.strerror or type(error).__name__)
        return [fail("media library", f"A file could not be kept: {reason}", remedy), unchecked("free space", "no file can be kept")]
    if not whole:
        return [fail("media library", "A file came back changed.", remedy), unchecked("free space", "files come back changed")]
    folder = settings.media_folder
    return [
        ok("media library", "a file was kept, read back and removed"),
        about_space(folder) if folder else ok("free space", "the bucket's"),
    ]


def about_space(folder: Path, free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free) -> Verdict:
    """Whether the disk of the media library has room."""
    left = free(folder)
    said = f"{left / 1_000_000_000:.1f} GB free"
    return ok("free space", said) if left >= LITTLE_BYTES else warn("free space", f"{said} for {folder}.", "Make room before uploads fail.")


def about_console(settings: Settings) -> Verdict:
    """Whether browsers can sign in at the console's address, and only over TLS where others could listen."""
    url, check = settings.console_url, "console"
    if not url.is_secure and not url.is_loopback:
        return fail(
            check, f"{url} is not https, so browsers would refuse the session's cookie.", "Set AGOAT_CONSOLE_URL to an https address."
        )
    if url.host.replace(".", "").isdigit() or ":" in url.host:
        return warn(check, f"{url} is an address, not a name: certificates and cookies are for names.", "Give the console a host name.")
    if url.is_secure and settings.public_scheme != "https":
        return warn(check, "The console is https, but public sites are said to be http.", "Set AGOAT_PUBLIC_SCHEME=https.")
    if url.is_secure and not settings.trusted_proxies:
        return warn(check, "No proxy is trusted, so every visitor seems to come from the one in front.", "Set AGOAT_TRUSTED_PROXIES.")
    if url.is_loopback and is_loopback(settings.bind.host) and url.port != settings.bind.port:
        said = f"{url} names port {url.port}, but web processes listen on {settings.bind.port}."
        return warn(check, said, "Make AGOAT_CONSOLE_URL and AGOAT_BIND name one port, unless a proxy stands between.")
    return ok(check, f"{url}, cookie {'bound to the host and TLS' if url.is_secure else 'for this machine only'}")


def about_secret(settings: Settings, *, is_local: bool) -> Verdict:
    """Whether the secret that signs is one that nobody else can know. `is_local` is an installation on embedded engines."""
    check, remedy = "secret key", "Set AGOAT_SECRET_KEY to what `openssl rand -base64 48` prints."
    if settings.secret_key is None:
        return fail(check, "AGOAT_SECRET_KEY is not set.", remedy)
    text = settings.secret_key.reveal()
    if len(set(text)) < FEW_CHARACTERS:
        return fail(check, f"It is made of only {len(set(text))} different characters and can be guessed.", remedy)
    try:
        demonstration = None if is_local else kept_secret(settings.data_dir)
    except EngineError:
        demonstration = None
    if demonstration == text:
        return fail(check, "It is the one of the demonstration in the data folder.", remedy)
    return ok(check, f"{len(text)} characters")


async def about_mail(url: Secret | None) -> Verdict:
    """Whether the mail server lets us in; nothing is sent."""
    if url is None:
        return ok("mail", "not used: links are shown to be copied")
    try:
        await asyncio.to_thread(greet, url.reveal())
    except (smtplib.SMTPException, OSError) as error:
        reason = f"it answers {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else type(error).__name__
        return fail("mail", f"The mail server does not let us in: {reason}.", "Correct AGOAT_SMTP_URL, or remove it to have links shown.")
    return ok("mail", "the mail server lets us in")


def greet(url: str) -> None:
    """Sign in at a mail server and leave. Raises SMTPException, OSError."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SMTP_S, context=secure)
    else:
        server = smtplib.SMTP(host, parts.port or (587 if parts.scheme == "smtp+starttls" else 25), timeout=SMTP_S)
    with server:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=secure)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.noop()
