"""Which offer holds at a moment, and what the page says about it."""

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from app.publishing.chrome import Edition
from app.publishing.pictures import image_views
from app.publishing.snapshots import Money, ProductSnapshot, SaleSnapshot, StockSnapshot, UnitMeasure, VariantSnapshot
from app.publishing.views import Availability, Measure, Offer, OptionValue

_BEST_FIRST = ("in_stock", "low", "preorder", "backorder", "out_of_stock")


class Reduction(Struct, frozen=True):
    """The prices that stand at a moment: what is paid now, and the sale that made it so."""

    price: Money | None
    sale: SaleSnapshot | None


def price_now(variant: VariantSnapshot, now: datetime) -> Reduction:
    """The sale price while a sale runs that is cheaper in the same currency, else the retail price."""
    sale, retail = variant.sale, variant.retail
    if not sale or not retail or sale.price.currency != retail.currency or sale.price.amount >= retail.amount:
        return Reduction(retail, None)
    is_running = (sale.since is None or sale.since <= now) and (sale.until is None or now < sale.until)
    return Reduction(sale.price, sale) if is_running else Reduction(retail, None)


def next_change(products: Iterable[ProductSnapshot], timezone: ZoneInfo, now: datetime) -> datetime | None:
    """The next moment at which a page with these products changes by itself: a sale begins or ends, a promised day has passed."""
    moments: list[datetime] = []
    for variant in (v for product in products for v in product.offer.variants):
        if variant.sale:
            moments += [at for at in (variant.sale.since, variant.sale.until) if at]
        if variant.stock.available_from:
            moments.append(datetime.combine(variant.stock.available_from + timedelta(days=1), time(), timezone))
    return min((at for at in moments if at > now), default=None)


def availability(edition: Edition, stock: StockSnapshot) -> Availability:
    """The wording of a stock. The number is told only when few are left; a day only until it has passed."""
    wording, code = edition.wording, stock.availability
    if code == "in_stock" and stock.on_hand is not None and 0 < stock.on_hand <= edition.site.low_stock_threshold:
        return Availability(code="low", text=wording.t("stock.low", n=stock.on_hand))
    if code in ("backorder", "preorder"):
        day = stock.available_from
        if day and day >= wording.local(edition.now).date():
            start = datetime.combine(day, time(), wording.zone)
            return Availability(code=code, text=wording.t(f"stock.{code}", date=wording.date(day)), available_from=start)
        return Availability(code=code, text=wording.t(f"stock.{code}_undated"))
    return Availability(code=code, text=wording.t(f"stock.{code}"))


def offers(edition: Edition, product: ProductSnapshot) -> tuple[Offer, ...]:
    """Every variant of a product as an offer of this moment, in the shop's order."""
    anchors: set[str] = set()
    return tuple(_offer(edition, product, variant, _anchor(variant.sku, anchors)) for variant in product.offer.variants)


def cheapest(found: tuple[Offer, ...]) -> Offer | None:
    """The offer that a card shows: the lowest price, marked if others cost more; the first offer if none has a price."""
    priced = [(o.price.amount, o) for o in found if o.price]
    if not priced:
        return found[0] if found else None
    return replace(min(priced, key=lambda pair: pair[0])[1], is_from=len({amount for amount, _ in priced}) > 1)


def best_availability(found: tuple[Offer, ...]) -> Availability | None:
    """The best that can be said of any variant."""
    return min((o.availability for o in found), key=lambda a: _BEST_FIRST.index(a.code), default=None)


def preferred(found: tuple[Offer, ...]) -> Offer | None:
    """The offer to show first among several: one that is in stock, else one that can be ordered, else the first."""
    by_rank = sorted(found, key=lambda o: {"in_stock": 0, "low": 0, "preorder": 1, "backorder": 1}.get(o.availability.code, 2))
    return by_rank[0] if by_rank else None


def badge(edition: Edition, found: tuple[Offer, ...]) -> str | None:
    """The largest reduction among the offers as a percentage, None if none is reduced by half a per cent."""
    cuts = [round(100 - 100 * o.price.amount / o.was.amount) for o in found if o.was and o.price]
    largest = max(cuts, default=0)
    return edition.wording.t("badge.sale", percent=largest) if largest else None


def _anchor(sku: str, taken: set[str]) -> str:
    stem = "at--v-" + (re.sub(r"[^a-z0-9]+", "-", sku.lower()).strip("-") or "x")
    anchor, number = stem, 2
    while anchor in taken:
        anchor, number = f"{stem}-{number}", number + 1
    taken.add(anchor)
    return anchor


def _offer(edition: Edition, product: ProductSnapshot, variant: VariantSnapshot, anchor: str) -> Offer:
    wording = edition.wording
    price, sale = (standing := price_now(variant, edition.now)).price, standing.sale
    # A sale that ends at midnight is told by its last day, not by the day on which it is over.
    until = sale.until - timedelta(microseconds=1) if sale and sale.until else None
    unit = variant.unit_measure if variant.unit_measure and variant.unit_measure.quantity > 0 else None
    return Offer(
        sku=variant.sku,
        gtin=variant.gtin,
        price=wording.price(price) if price else None,
        was=wording.price(variant.retail) if sale and variant.retail else None,
        unit_price=_unit_price(edition, price, unit) if price and unit else None,
        measure=Measure(quantity=str(unit.quantity), unit=unit.unit, base=str(unit.base)) if unit else None,
        until=until,
        until_text=wording.date(until) if until else "",
        lowest=wording.price(sale.lowest_30_days) if sale and sale.lowest_30_days else None,
        is_from=False,
        availability=availability(edition, variant.stock),
        options=tuple(OptionValue(code=o.code, label=o.label, value=variant.options.get(o.code, "")) for o in product.text.options),
        url=edition.links.of_product(product.text, variant.sku),
        anchor=anchor,
        images=image_views(variant.images, edition.lang),
    )


def _unit_price(edition: Edition, price: Money, unit: UnitMeasure) -> str:
    """For example "£5.80 per 100 g", rounded half up to the minor unit."""
    wording = edition.wording
    amount = int((Decimal(price.amount) * unit.base / unit.quantity).quantize(Decimal(1), ROUND_HALF_UP))
    is_one_piece = unit.unit == "piece" and unit.base == 1
    base = wording.t("unit.piece") if is_one_piece else f"{wording.number(unit.base)} {unit.unit}"
    return wording.t("per", price=wording.price(Money(amount=amount, currency=price.currency)).text, base=base)
