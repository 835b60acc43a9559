"""From requests of the contract to those of the catalogue. Pure: says what is wrong with prices and times before anything is asked."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from app.api.moments import checked_moment
from app.api.post_items import given
from app.api.schemas import Money, OffersInput, ProductInput, ProductPatch, Sale, VariantInput
from app.api.schemas.products import OfferFields, OfferInput
from app.catalog import requests
from app.catalog.money import is_currency
from app.catalog.requests import ChangeOffer, ChangeOffers, SaveProduct, SaveVariant
from app.catalog.states import STOCK_FIELDS, OptionState, ProductState, VariantState
from app.errors import Invalid

PRICES = ("retail", "wholesale", "sale")
# Stands where a request has no price; the catalogue wants to be told a currency all the same.
UNUSED = "EUR"
# What a patch takes over from the present product. Variants come apart, without their prices and stock, which then stay.
PRESENT = [name for name in ProductPatch.__struct_fields__ if name not in ("variants", "published_at")]
VARIANT = ("id", "sku", "gtin", "option_values", "unit_measure", "weight_g", "images")
NEW = VariantState(id=UUID(int=0), sku="")


def new_product(request: ProductInput) -> SaveProduct:
    """The request for a new product."""
    return _save(request, given(request))


def whole_product(product_id: UUID, request: ProductInput, expect: int | None) -> SaveProduct:
    """The request that replaces a product."""
    return _save(request, given(request) | {"id": product_id, "expect": expect})


def patched_product(product_id: UUID, state: ProductState, request: ProductPatch, expect: int | None) -> SaveProduct:
    """The request that changes some fields of a product."""
    present = {name: getattr(state, name) for name in PRESENT} | {"variants": tuple(map(_unchanged, state.variants))}
    return _save(request, present | given(request) | {"id": product_id, "expect": expect})


def _unchanged(variant: VariantState) -> SaveVariant:
    return SaveVariant(**{name: getattr(variant, name) for name in VARIANT})


def _save(request: ProductInput | ProductPatch, said: dict[str, Any]) -> SaveProduct:
    checked_moment(said.get("published_at"), "published_at")
    said["currency"] = UNUSED
    if request.options is not UNSET:
        said["options"] = tuple(OptionState(code=option.code, label=option.label, choices=option.choices) for option in request.options)
    if request.variants is not UNSET:
        said["currency"] = currency_of((f"variants.{place}", variant) for place, variant in enumerate(request.variants))
        said["variants"] = tuple(_variant(variant, f"variants.{place}") for place, variant in enumerate(request.variants))
    return SaveProduct(**said)


def _variant(variant: VariantInput, place: str) -> SaveVariant:
    texts = {name: getattr(variant, name) for name in VARIANT}
    texts["unit_measure"] = msgspec.to_builtins(variant.unit_measure) if variant.unit_measure else None
    return SaveVariant(**texts, **_offer(variant, place))


def _offer(offer: OfferFields, place: str) -> dict[str, Any]:
    """Prices and stock as the catalogue wants them: amounts of one currency."""
    said = {name: getattr(offer, name) for name in (*PRICES, *STOCK_FIELDS)}
    for name in ("retail", "wholesale"):
        if isinstance(said[name], Money):
            said[name] = said[name].amount
    if isinstance(offer.sale, Sale):
        starts_at = checked_moment(offer.sale.starts_at, f"{place}.sale.starts_at")
        ends_at = checked_moment(offer.sale.ends_at, f"{place}.sale.ends_at")
        said["sale"] = requests.Sale(amount=offer.sale.amount, starts_at=starts_at, ends_at=ends_at)
    return said


def currency_of(offers: Iterable[tuple[str, OfferFields]]) -> str:
    """The one currency of all prices, each offer with its place in the body. Raises Invalid for a second or unknown one."""
    found = ""
    for place, offer in offers:
        for name in PRICES:
            price: Money | Sale | None = getattr(offer, name) or None
            if price is None:
                continue
            field = f"{place}.{name}.currency"
            if not is_currency(price.currency):
                raise Invalid({field: f"{price.currency} is no currency. Use the three letters of ISO 4217, for example EUR."})
            if found not in ("", price.currency):
                raise Invalid({field: f"This is {price.currency}, the price before it {found}. Use one currency in a request."})
            found = price.currency
    return found or UNUSED


def changes_stock(state: ProductState | None, request: SaveProduct) -> bool:
    """Whether a request says of any variant another stock than it has."""
    present = state.variants if state else ()
    by_id, by_sku = {variant.id: variant for variant in present}, {variant.sku.lower(): variant for variant in present}
    for variant in request.variants:
        before = by_id.get(variant.id, NEW) if variant.id else by_sku.get(variant.sku.strip().lower(), NEW)
        if any(getattr(variant, name) not in (UNSET, getattr(before, name)) for name in STOCK_FIELDS):
            return True
    return False


def offers_request(product_id: UUID, state: ProductState, request: OffersInput, expect: int | None) -> ChangeOffers:
    """The price or stock act that is asked for. Raises Invalid for a variant that is not this product's, or is named twice."""
    by_sku = {variant.sku.lower(): variant.id for variant in state.variants}
    known, wanted = set(by_sku.values()), dict[UUID, ChangeOffer]()
    for place, offer in enumerate(request.offers):
        key = _named(offer, by_sku)
        if key not in known:
            raise Invalid({f"offers.{place}": "Name a variant of this product, by `variant_id` or by `sku`."})
        if key in wanted:
            raise Invalid({f"offers.{place}": "This variant stands here twice. Say everything about it in one place."})
        wanted[key] = ChangeOffer(variant_id=key, **_offer(offer, f"offers.{place}"))
    currency = currency_of((f"offers.{place}", offer) for place, offer in enumerate(request.offers))
    return ChangeOffers(product_id=product_id, currency=currency, offers=tuple(wanted.values()), expect=expect, reason=request.reason)


def _named(offer: OfferInput, by_sku: dict[str, UUID]) -> UUID | None:
    """The id of the variant that an offer names, None unless it names exactly one."""
    if (offer.variant_id is None) == (offer.sku is None):
        return None
    return offer.variant_id if offer.sku is None else by_sku.get(offer.sku.strip().lower())


def in_places(error: Invalid, state: ProductState, request: ChangeOffers) -> Invalid:
    """The same refusal with fields as they stand in the body: the catalogue names variants by their SKUs."""
    places = {offer.variant_id: place for place, offer in enumerate(request.offers)}
    by_sku = {variant.sku: f"offers.{places[variant.id]}" for variant in state.variants if variant.id in places}
    fields = {}
    for name, text in error.fields.items():
        sku, _, field = name.rpartition(".")
        fields[f"{by_sku[sku]}.{field}" if sku in by_sku else name] = text
    return Invalid(fields, error.detail)
