"""The sealer: chains what the numbered changes say was done, customer by customer, under a lease.

It goes by the numbers of changes and never by the clocks of the writers: a number is given after the commit, so nothing can
commit into a stretch that is sealed. The last minute waits, so that a busy customer gets one seal a round.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.catalog.models import ProductVersion
from app.content.models import PostVersion
from app.db.database import Shared
from app.db.functions import NO_ID
from app.db.record import leases, seals
from app.db.record.chaining import append
from app.db.record.digests import Entry, pack_entry, pack_mark, parts
from app.db.record.leases import Held
from app.db.record.seals import Histories, Numbered
from app.errors import Conflict
from app.logs import logger

SETTLED = timedelta(seconds=60)
# Changes in one seal, and how many payloads are in hand at a time.
LONGEST, AT_ONCE = 200, 50
HISTORIES: Histories = {"post": PostVersion, "product": ProductVersion}
LOG = logger(__name__)


async def seal_everything(
    worker: Shared, held: Held, *, settled: timedelta = SETTLED, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Seal what is older than `settled` by the database's clock, for every customer who has it; gives the number of seals."""
    made, after = 0, NO_ID
    while not is_stopping() and (customers := await worker.read(partial(seals.customers_with_news, after=after))):
        made += await seal_customers(worker, held, customers, settled, is_stopping)
        after = customers[-1]
    return made + await seal_customers(worker, held, await worker.read(seals.customers_with_marks), settled, is_stopping)


async def seal_customers(worker: Shared, held: Held, customers: list[UUID], settled: timedelta, is_stopping: Callable[[], bool]) -> int:
    """Seal some customers, one after the other; gives the number of seals."""
    made = 0
    for customer_id in customers:
        try:
            made += await seal_customer(worker, held, customer_id, settled=settled, is_stopping=is_stopping)
        except Conflict as error:
            # A chain that somebody has cut must not keep the other customers from being sealed.
            LOG.error("seal.refused", customer_id=str(customer_id), error=error.detail)
    return made


async def seal_customer(
    worker: Shared, held: Held, customer_id: UUID, *, settled: timedelta = SETTLED, is_stopping: Callable[[], bool] = lambda: False
) -> int:
    """Seal one customer's changes, a seal for each stretch; gives the number of seals. Ends early when the lease is lost."""
    before = sealed = (await worker.read(partial(seals.end_of, customer_id=customer_id))).number
    while not is_stopping() and await leases.take(worker, held.name, held.owner) == held:
        await seal_stretch(worker, held, customer_id, settled)
        # Counted by where the chain ends: a unit whose COMMIT was not answered is run again and then finds nothing left to seal.
        end = (await worker.read(partial(seals.end_of, customer_id=customer_id))).number
        if end == sealed:
            break
        sealed = end
    return sealed - before


async def seal_stretch(worker: Shared, held: Held, customer_id: UUID, settled: timedelta) -> bool:
    """Append one seal; False when there is nothing to seal or another process has the lease."""

    async def unit(session: AsyncSession) -> bool:
        end = await seals.end_of(session, customer_id)
        changes = old_enough(await seals.numbered_after(session, customer_id, end.last_number, LONGEST), settled)
        marks = await seals.marks_unsealed(session, customer_id, end)
        if not (changes or marks) or not await seals.is_held(session, held):
            return False
        entries, packed = await entries_for(session, customer_id, changes), b"".join(map(pack_mark, marks))
        await append(session, customer_id, end, changes, entries=entries, marks=packed, at=await seals.moment(session))
        return True

    return await worker.run(unit)


def old_enough(changes: list[Numbered], settled: timedelta) -> list[Numbered]:
    """The changes before the first one that is too young."""
    for place, change in enumerate(changes):
        if change.at > change.now - settled:
            return changes[:place]
    return changes


async def entries_for(session: AsyncSession, customer_id: UUID, changes: list[Numbered]) -> list[tuple[bytes, bytes]]:
    """Entry and salts of each change."""
    packed: list[tuple[bytes, bytes]] = []
    for start in range(0, len(changes), AT_ONCE):
        keys = [change.key for change in changes[start : start + AT_ONCE]]
        for key, found in (await seals.recorded(session, customer_id, keys, HISTORIES)).items():
            salts = os.urandom(16), os.urandom(16)
            packed.append(pack_entry(Entry(*key, parts(found, *salts).whole, *salts)))
    return packed
