"""The checker of invariants: silent about a database that people have worked in, and loud about every planted damage."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.catalog.requests import ChangeOffer, ChangeOffers
from app.identity.actions import CreateKey, create_key, revoke_key
from tests.catalog.test_products import Shop, coffee
from tests.content.acting import publish, save, trash, unpublish
from tests.db.invariants import broken, findings
from tests.db.towns import Town, town

# Indexes that refuse some damage; what they stand for is found without them too.
UNIQUE = ("content.ux_publications_address", "catalog.ux_product_publications_address", "content.ux_posts_address")
# What is planted, and words of the finding that must come of it.
DAMAGE = {
    "a version is missing": ("DELETE FROM content.post_versions WHERE version = 2 AND kind = 'saved'", "versions from 1 to"),
    "an event of an act that nobody did": (
        (
            "INSERT INTO audit.events SELECT customer_id, gen_random_uuid(), thing_id, to_version, thing_type, from_version, kind, fields,"
            " label, at FROM audit.events WHERE thing_type = 'post'"
        ),
        "the change set",
    ),
    "an event is missing": ("DELETE FROM audit.events WHERE kind = 'published'", "has 0 events that tell of it"),
    "a change set is missing": ("DELETE FROM audit.change_sets WHERE verb = 'save post'", "which is not there"),
    "a change set without a change": (
        "UPDATE audit.change_sets SET id = gen_random_uuid() WHERE verb = 'trash post'",
        "has changed nothing",
    ),
    "an import was ended twice": (
        (
            "INSERT INTO audit.change_set_marks (customer_id, change_set_id, id, mark, at) SELECT customer_id, s.id, gen_random_uuid(),"
            " 'completed', at FROM audit.change_sets s, generate_series(1, 2)"
        ),
        "is marked completed 2 times",
    ),
    "a number is missing": ("DELETE FROM ops.changes WHERE number = 3", "numbers from 1 to"),
    "the last number is missing": ("UPDATE ops.change_heads SET number = number + 1", "and their head says"),
    "numbers fall": ("UPDATE ops.changes SET version = 9 - version WHERE thing_type = 'post'", "comes after that of version"),
    "a change was numbered twice": (
        "INSERT INTO ops.changes SELECT customer_id, number + 1000, thing_type, thing_id, version, is_deleted, at FROM ops.changes",
        "was numbered or waits 2 times",
    ),
    "a number for nothing": ("UPDATE ops.changes SET thing_id = gen_random_uuid() WHERE number = 5", "a number or an inbox row is for"),
    "an address that is not the one published": ("UPDATE content.publications SET slug = slug || 'x'", "which was not published so"),
    "two posts live at one address": ("UPDATE content.publications SET slug = 'one'", "2 posts are live at post one"),
    "two products live at one address": (
        (
            "INSERT INTO catalog.product_publications"
            " SELECT (jsonb_populate_record(p, jsonb_build_object('product_id', gen_random_uuid()))).* FROM catalog.product_publications p"
        ),
        "2 products are live at",
    ),
    "two posts at one address": ("UPDATE content.posts SET slug = 'one', state = 'draft'", "3 posts have the address one"),
    "a publication is missing": ("DELETE FROM content.publications", "live is None"),
    "a publication that was withdrawn": (
        "UPDATE content.post_versions SET kind = 'unpublished' WHERE kind = 'published'",
        "was last published in version None",
    ),
    "a product that nobody published": ("UPDATE catalog.product_publications SET text_version = 1", "which was not published"),
    "stock that did not move": ("UPDATE catalog.stock SET on_hand = on_hand + 1", "and its last movement left"),
    "a movement that is missing": ("DELETE FROM catalog.movements WHERE on_hand = 40", "in stock after a movement of"),
    "a price without a past": ("DELETE FROM catalog.price_history WHERE amount = 1501", "and its history ends with"),
    "a claim without an answer": (
        "INSERT INTO ops.idempotency_keys SELECT id, '\\x00', '\\x00', created_at FROM tenancy.customers",
        "a request was claimed",
    ),
    "an imported thing that nobody made": (
        "INSERT INTO ops.import_items SELECT id, 'x', 'post', '1', gen_random_uuid(), gen_random_uuid() FROM tenancy.customers",
        "which nobody has made",
    ),
    "an overwritten title": ("UPDATE content.posts SET title = 'lost'", "differs from its version"),
    "a version that was not counted": ("UPDATE content.posts SET version = version + 1", "and its history is at"),
    "a lost row": ("DELETE FROM tenancy.theme_settings", "is gone, and its history ends with"),
    "a tag that the last version does not know": (
        "INSERT INTO content.post_tags SELECT customer_id, id, gen_random_uuid(), 0 FROM content.posts",
        "in tags",
    ),
    "a price that the last version does not know": ("UPDATE catalog.prices SET amount = amount + 1", "in variants"),
    "another state of a customer": ("UPDATE tenancy.customers SET state = 'read_only'", "customer"),
    "a revoked key that still works": (
        "INSERT INTO identity.key_hashes SELECT '\\x00', customer_id, id FROM identity.api_keys WHERE revoked_at IS NOT NULL",
        "and can be used",
    ),
}


@pytest.fixture(scope="module")
async def lived_in(admin_url: str) -> AsyncIterator[Town]:
    """An installation in which people have saved, published, unpublished, trashed, priced and made keys."""
    async with town(admin_url) as made:
        acme, alice, site = made.acme, made.cast.alice, made.cast.acme_site
        for number in range(3):
            post = await save(acme, alice, site, title=f"Post {number}")
            await save(acme, alice, site, id=post.id, title=f"Post {number} again", expect=1)
            await publish(acme, alice, post.id)
        await unpublish(acme, alice, post.id)
        await trash(acme, alice, post.id)
        shop = Shop(acme, alice, site)
        product = await shop.save(coffee("x"))
        await shop.publish(product.id)
        for stock in (40, 41):
            (first, _) = (await shop.state(product.id)).variants
            change = ChangeOffer(variant_id=first.id, retail=1460 + stock, on_hand=stock)
            await shop.price(ChangeOffers(product_id=product.id, currency="GBP", offers=(change,)))
        keys = [CreateKey(name="Shop", scopes=("content:read",)) for _ in range(2)]
        made_keys = [await acme.run(alice, "make key", lambda work, key=key: create_key(work, alice, key)) for key in keys]
        await acme.run(alice, "revoke key", lambda work: revoke_key(work, alice, made_keys[0].id))
        await made.number()
        yield made


async def test_what_people_did_is_whole(lived_in: Town) -> None:
    assert broken(lived_in.admin) == []
    engine = create_engine(lived_in.admin)
    with engine.connect() as connection:
        assert broken(connection) == []
    engine.dispose()


@pytest.mark.parametrize("name", DAMAGE)
async def test_planted_damage_is_found(lived_in: Town, name: str) -> None:
    engine = create_engine(lived_in.admin)
    damage, words = DAMAGE[name]
    with Session(engine) as session:
        # What the constraints would have refused must be found too.
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text(f"DROP INDEX {', '.join(UNIQUE)}"))
        assert session.execute(text(damage.replace(":", "\\:"))).rowcount > 0
        found = findings(session)
        session.rollback()
    engine.dispose()
    assert any(words in line for line in found), found
    assert broken(lived_in.admin) == []


async def test_much_damage_of_one_kind_is_told_in_a_few_lines(lived_in: Town) -> None:
    engine = create_engine(lived_in.admin)
    with Session(engine) as session:
        session.execute(text("UPDATE audit.events SET kind = 'odd'"))
        found = findings(session)
        session.rollback()
    engine.dispose()
    assert len([line for line in found if "events that tell of it" in line]) == 5
    assert any(line.startswith("and ") and line.endswith(" more like the last") for line in found)
