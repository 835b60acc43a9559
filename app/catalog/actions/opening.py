"""What every act on a product begins and ends with: find it with its parts, and write it as one version."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from msgspec.structs import asdict, replace

from app.actor import Actor
from app.catalog import repository
from app.catalog.actions.writing import write_offers, write_texts
from app.catalog.live import Move, Shown, stays, stored
from app.catalog.models import Product
from app.catalog.repository import PRODUCTS, Parts
from app.catalog.states import COLUMNS, OptionState, PriceState, ProductState, VariantState, changed_fields, payload_of, texts_of
from app.db.repository import snapshot
from app.db.work import Reading, Work
from app.errors import ChangedElsewhere
from app.identity.access import Act, require


async def opened_product(work: Work, actor: Actor, product_id: UUID, expect: int | None, act: Act) -> tuple[Product, Parts]:
    """The product that the actor may act on, still in the version he opened. Raises NotFound, Forbidden, ChangedElsewhere."""
    product = await PRODUCTS.get(work, product_id)
    require(actor, act)
    if expect is not None and product.version != expect:
        raise ChangedElsewhere("A newer version was saved in the meantime.", expected=expect, current=product.version, thing=product)
    return product, (await repository.parts_of(work, [product.id]))[product.id]


async def read_state(reading: Reading, product_id: UUID) -> tuple[Product, ProductState]:
    """A product and its present state. Raises NotFound."""
    product = await PRODUCTS.get(reading, product_id)
    return product, state_of(product, (await repository.parts_of(reading, [product.id]))[product.id])


def state_of(product: Product, parts: Parts) -> ProductState:
    """The present state of a product."""
    columns: dict[str, Any] = snapshot(product)
    columns["tags"] = tuple(columns["tags"])
    return ProductState(
        **columns,
        options=tuple(OptionState(code=row.code, label=row.label, choices=tuple(row.choices)) for row in parts.options),
        images=tuple(row.media_id for row in parts.images),
        sites=tuple(row.site_id for row in parts.sites),
        posts=tuple(row.post_id for row in parts.posts),
        variants=tuple(variant_state(variant.id, parts) for variant in parts.variants),
    )


def variant_state(variant_id: UUID, parts: Parts) -> VariantState:
    """The present state of one variant."""
    row = next(variant for variant in parts.variants if variant.id == variant_id)
    stock = parts.stock.get(variant_id)
    return VariantState(
        id=row.id,
        sku=row.sku,
        gtin=row.gtin,
        option_values=row.option_values,
        unit_measure=row.unit_measure,
        weight_g=row.weight_g,
        images=tuple(row.images),
        retail=_price(parts, variant_id, "retail"),
        wholesale=_price(parts, variant_id, "wholesale"),
        sale=_price(parts, variant_id, "sale"),
        on_hand=stock.on_hand if stock else None,
        availability=stock.availability if stock else "in_stock",
        available_from=stock.available_from if stock else None,
    )


def _price(parts: Parts, variant_id: UUID, kind: str) -> PriceState | None:
    row = parts.prices.get((variant_id, kind))
    return PriceState(amount=row.amount, currency=row.currency, starts_at=row.starts_at, ends_at=row.ends_at) if row else None


async def add_state(
    work: Work, actor: Actor, state: ProductState, *, product_id: UUID | None = None, version: int = 1, kind: str = "saved",
    live: Sequence[Shown] = (),
) -> Product:  # fmt: skip
    """Insert a product in this state; `version` is above 1 when a deleted product comes back, `live` is what the caller will show."""
    state = replace(state, text_version=version)
    columns = {name: getattr(state, name) for name in (*COLUMNS, "text_version", "created_by", "created_at", "updated_at")}
    product = Product(id=product_id or uuid4(), **columns | {"tags": list(state.tags)})
    await PRODUCTS.add(work, product, kind=kind, payload=payload_of(state) | stored(live), version=version)
    nothing = Parts([], [], [], [], [], {}, {})
    await write_texts(work, product.id, nothing, state)
    await write_offers(work, nothing, state, "")
    return product


async def change_state(
    work: Work,
    product: Product,
    parts: Parts,
    state: ProductState,
    *,
    kind: str = "saved",
    reason: str = "",
    moves: Move = stays,
    keeps_date: bool = False,
) -> bool:
    """Bring a product into this state as one version; no version when nothing differs. Gives whether something did.

    `moves` says what the caller does with what visitors see. `keeps_date` leaves `updated_at` as the state has it.
    """
    before = state_of(product, parts)
    fields = changed_fields(before, state)
    if not fields and kind == "saved":
        return False
    version = product.version + 1
    text_version = version if texts_of(before) != texts_of(state) else product.text_version
    state = replace(state, text_version=text_version, updated_at=state.updated_at if keeps_date else work.now)
    values = {name: getattr(state, name) for name in (*COLUMNS, "text_version", "updated_at")} | {"tags": list(state.tags)}
    parts_changed = [name for name in fields if name not in asdict(state) or name in ("variants", "options", "images", "sites", "posts")]
    live = stored(moves(version, await repository.shown_of(work, product.id)))
    await PRODUCTS.change(work, product, values, expect=None, kind=kind, fields=parts_changed, payload=payload_of(state) | live)
    await write_texts(work, product.id, parts, state)
    await write_offers(work, parts, state, reason)
    return True
