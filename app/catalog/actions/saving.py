"""Saving the working copy of a product."""

import asyncio
from uuid import UUID, uuid4

from msgspec.structs import replace

from app.actor import Actor
from app.catalog import repository
from app.catalog.actions.applying import apply_offer
from app.catalog.actions.opening import add_state, change_state, opened_product, state_of
from app.catalog.actions.pricing import republish_offers
from app.catalog.checks import check_currency, check_state
from app.catalog.live import stays, with_new_offers
from app.catalog.models import Product
from app.catalog.repository import CATEGORIES, PRODUCTS
from app.catalog.requests import Saved, SaveProduct, SaveVariant
from app.catalog.states import OptionState, ProductState, VariantState, texts_of
from app.db.work import Work
from app.document.clean import clean_html
from app.document.input import one_line, storable
from app.document.plain import slug_candidates, slugify
from app.errors import Invalid, Taken
from app.identity.access import Act, require
from app.media.repository import pictures
from app.settings import LIMITS
from app.tenancy.repository import sites_of_customer

TAKEN_OVER = ("lang", "translation_key", "body_format", "category_id", "tax_rate_percent", "is_featured", "images", "posts")


async def save_product(work: Work, actor: Actor, request: SaveProduct) -> Saved:
    """Make a product, or change its working copy. A request that changes nothing leaves no version.

    New prices and stock of a live product are seen at once; texts wait for Publish. Raises NotFound, Forbidden, Invalid,
    ChangedElsewhere (`thing` is the present product) and Taken (an address or SKU of another product).
    """
    check_currency(request)
    dropped: tuple[str, ...] = ()
    if request.body_format == "html" and len(request.body_source) <= LIMITS.body_bytes:
        # Cleaning may take long. The transaction begins with the first statement, so this comes before it.
        dropped = (await asyncio.to_thread(clean_html, request.body_source)).dropped
    product = await (_add(work, actor, request) if request.id is None else _change(work, actor, request.id, request))
    return Saved(id=product.id, version=product.version, slug=product.slug, dropped=dropped)


async def _add(work: Work, actor: Actor, request: SaveProduct) -> Product:
    require(actor, Act.WRITE_PRODUCT)
    product_id = request.new_id or uuid4()
    made = await PRODUCTS.find(work, product_id) if request.new_id else None
    if made is not None:
        return made
    sites = request.sites if request.sites is not None else tuple(site.id for site in await sites_of_customer(work))
    slug = request.slug.strip() or await _free_slug(work, request, product_id)
    empty = ProductState(lang=request.lang, slug=slug, title="", created_at=work.now, updated_at=work.now, created_by=actor.id, sites=sites)
    state = wanted_state(empty, replace(request, slug=slug))
    await check_wanted(work, actor, product_id, empty, state)
    return await add_state(work, actor, state, product_id=product_id)


async def _change(work: Work, actor: Actor, product_id: UUID, request: SaveProduct) -> Product:
    product, parts = await opened_product(work, actor, product_id, request.expect, Act.WRITE_PRODUCT)
    before = state_of(product, parts)
    state = wanted_state(before, request)
    if request.sites is not None:
        state = replace(state, sites=request.sites)
    await check_wanted(work, actor, product_id, before, state)
    has_same_variants = texts_of(before)["variants"] == texts_of(state)["variants"]
    changed = await change_state(work, product, parts, state, moves=with_new_offers(state) if has_same_variants else stays)
    if changed and has_same_variants:
        await republish_offers(work, product, state)
    return product


def wanted_state(before: ProductState, request: SaveProduct) -> ProductState:
    """What a product is to become by a request: what the request does not say stays."""
    present = {variant.id: variant for variant in before.variants}
    by_sku = {variant.sku.lower(): variant.id for variant in before.variants}
    return replace(
        before,
        title=one_line(request.title),
        slug=request.slug.strip() or before.slug,
        summary=storable(request.summary).strip(),
        body_source=storable(request.body_source),
        brand=one_line(request.brand),
        published_at=request.published_at or before.published_at,
        variants=tuple(_variant(variant, present, by_sku, request.currency) for variant in request.variants),
        tags=tuple(one_line(tag) for tag in request.tags),
        fields={code: storable(value) if isinstance(value, str) else value for code, value in request.fields.items()},
        options=tuple(_option(option) for option in request.options),
        **{name: getattr(request, name) for name in TAKEN_OVER},
    )


