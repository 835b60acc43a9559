"""Publishing a product: its texts as they stand now become what visitors read, on every site that may show it."""

import asyncio
from uuid import UUID

import msgspec
from msgspec.structs import replace

from app.actor import Actor
from app.catalog import repository
from app.catalog.actions.opening import change_state, opened_product, state_of
from app.catalog.actions.pricing import compose_offer, pages_of
from app.catalog.live import Shown, published
from app.catalog.models import Category, ProductPublication
from app.catalog.repository import PRODUCTS
from app.catalog.requests import Published, Saved
from app.catalog.states import ProductState
from app.db.work import Work
from app.document.published import RENDER_VERSION, rendered, with_pictures
from app.document.snapshots import CategorySnapshot, FieldSnapshot, OptionSnapshot, ProductOffer, ProductText, TocSnapshot
from app.errors import Conflict, Invalid
from app.identity.access import Act
from app.media.repository import pictures


async def publish_product(work: Work, actor: Actor, product_id: UUID, expect: int | None) -> Published:
    """Show a product as it stands now on all its sites. Raises NotFound, Forbidden, ChangedElsewhere, Invalid, Conflict."""
    product, parts = await opened_product(work, actor, product_id, expect, Act.PUBLISH_PRODUCT)
    if product.state == "archived":
        raise Conflict(f"“{product.title}” is archived. Make it a draft first.")
    before = state_of(product, parts)
    check_publishable(before)
    state = replace(before, state="active", published_at=before.published_at or work.now)
    live = {row.site_id: row for row in (await repository.publications_of(work, [product.id]))[product.id]}
    text, offer = await compose_text(work, product.id, state), await compose_offer(work, state)
    await change_state(work, product, parts, state, kind="published", moves=published(state))
    for site_id in state.sites:
        pins = Shown(site_id=site_id, text_version=product.version, offer_version=product.version, skus=())
        put_publication(work, live.pop(site_id, None), site_id, state, text, offer, pins)
    was_live = list(live.values())
    for row in was_live:
        await PRODUCTS.remove_part(work, row)
    await work.session.flush()
    shown = (await repository.publications_of(work, [product.id]))[product.id]
    PRODUCTS.bump(work, pages_of(product.id, [*shown, *was_live]))
    return Published(id=product.id, version=product.version, sites=state.sites, is_new=before.published_at is None)


def check_publishable(state: ProductState) -> None:
    """Raise Invalid for a product that would leave a visitor with nothing to see or buy."""
    if not state.variants:
        raise Invalid({"variants": "Add at least one variant before publishing."})
    if any(variant.retail is None for variant in state.variants):
        raise Invalid({"variants": "Every variant needs a retail price before publishing."})
    if not state.sites:
        raise Invalid({"sites": "Choose at least one site that shows this product."})


def put_publication(
    work: Work, row: ProductPublication | None, site_id: UUID, state: ProductState, text: ProductText, offer: ProductOffer, pins: Shown
) -> None:
    """Write what a site shows of a product, pinned to the versions that `pins` names."""
    values = {
        "lang": state.lang,
        "translation_key": state.translation_key,
        "slug": state.slug,
        "title": state.title,
        "category": text.category.slug if text.category else "",
        "text_version": pins.text_version,
        "offer_version": pins.offer_version,
        "render_version": RENDER_VERSION,
        "published_at": state.published_at,
        "updated_at": work.now,
        "text": msgspec.to_builtins(text),
        "offer": msgspec.to_builtins(offer),
    }
    if row is None:
        PRODUCTS.add_part(work, ProductPublication(site_id=site_id, product_id=text.id, **values))
    else:
        PRODUCTS.change_part(work, row, values)


async def compose_text(work: Work, product_id: UUID, state: ProductState) -> ProductText:
    """Everything that a publication says about a product but its offers."""
    body = await asyncio.to_thread(rendered, state.body_source, state.body_format, state.lang)
    found = await pictures(work, ids=state.images, names=body.assets)
    by_id = {picture.id: picture.snapshot for picture in found}
    definitions = await repository.fields_of(work, "product")
    fields = [(code, value, definitions.get(code)) for code, value in state.fields.items()]
    return ProductText(
        id=product_id,
        lang=state.lang,
        slug=state.slug,
        title=state.title,
        summary=state.summary or None,
        html=with_pictures(body.html, {picture.snapshot.name: picture.snapshot for picture in found}, state.lang),
        toc=tuple(TocSnapshot(level=entry.level, id=entry.id, text=entry.text) for entry in body.toc),
        brand=state.brand or None,
        category=await category_snapshot(work, state.category_id),
        fields=tuple(
            FieldSnapshot(code=code, value=value, label=known.label if known else code, labels=known.labels if known else {})
            for code, value, known in fields
        ),
        options=tuple(OptionSnapshot(code=option.code, label=option.label, values=option.choices) for option in state.options),
        images=tuple(by_id[key] for key in state.images if key in by_id),
        translation_key=str(state.translation_key) if state.translation_key else None,
        is_featured=state.is_featured,
        related_posts=state.posts,
    )


async def category_snapshot(work: Work, category_id: UUID | None) -> CategorySnapshot | None:
    """A category with its parents, outermost first."""
    known = {category.id: category for category in await repository.categories_of(work)} if category_id else {}
    mine = known.get(category_id) if category_id else None
    if mine is None:
        return None
    by_slug = {category.slug: category for category in known.values()}
    steps = mine.slug.split("/")
    parents = [by_slug[path] for path in ("/".join(steps[:n]) for n in range(1, len(steps))) if path in by_slug]
    return _category(mine, tuple(_category(parent, ()) for parent in parents))


def _category(category: Category, parents: tuple[CategorySnapshot, ...]) -> CategorySnapshot:
    return CategorySnapshot(slug=category.slug, label=category.label, labels=category.labels, parents=parents)


async def unpublish_product(work: Work, actor: Actor, product_id: UUID, expect: int | None) -> Saved:
    """Take a product from all sites; its working copy stays. Raises NotFound, Forbidden, ChangedElsewhere."""
    product, parts = await opened_product(work, actor, product_id, expect, Act.PUBLISH_PRODUCT)
    await withdraw(work, product.id)
    before = state_of(product, parts)
    if product.state == "active":
        await change_state(work, product, parts, replace(before, state="draft"), kind="unpublished")
    return Saved(id=product.id, version=product.version, slug=product.slug)


async def withdraw(work: Work, product_id: UUID) -> None:
    """Remove what visitors see of a product that is changed in the same unit."""
    live = (await repository.publications_of(work, [product_id]))[product_id]
    for row in live:
        await PRODUCTS.remove_part(work, row)
    PRODUCTS.bump(work, pages_of(product_id, live))
