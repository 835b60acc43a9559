"""Products, prices and stock over HTTP."""

from uuid import uuid4

import pytest

from app.identity.access import SCOPES
from tests.api.client import Client, product
from tests.api.conftest import KeyMaker
from tests.cast import Cast

GBP = "GBP"


def gbp(amount: int) -> dict:
    return {"amount": amount, "currency": GBP}


async def new(api: Client, unique: str, **said):
    answer = await api.post("/products", product(unique, **said))
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_product_is_created_and_read_back_as_it_was_answered(acme_api: Client, cast: Cast, unique: str) -> None:
    variants = [
        {
            "sku": f"{unique}-{size}", "option_values": {"size": size}, "retail": gbp(price), "wholesale": gbp(price - 300),
            "sale": {**gbp(price - 100), "starts_at": "2026-11-20T08:00:00+01:00"}, "on_hand": 7, "weight_g": 250, "gtin": "4006381333931",
            "unit_measure": {"quantity": "250", "unit": "g", "base": "100"},
        }
        for size, price in (("small", 1450), ("large", 2800))
    ]  # fmt: skip
    options = [{"code": "size", "label": "Size", "choices": ["small", "large"]}]
    made = await new(acme_api, unique, variants=variants, options=options, fields={"roast": "light", "a": 2})
    item = made.json()
    assert (item["state"], item["version"], item["sites"]) == ("draft", 1, [str(cast.acme_site)])
    small = item["variants"][0]
    assert (small["retail"], small["wholesale"], small["on_hand"]) == (gbp(1450), gbp(1150), 7)
    assert small["sale"] == {**gbp(1350), "starts_at": "2026-11-20T07:00:00Z", "ends_at": None}
    assert small["unit_measure"] == {"quantity": "250", "unit": "g", "base": "100"}
    read = await acme_api.get(made.headers["location"])
    assert (read.content, read.headers["etag"]) == (made.content, made.headers["etag"])


async def test_no_wholesale_price_without_the_scope(acme_api: Client, with_key: KeyMaker, unique: str) -> None:
    made = await new(acme_api, unique, variants=[{"sku": unique, "retail": gbp(98_765_432), "wholesale": gbp(98_765_431)}])
    path = made.headers["location"]
    await acme_api.post(f"{path}/publish", if_match="*")
    plain = await with_key(*(set(SCOPES) - {"wholesale:read"}))
    addresses = (path, f"{path}/versions", f"{path}/versions/1", f"{path}/versions/2", "/changes", "/audit")
    saw = [await plain.get(address) for address in addresses]
    saw += [await plain.patch(path, {"title": f"Again {unique}"}, if_match="*"), await plain.post(f"{path}/publish", if_match="*")]
    saw += [await plain.patch(f"{path}/offers", {"offers": [{"sku": unique, "on_hand": 3}]}, if_match="*")]
    for answer in saw:
        assert answer.status_code == 200, answer.text
        assert b"wholesale" not in answer.content
        assert b"98765431" not in answer.content
    listed = await plain.find("/products?limit=200", "id", made.json()["id"])
    assert "wholesale" not in listed["variants"][0]
    full, bare = await acme_api.get(path), await plain.get(path)
    assert full.json()["variants"][0]["wholesale"] == gbp(98_765_431)
    assert full.headers["etag"] != bare.headers["etag"]
    assert (await plain.get(path, if_none_match=full.headers["etag"])).status_code == 200


async def test_a_change_without_the_scope_leaves_wholesale_as_it_is(acme_api: Client, with_key: KeyMaker, unique: str) -> None:
    made = await new(acme_api, unique, variants=[{"sku": unique, "retail": gbp(1450), "wholesale": gbp(987)}])
    path = made.headers["location"]
    plain = await with_key("products:read", "products:write")
    bare = await plain.get(path)
    saved = await plain.put(path, {"title": "New", "lang": "en", "variants": [{"sku": unique, "retail": gbp(1500)}]},
                            if_match=bare.headers["etag"])  # fmt: skip
    assert saved.status_code == 200, saved.text
    kept = (await acme_api.get(path)).json()["variants"][0]
    assert (kept["retail"], kept["wholesale"]) == (gbp(1500), gbp(987))
    for method, address, body in (
        ("PATCH", path, {"variants": [{"sku": unique, "wholesale": gbp(1)}]}),
        ("PATCH", f"{path}/offers", {"offers": [{"sku": unique, "wholesale": gbp(1)}]}),
        ("PATCH", f"{path}/offers", {"offers": [{"sku": unique, "wholesale": None}]}),
        ("POST", "/products", product(f"{unique}x", variants=[{"sku": f"{unique}x", "retail": gbp(2), "wholesale": gbp(1)}])),
    ):
        refused = await plain.send(method, address, body, if_match="*")
        assert (refused.status_code, refused.json()["needs"]) == (403, "scope wholesale:read")


