"""Products: saving, prices and stock, publishing, history; and what must not happen."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec.structs import replace

from app.actor import Actor
from app.catalog import repository
from app.catalog.actions import change_offers, delete_product, publish_product, restore_version, save_product, set_state, unpublish_product
from app.catalog.actions.opening import read_state
from app.catalog.requests import ChangeOffer, ChangeOffers, Sale, Saved, SaveProduct, SaveVariant
from app.catalog.states import OptionState, ProductState
from app.db.database import TenantDatabase
from app.errors import ChangedElsewhere, Conflict, Forbidden, Invalid, NotFound, Taken
from tests.cast import Cast


@dataclass
class Shop:
    """Alice's catalogue, with the acts as one-liners."""

    database: TenantDatabase
    actor: Actor
    site_id: UUID

    async def save(self, request: SaveProduct, actor: Actor | None = None) -> Saved:
        who = actor or self.actor
        if request.id is None and request.sites is None:
            request = replace(request, sites=(self.site_id,))
        return await self.database.run(who, "save product", lambda work: save_product(work, who, request))

    async def price(self, request: ChangeOffers, actor: Actor | None = None) -> Saved:
        who = actor or self.actor
        return await self.database.run(who, "change prices", lambda work: change_offers(work, who, request))

    async def publish(self, product_id: UUID, expect: int | None = None):
        return await self.database.run(self.actor, "publish", lambda work: publish_product(work, self.actor, product_id, expect))

    async def state(self, product_id: UUID) -> ProductState:
        return (await self.database.read(lambda reading: read_state(reading, product_id)))[1]

    async def live(self, product_id: UUID):
        return (await self.database.read(lambda reading: repository.publications_of(reading, [product_id])))[product_id]


@pytest.fixture
def shop(acme: TenantDatabase, cast: Cast) -> Shop:
    return Shop(acme, cast.alice, cast.acme_site)


def coffee(unique: str, **changes) -> SaveProduct:
    options = (OptionState(code="bag", label="Bag", choices=("250 g", "1 kg")),)
    small = SaveVariant(sku=f"{unique}-250", option_values={"bag": "250 g"}, retail=1450, wholesale=980, on_hand=46)
    large = SaveVariant(sku=f"{unique}-1000", option_values={"bag": "1 kg"}, retail=5200, wholesale=3560, on_hand=8)
    request = SaveProduct(
        title=f"Coffee {unique}", lang="en", currency="GBP", options=options, variants=(small, large), body_source="<p>Good.</p>"
    )
    return replace(request, **changes)


async def test_a_product_is_saved_whole_and_read_back(shop: Shop, unique: str) -> None:
    saved = await shop.save(coffee(unique, fields={"origin": "Huila"}, tags=("filter",)))
    assert (saved.version, saved.slug) == (1, f"coffee-{unique}")
    state = await shop.state(saved.id)
    assert [(v.sku, v.retail.amount, v.wholesale.amount, v.on_hand) for v in state.variants] == [
        (f"{unique}-250", 1450, 980, 46),
        (f"{unique}-1000", 5200, 3560, 8),
    ]
    assert (state.fields, state.tags, state.state) == ({"origin": "Huila"}, ("filter",), "draft")


async def test_saving_the_same_again_leaves_no_version(shop: Shop, unique: str) -> None:
    saved = await shop.save(coffee(unique))
    again = await shop.save(coffee(unique, id=saved.id, expect=1))
    assert (again.id, again.version) == (saved.id, 1)


async def test_prices_change_at_once_and_waiting_text_goes_on_waiting(shop: Shop, unique: str) -> None:
    saved = await shop.save(coffee(unique))
    await shop.publish(saved.id)
    await shop.save(coffee(unique, id=saved.id, title="A new title"))
    first = (await shop.state(saved.id)).variants[0]
    await shop.price(ChangeOffers(product_id=saved.id, currency="GBP", offers=(ChangeOffer(variant_id=first.id, retail=1500, on_hand=40),)))
    (row,) = await shop.live(saved.id)
    assert row.title == f"Coffee {unique}"
    assert row.offer["variants"][0]["retail"] == {"amount": 1500, "currency": "GBP"}
    assert row.offer["variants"][0]["stock"]["on_hand"] == 40
    assert (row.text_version, row.offer_version) == (2, 4)


async def test_no_wholesale_price_is_in_what_is_published(shop: Shop, unique: str) -> None:
    saved = await shop.save(coffee(unique))
    await shop.publish(saved.id)
    (row,) = await shop.live(saved.id)
    said = msgspec.json.encode([row.text, row.offer]).decode()
    assert "980" not in said
    assert "3560" not in said
    assert "wholesale" not in said


