"""One run: clients write, a seeded hand kills, and after every kill a page and a save must work again by themselves."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from app.actor import system
from app.content.actions import save_tag
from app.content.repository import tags_by_slug
from app.content.requests import SaveTag
from app.db.base import Base
from app.db.database import Tenancy, open_engine
from app.db.local import local_installation
from app.db.rules import tenant_rules
from app.db.work import Work
from app.errors import Unavailable
from tests.kills.checks import asked
from tests.kills.clients import TAG, Client, Ledger
from tests.kills.demonstration import BACK_S, Demonstration, victims
from tests.waiting import until

ACTOR = system("kills")
PROMISE_EVERY_S = 0.5


@dataclass
class Run:
    """The state of a run: how often what was killed, and the longest time until everything worked again, in seconds."""

    demonstration: Demonstration
    seed: int
    clients: int
    ledger: Ledger = field(default_factory=Ledger)
    killed: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.probe = Client(self.demonstration, self.ledger, 0, self.seed)

    async def kill(self, kind: str) -> None:
        """Kill one process of a kind in the middle of writes, and wait until a page and a save work again."""
        await self.ledger.grows(self.chance.randint(1, 8))
        pid = self.chance.choice(await victims(self.demonstration, kind))
        os.kill(pid, signal.SIGKILL)
        began = monotonic()
        self.killed[kind] += 1
        if kind == "supervisor":
            await self.demonstration.start_again()
        await self.works()
        self.slowest = max(self.slowest, monotonic() - began)

    async def works(self) -> None:
        """Return when a page comes and a save is acknowledged. Raises TimeoutError when nobody brings that back."""

        async def page_comes() -> bool:
            return await self.demonstration.page() == 200

        async with asyncio.timeout(BACK_S):
            await until(page_comes, seconds=BACK_S)
            await self.probe.save()


@asynccontextmanager
async def under_load(demonstration: Demonstration, *, seed: int, clients: int) -> AsyncIterator[Run]:
    """A run whose clients write until the block ends; then each brings its last write to an end."""
    run, stopping = Run(demonstration, seed, clients), asyncio.Event()
    writers = [Client(demonstration, run.ledger, number, seed) for number in range(1, clients + 1)]
    for client in (run.probe, *writers):
        await client.begin()
    async with asyncio.TaskGroup() as group:
        for client in writers:
            group.create_task(client.live(stopping))
        group.create_task(promise(demonstration, run.ledger, run.probe.site_id, stopping))
        try:
            yield run
        finally:
            stopping.set()
            await run.probe.close()


async def promise(demonstration: Demonstration, ledger: Ledger, site_id: str, stopping: asyncio.Event) -> None:
    """Rename the tag of all posts again and again: each time the worker is promised to make the live ones anew."""
    with local_installation(demonstration.folder) as local:
        engine = open_engine(local.addresses["app"], rules=tenant_rules(Base.metadata), pool_size=1)
    (customer_id,) = (row[0] for row in asked(demonstration.admin_url(), "SELECT id FROM tenancy.customers WHERE slug = 'acme'"))
    database = Tenancy(engine).of(customer_id)

    async def rename(work: Work) -> None:
        (tag,) = await tags_by_slug(work, UUID(site_id), [TAG])
        await save_tag(work, ACTOR, SaveTag(id=tag.id, site_id=tag.site_id, slug=TAG, label=f"Label {ledger.promised + 1:06}"))

    try:
        while not stopping.is_set():
            try:
                await database.run(ACTOR, "rename tag", rename)
                ledger.promised += 1
            except Unavailable:
                # Nothing was changed; an outcome that nobody knows would be another error, and end the run.
                ledger.sent_again += 1
            await asyncio.wait({asyncio.create_task(stopping.wait())}, timeout=PROMISE_EVERY_S)
    finally:
        await engine.dispose()