async def test_prices_and_stock_change_by_variant_or_sku(acme_api: Client, unique: str) -> None:
    made = await new(acme_api, unique, variants=[{"sku": f"{unique}-{n}", "retail": gbp(1000), "option_values": {"n": n}} for n in "ab"],
                     options=[{"code": "n", "label": "N", "choices": ["a", "b"]}])  # fmt: skip
    path, variant_id = made.headers["location"], made.json()["variants"][1]["id"]
    offers = [
        {"sku": f"{unique}-A".upper(), "retail": gbp(1100), "sale": {**gbp(900), "ends_at": "2027-01-01T00:00:00Z"}},
        {"variant_id": variant_id, "on_hand": 5, "availability": "backorder", "available_from": "2027-03-01"},
    ]
    answer = await acme_api.patch(f"{path}/offers", {"offers": offers, "reason": "delivery"}, if_match=made.headers["etag"])
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["variants"]
    assert (first["retail"], first["sale"]["amount"], first["on_hand"]) == (gbp(1100), 900, None)
    assert (second["retail"], second["on_hand"], second["availability"]) == (gbp(1000), 5, "backorder")
    item = (await acme_api.get(path)).json()
    assert (item["variants"], item["version"]) == ([first, second], 2)


async def test_a_key_for_stock_alone_changes_stock_and_nothing_else(acme_api: Client, with_key: KeyMaker, unique: str) -> None:
    made = await new(acme_api, unique)
    path, sku = made.headers["location"], f"{unique}-1"
    stock = await with_key("stock:write")
    changed = await stock.patch(f"{path}/offers", {"offers": [{"sku": sku, "on_hand": 4}]}, if_match="*")
    assert changed.json() == {"id": made.json()["id"], "version": 2, "slug": made.json()["slug"]}
    assert (await acme_api.get(path)).json()["variants"][0]["on_hand"] == 4
    for price in ({"retail": gbp(1)}, {"sale": gbp(1)}):
        refused = await stock.patch(f"{path}/offers", {"offers": [{"sku": sku, "on_hand": 9, **price}]}, if_match="*")
        assert (refused.status_code, refused.json()["needs"]) == (403, "scope products:write")
    assert (await stock.get(path)).json()["needs"] == "scope products:read"
    assert (await stock.patch(path, {"title": "x"}, if_match="*")).status_code == 403
    writer = await with_key("products:read", "products:write")
    for method, address, body in (
        ("PATCH", f"{path}/offers", {"offers": [{"sku": sku, "on_hand": 9}]}),
        ("PATCH", path, {"variants": [{"sku": sku, "on_hand": 9}]}),
        ("POST", "/products", product(f"{unique}x", variants=[{"sku": f"{unique}x", "on_hand": 9}])),
    ):
        refused = await writer.send(method, address, body, if_match="*")
        assert (refused.status_code, refused.json()["needs"]) == (403, "scope stock:write")
    same = await writer.patch(path, {"variants": [{"sku": sku, "on_hand": 4}], "title": "Same stock"}, if_match="*")
    assert same.json()["variants"][0]["on_hand"] == 4


@pytest.mark.parametrize("price", [
    {"amount": -1, "currency": GBP},
    {"amount": 12.5, "currency": GBP},
    {"amount": "1450", "currency": GBP},
    {"amount": True, "currency": GBP},
    {"amount": 2**53, "currency": GBP},
    {"amount": 10**30, "currency": GBP},
    {"amount": 1450},
    {"amount": 1450, "currency": GBP, "tax": 20},
    1450,
])  # fmt: skip
@pytest.mark.parametrize("name", ["retail", "wholesale", "sale"])
async def test_prices_that_are_none_are_refused_with_their_place(acme_api: Client, unique: str, name: str, price: object) -> None:
    made = await acme_api.post("/products", product(unique, variants=[{"sku": unique, name: price}]))
    assert made.status_code == 422
    assert made.json()["errors"][0]["pointer"].startswith(f"#/variants/0/{name}")