def _option(option: OptionState) -> OptionState:
    return replace(option, label=one_line(option.label), choices=tuple(one_line(choice) for choice in option.choices))


def _variant(wanted: SaveVariant, present: dict[UUID, VariantState], by_sku: dict[str, UUID], currency: str) -> VariantState:
    """A variant is known by its id or, without one, by its SKU, so that a list sent twice makes nothing twice."""
    key = wanted.id if wanted.id is not None else by_sku.get(wanted.sku.strip().lower())
    if wanted.id is not None and wanted.id not in present:
        raise Invalid({"variants": "One of these variants does not belong to this product. Leave its id out to make a new one."})
    before = present[key] if key is not None else VariantState(id=uuid4(), sku="")
    texts = {
        "sku": one_line(wanted.sku),
        "gtin": (wanted.gtin or "").strip() or None,
        "option_values": {code: one_line(choice) for code, choice in wanted.option_values.items()},
        "unit_measure": wanted.unit_measure,
        "weight_g": wanted.weight_g,
        "images": wanted.images,
    }
    return replace(apply_offer(before, wanted, currency), **texts)


async def check_wanted(work: Work, actor: Actor, product_id: UUID, before: ProductState, state: ProductState) -> None:
    """Raise whatever stands in the way of a product's new state: its own fields, the actor's rights, others' addresses and SKUs."""
    check_state(state)
    old = {variant.id: variant for variant in before.variants}
    if any(variant.wholesale != (old[variant.id].wholesale if variant.id in old else None) for variant in state.variants):
        require(actor, Act.WRITE_WHOLESALE)
    await check_address(work, product_id, state.lang, state.slug)
    await _check_skus(work, product_id, state)
    await _check_references(work, before, state)


async def check_address(work: Work, product_id: UUID, lang: str, slug: str) -> None:
    """Raise Taken, with a free address, when another product has this one."""
    taken = await repository.slugs_taken(work, lang, [slug], but=product_id)
    if slug in taken:
        candidates = [candidate for candidate, _ in zip(slug_candidates(slug), range(50), strict=False)]
        others = await repository.slugs_taken(work, lang, candidates, but=product_id)
        free = next((candidate for candidate in candidates if candidate not in others), None)
        offer = f"Choose another, for example “{free}”." if free else "Choose another."
        raise Taken("slug", f"“{taken[slug]}” already has this address. {offer}", free)


async def _free_slug(work: Work, request: SaveProduct, product_id: UUID) -> str:
    slug = slugify(request.title)
    candidates = [candidate for candidate, _ in zip(slug_candidates(slug), range(50), strict=False)]
    taken = await repository.slugs_taken(work, request.lang, candidates, but=product_id)
    return next((candidate for candidate in candidates if candidate not in taken), f"{slug[:70]}-{product_id.hex[:6]}")


async def _check_skus(work: Work, product_id: UUID, state: ProductState) -> None:
    taken = await repository.skus_taken(work, [variant.sku for variant in state.variants], but=product_id)
    for place, variant in enumerate(state.variants):
        if variant.sku.lower() in taken:
            raise Taken(f"variants.{place}.sku", f"“{taken[variant.sku.lower()]}” already has the SKU {variant.sku}. Choose another.")


async def _check_references(work: Work, before: ProductState, state: ProductState) -> None:
    wrong: dict[str, str] = {}
    if state.category_id is not None and state.category_id != before.category_id and await CATEGORIES.find(work, state.category_id) is None:
        wrong["category_id"] = "There is no such category. Choose another."
    if set(state.images) - set(before.images):
        known = {picture.id for picture in await pictures(work, ids=state.images)}
        if set(state.images) - known:
            wrong["images"] = "One of these pictures does not exist. Choose another."
    if set(state.sites) - set(before.sites) or not before.title:
        sites = {site.id for site in await sites_of_customer(work)}
        if set(state.sites) - sites:
            wrong["sites"] = "One of these sites does not exist. Choose another."
    if wrong:
        raise Invalid(wrong)
