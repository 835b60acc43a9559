"""How a product returns: texts, variants, prices and stock, and what each site showed of it.

Stock and prices go back by a movement and an entry of the price history, as any other change of them does.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from msgspec.structs import replace

from app.catalog import repository
from app.catalog.actions.opening import add_state, change_state, state_of
from app.catalog.actions.publishing import withdraw
from app.catalog.live import Shown, live_in, stored
from app.catalog.models import Product
from app.catalog.repository import PRODUCTS, Parts
from app.catalog.returning.repository import HolderOfName, holders_of_addresses, holders_of_skus, stored_products
from app.catalog.returning.showing import show_again
from app.catalog.states import ProductState, payload_of, state_in, texts_of
from app.db.repository import Repository
from app.db.returning import UNDONE, Back, Holder, Payload, Reference
from app.db.work import Reading, Work


@dataclass(frozen=True)
class ReturningProducts:
    """The return of products."""

    repository: Repository[Product] = PRODUCTS

    def refers_to(self, payload: Payload) -> Iterable[Reference]:
        """Category, pictures and sites."""
        state = state_in(payload)
        if state.category_id:
            yield Reference("category", state.category_id)
        yield from (Reference("media", picture) for picture in state.images)
        yield from (Reference("site", site) for site in {*state.sites, *(shown.site_id for shown in live_in(payload))})

    async def holders(self, reading: Reading, wanted: Mapping[UUID, Payload]) -> list[Holder]:
        """Who has the addresses of the working copies and of what was live, and the SKUs."""
        addresses: dict[str, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
        skus: dict[str, set[UUID]] = defaultdict(set)
        for product_id, payload in wanted.items():
            addresses[payload["lang"]][payload["slug"]].add(product_id)
            for variant in payload["variants"]:
                skus[variant["sku"].lower()].add(product_id)
        pinned = {(key, shown.text_version) for key, payload in wanted.items() for shown in live_in(payload)}
        for (product_id, _), payload in (await stored_products(reading, pinned)).items():
            addresses[payload["lang"]][payload["slug"]].add(product_id)
        found: list[Holder] = []
        for lang, asking in addresses.items():
            found += others(asking, await holders_of_addresses(reading, lang, sorted(asking)), "address")
        return found + others(skus, await holders_of_skus(reading, sorted(skus)) if skus else [], "SKU")

    async def obstacles(self, reading: Reading, wanted: Mapping[UUID, Payload | None], together: Set[UUID]) -> dict[UUID, str]:
        """Nothing else forbids it."""
        return {}

    async def put_back(self, work: Work, back: Back) -> None:
        """Remove, change or add the product, then have every site show of it what it showed."""
        product = await PRODUCTS.find(work, back.thing_id)
        if product is not None:
            PRODUCTS.check_version(product, back.present)
        if back.payload is None:
            if product is not None:
                await _remove(work, product)
            return
        state, live = state_in(back.payload), live_in(back.payload)
        version = back.present + 1
        if product is None:
            shown = [after(one, state, version) for one in live]
            await add_state(work, work.actor, state, product_id=back.thing_id, version=version, kind=UNDONE, live=shown)
        else:
            parts = (await repository.parts_of(work, [product.id]))[product.id]
            has_same_texts = texts_of(state_of(product, parts)) == texts_of(state)
            texts = product.text_version if has_same_texts else version
            shown = [after(one, state, texts) for one in live]
            await _free_names(work, parts, state)
            await change_state(
                work, product, parts, state, kind=UNDONE, reason=work.verb, moves=lambda number, present: shown, keeps_date=True
            )  # fmt: skip
        await show_again(work, back.thing_id, list(zip(live, shown, strict=True)))


def after(shown: Shown, state: ProductState, text_version: int) -> Shown:
    """The pins of a site afterwards: texts that waited for Publish wait again, where none did none do."""
    if state.text_version > shown.text_version:
        return shown
    return replace(shown, text_version=max(shown.text_version, text_version))


def others(asking: Mapping[str, Set[UUID]], known: Iterable[HolderOfName], what: str) -> list[Holder]:
    """Those holders who are not the asking products themselves."""
    return [
        Holder(product_id, one.product_id, f"“{one.title}” has the {what} “{one.name}” now. Give it another one first.")
        for one in known
        for product_id in asking[one.name]
        if product_id != one.product_id
    ]


async def _free_names(work: Work, parts: Parts, state: ProductState) -> None:
    """Remove variants that go before others take their SKUs, which the database allows once at any moment."""
    kept = {variant.id for variant in state.variants}
    skus = {variant.sku.lower() for variant in state.variants}
    for row in [row for row in parts.variants if row.id not in kept and row.sku_norm in skus]:
        prices = [price for (variant_id, _), price in parts.prices.items() if variant_id == row.id]
        for part in [*prices, *filter(None, [parts.stock.get(row.id)]), row]:
            await PRODUCTS.remove_part(work, part)
        await work.session.flush()
        parts.variants.remove(row)
        parts.stock.pop(row.id, None)
        for price in prices:
            parts.prices.pop((row.id, price.kind))


async def _remove(work: Work, product: Product) -> None:
    parts = (await repository.parts_of(work, [product.id]))[product.id]
    state = state_of(product, parts)
    await withdraw(work, product.id)
    for row in [*parts.prices.values(), *parts.stock.values(), *parts.variants, *parts.images, *parts.options, *parts.sites, *parts.posts]:
        await PRODUCTS.remove_part(work, row)
    await PRODUCTS.delete(work, product, expect=None, payload=payload_of(state) | stored(()))
