"""A customer with some history, his sealer and his verifier, and what an administrator may do behind everybody's back."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import create_engine, text

from app.audit.sealing import seal_customer
from app.audit.verification import Verified, verify
from app.db.database import Shared, Tenancy
from app.db.record.leases import Held, take
from app.db.record.sequencer import number_everything
from app.db.work import Work
from app.tenancy.models import Site
from app.tenancy.repository import SITES
from tests.cast import OPERATOR, make_customer


@dataclass
class Chain:
    """One customer's chain. Sealer and sequencer have leases of their own, so that tests do not wait for each other."""

    tenancy: Tenancy
    backoffice: Tenancy
    worker: Shared
    admin: str
    customer_id: UUID
    site_id: UUID
    sequencer: Held
    sealer: Held
    sites: list[UUID] = field(default_factory=list)

    async def write(self, times: int = 1, *, name: str = "Shop", reason: str | None = None) -> None:
        """So many acts, each of which adds a site and changes it."""
        for _ in range(times):
            site_id = uuid4()
            act = partial(add_site, site_id=site_id, name=name)
            await self.tenancy.of(self.customer_id).run(OPERATOR, "add a site", act, reason=reason)
            self.sites.append(site_id)

    async def number(self) -> None:
        await number_everything(self.worker, self.sequencer)

    async def seal(self) -> int:
        """Number and seal everything there is; gives the number of seals."""
        await self.number()
        return await seal_customer(self.worker, self.sealer, self.customer_id, settled=timedelta())

    async def verified(self, expect: bytes | None = None) -> Verified:
        return await verify(self.backoffice.of(self.customer_id), expect=expect)

    async def problem(self, expect: bytes | None = None) -> str:
        """What verification finds wrong, or nothing."""
        broken = (await self.verified(expect)).broken
        return broken.problem if broken else ""

    def as_admin(self, sql: str, **values: Any) -> Any:
        """A statement of a superuser, whom nothing binds; gives its rows."""
        engine = create_engine(self.admin)
        try:
            with engine.begin() as connection:
                result = connection.execute(text(sql), {"customer": self.customer_id, **values})
                return result.all() if result.returns_rows else result.rowcount
        finally:
            engine.dispose()


async def add_site(work: Work, *, site_id: UUID, name: str = "Shop") -> None:
    """One act that adds a site and changes it; may be run again, as every unit of work."""
    row = Site(
        id=site_id, slug=site_id.hex, name=name, state="active", lang="en", timezone="UTC", currency="EUR", settings={}, created_at=work.now
    )  # fmt: skip
    await SITES.add(work, row)
    await SITES.change(work, row, {"name": f"{name} Ltd"}, expect=1)


async def a_chain(tenancy: Tenancy, backoffice: Tenancy, worker: Shared, admin: str, slug: str) -> Chain:
    """A new customer with the history that comes with being made."""
    customer_id, site_id = await make_customer(backoffice, slug)
    sequencer, sealer = await take(worker, f"numbers {slug}", uuid4()), await take(worker, f"seals {slug}", uuid4())
    assert sequencer is not None
    assert sealer is not None
    return Chain(tenancy, backoffice, worker, admin, customer_id, site_id, sequencer, sealer)