async def test_a_sale_tells_the_lowest_price_of_the_thirty_days_before(shop: Shop, unique: str) -> None:
    saved = await shop.save(coffee(unique))
    await shop.publish(saved.id)
    first = (await shop.state(saved.id)).variants[0]
    await shop.price(ChangeOffers(product_id=saved.id, currency="GBP", offers=(ChangeOffer(variant_id=first.id, retail=1300),)))
    await shop.price(ChangeOffers(product_id=saved.id, currency="GBP", offers=(ChangeOffer(variant_id=first.id, retail=1600),)))
    await shop.price(ChangeOffers(product_id=saved.id, currency="GBP", offers=(ChangeOffer(variant_id=first.id, sale=Sale(amount=1200)),)))
    (row,) = await shop.live(saved.id)
    assert row.offer["variants"][0]["sale"]["lowest_30_days"] == {"amount": 1300, "currency": "GBP"}


async def test_a_sku_is_taken_whatever_its_case_and_by_whom_is_said(shop: Shop, unique: str) -> None:
    await shop.save(coffee(unique))
    with pytest.raises(Taken) as caught:
        await shop.save(coffee(unique, title="Another", options=(), variants=(SaveVariant(sku=f"{unique}-250".upper()),)))
    assert caught.value.field == "variants.0.sku"
    assert f"Coffee {unique}" in caught.value.detail


