"""Changes through the API: one unit of work that also keeps its answer, so that a request that is sent twice happens once."""

import hashlib
from collections.abc import Awaitable, Callable

from app.api.operations import Answer, Call
from app.api.problems import BadRequest
from app.db.record.idempotency import Kept, claim_once, keep_answer
from app.db.work import Work

LONGEST_KEY = 255


def idempotency_key(headers: list[str]) -> str | None:
    """The key of a request, which may be sent bare or, as the draft standard has it, in quotes. Raises BadRequest."""
    if not headers:
        return None
    key = headers[0].strip()
    if len(key) >= 2 and key.startswith('"') and key.endswith('"'):
        key = key[1:-1]
    if len(headers) > 1 or not 1 <= len(key) <= LONGEST_KEY or not all(" " <= sign <= "~" for sign in key):
        raise BadRequest(f"Send one Idempotency-Key of 1 to {LONGEST_KEY} printable ASCII characters, for example a UUID.")
    return key


def claim_of(call: Call, key: str) -> bytes:
    """What makes a request the same one: customer, credential, method, address and key."""
    said = (call.program.customer_id, call.actor.id, call.method, call.path, key)
    return hashlib.sha256("\n".join(map(str, said)).encode()).digest()


async def write(call: Call, verb: str, act: Callable[[Work], Awaitable[Answer]]) -> Answer:
    """Run an act that gives its answer, once for an Idempotency-Key. What the act refuses is not kept."""
    key = call.idempotency_key
    if key is None:
        return await call.database.run(call.actor, verb, act)
    claim, fingerprint = claim_of(call, key), hashlib.sha256(call.raw).digest()

    async def once(work: Work) -> Answer:
        kept = await claim_once(work, claim, fingerprint)
        if kept is not None:
            return Answer(kept.status, kept.body, {**kept.headers, "idempotency-replayed": "true"})
        answer = await act(work)
        await keep_answer(work, claim, Kept(answer.status, answer.headers, answer.body))
        return answer

    return await call.database.run(call.actor, verb, once)
