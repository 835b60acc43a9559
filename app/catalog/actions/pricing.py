"""Prices and stock: acts that change no text and that visitors see at once."""

from collections.abc import Iterable
from uuid import UUID

import msgspec
from msgspec import UNSET
from msgspec.structs import replace

from app import keys
from app.actor import Actor
from app.catalog import repository
from app.catalog.actions.applying import apply_offer
from app.catalog.actions.opening import change_state, opened_product, state_of
from app.catalog.checks import wrong_prices, wrong_stock
from app.catalog.live import with_new_offers
from app.catalog.models import PriceHistory, Product, ProductPublication
from app.catalog.money import is_currency
from app.catalog.offers import PastPrice, offer_of
from app.catalog.repository import PRODUCTS
from app.catalog.requests import ChangeOffer, ChangeOffers, Saved
from app.catalog.states import ProductState
from app.db.work import Work
from app.document.snapshots import ProductOffer, ProductText
from app.errors import Invalid
from app.identity.access import Act, require
from app.media.repository import pictures

PRICES = {
    Act.WRITE_PRICE: ("retail", "sale"),
    Act.WRITE_WHOLESALE: ("wholesale",),
    Act.WRITE_STOCK: ("on_hand", "availability", "available_from"),
}


async def change_offers(work: Work, actor: Actor, request: ChangeOffers) -> Saved:
    """Change prices or stock of a product's variants; waiting texts go on waiting.

    Raises NotFound, Forbidden (each kind of change needs its own right), Invalid, ChangedElsewhere.
    """
    require_rights(actor, request.offers)
    if not is_currency(request.currency):
        raise Invalid({"currency": "Use the three letters of ISO 4217, for example EUR."})
    act = Act.WRITE_STOCK if not touches(request.offers, ("retail", "sale", "wholesale")) else Act.WRITE_PRICE
    product, parts = await opened_product(work, actor, request.product_id, request.expect, act)
    before = state_of(product, parts)
    state = with_offers(before, request)
    if await change_state(work, product, parts, state, reason=request.reason, moves=with_new_offers(state)):
        await republish_offers(work, product, state)
    return Saved(id=product.id, version=product.version, slug=product.slug)


def require_rights(actor: Actor, offers: Iterable[ChangeOffer]) -> None:
    """Raise Forbidden for the first kind of change that the actor may not make."""
    for act, names in PRICES.items():
        if touches(offers, names):
            require(actor, act)


def touches(offers: Iterable[ChangeOffer], names: tuple[str, ...]) -> bool:
    """Whether any offer says something about one of the fields."""
    return any(getattr(offer, name) is not UNSET for offer in offers for name in names)


def with_offers(before: ProductState, request: ChangeOffers) -> ProductState:
    """The state of a product with new prices and stock. Raises Invalid with every refused field by variant."""
    wanted = {offer.variant_id: offer for offer in request.offers}
    if wanted.keys() - {variant.id for variant in before.variants}:
        raise Invalid({"offers": "One of these variants does not belong to this product."})
    variants = tuple(apply_offer(v, wanted[v.id], request.currency) if v.id in wanted else v for v in before.variants)
    wrong: dict[str, str] = {}
    for variant in variants:
        if variant.id in wanted:
            wrong |= {f"{variant.sku}.{name}": text for name, text in (wrong_prices(variant) | wrong_stock(variant)).items()}
    if wrong:
        raise Invalid(wrong)
    return replace(before, variants=variants)


async def republish_offers(work: Work, product: Product, state: ProductState) -> None:
    """Rewrite the offer part of everything that is live of a product, for the variants that are live."""
    live = (await repository.publications_of(work, [product.id]))[product.id]
    for row in live:
        shown = {variant.sku for variant in msgspec.convert(row.offer, ProductOffer).variants}
        offer = await compose_offer(work, state, shown)
        PRODUCTS.change_part(work, row, {"offer": msgspec.to_builtins(offer), "offer_version": product.version, "updated_at": work.now})
    PRODUCTS.bump(work, pages_of(product.id, live))


async def compose_offer(work: Work, state: ProductState, skus: set[str] | None = None) -> ProductOffer:
    """The offer part of a publication, limited to `skus` unless None."""
    variants = [variant for variant in state.variants if skus is None or variant.sku in skus]
    rows = await repository.price_history(work, [variant.id for variant in variants])
    history = {key: [past(row) for row in entries] for key, entries in rows.items()}
    names = {name for variant in variants for name in variant.images}
    images = {picture.snapshot.name: picture.snapshot for picture in await pictures(work, names=names)}
    return offer_of(variants, history, images, work.now)  # type: ignore[arg-type]


def past(row: PriceHistory) -> PastPrice:
    """A row of the price history as the rule of 30 days reads it."""
    return PastPrice(kind=row.kind, at=row.at, amount=row.amount, starts_at=row.starts_at, ends_at=row.ends_at)


def pages_of(product_id: UUID, live: Iterable[ProductPublication]) -> list[str]:
    """The cache tags of all pages that show a product, and of the posts beside it."""
    posts = {str(post) for row in live for post in msgspec.convert(row.text, ProductText).related_posts}
    lists = {keys.products_tag(row.site_id, row.lang) for row in live}
    return sorted([keys.product_tag(product_id), *lists, *(keys.post_tag(UUID(post)) for post in posts)])