async def test_the_same_sku_may_stand_in_another_customers_catalogue(shop: Shop, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    await shop.save(coffee(unique))
    other = Shop(globex, cast.mallory, cast.globex_site)
    assert (await other.save(coffee(unique))).version == 1


async def test_an_address_is_taken_and_a_free_one_is_offered(shop: Shop, unique: str) -> None:
    first = await shop.save(coffee(unique))
    with pytest.raises(Taken) as caught:
        await shop.save(coffee(unique, slug=first.slug, options=(), variants=()))
    assert caught.value.free == f"{first.slug}-2"


async def test_a_stale_version_is_refused_with_the_present_product(shop: Shop, unique: str) -> None:
    saved = await shop.save(coffee(unique))
    await shop.save(coffee(unique, id=saved.id, expect=1, brand="Acme"))
    with pytest.raises(ChangedElsewhere) as caught:
        await shop.save(coffee(unique, id=saved.id, expect=1, brand="Other"))
    assert (caught.value.current, caught.value.thing.brand) == (2, "Acme")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"retail": -1}, "retail"),
        ({"retail": 2**53}, "retail"),
        ({"wholesale": 9999}, "wholesale"),
        ({"sale": Sale(amount=1450)}, "sale"),
        ({"gtin": "9520001000011"}, "gtin"),
        ({"sku": " "}, "sku"),
        ({"on_hand": -1}, "on_hand"),
        ({"availability": "preorder"}, "available_from"),
        ({"option_values": {"bag": "5 kg"}}, "option_values"),
        ({"unit_measure": {"quantity": "0", "unit": "g", "base": "100"}}, "unit_measure"),
    ],
)
async def test_what_a_variant_cannot_be_is_named_with_its_place(shop: Shop, unique: str, changes: dict, field: str) -> None:
    request = coffee(unique)
    wrong = replace(request, variants=(replace(request.variants[0], **changes), request.variants[1]))
    with pytest.raises(Invalid) as caught:
        await shop.save(wrong)
    assert f"variants.0.{field}" in caught.value.fields


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"currency": "XXY"}, "currency"),
        ({"slug": "a/b"}, "slug"),
        ({"category_id": uuid4()}, "category_id"),
        ({"images": (uuid4(),)}, "images"),
        ({"sites": (uuid4(),)}, "sites"),
    ],
)
async def test_what_a_product_cannot_be_is_named(shop: Shop, unique: str, changes: dict, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        await shop.save(coffee(unique, **changes))
    assert field in caught.value.fields


async def test_who_may_change_what(shop: Shop, cast: Cast, unique: str) -> None:
    saved = await shop.save(coffee(unique))
    first = (await shop.state(saved.id)).variants[0]
    for person in (cast.bob, cast.rita):
        with pytest.raises(Forbidden):
            await shop.save(coffee(unique, id=saved.id, brand="X"), person)
    key = Actor(kind="key", door="api", name="Till", id=uuid4(), customer_id=cast.acme, scopes=frozenset({"stock:write"}))
    await shop.price(ChangeOffers(product_id=saved.id, currency="GBP", offers=(ChangeOffer(variant_id=first.id, on_hand=1),)), key)
    with pytest.raises(Forbidden) as caught:
        await shop.price(ChangeOffers(product_id=saved.id, currency="GBP", offers=(ChangeOffer(variant_id=first.id, retail=1),)), key)
    assert caught.value.needs == "scope products:write"
    writer = replace(key, scopes=frozenset({"products:write"}))
    with pytest.raises(Forbidden):
        await shop.price(ChangeOffers(product_id=saved.id, currency="GBP", offers=(ChangeOffer(variant_id=first.id, wholesale=1),)), writer)


async def test_a_strangers_product_does_not_exist(shop: Shop, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    saved = await shop.save(coffee(unique))
    with pytest.raises(NotFound):
        await globex.run(cast.mallory, "publish", lambda work: publish_product(work, cast.mallory, saved.id, None))


async def test_an_earlier_version_comes_back_as_a_new_one_with_todays_prices(shop: Shop, unique: str, cast: Cast) -> None:
    saved = await shop.save(coffee(unique))
    await shop.save(coffee(unique, id=saved.id, title="Worse title"))
    first = (await shop.state(saved.id)).variants[0]
    await shop.price(ChangeOffers(product_id=saved.id, currency="GBP", offers=(ChangeOffer(variant_id=first.id, retail=1999),)))
    back = await shop.database.run(cast.alice, "restore", lambda work: restore_version(work, cast.alice, saved.id, 1, None))
    state = await shop.state(saved.id)
    assert (back.version, state.title, state.variants[0].retail.amount) == (4, f"Coffee {unique}", 1999)


async def test_a_deleted_product_comes_back_with_its_numbers_going_on(shop: Shop, unique: str, cast: Cast) -> None:
    saved = await shop.save(coffee(unique))
    with pytest.raises(Conflict):
        await shop.database.run(cast.alice, "delete", lambda work: delete_product(work, cast.alice, saved.id, None))
    await shop.database.run(cast.alice, "archive", lambda work: set_state(work, cast.alice, saved.id, "archived", None))
    await shop.database.run(cast.alice, "delete", lambda work: delete_product(work, cast.alice, saved.id, None))
    with pytest.raises(NotFound):
        await shop.state(saved.id)
    back = await shop.database.run(cast.alice, "restore", lambda work: restore_version(work, cast.alice, saved.id, 1, None))
    assert back.version == 4
    assert [v.sku for v in (await shop.state(saved.id)).variants] == [f"{unique}-250", f"{unique}-1000"]


async def test_archiving_and_unpublishing_take_a_product_from_the_site(shop: Shop, unique: str, cast: Cast) -> None:
    saved = await shop.save(coffee(unique))
    await shop.publish(saved.id)
    await shop.database.run(cast.alice, "unpublish", lambda work: unpublish_product(work, cast.alice, saved.id, None))
    assert await shop.live(saved.id) == []
    await shop.publish(saved.id)
    await shop.database.run(cast.alice, "archive", lambda work: set_state(work, cast.alice, saved.id, "archived", None))
    assert await shop.live(saved.id) == []
    with pytest.raises(Conflict):
        await shop.publish(saved.id)


async def test_publishing_needs_something_to_buy(shop: Shop, unique: str) -> None:
    empty = await shop.save(coffee(unique, options=(), variants=()))
    with pytest.raises(Invalid) as caught:
        await shop.publish(empty.id)
    assert "variants" in caught.value.fields


async def test_the_list_runs_from_the_latest_change(shop: Shop, unique: str) -> None:
    first, second = await shop.save(coffee(unique)), await shop.save(coffee(unique + "b"))
    await shop.save(coffee(unique, id=first.id, brand="Touched"))
    rows = await shop.database.read(lambda reading: repository.recent_products(reading, words=unique, limit=10))
    assert [row.product.id for row in rows] == [first.id, second.id]
    rest = await shop.database.read(
        lambda reading: repository.recent_products(reading, words=unique, edge=(rows[0].at, rows[0].product.id), limit=10)
    )
    assert [row.product.id for row in rest] == [second.id]


async def test_a_form_that_is_sent_twice_makes_one_product(shop: Shop, unique: str) -> None:
    once = uuid4()
    first, second = await shop.save(coffee(unique, new_id=once)), await shop.save(coffee(unique, new_id=once))
    assert (first.id, second.id, second.version) == (once, once, 1)


async def test_what_no_database_can_keep_is_left_out(shop: Shop, unique: str) -> None:
    saved = await shop.save(
        coffee(unique, title=f"Zero\x00 {unique}", tags=("a\x00b",), fields={"origin": "Hu\x00ila"}, brand="\ud800Acme")
    )
    state = await shop.state(saved.id)
    assert (state.title, state.tags, state.fields, state.brand) == (f"Zero {unique}", ("ab",), {"origin": "Huila"}, "\ufffdAcme")
