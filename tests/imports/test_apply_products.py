"""Pass 2 over Shopify product lists: products, variants, prices, stock and categories as they stand here afterwards."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.catalog.actions import save_product
from app.catalog.models import Category, Option, Price, Product, ProductPublication, ProductSite, Stock, Variant
from app.catalog.requests import SaveProduct, SaveVariant
from app.db.database import Shared, Tenancy
from app.db.record.tables import ChangeSetMark, Event
from app.errors import Conflict, Forbidden, Invalid
from app.imports.models import ImportItem
from app.imports.report import report_of
from app.imports.shopify import check_shopify
from app.imports.target import currency_of
from app.tenancy.actions import CreateCustomer, CreateSite, create_customer, create_site
from tests.cast import OPERATOR, make_person
from tests.imports.applying import Shelf, make_shelf
from tests.imports.corpus import corpus_file, no_progress
from tests.imports.test_shopify_parse import ONE, table

FILES = ["shopify/apparel.csv", "shopify/home-and-garden.csv", "shopify/jewelery.csv"]


@pytest.fixture
async def shelf(tenancy: Tenancy, backoffice: Tenancy, worker: Shared, unique: str) -> Shelf:
    return await make_shelf(tenancy, backoffice, worker, unique)


@pytest.fixture
def products(tmp_path: Path) -> Callable[..., Path]:
    """Write a product list of some rows to a file."""

    def writing(*rows: dict[str, str]) -> Path:
        path = tmp_path / "products.csv"
        path.write_text(table(*rows), encoding="utf-8")
        return path

    return writing


def row(handle: str = "mug", **more: str) -> dict[str, str]:
    return (
        ONE | {"Handle": handle, "Title": handle.title(), "Variant SKU": handle.upper()} | {k.replace("_", " "): v for k, v in more.items()}
    )


async def states(shelf: Shelf) -> dict[str, str]:
    return {product.slug: product.state for product in await shelf.all(Product)}


async def test_products_keep_their_state_and_active_ones_are_live(shelf, products):
    applied = await shelf.shopify(
        products(row("on"), row("off", Status="draft"), row("old", Status="archived"), row("hidden", Published="false"))
    )
    assert (applied.made, applied.refused) == ({"product": 4, "variant": 4}, ())
    assert await states(shelf) == {"on": "active", "off": "draft", "old": "archived", "hidden": "draft"}
    live = await shelf.one(ProductPublication)
    assert (live.slug, live.site_id) == ("on", shelf.site_id)
    assert live.offer["variants"][0]["sku"] == "ON"


async def test_a_product_has_its_variants_options_and_prices(shelf, products):
    sizes = {"Option1 Name": "Size", "Body (HTML)": "<p>Warm.</p>", "SEO Description": "A mug.", "Tags": "a, b"}
    rows = [
        row(Option1_Value="Small", Variant_SKU="S", Variant_Grams="250", Variant_Compare_At_Price="12") | sizes,
        row(Option1_Value="Large", Variant_SKU="L", Variant_Barcode="4006381333931") | sizes,
    ]
    await shelf.shopify(products(*rows))
    product, option = await shelf.one(Product), await shelf.one(Option)
    variants = {variant.sku: variant for variant in await shelf.all(Variant)}
    assert (product.title, product.body_source, product.summary, product.tags) == ("Mug", "<p>Warm.</p>", "A mug.", ["a", "b"])
    assert (option.code, option.label, option.choices) == ("size", "Size", ["Small", "Large"])
    assert {sku: variant.option_values for sku, variant in variants.items()} == {"S": {"size": "Small"}, "L": {"size": "Large"}}
    assert (variants["S"].weight_g, variants["L"].gtin) == (250, "4006381333931")
    names = {variant.id: sku for sku, variant in variants.items()}
    prices = {(names[price.variant_id], price.kind): (price.amount, price.currency) for price in await shelf.all(Price)}
    assert prices == {("S", "retail"): (1200, "EUR"), ("S", "sale"): (950, "EUR"), ("L", "retail"): (950, "EUR")}


@pytest.mark.parametrize(
    ("tracker", "quantity", "policy", "stock"),
    [
        ("", "5", "deny", (None, "in_stock")),
        ("shopify", "5", "deny", (5, "in_stock")),
        ("shopify", "0", "deny", (0, "out_of_stock")),
        ("shopify", "-3", "deny", (0, "out_of_stock")),
        ("shopify", "0", "continue", (0, "in_stock")),
        ("shopify", "", "deny", (None, "in_stock")),
    ],
)
async def test_stock_says_what_buyers_may_count_on(shelf, products, tracker, quantity, policy, stock):
    cells = {"Variant Inventory Tracker": tracker, "Variant Inventory Qty": quantity, "Variant Inventory Policy": policy}
    applied = await shelf.shopify(products(row() | cells))
    found = await shelf.one(Stock)
    assert (found.on_hand, found.availability) == stock
    assert [w.message for w in applied.warnings] == (
        ["Line 2: none are left, but the shop sells on. It is offered as in stock."] if policy == "continue" else []
    )


async def test_categories_are_made_of_types_or_paths_and_only_once(shelf, products):
    path = {"Product Category": "Home & Garden > Vases"}
    applied = await shelf.shopify(products(row("a", Type="Bowls"), row("b", Type="Bowls"), row("c") | path, row("d")))
    categories = {category.id: category for category in await shelf.all(Category)}
    assert applied.made["category"] == 3
    assert {c.slug: c.label for c in categories.values()} == {
        "bowls": "Bowls",
        "home-garden": "Home & Garden",
        "home-garden/vases": "Vases",
    }
    chosen = {p.slug: categories[p.category_id].slug if p.category_id else None for p in await shelf.all(Product)}
    assert chosen == {"a": "bowls", "b": "bowls", "c": "home-garden/vases", "d": None}
    assert (await shelf.shopify(products(row("e", Type="Bowls")))).made == {"product": 1, "variant": 1}


async def a_product(shelf: Shelf, **request: Any) -> None:
    asked = SaveProduct(**{"title": "Own", "lang": "en", "currency": "EUR", **request})
    await shelf.database.run(OPERATOR, "prepare", lambda work: save_product(work, OPERATOR, asked))


async def test_an_address_that_is_taken_becomes_the_free_one(shelf, products):
    await a_product(shelf, slug="mug")
    applied = await shelf.shopify(products(row("mug")))
    assert set(await states(shelf)) == {"mug", "mug-2"}
    assert [w.message for w in applied.warnings] == ["Another product has the address “mug”; this one becomes “mug-2”."]


async def test_a_sku_that_is_taken_refuses_the_product_and_no_other(shelf, products):
    await a_product(shelf, slug="own", variants=(SaveVariant(sku="MUG", retail=100),))
    applied = await shelf.shopify(products(row("mug"), row("cup")))
    assert [(r.line, r.source_id, r.kind) for r in applied.refused] == [(2, "mug", "product")]
    assert "already has the SKU MUG" in applied.refused[0].reason
    assert (applied.made, set(await states(shelf))) == ({"product": 1, "variant": 1}, {"own", "cup"})


async def test_a_second_run_writes_nothing_though_addresses_have_changed(shelf, products):
    path = products(row("mug", Type="Cups"), row("cup", Status="draft"))
    first = await shelf.shopify(path)
    mug = await shelf.one(Product, Product.slug == "mug")
    await a_product(shelf, id=mug.id, title="Mug", slug="beaker", variants=(SaveVariant(sku="MUG"),))
    before = await shelf.counts()
    again = await shelf.shopify(path)
    assert (again.made, again.here, await shelf.counts()) == ({}, {"product": 2, "variant": 2}, before)
    assert set(await states(shelf)) == {"beaker", "cup"}
    assert (first.made["category"], {i.thing_type for i in await shelf.all(ImportItem)}) == (1, {"product", "category"})


async def test_one_act_in_transactions_of_at_most_two_hundred_versions(shelf, products):
    applied = await shelf.shopify(products(*(row(f"p{n}", Type=f"Type {n}") for n in range(80))))
    assert applied.made == {"product": 80, "variant": 80, "category": 80}
    by_transaction = await shelf.versions_by_transaction(applied.change_set_id)
    assert (len(by_transaction) >= 3, max(by_transaction.values()) <= 200) == (True, True)
    assert {e.change_set_id for e in await shelf.all(Event, Event.thing_type == "product")} == {applied.change_set_id}
    assert [m.mark for m in await shelf.all(ChangeSetMark)] == ["completed"]


async def second_site(shelf: Shelf, backoffice: Tenancy, unique: str, **options: Any) -> None:
    request = CreateSite(slug="second", name="Second", host=f"second-{unique}.localhost", **options)
    await backoffice.of(shelf.customer_id).run(OPERATOR, "create site", lambda work: create_site(work, OPERATOR, request))


async def test_without_a_site_all_sites_show_the_products(shelf, backoffice, products, unique):
    await second_site(shelf, backoffice, unique)
    await shelf.shopify(products(row("mug")), site_id=None)
    assert len(await shelf.all(ProductSite)) == len(await shelf.all(ProductPublication)) == 2


async def test_sites_of_several_languages_need_one_to_be_chosen(shelf, backoffice, products, unique):
    await second_site(shelf, backoffice, unique, languages=("de",))
    with pytest.raises(Invalid) as caught:
        await shelf.shopify(products(row("mug")), site_id=None)
    assert "de, en" in caught.value.fields["site"]
    assert await shelf.all(Product) == []


async def test_the_currency_is_that_of_the_sites_unless_they_differ(shelf, backoffice, unique):
    assert await shelf.database.read(lambda reading: currency_of(reading, None)) == "EUR"
    await second_site(shelf, backoffice, unique, currency="GBP")
    assert await shelf.database.read(lambda reading: currency_of(reading, shelf.site_id)) == "EUR"
    with pytest.raises(Invalid) as caught:
        await shelf.database.read(lambda reading: currency_of(reading, None))
    assert "EUR, GBP" in caught.value.fields["currency"]


async def test_a_customer_without_a_site_is_told_to_make_one(tenancy, backoffice, worker, products, unique):
    shelf = await make_shelf(tenancy, backoffice, worker, unique)
    empty = shelf.__class__(tenancy.of(other := shelf.site_id), worker, other, shelf.site_id)
    request = CreateCustomer(id=other, slug=f"{unique}-e", name="Empty")
    await backoffice.of(other).run(OPERATOR, "create customer", lambda work: create_customer(work, OPERATOR, request))
    with pytest.raises(Conflict) as caught:
        await empty.shopify(products(row("mug")), site_id=None)
    assert "no site yet" in caught.value.detail


async def test_a_reader_may_not(shelf, products, directory, backoffice):
    rita = await make_person(directory, backoffice, shelf.customer_id, "Rita", "reader")
    with pytest.raises(Forbidden):
        await shelf.shopify(products(row("mug")), rita)
    assert await shelf.all(Product) == []


async def test_naughty_strings_survive_as_titles(shelf, products):
    naughty = json.loads(corpus_file("strings/blns.json").read_text(encoding="utf-8"))
    titles = [" ".join(text.split()) for text in naughty if "\x00" not in text]
    # A part of them will do: all were titles of posts already, and a product takes three times as long.
    fit = [text for text in dict.fromkeys(titles) if text and len(text) <= 500][::4]
    path = products(*(row(f"n-{n}", Title=text, Status="draft") for n, text in enumerate(fit)))
    checked = check_shopify(path, "EUR", no_progress)
    applied = await shelf.apply(checked)
    assert (checked.refused, applied.refused) == ((), ())
    stored = {product.slug: product.title for product in await shelf.all(Product)}
    assert {text: stored[f"n-{n}"] for n, text in enumerate(fit) if stored[f"n-{n}"] != text} == {}
    assert len(stored) == len(fit) > 100


@pytest.mark.parametrize("name", FILES)
async def test_a_real_file_is_made_whole_and_once(shelf, name):
    path = corpus_file(name)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    checked = check_shopify(path, "EUR", no_progress)
    applied = await shelf.apply(checked)
    priced = [entry for entry in rows if entry["Variant Price"]]
    lines = {line.kind: line for line in report_of(checked, applied).lines}
    assert (lines["product"].found, lines["product"].made) == (len({r["Handle"] for r in rows}),) * 2
    assert (lines["variant"].found, lines["variant"].made) == (len(priced),) * 2
    assert report_of(checked, applied).images == len({r[column] for r in rows for column in ("Image Src", "Variant Image") if r[column]})
    counts = await shelf.counts()
    assert (counts["products"], counts["variants"], counts["product_publications"]) == (lines["product"].made, lines["variant"].made, 20)
    retail = Counter(max(float(r["Variant Price"]), float(r["Variant Compare At Price"] or 0)) for r in priced)
    assert Counter(price.amount / 100 for price in await shelf.all(Price, Price.kind == "retail")) == retail
    assert {c.label for c in await shelf.all(Category)} == {r["Type"] for r in rows if r["Type"]}
    again = await shelf.apply(checked)
    assert (again.made, again.here["product"], await shelf.counts()) == ({}, lines["product"].made, counts)
