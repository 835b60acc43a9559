"""Products: the list, the editor with its cells, publishing."""

import httpx
import pytest

from app.catalog.actions import save_product
from app.catalog.actions.opening import read_state
from app.catalog.requests import SaveProduct, SaveVariant
from app.catalog.states import OptionState
from app.db.database import TenantDatabase
from tests.cast import Cast
from tests.editor.acting import PRODUCTS, make_product, publish
from tests.editor.conftest import SignIn


@pytest.fixture
async def visitor(site) -> httpx.AsyncClient:
    """Somebody who reads the public site."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://acme.localhost:8000") as client:
        yield client


async def test_the_list_shows_prices_and_stock(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    await make_product(browser, unique)
    page = await browser.get(f"{PRODUCTS}?q={unique}")
    row = next(row for row in page.root.all("tr") if f"Mug {unique}" in row.text)
    assert [" ".join(cell.text.split()) for cell in row.all("td")] == [unique, "Draft", "12.50", "8.00", "4"]


async def test_a_reader_sees_no_wholesale_prices_anywhere(signed_in: SignIn, unique: str) -> None:
    page = await make_product(await signed_in("Olga"), unique, **{"variant-0-wholesale": "7.77"})
    reader = await signed_in("Rhea")
    for address in (f"{PRODUCTS}?q={unique}", page.path, f"{page.path}/history"):
        shown = await reader.get(address)
        assert shown.status == 200
        assert "7.77" not in shown.html
        assert "holesale" not in shown.html


async def test_a_product_is_found_by_a_part_of_its_name_and_by_its_sku(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, f"SKU-{unique}", title=f"Cup {unique}")
    for words in (f"cup {unique}"[:-2], f"sku-{unique}"):
        assert page.path in (await browser.get(f"{PRODUCTS}?q={words}")).links()
    assert page.path not in (await browser.get(f"{PRODUCTS}?q=sku-{unique}&view=archived")).links()


@pytest.mark.parametrize(
    ("cell", "typed", "error"),
    [
        ("retail", "twelve", "Write the price as 12.50."),
        ("retail", "-3", "A price cannot be below zero. Write it as 12.50."),
        ("retail", "1.2345", "EUR has 2 digits after the point. Write the price as 12.50."),
        ("wholesale", "13.00", "Wholesale is above retail."),
        ("sale", "12.50", "The reduced price must be below the retail price."),
        ("stock", "a few", "Write how many there are, as a whole number."),
        ("stock", "-1", "Write how many there are, as a whole number."),
        ("sku", "", "Write a SKU of 1 to 100 characters."),
        ("availability", "sometimes", "Choose an availability."),
        ("availability", "preorder", "Say from which day it will be available."),
    ],
)
async def test_a_cell_that_cannot_be_is_refused_where_it_stands(signed_in: SignIn, unique: str, cell: str, typed: str, error: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique)
    refused = await browser.send(page, page.path, title=f"Kept {unique}", **{f"variant-0-{cell}": typed})
    assert refused.status == 422
    said = next(node for node in refused.root.all("span") if node["id"] == f"variant-0-{cell}-error")
    assert " ".join(said.text.split()).removeprefix("Error: ").startswith(error)
    assert refused.value("title") == f"Kept {unique}"
    if cell != "availability":
        assert refused.value(f"variant-0-{cell}") == typed
    assert (await browser.get(page.path)).value("version") == "1"


@pytest.mark.parametrize(
    ("typed", "stored"), [("12.5", "12.50"), ("12,50", "12.50"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("7", "7.00")]
)
async def test_prices_are_understood_as_people_write_them(signed_in: SignIn, unique: str, typed: str, stored: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique, **{"variant-0-wholesale": ""})
    assert (await browser.send(page, page.path, **{"variant-0-retail": typed})).value("variant-0-retail") == stored


async def test_an_emptied_price_and_stock_are_gone(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique)
    page = await browser.send(page, page.path, **{"variant-0-wholesale": "", "variant-0-stock": ""})
    assert (page.value("variant-0-wholesale"), page.value("variant-0-stock")) == ("", "")


async def test_a_sku_of_another_product_is_refused(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    await make_product(browser, unique)
    fields = {"title": "Another", "variant-0-sku": unique.upper(), "variant-0-retail": "1"}
    refused = await browser.send(await browser.get(f"{PRODUCTS}/new"), f"{PRODUCTS}/new", **fields)
    assert refused.status == 409
    assert refused.errors() == [f"“Mug {unique}” already has the SKU {unique.upper()}. Choose another."]
    assert refused.value("variant-0-sku") == unique.upper()


async def test_what_the_form_does_not_show_stays_as_it_is(signed_in: SignIn, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    options = (OptionState(code="size", label="Size", choices=("S", "M")),)
    variants = tuple(
        SaveVariant(sku=f"{unique}-{size}", option_values={"size": size}, weight_g=250, retail=1000, on_hand=5) for size in ("S", "M")
    )
    asked = SaveProduct(
        title=unique,
        lang="en",
        currency="USD",
        options=options,
        variants=variants,
        tags=("cup",),
        fields={"made_in": "DE"},
        tax_rate_percent=7,
    )
    saved = await acme.run(cast.alice, "save product", lambda work: save_product(work, cast.alice, asked))
    browser = await signed_in("Olga")
    page = await browser.get(f"{PRODUCTS}/{saved.id}")
    assert "Prices in USD." in page.text
    await browser.send(page, page.path, **{"variant-1-retail": "11", "summary": "Short."})
    _, state = await acme.read(lambda reading: read_state(reading, saved.id))
    assert (state.options, state.tags, state.fields, state.tax_rate_percent) == (options, ("cup",), {"made_in": "DE"}, 7)
    assert [(v.sku, v.option_values, v.weight_g, v.retail.amount, v.retail.currency) for v in state.variants] == [
        (f"{unique}-S", {"size": "S"}, 250, 1000, "USD"),
        (f"{unique}-M", {"size": "M"}, 250, 1100, "USD"),
    ]


async def test_a_form_that_was_cut_off_removes_no_variant(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique)
    after = await browser.post(page.path, {"version": "1", "title": f"Cut {unique}"})
    assert (after.value("title"), after.value("variant-0-sku"), after.value("variant-0-retail")) == (f"Cut {unique}", unique, "12.50")


async def test_a_price_of_a_live_product_is_seen_at_once_and_its_text_waits(
    signed_in: SignIn, visitor: httpx.AsyncClient, unique: str
) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique, slug=unique, **{"variant-0-wholesale": "7.19"})
    done = await publish(browser, page.path)
    # Other tests leave sites behind, and the link leads to one of those that show the product.
    assert any(link.endswith(f".localhost:8000/products/{unique}/") for link in done.links())
    changed = await browser.send(done, page.path, title=f"Renamed {unique}", **{"variant-0-retail": "33.33"})
    assert "texts wait until you publish" in changed.toast
    assert "Edits waiting" in changed.text
    shown = (await visitor.get(f"/products/{unique}/")).text
    assert "33.33" in shown
    assert f"Renamed {unique}" not in shown
    assert "7.19" not in shown
    asked = await browser.get(f"{page.path}/publish")
    assert "Name" in [node.text for node in asked.root.all("dt")]
    await publish(browser, page.path)
    assert f"Renamed {unique}" in (await visitor.get(f"/products/{unique}/")).text


async def test_a_product_without_a_price_cannot_be_published(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique, **{"variant-0-retail": "", "variant-0-wholesale": ""})
    asked = await browser.get(f"{page.path}/publish")
    assert "Every variant needs a retail price before publishing." in asked.text
    assert "Publish now" not in asked.text
    refused = await browser.post(f"{page.path}/publish", {"version": "1"})
    assert refused.status == 422
    assert "Every variant needs a retail price" in refused.text


async def test_publishing_a_stale_product_asks_first(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique)
    await browser.send(page, page.path, title=f"Renamed {unique}")
    stale = await browser.post(f"{page.path}/publish", {"version": "1"})
    assert stale.status == 409
    assert (await browser.send(stale, f"{page.path}/publish")).toast.startswith("Published.")


async def test_readers_and_authors_change_no_product(signed_in: SignIn, unique: str) -> None:
    page = await make_product(await signed_in("Olga"), unique)
    for name in ("Rhea", "Aart"):
        browser = await signed_in(name)
        shown = await browser.get(page.path)
        assert "Changing it needs the role editor or owner." in shown.text
        assert (await browser.get(f"{PRODUCTS}/new")).status == 403
        assert (await browser.get(f"{page.path}/publish")).status == 403
        for act in ("", "/publish", "/restore", "/conflict"):
            fields = {"version": "1", "number": "1", "title": "Taken over", "variant-0-retail": "0.01", "variant-0-sku": unique}
            answer = await browser.post(page.path + act, fields)
            assert answer.status == 403, (name, act)
            assert "needs the role editor or owner" in answer.text


async def test_a_strangers_product_is_not_there(signed_in: SignIn, unique: str) -> None:
    page = await make_product(await signed_in("Olga"), unique)
    stranger = await signed_in("Mara")
    own = page.path.replace("/c/acme/", "/c/globex/")
    for address in (own, f"{own}/history", f"{own}/publish"):
        assert (await stranger.get(address)).status == 404
    for act in ("", "/publish", "/restore", "/conflict"):
        assert (await stranger.post(own + act, {"version": "1", "number": "1", "title": "x"})).status == 404, act
    assert page.path not in (await stranger.get(f"/c/globex/products?q={unique}")).html


@pytest.mark.parametrize("query", ["after=x", "view=nonsense", "q=%00%00", "q=" + "y" * 3000])
async def test_a_broken_address_shows_the_list_all_the_same(signed_in: SignIn, query: str) -> None:
    assert (await (await signed_in("Olga")).get(f"{PRODUCTS}?{query}")).status == 200
