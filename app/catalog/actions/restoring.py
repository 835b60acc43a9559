"""Bringing versions back, archiving, and removing a product for good."""

from uuid import UUID

from msgspec.structs import replace

from app.actor import Actor
from app.catalog import repository
from app.catalog.actions.opening import add_state, change_state, opened_product, state_of
from app.catalog.actions.pricing import republish_offers
from app.catalog.actions.publishing import withdraw
from app.catalog.actions.saving import check_wanted
from app.catalog.live import stored, with_new_offers
from app.catalog.repository import CATEGORIES, PRODUCTS
from app.catalog.requests import Saved
from app.catalog.states import ProductState, payload_of, state_in
from app.db.work import Work
from app.errors import Conflict, Invalid
from app.identity.access import Act, allows, require
from app.media.repository import pictures
from app.tenancy.repository import sites_of_customer


async def restore_version(work: Work, actor: Actor, product_id: UUID, version: int, expect: int | None) -> Saved:
    """Make an earlier version the working copy again, as a new version; a deleted product comes back as a draft.

    Prices and stock stay as they are now for variants that still exist. Raises NotFound, Forbidden, ChangedElsewhere, Taken.
    """
    require(actor, Act.WRITE_PRODUCT)
    old = state_in((await repository.version_of_product(work, product_id, version)).payload)
    if await PRODUCTS.find(work, product_id) is None:
        return await _undelete(work, actor, product_id, old)
    product, parts = await opened_product(work, actor, product_id, expect, Act.WRITE_PRODUCT)
    now = state_of(product, parts)
    present = {variant.id: variant for variant in now.variants}
    offers = {
        key: {n: getattr(v, n) for n in ("retail", "wholesale", "sale", "on_hand", "availability", "available_from")}
        for key, v in present.items()
    }
    variants = tuple(replace(variant, **offers.get(variant.id, {})) for variant in old.variants)
    kept = {"state": now.state, "published_at": now.published_at, "created_at": now.created_at, "created_by": now.created_by}
    state = await without_gone(work, replace(old, variants=variants, **kept))
    await check_wanted(work, actor, product_id, now if allows(actor, Act.WRITE_WHOLESALE) else state, state)
    if await change_state(work, product, parts, state, kind="restored", moves=with_new_offers(state)):
        await republish_offers(work, product, state)
    return Saved(id=product.id, version=product.version, slug=product.slug)


async def _undelete(work: Work, actor: Actor, product_id: UUID, old: ProductState) -> Saved:
    last = await repository.version_of_product(work, product_id)
    state = await without_gone(work, replace(old, state="draft", updated_at=work.now))
    await check_wanted(work, actor, product_id, state, state)
    product = await add_state(work, actor, state, product_id=product_id, version=last.version + 1, kind="restored")
    return Saved(id=product.id, version=product.version, slug=product.slug)


async def without_gone(work: Work, state: ProductState) -> ProductState:
    """A state of long ago without the pictures, sites and category that no longer exist."""
    images = {picture.id for picture in await pictures(work, ids=state.images)} if state.images else set()
    sites = {site.id for site in await sites_of_customer(work)}
    category = state.category_id if state.category_id and await CATEGORIES.find(work, state.category_id) else None
    return replace(
        state,
        images=tuple(key for key in state.images if key in images),
        sites=tuple(key for key in state.sites if key in sites),
        category_id=category,
    )


async def set_state(work: Work, actor: Actor, product_id: UUID, wanted: str, expect: int | None) -> Saved:
    """Archive a product, which takes it from all sites, or make an archived one a draft again. Raises Invalid and as above."""
    if wanted not in ("draft", "archived"):
        raise Invalid({"state": "Choose draft or archived; Publish makes a product active."})
    product, parts = await opened_product(work, actor, product_id, expect, Act.WRITE_PRODUCT)
    if product.state == wanted:
        return Saved(id=product.id, version=product.version, slug=product.slug)
    if product.state == "active":
        require(actor, Act.PUBLISH_PRODUCT)
        await withdraw(work, product.id)
    await change_state(
        work, product, parts, replace(state_of(product, parts), state=wanted), kind="archived" if wanted == "archived" else "restored"
    )
    return Saved(id=product.id, version=product.version, slug=product.slug)


async def delete_product(work: Work, actor: Actor, product_id: UUID, expect: int | None) -> None:
    """Remove an archived product. Its history stays and can bring it back. Raises NotFound, Forbidden, ChangedElsewhere, Conflict."""
    product, parts = await opened_product(work, actor, product_id, expect, Act.WRITE_PRODUCT)
    if product.state != "archived":
        raise Conflict(f"“{product.title}” is not archived. Archive it first.")
    await withdraw(work, product.id)
    state = state_of(product, parts)
    for row in [*parts.prices.values(), *parts.stock.values(), *parts.variants, *parts.images, *parts.options, *parts.sites, *parts.posts]:
        await PRODUCTS.remove_part(work, row)
    await PRODUCTS.delete(work, product, expect=None, payload=payload_of(state) | stored(()))
