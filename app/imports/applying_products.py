"""Making the products of an import, with their categories, variants, prices and stock, by the actions that a person would use."""

from uuid import UUID

from msgspec import structs

from app.catalog.actions import publish_product, save_category, save_product, set_state
from app.catalog.repository import CATEGORIES, categories_by_slug
from app.catalog.requests import Availability, Sale, SaveCategory, Saved, SaveProduct, SaveVariant
from app.catalog.states import OptionState
from app.content.checks import SUMMARY_CHARACTERS
from app.document.input import one_line
from app.document.plain import cut, plain_text
from app.errors import Taken
from app.imports.addresses import slug_of
from app.imports.plan import ImportedProduct, ImportedVariant
from app.imports.repository import Key
from app.imports.unit import Unit

CATEGORY_CHARACTERS = 200


async def make_product(unit: Unit, product: ImportedProduct) -> tuple[UUID, bool]:
    """A product in the state that it had: on sale, a draft or archived. Its pictures stay where they are."""
    saved = await _save(unit, product, await _request(unit, product))
    unit.warn_dropped(product, saved.dropped)
    if product.seo_title and one_line(product.seo_title) != product.title:
        unit.warn(product, "Its SEO title has no place here and is left out.")
    if product.status == "active":
        await publish_product(unit.work, unit.actor, saved.id, None)
    elif product.status == "archived":
        await set_state(unit.work, unit.actor, saved.id, "archived", None)
    return saved.id, True


async def _request(unit: Unit, product: ImportedProduct) -> SaveProduct:
    return SaveProduct(
        title=product.title,
        lang=unit.goal.lang,
        currency=product.variants[0].currency,
        slug=product.slug,
        summary=cut(plain_text(product.seo_description), SUMMARY_CHARACTERS),
        body_source=product.body_source,
        body_format=product.body_format,
        brand=product.brand,
        category_id=await _category(unit, product),
        tags=product.tags,
        options=tuple(OptionState(code=option.code, label=option.label, choices=option.values) for option in product.options),
        sites=unit.goal.sites,
        variants=tuple(_variant(unit, product, variant) for variant in product.variants),
    )


async def _save(unit: Unit, product: ImportedProduct, request: SaveProduct) -> Saved:
    """Save at the wanted address or, where another product has it, at the free one that is offered."""
    try:
        return await save_product(unit.work, unit.actor, request)
    except Taken as taken:
        if taken.field != "slug" or taken.free is None:
            raise
        saved = await save_product(unit.work, unit.actor, structs.replace(request, slug=taken.free))
        unit.warn(product, f"Another product has the address “{request.slug}”; this one becomes “{saved.slug}”.")
        return saved


def _variant(unit: Unit, product: ImportedProduct, variant: ImportedVariant) -> SaveVariant:
    is_counted = variant.is_stock_tracked and variant.on_hand is not None
    availability = availability_of(variant)
    if is_counted and variant.on_hand == 0 and availability == "in_stock":
        unit.warn(product, f"Line {variant.line}: none are left, but the shop sells on. It is offered as in stock.")
    return SaveVariant(
        sku=variant.sku,
        gtin=variant.gtin,
        option_values=variant.option_values,
        weight_g=variant.weight_g,
        retail=variant.retail,
        sale=Sale(amount=variant.sale) if variant.sale is not None else None,
        on_hand=variant.on_hand if is_counted else None,
        availability=availability,
    )


def availability_of(variant: ImportedVariant) -> Availability:
    """What buyers are told. Shopify says only how many there are and whether selling stops at none.

    Where nobody counts, it can be bought. Where somebody counts, none are left and selling goes on, it can be bought too: a back order
    would be nearer to the truth, but it needs the day from which it can be delivered, which the file does not know and nobody may invent.
    """
    is_sold_out = variant.is_stock_tracked and variant.on_hand == 0 and variant.inventory_policy == "deny"
    return "out_of_stock" if is_sold_out else "in_stock"


async def _category(unit: Unit, product: ImportedProduct) -> UUID | None:
    """The category of a product, made with those above it where there is none: its type or, without one, its path in the file."""
    labels = [product.product_type] if product.product_type else product.category.split(">")
    steps = [(slug, label) for label in map(one_line, labels) if (slug := slug_of(label))]
    path, category_id = "", None
    for slug, label in steps:
        path = f"{path}/{slug}".strip("/")
        if len(path) > CATEGORY_CHARACTERS:
            unit.warn(product, f"Its category is nested too deep; it stands in “{path.rpartition('/')[0]}”.")
            break
        category_id = await _category_at(unit, path, cut(label, CATEGORY_CHARACTERS))
    return category_id


async def _category_at(unit: Unit, path: str, label: str) -> UUID:
    """The category that an import made of this path, wherever it has been moved to; else the one that is there; else a new one."""
    key = Key(unit.goal.source, "category", path)
    if key not in unit.known:
        await unit.look_up_keys([key])
    if key in unit.known and await CATEGORIES.find(unit.work, unit.known[key].thing_id):
        return unit.known[key].thing_id
    present = (await categories_by_slug(unit.work, [path])).get(path)
    if present is not None:
        return present.id
    saved = await save_category(unit.work, unit.actor, SaveCategory(slug=path, label=label))
    unit.outcome.made["category"] += 1
    if key not in unit.known:
        unit.remember(key, saved.id)
    return saved.id