@pytest.mark.parametrize("currency", ["XYZ", "eur", "EURO", "", "123"])
async def test_an_unknown_currency_is_refused(acme_api: Client, unique: str, currency: str) -> None:
    price = {"amount": 1450, "currency": currency}
    for body in ({"sku": unique, "retail": price}, {"sku": unique, "retail": gbp(1), "sale": price}):
        refused = await acme_api.post("/products", product(unique, variants=[body]))
        field = "sale" if "sale" in body else "retail"
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"#/variants/0/{field}/currency")


async def test_the_largest_price_is_kept_exactly(acme_api: Client, unique: str) -> None:
    made = await new(acme_api, unique, variants=[{"sku": unique, "retail": gbp(2**53 - 1)}])
    assert (await acme_api.get(made.headers["location"])).json()["variants"][0]["retail"]["amount"] == 9_007_199_254_740_991


async def test_two_currencies_in_one_request_are_refused(acme_api: Client, unique: str) -> None:
    variants = [{"sku": f"{unique}-{n}", "retail": {"amount": 1, "currency": code}} for n, code in enumerate(("GBP", "JPY"))]
    refused = await acme_api.post("/products", product(unique, variants=variants))
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/variants/1/retail/currency")


async def test_a_sku_that_is_taken_is_refused_whatever_its_case(acme_api: Client, globex_api: Client, unique: str) -> None:
    await new(acme_api, unique)
    body = product(f"{unique}x", variants=[{"sku": f"{unique}-1".upper(), "retail": gbp(1)}])
    taken = await acme_api.post("/products", body)
    assert (taken.status_code, taken.json()["errors"][0]["pointer"]) == (409, "#/variants/0/sku")
    assert (await globex_api.post("/products", body)).status_code == 201


