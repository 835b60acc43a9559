"""A customer with something of everything, what can be told of its state, and undo as one call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.actor import Actor
from app.audit.undo import Undone, plan_undo, undo_act
from app.catalog.models import Product
from app.content.actions import refresh_publications
from app.content.models import Post
from app.db.base import WORKING, Base
from app.db.database import Shared, Tenancy, TenantDatabase
from app.db.functions import NO_ID
from app.db.record.tables import ChangeSet
from app.db.repository import plain
from app.db.work import Reading, Work
from tests.cast import OPERATOR, make_customer

# What only keeps books: it tells of acts, undone ones too, or holds what nobody has sent yet.
BOOKS = {"imports", "import_items", "held_forms"}
NUMBERS = {"version", "text_version", "offer_version", "render_version"}
State = dict[str, list[str]]


@dataclass
class World:
    """One customer. `people` are users of the installation who may be made members."""

    database: TenantDatabase
    office: TenantDatabase
    directory: Shared
    customer_id: UUID
    site_id: UUID
    random: Random
    people: list[UUID] = field(default_factory=list)
    actor: Actor = OPERATOR
    count: int = 0

    def word(self) -> str:
        """A word that this customer has not used yet."""
        self.count += 1
        return f"w{self.count}-{uuid4().hex[:6]}"

    async def act(self, verb: str, fn: Callable[[Work], Awaitable[Any]], *, office: bool = False) -> UUID:
        """Do something as one act; gives the id of its change set."""
        act_id = uuid4()
        await (self.office if office else self.database).run(self.actor, verb, fn, change_set_id=act_id)
        return act_id

    async def rows(self, model: Any, *conditions: Any) -> list[Any]:
        """The rows of a table by id."""

        async def ask(reading: Reading) -> list[Any]:
            statement = select(model).where(model.customer_id == reading.customer_id, *conditions)
            return sorted((await reading.session.execute(statement)).scalars(), key=lambda row: str(getattr(row, "id", "")))

        return await self.database.read(ask)

    async def any(self, model: Any, *conditions: Any) -> Any:
        """One row of a table by chance."""
        return self.random.choice(await self.rows(model, *conditions))

    async def is_recorded(self, act_id: UUID) -> bool:
        """Whether an act left anything in the record."""
        return bool(await self.rows(ChangeSet, ChangeSet.id == act_id))

    async def undo(self, act_id: UUID, **options: Any) -> Undone:
        """Undo an act."""
        return await undo_act(self.database, self.actor, act_id, directory=self.directory, **options)

    async def plan(self, act_id: UUID):
        """What the undo of an act would do."""
        return await plan_undo(self.database.read, act_id, directory=self.directory)

    async def settle(self) -> None:
        """Have live posts made anew, as the worker does after a tag or byline has changed."""
        after: UUID | None = NO_ID
        while after is not None:
            after = await self.database.run(
                self.actor, "refresh", lambda work, after=after: refresh_publications(work, self.actor, after=after)
            )  # fmt: skip

    async def state(self) -> State:
        """Everything that the customer has, but for numbers of versions, times of bookkeeping and history."""

        async def ask(reading: Reading) -> State:
            versions = {key: version for model in (Post, Product) for key, version in await numbered(reading, model)}
            found: State = {}
            for table in Base.metadata.sorted_tables:
                if table.info.get("grants", {}).get("app", "").startswith(WORKING[:14]) and is_kept(table):
                    rows = await reading.session.execute(select(table).where(table.c.customer_id == reading.customer_id))
                    found[table.name] = sorted(str(told(table.name, dict(row._mapping), versions)) for row in rows)
            return {name: [row for row in rows if row != "None"] for name, rows in found.items()}

        return await self.database.read(ask)


async def numbered(reading: Reading, model: Any) -> list[tuple[UUID, int]]:
    """The number by which it is known whether a thing waits to be published."""
    number = model.text_version if model is Product else model.version
    rows = await reading.session.execute(select(model.id, number).where(model.customer_id == reading.customer_id))
    return [(key, version) for key, version in rows]


def is_kept(table: Any) -> bool:
    """Whether a table holds what a customer has rather than what happened to it."""
    history = {"price_history", "movements", "cache_bumps", "idempotency_keys", "idempotency_answers"}
    return table.schema not in ("audit", "ops") and table.name not in BOOKS | history and not table.name.endswith("_versions")


def told(name: str, row: dict[str, Any], versions: dict[UUID, int]) -> dict[str, Any] | None:
    """A row without what may differ. A publication says instead whether something waits to be published."""
    if name == "api_keys" and row["revoked_at"] is not None:
        return None
    if name == "publications":
        row["is_waiting"] = versions[row["post_id"]] > row["version"]
    if name == "product_publications":
        row["is_waiting"] = versions[row["product_id"]] > row["text_version"]
        row.pop("updated_at")
        row["text"], row["category"] = without_names(row["text"]), bool(row["category"])
        row["offer"] = [without_past(variant) for variant in row["offer"]["variants"]]
    return {key: plain(value) for key, value in sorted(row.items()) if key not in NUMBERS}


def without_names(text: dict[str, Any]) -> dict[str, Any]:
    """The texts of a product without the names of other things: what was taken away and is shown again has those of today."""
    codes, pictures = [field["code"] for field in text["fields"]], len(text["images"])
    return text | {"category": bool(text["category"]), "fields": codes, "images": pictures}


def without_past(variant: dict[str, Any]) -> dict[str, Any]:
    """An offer without the lowest price of thirty days, which is history: an undone price was asked for a while."""
    sale = variant.get("sale")
    return variant | {"sale": {key: value for key, value in sale.items() if key != "lowest_30_days"} if sale else None}


async def make_world(tenancy: Tenancy, backoffice: Tenancy, directory: Shared, seed: int) -> World:
    """A fresh customer with nothing but a site in two languages."""
    customer_id, site_id = await make_customer(backoffice, f"undo-{uuid4().hex[:8]}", languages=("en", "de"))
    return World(tenancy.of(customer_id), backoffice.of(customer_id), directory, customer_id, site_id, Random(seed))
