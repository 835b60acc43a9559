"""Requests that must happen once: the claim is inserted first in the unit of work, the answer last, and both commit with the act.

A second request with the same claim waits for the first as long as the role's lock timeout lets it, then finds the answer.
"""

from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from app.db.failures import sqlstate
from app.db.record.tables import IdempotencyAnswer, IdempotencyKey
from app.db.work import RECORDED, Reading, Work
from app.errors import Conflict, Invalid
from app.settings import LIMITS

LOCK_NOT_AVAILABLE = "55P03"
MARKED = {"recorded": RECORDED}


class StillRunning(Conflict):
    """The first request with this key has not ended yet. `retry_after` is in seconds."""

    def __init__(self) -> None:
        super().__init__("A request with this Idempotency-Key is still being worked on. Send it again in a moment.")
        self.retry_after = 1


class AnswerGone(Conflict):
    """The act happened, but its answer is no longer kept."""

    def __init__(self) -> None:
        hours = LIMITS.idempotency.total_seconds() // 3600
        super().__init__(f"This Idempotency-Key was used more than {hours:.0f} hours ago. Read the thing, or send a new key to act again.")


class Kept(Struct, frozen=True):
    """What was answered: an HTTP status, headers by name, and the body."""

    status: int
    headers: dict[str, str]
    body: bytes


async def claim_once(work: Work, claim: bytes, fingerprint: bytes) -> Kept | None:
    """Claim a request for this unit, before anything else is done in it; gives the kept answer when it has already happened.

    `claim` names the request and `fingerprint` its payload, both as hashes. Raises StillRunning, Invalid (another payload), AnswerGone.
    """
    if await _insert_claim(work, claim, fingerprint):
        return None
    first = await _claimed(work, claim)
    if first.fingerprint != fingerprint:
        raise Invalid({}, "This Idempotency-Key was sent before with another body. Send a new key for a new request.")
    answer = await _answered(work, claim)
    if answer is None or first.created_at < datetime.now(UTC) - LIMITS.idempotency:
        raise AnswerGone()
    return Kept(answer.status, answer.headers, answer.body)


async def _insert_claim(work: Work, claim: bytes, fingerprint: bytes) -> bool:
    values = {"customer_id": work.customer_id, "claim": claim, "fingerprint": fingerprint, "created_at": work.now}
    statement = insert(IdempotencyKey).values(**values).on_conflict_do_nothing(index_elements=["customer_id", "claim"])
    try:
        made = await work.session.execute(statement.returning(IdempotencyKey.claim), execution_options=MARKED)
    except DBAPIError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            # The database's own words name the claim, so nothing of them goes on.
            raise StillRunning() from None
        raise
    return made.first() is not None


async def _claimed(reading: Reading, claim: bytes) -> IdempotencyKey:
    statement = select(IdempotencyKey).where(IdempotencyKey.customer_id == reading.customer_id, IdempotencyKey.claim == claim)
    return (await reading.session.execute(statement)).scalar_one()


async def _answered(reading: Reading, claim: bytes) -> IdempotencyAnswer | None:
    statement = select(IdempotencyAnswer).where(IdempotencyAnswer.customer_id == reading.customer_id, IdempotencyAnswer.claim == claim)
    return (await reading.session.execute(statement)).scalar_one_or_none()


async def keep_answer(work: Work, claim: bytes, kept: Kept) -> None:
    """Keep the answer of the request that this unit has claimed; it commits with what the unit did."""
    values = {"customer_id": work.customer_id, "claim": claim, "created_at": work.now}
    values |= {"status": kept.status, "headers": kept.headers, "body": kept.body}
    await work.session.execute(insert(IdempotencyAnswer).values(**values), execution_options=MARKED)
