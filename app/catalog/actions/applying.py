"""What a request's prices and stock make of a variant. Pure."""

from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from app.catalog.requests import ChangeOffer, Sale, SaveVariant
from app.catalog.states import STOCK_FIELDS, PriceState, VariantState


def apply_offer(before: VariantState, wanted: SaveVariant | ChangeOffer, currency: str) -> VariantState:
    """A variant with the prices and stock of a request; what is UNSET stays."""
    values: dict[str, Any] = {}
    for name in ("retail", "wholesale", "sale"):
        given = getattr(wanted, name)
        if given is not UNSET:
            values[name] = _price(given, currency)
    for name in STOCK_FIELDS:
        if getattr(wanted, name) is not UNSET:
            values[name] = getattr(wanted, name)
    return replace(before, **values)


def _price(given: int | Sale | None, currency: str) -> PriceState | None:
    if given is None:
        return None
    if isinstance(given, Sale):
        return PriceState(amount=given.amount, currency=currency, starts_at=given.starts_at, ends_at=given.ends_at)
    return PriceState(amount=given, currency=currency)
