"""A whole installation of a test's own, with the cast in it, for tests that look at every row or do what others would notice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from app.db.base import Base
from app.db.database import Shared, Tenancy, TenantDatabase, open_engine
from app.db.guard import GuardRules
from app.db.record.leases import give_up, take
from app.db.record.sequencer import number_everything
from app.db.rules import shared_rules, tenant_rules
from app.db.transactions import Committer
from app.keys import SEQUENCER_LEASE
from tests.cast import Cast, make_cast
from tests.installations import administrator_of, installation, spoken_in


@dataclass
class Town:
    """Every role of one installation. `admin` is the address of its database for an administrator."""

    addresses: dict[str, str]
    admin: str
    tenancy: Tenancy
    backoffice: Tenancy
    directory: Shared
    worker: Shared
    cast: Cast

    @property
    def acme(self) -> TenantDatabase:
        """Acme's database."""
        return self.tenancy.of(self.cast.acme)

    async def number(self) -> int:
        """Give every change its number, as the worker does; gives how many."""
        held = await take(self.worker, SEQUENCER_LEASE, uuid4())
        assert held is not None
        count = await number_everything(self.worker, held)
        await give_up(self.worker, held)
        return count


@asynccontextmanager
async def town(
    admin_url: str, *, dialect: str | None = None, committer: Committer | None = None, pool_size: int = 10
) -> AsyncIterator[Town]:
    """An installation that nobody else uses, gone afterwards."""
    rules: dict[str, GuardRules] = {role: tenant_rules(Base.metadata) for role in ("app", "backoffice")}
    rules |= {role: shared_rules(Base.metadata, role) for role in ("directory", "worker")}
    with installation(admin_url) as made:
        addresses = spoken_in(made, dialect) if dialect else made
        engines = {role: open_engine(addresses[role], rules=rules[role], pool_size=pool_size) for role in rules}
        try:
            directory = Shared(engines["directory"], committer=committer)
            worker = Shared(engines["worker"], mode="worker", committer=committer)
            tenancy, backoffice = (Tenancy(engines[role], committer=committer) for role in ("app", "backoffice"))
            cast = await make_cast(directory, backoffice)
            yield Town(addresses, administrator_of(admin_url, made), tenancy, backoffice, directory, worker, cast)
        finally:
            for engine in engines.values():
                await engine.dispose()
