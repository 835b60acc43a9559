"""Which price and which wording hold at a moment."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.publishing.offers import best_availability, cheapest, next_change, offers, price_now
from app.publishing.render import render_product
from app.publishing.snapshots import Money, OptionSnapshot, SaleSnapshot, StockSnapshot, UnitMeasure
from tests.publishing import samples
from tests.publishing.demo_pages import NOW, demo, demo_pages
from tests.publishing.markup import parse
from tests.publishing.page_rules import json_ld, offers_of

START, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
SALE = SaleSnapshot(price=samples.pounds(800), since=START, until=END, lowest_30_days=samples.pounds(900))
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(("at", "pence"), [(START - INSTANT, 1000), (START, 800), (END - INSTANT, 800), (END, 1000)])
def test_a_sale_holds_from_its_start_up_to_but_without_its_end(at: datetime, pence: int) -> None:
    standing = price_now(samples.variant(sale=SALE), at)
    assert standing.price == samples.pounds(pence)
    assert bool(standing.sale) == (pence == 800)


def test_an_open_sale_has_no_sides() -> None:
    open_sale = SaleSnapshot(price=samples.pounds(800))
    assert price_now(samples.variant(sale=open_sale), NOW).price == samples.pounds(800)
    assert next_change([samples.product(samples.variant(sale=open_sale))], ZoneInfo("UTC"), NOW) is None


@pytest.mark.parametrize("price", [samples.pounds(1000), samples.pounds(1200), Money(amount=800, currency="EUR")])
def test_what_is_not_cheaper_in_the_same_currency_is_no_sale(price: Money) -> None:
    standing = price_now(samples.variant(sale=SaleSnapshot(price=price)), NOW)
    assert (standing.price, standing.sale) == (samples.pounds(1000), None)


def test_the_page_says_when_it_will_change_by_itself() -> None:
    zone = ZoneInfo("Europe/London")
    stock = StockSnapshot(availability="preorder", available_from=date(2026, 11, 20))
    shown = [samples.product(samples.variant(sale=SALE)), samples.product(samples.variant(stock=stock))]
    moments = [next_change(shown, zone, at) for at in (START - INSTANT, START, datetime(2026, 11, 21, tzinfo=UTC), END)]
    assert moments == [START, datetime(2026, 11, 21, tzinfo=zone), END, None]


@pytest.mark.parametrize(
    ("stock", "code", "text"),
    [
        (StockSnapshot(availability="in_stock", on_hand=6), "in_stock", "In stock"),
        (StockSnapshot(availability="in_stock", on_hand=5), "low", "Only 5 left"),
        (StockSnapshot(availability="in_stock", on_hand=0), "in_stock", "In stock"),
        (StockSnapshot(availability="in_stock"), "in_stock", "In stock"),
        (StockSnapshot(availability="out_of_stock", on_hand=3), "out_of_stock", "Out of stock"),
        (StockSnapshot(availability="backorder", available_from=date(2026, 11, 12)), "backorder", "Back about 12 November 2026"),
        (StockSnapshot(availability="backorder", available_from=date(2026, 11, 11)), "backorder", "Back soon"),
        (StockSnapshot(availability="preorder", available_from=date(2026, 12, 1)), "preorder", "Pre-order, ships 1 December 2026"),
        (StockSnapshot(availability="preorder"), "preorder", "Pre-order"),
    ],
)
def test_stock_is_worded(stock: StockSnapshot, code: str, text: str) -> None:
    (offer,) = offers(samples.edition(low_stock_threshold=5), samples.product(samples.variant(stock=stock)))
    assert (offer.availability.code, offer.availability.text) == (code, text)


def test_a_promised_day_begins_on_the_sites_clock() -> None:
    stock = StockSnapshot(availability="preorder", available_from=date(2027, 1, 2))
    (offer,) = offers(samples.edition(timezone="Asia/Tokyo"), samples.product(samples.variant(stock=stock)))
    assert offer.availability.available_from
    assert offer.availability.available_from.isoformat() == "2027-01-02T00:00:00+09:00"


@pytest.mark.parametrize(
    ("quantity", "unit", "base", "text"),
    [
        ("250", "g", "100", "£4.00 per 100 g"),
        ("3", "piece", "1", "£3.33 per piece"),
        ("16", "piece", "1", "£0.63 per piece"),
        ("0.75", "l", "1", "£13.33 per 1 l"),
        ("0", "g", "100", None),
    ],
)
def test_a_unit_price_is_rounded_half_up(quantity: str, unit: str, base: str, text: str | None) -> None:
    measure = UnitMeasure(quantity=Decimal(quantity), unit=unit, base=Decimal(base))
    (offer,) = offers(samples.edition(), samples.product(samples.variant(unit_measure=measure)))
    assert offer.unit_price == text


def test_a_card_shows_the_lowest_price_and_the_best_stock() -> None:
    sold = StockSnapshot(availability="out_of_stock")
    found = offers(
        samples.edition(),
        samples.product(
            samples.variant(sku="A", stock=sold),
            samples.variant(sku="B", retail=samples.pounds(900), stock=sold),
            samples.variant(sku="C", retail=None),
        ),
    )
    card = cheapest(found)
    assert card
    assert (card.sku, card.is_from) == ("B", True)
    best = best_availability(found)
    assert best
    assert best.code == "in_stock"
    assert cheapest(found[2:]) == found[2]
    assert (cheapest(()), best_availability(())) == (None, None)


def test_skus_that_look_alike_have_anchors_of_their_own() -> None:
    found = offers(samples.edition(), samples.product(*(samples.variant(sku=x) for x in ("A-1", "a 1", "ا", "ب"))))
    assert [o.anchor for o in found] == ["at--v-a-1", "at--v-a-1-2", "at--v-x", "at--v-x-2"]


def test_a_page_tells_the_sale_its_end_and_the_lowest_price_before() -> None:
    shown = samples.product(samples.variant(sale=SALE))
    tree = parse(render_product(samples.frame(tax_note="VAT included."), shown, now=NOW))
    assert (
        tree.classed("price")[0].text
        == "Now £8.00 before £10.00 Until 30 November 2026. Lowest price of the 30 days before: £9.00.VAT included."
    )
    after = parse(render_product(samples.frame(), shown, now=END))
    assert after.classed("price")[0].text == "£10.00"


def test_the_data_tells_the_sale_price_and_the_old_one_beside_it() -> None:
    tree = parse(demo_pages("acme")["/products/nightshift/"])
    (group,) = [x for x in json_ld(tree) if x["@type"] == "ProductGroup"]
    reduced = offers_of(group)[0]
    assert (reduced["price"], reduced["priceValidUntil"]) == ("8.40", "2026-11-29")
    kinds = [x.get("priceType", "unit") for x in reduced["priceSpecification"]]
    assert kinds == ["https://schema.org/StrikethroughPrice", "unit"]
    assert reduced["priceSpecification"][0]["price"] == "9.80"
    assert reduced["priceSpecification"][0]["valueAddedTaxIncluded"] is True


def test_only_a_number_with_a_right_check_digit_is_told_to_machines() -> None:
    def told(gtin: str) -> dict[str, str]:
        html = render_product(samples.frame(), samples.product(samples.variant(gtin=gtin)), now=NOW)
        return {k: v for k, v in json_ld(parse(html))[0].items() if k.startswith("gtin")}

    assert told("9520001000010") == {"gtin13": "9520001000010"}
    assert told("96385074") == {"gtin8": "96385074"}
    assert told("9520001000011") == {}
    assert told("١٢٣٤٥٦٧٠") == {}
    assert told("12") == {}


def test_choosing_a_value_keeps_the_other_choices_where_it_can() -> None:
    options = (
        OptionSnapshot(code="colour", label="Colour", values=("red", "blue")),
        OptionSnapshot(code="size", label="Size", values=("S", "L")),
    )
    variants = [
        samples.variant(sku=f"{colour}-{size}", options={"colour": colour, "size": size})
        for colour, size in (("red", "S"), ("red", "L"), ("blue", "S"))
    ]
    tree = parse(render_product(samples.frame(), samples.product(*variants, options=options), sku="red-L", now=NOW))
    assert [x.attrs["href"].partition("=")[2] for x in tree.classed("pill")] == ["red-L", "blue-S", "red-S", "red-L"]
    assert [x.text for x in tree.classed("pill") if "aria-current" in x.attrs] == ["red", "L"]


def test_variants_of_the_demonstration_vary_by_what_schema_org_knows() -> None:
    (group,) = [x for x in json_ld(parse(demo_pages("globex")["/products/ridge-shell/"])) if x["@type"] == "ProductGroup"]
    assert group["variesBy"] == ["https://schema.org/color", "https://schema.org/size"]
    assert len(group["hasVariant"]) == len(demo("globex").product("ridge-shell").offer.variants)
    (bag,) = [x for x in json_ld(parse(demo_pages("acme")["/products/weekday/"])) if x["@type"] == "ProductGroup"]
    assert bag["variesBy"] == ["Bag"]
    assert bag["hasVariant"][0]["additionalProperty"] == [{"@type": "PropertyValue", "name": "Bag", "value": "250 g"}]
