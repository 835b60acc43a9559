"""Imports into customers of their own, and what can be counted there afterwards."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.actor import Actor
from app.catalog.models import Category, Product, ProductPublication, Variant
from app.content.models import Author, Post, Publication, Tag
from app.db.database import Shared, Tenancy, TenantDatabase
from app.db.record.tables import ChangeIn, ChangeSet, ChangeSetMark, Event
from app.db.work import Reading
from app.imports.apply import Applied, apply_import
from app.imports.models import Import, ImportItem
from app.imports.plan import Checked
from app.imports.shopify import check_shopify
from app.imports.wxr import check_wxr
from tests.cast import OPERATOR, make_customer
from tests.imports.corpus import no_progress

COUNTED = (
    Author,
    Tag,
    Post,
    Publication,
    Category,
    Product,
    Variant,
    ProductPublication,
    Import,
    ImportItem,
    Event,
    ChangeSet,
    ChangeSetMark,
)


@dataclass
class Shelf:
    """A customer with one site, to import into."""

    database: TenantDatabase
    worker: Shared
    customer_id: UUID
    site_id: UUID

    async def wxr(self, path: Path, actor: Actor = OPERATOR, **options: Any) -> Applied:
        """Import a WordPress export into the site."""
        return await self.apply(check_wxr(path, no_progress), actor, **options)

    async def shopify(self, path: Path, actor: Actor = OPERATOR, **options: Any) -> Applied:
        """Import a product list in euros."""
        return await self.apply(check_shopify(path, "EUR", no_progress), actor, **options)

    async def apply(self, checked: Checked, actor: Actor = OPERATOR, database: TenantDatabase | None = None, **options: Any) -> Applied:
        """Import what was checked."""
        asked = {"file_name": "file", "site_id": self.site_id, "progress": no_progress} | options
        return await apply_import(database or self.database, actor, checked, **asked)

    async def all(self, model: Any, *conditions: Any) -> list[Any]:
        """The rows of a table that meet the conditions."""

        async def ask(reading: Reading) -> list[Any]:
            statement = select(model).where(model.customer_id == reading.customer_id, *conditions)
            return list((await reading.session.execute(statement)).scalars())

        return await self.database.read(ask)

    async def one(self, model: Any, *conditions: Any) -> Any:
        """The one row that meets the conditions."""
        (row,) = await self.all(model, *conditions)
        return row

    async def counts(self) -> dict[str, int]:
        """How many rows of each table the customer has, the changes that wait for their numbers among them."""

        async def ask(reading: Reading) -> dict[str, int]:
            found = {}
            for model in COUNTED:
                statement = select(func.count()).select_from(model).where(model.customer_id == reading.customer_id)
                found[model.__tablename__] = (await reading.session.execute(statement)).scalar_one()
            return found

        waiting = select(func.count()).select_from(ChangeIn).where(ChangeIn.customer_id == self.customer_id)
        return await self.database.read(ask) | {"changes": await self.worker.read(lambda session: session.scalar(waiting))}

    async def versions_by_transaction(self, change_set_id: UUID) -> Counter[Any]:
        """How many versions each transaction of a change set wrote; those of one transaction have the same time."""
        return Counter(event.at for event in await self.all(Event, Event.change_set_id == change_set_id))


async def make_shelf(tenancy: Tenancy, backoffice: Tenancy, worker: Shared, slug: str, **options: Any) -> Shelf:
    """A fresh customer."""
    customer_id, site_id = await make_customer(backoffice, slug, **options)
    return Shelf(tenancy.of(customer_id), worker, customer_id, site_id)
