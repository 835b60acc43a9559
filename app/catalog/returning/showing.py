"""What sites show of a product, made again from the versions to which it was pinned."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.catalog import repository
from app.catalog.actions.pricing import compose_offer, pages_of
from app.catalog.actions.publishing import compose_text, put_publication
from app.catalog.live import Shown
from app.catalog.models import ProductPublication
from app.catalog.repository import PRODUCTS, version_of_product
from app.catalog.states import ProductState, state_in
from app.db.work import Work
from app.document.snapshots import ProductOffer, ProductText


async def show_again(work: Work, product_id: UUID, pins: Sequence[tuple[Shown, Shown]]) -> None:
    """Bring the publications of a product, which is changed in the same unit, to pins: each as it was, and as it is numbered now."""
    await work.session.flush()
    live = {row.site_id: row for row in (await repository.publications_of(work, [product_id]))[product_id]}
    was_live = list(live.values())
    for was, now in pins:
        await _show(work, product_id, live.pop(was.site_id, None), was, now)
    for row in live.values():
        await PRODUCTS.remove_part(work, row)
    await work.session.flush()
    is_live = (await repository.publications_of(work, [product_id]))[product_id]
    PRODUCTS.bump(work, pages_of(product_id, [*was_live, *is_live]))


async def _show(work: Work, product_id: UUID, row: ProductPublication | None, was: Shown, now: Shown) -> None:
    """One site. What is pinned as it was stays as it is; it may show pictures or prices that were true when it was made."""
    state = await _state(work, product_id, was.text_version)
    if row is not None and row.text_version == was.text_version:
        text = msgspec.convert(row.text, ProductText)
    else:
        text = await compose_text(work, product_id, state)
    offer = msgspec.convert(row.offer, ProductOffer) if row is not None else ProductOffer()
    if row is None or row.offer_version != was.offer_version or {one.sku for one in offer.variants} != set(was.skus):
        offer = await compose_offer(work, await _state(work, product_id, was.offer_version), set(was.skus))
    put_publication(work, row, was.site_id, state, text, offer, now)


async def _state(work: Work, product_id: UUID, version: int) -> ProductState:
    return state_in((await version_of_product(work, product_id, version)).payload)
