"""From prices and stock to the offer that visitors see; wholesale is dropped here. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from msgspec import Struct

from app.catalog.states import PriceState, VariantState
from app.document.snapshots import ImageSnapshot, Money, ProductOffer, SaleSnapshot, StockSnapshot, UnitMeasure, VariantSnapshot

# The price before a reduction is the lowest of the 30 days before it (EU Directive 98/6/EC, Article 6a).
LOOKED_BACK = timedelta(days=30)


class PastPrice(Struct, frozen=True, kw_only=True):
    """One entry of a variant's price history; `amount` None means that the price of this kind ended at `at`."""

    kind: str
    at: datetime
    amount: int | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def lowest_price(history: Iterable[PastPrice], until: datetime) -> int | None:
    """The lowest price that was asked during the 30 days before `until`, None when none is known."""
    since = until - LOOKED_BACK
    by_kind: dict[str, list[PastPrice]] = {"retail": [], "sale": []}
    for entry in history:
        if entry.kind in by_kind:
            by_kind[entry.kind].append(entry)
    asked = [amount for entries in by_kind.values() for amount in amounts_between(entries, since, until)]
    return min(asked, default=None)


def amounts_between(entries: Sequence[PastPrice], since: datetime, until: datetime) -> list[int]:
    """The amounts of one kind of price that held at any moment from `since` until before `until`."""
    ordered = sorted(entries, key=lambda entry: entry.at)
    found = []
    for entry, following in zip(ordered, [*ordered[1:], None], strict=True):
        begin = max(entry.at, entry.starts_at or entry.at)
        end = min(filter(None, (following.at if following else None, entry.ends_at, until)))
        if entry.amount is not None and begin < until and max(begin, since) < end:
            found.append(entry.amount)
    return found


def offer_of(
    variants: Sequence[VariantState], history: Mapping[object, Sequence[PastPrice]], images: Mapping[str, ImageSnapshot], now: datetime
) -> ProductOffer:
    """The offer part of a publication. Which price holds at a moment is chosen when a page is rendered."""
    return ProductOffer(variants=tuple(variant_snapshot(variant, history.get(variant.id, ()), images, now) for variant in variants))


def variant_snapshot(
    variant: VariantState, history: Sequence[PastPrice], images: Mapping[str, ImageSnapshot], now: datetime
) -> VariantSnapshot:
    """One variant as its retail offer."""
    measure = variant.unit_measure
    return VariantSnapshot(
        sku=variant.sku,
        gtin=variant.gtin,
        options=variant.option_values,
        retail=money(variant.retail),
        sale=sale_snapshot(variant, history, now),
        unit_measure=UnitMeasure(quantity=Decimal(measure["quantity"]), unit=measure["unit"], base=Decimal(measure["base"]))
        if measure
        else None,
        stock=StockSnapshot(availability=variant.availability, on_hand=variant.on_hand, available_from=variant.available_from),  # type: ignore[arg-type]
        images=tuple(images[name] for name in variant.images if name in images),
    )


def sale_snapshot(variant: VariantState, history: Sequence[PastPrice], now: datetime) -> SaleSnapshot | None:
    """The reduced price with the lowest price of the 30 days before it began."""
    if variant.sale is None:
        return None
    lowest = lowest_price(history, variant.sale.starts_at or now)
    return SaleSnapshot(
        price=Money(amount=variant.sale.amount, currency=variant.sale.currency),
        since=variant.sale.starts_at,
        until=variant.sale.ends_at,
        lowest_30_days=Money(amount=lowest, currency=variant.sale.currency) if lowest is not None else None,
    )


def money(price: PriceState | None) -> Money | None:
    """A price as pages keep it."""
    return Money(amount=price.amount, currency=price.currency) if price else None