async def test_an_address_that_is_taken_offers_the_free_one(acme_api: Client, unique: str) -> None:
    await new(acme_api, unique, slug=unique)
    taken = await acme_api.post("/products", product(f"{unique}x", slug=unique))
    assert (taken.status_code, taken.json()["free"], taken.json()["errors"][0]["pointer"]) == (409, f"{unique}-2", "#/slug")


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"lang": "x" * 40}, "#/lang"),
        ({"title": ""}, "#/title"),
        ({"slug": "Not a slug!"}, "#/slug"),
        ({"state": "active"}, "#/state"),
        ({"category_id": str(uuid4())}, "#/category_id"),
        ({"images": [str(uuid4())]}, "#/images"),
        ({"sites": [str(uuid4())]}, "#/sites"),
        ({"tax_rate_percent": 101}, "#/tax_rate_percent"),
        ({"variants": [{"sku": ""}]}, "#/variants/0/sku"),
        ({"variants": [{"sku": "a"}, {"sku": "A", "option_values": {}}]}, "#/variants"),
        ({"variants": [{"sku": "a", "gtin": "4006381333932"}]}, "#/variants/0/gtin"),
        ({"variants": [{"sku": "a", "on_hand": -1}]}, "#/variants/0/on_hand"),
        ({"variants": [{"sku": "a", "sale": gbp(5)}]}, "#/variants/0/sale"),
        ({"variants": [{"sku": "a", "retail": gbp(5), "wholesale": gbp(6)}]}, "#/variants/0/wholesale"),
        ({"variants": [{"sku": "a", "retail": gbp(5), "sale": {**gbp(4), "starts_at": "9999-12-31T23:59:59-12:00"}}]},
         "#/variants/0/sale/starts_at"),
        ({"variants": [{"sku": "a", "id": str(uuid4())}]}, "#/variants"),
    ],
)  # fmt: skip
async def test_bad_fields_are_named_with_their_place(acme_api: Client, unique: str, said: dict, pointer: str) -> None:
    answer = await acme_api.post("/products", product(unique, **said))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize(
    ("offers", "pointer"),
    [
        ([], "#/offers"),
        ([{}], "#/offers/0"),
        ([{"sku": "nobody's", "on_hand": 1}], "#/offers/0"),
        ([{"variant_id": str(uuid4()), "on_hand": 1}], "#/offers/0"),
        ([{"sku": "{sku}", "variant_id": str(uuid4()), "on_hand": 1}], "#/offers/0"),
        ([{"sku": "{sku}", "on_hand": 1}, {"sku": "{sku}", "on_hand": 2}], "#/offers/1"),
        ([{"sku": "{sku}", "sale": gbp(2000)}], "#/offers/0/sale"),
        ([{"sku": "{sku}", "availability": "preorder"}], "#/offers/0/available_from"),
        ([{"sku": "{sku}", "availability": "soon"}], "#/offers/0/availability"),
        ([{"sku": "{sku}", "price": gbp(1)}], "#/offers/0/price"),
    ],
)
async def test_bad_offers_are_named_with_their_place(acme_api: Client, unique: str, offers: list[dict], pointer: str) -> None:
    path = (await new(acme_api, unique)).headers["location"]
    body = [{**offer, "sku": offer["sku"].replace("{sku}", f"{unique}-1")} if "sku" in offer else offer for offer in offers]
    answer = await acme_api.patch(f"{path}/offers", {"offers": body}, if_match="*")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_life_from_publish_to_archive_and_back(acme_api: Client, unique: str) -> None:
    path = (await new(acme_api, unique)).headers["location"]
    assert (await acme_api.post(f"{path}/publish", if_match="*")).json()["state"] == "active"
    await acme_api.patch(path, {"title": "Edited"}, if_match="*")
    assert (await acme_api.post(f"{path}/unpublish", if_match="*")).json()["state"] == "draft"
    archived = await acme_api.delete(path, if_match="*")
    assert archived.json()["state"] == "archived"
    refused = await acme_api.post(f"{path}/publish", if_match="*")
    assert (refused.status_code, refused.headers["content-type"]) == (409, "application/problem+json")
    back = await acme_api.post(f"{path}/restore", {"version": 1}, if_match=archived.headers["etag"])
    assert (back.status_code, back.json()["state"], back.json()["title"]) == (200, "draft", f"Beans {unique}")
    versions = [item async for item in acme_api.walk(f"{path}/versions?limit=2")]
    assert [item["version"] for item in versions] == list(range(versions[0]["version"], 0, -1))


async def test_a_product_without_a_price_is_not_published(acme_api: Client, unique: str) -> None:
    path = (await new(acme_api, unique, variants=[{"sku": unique}])).headers["location"]
    refused = await acme_api.post(f"{path}/publish", if_match="*")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/variants")


async def test_a_change_without_if_match_is_428_and_with_a_stale_one_412(acme_api: Client, unique: str) -> None:
    made = await new(acme_api, unique)
    path, etag = made.headers["location"], made.headers["etag"]
    await acme_api.patch(path, {"title": "Two"}, if_match=etag)
    for method, address, body in (
        ("PUT", path, product(unique)),
        ("PATCH", path, {"title": "x"}),
        ("PATCH", f"{path}/offers", {"offers": [{"sku": f"{unique}-1", "on_hand": 1}]}),
        ("DELETE", path, None),
        ("POST", f"{path}/publish", None),
        ("POST", f"{path}/unpublish", None),
        ("POST", f"{path}/restore", {"version": 1}),
    ):
        assert (await acme_api.send(method, address, body)).status_code == 428
        stale = await acme_api.send(method, address, body, if_match=etag)
        assert (stale.status_code, stale.json()["current_version"]) == (412, 2)
        none = await acme_api.send(method, address, body, if_match='"nonsense"')
        assert (none.status_code, "expected_version" in none.json()) == (412, False)


async def test_a_patch_keeps_variants_that_it_does_not_name(acme_api: Client, unique: str) -> None:
    variant = {"sku": unique, "retail": gbp(5), "on_hand": 3, "weight_g": 250, "unit_measure": {"quantity": "1", "unit": "kg", "base": "1"}}
    made = await new(acme_api, unique, variants=[variant], tags=["coffee"], published_at="2026-03-01T10:00:00Z")
    after = (await acme_api.patch(made.headers["location"], {"brand": "Acme"}, if_match="*")).json()
    assert {name for name in after if made.json()[name] != after[name]} == {"brand", "version", "updated_at"}
