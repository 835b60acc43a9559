"""What the product refuses and how long it keeps things: one table, the same in every installation.

docs/settings.md shows it to operators; a test compares the two. The size of an upload is a setting, AGOAT_UPLOAD_MB.
"""

from datetime import timedelta

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """Sizes are in bytes unless the name says otherwise; money is in minor units of its currency."""

    body_bytes: int = 1_000_000
    title_characters: int = 500
    request_bytes: int = 2_000_000
    money_minor_units: int = 2**53 - 1
    path_bytes: int = 4_096
    head_bytes: int = 16_384
    write_transaction: timedelta = timedelta(seconds=5)
    write_attempts: int = 10
    session_idle: timedelta = timedelta(days=14)
    session_absolute: timedelta = timedelta(days=90)
    expired_session: timedelta = timedelta(days=14)
    single_use_link: timedelta = timedelta(hours=24)
    held_form: timedelta = timedelta(hours=24)
    held_forms_per_person: int = 10
    idempotency: timedelta = timedelta(hours=24)
    tombstone: timedelta = timedelta(days=90)
    done_outbox: timedelta = timedelta(days=7)
    trash: timedelta = timedelta(days=30)


LIMITS = Limits()
