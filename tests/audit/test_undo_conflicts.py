"""What stands in the way of an undo is told thing by thing, and is never overwritten."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.audit.undo import UndoRefused, undo_act
from app.catalog.actions import change_offers, save_product
from app.catalog.models import Movement, Stock, Variant
from app.catalog.requests import ChangeOffer, ChangeOffers, SaveProduct, SaveVariant
from app.content.actions import delete_post, publish_post, save_author, save_post, save_tag, trash_post, undelete_post
from app.content.models import Author, Post, PostVersion, Publication, Tag
from app.content.requests import SaveAuthor, SavePost, SaveTag
from app.db.database import Shared, Tenancy, TenantDatabase
from app.db.record.tables import ChangeSet, ChangeSetMark, Event
from app.errors import Conflict, Forbidden, NotFound
from app.identity.actions import set_role
from app.identity.models import Membership
from app.tenancy.actions import add_domain, remove_domain
from tests.audit.undoing import World, make_world
from tests.cast import Cast, make_person


@pytest.fixture
async def world(tenancy: Tenancy, backoffice: Tenancy, directory: Shared) -> World:
    """A customer with nothing but a site."""
    return await make_world(tenancy, backoffice, directory, 7)


def post(world: World, title: str, **more: Any) -> SavePost:
    """A post of the site."""
    return SavePost(site_id=world.site_id, lang="en", title=title, body_source="<p>x</p>", **more)


async def save(world: World, title: str, **more: Any) -> tuple[UUID, UUID]:
    """Save a post; gives the act and the post."""
    saved: list[UUID] = []

    async def unit(work) -> None:
        saved[:] = [(await save_post(work, world.actor, post(world, title, **more))).id]

    return await world.act("save post", unit), saved[0]


async def reasons(world: World, act_id: UUID) -> dict[str, str]:
    """Why the things of an act cannot be undone, by their names."""
    with pytest.raises(UndoRefused) as refused:
        await world.undo(act_id)
    return {item.label: item.conflict for item in refused.value.plan.conflicts}


async def test_one_thing_changed_since_holds_the_whole_act_back_unless_it_is_to_be_left(world: World) -> None:
    ids: list[UUID] = []

    async def three(work) -> None:
        ids[:] = [(await save_post(work, world.actor, post(world, f"Post {n}"))).id for n in range(3)]

    act_id = await world.act("import file", three)
    await save(world, "Post 1 edited", id=ids[1])
    before = await world.state()
    found = await reasons(world, act_id)
    assert list(found) == ["Post 1"]
    assert found["Post 1"].startswith("It was changed since by tests, “save post”, on ")
    assert await world.state() == before
    done = await world.undo(act_id, skip_conflicts=True, reason="A wrong file")
    assert [sorted(item.label for item in items) for items in (done.undone, done.left)] == [["Post 0", "Post 2"], ["Post 1"]]
    assert [row.title for row in await world.rows(Post)] == ["Post 1 edited"]
    (act,) = await world.rows(ChangeSet, ChangeSet.id == done.change_set_id)
    assert act.verb == "undo import file"
    assert act.reason.startswith(f"A wrong file (Undoes act {act_id}: “import file”, ")
    marks = {(row.change_set_id, row.mark) for row in await world.rows(ChangeSetMark)}
    assert marks == {(act_id, "undone"), (done.change_set_id, "completed")}


async def test_what_was_removed_leaves_a_tombstone_and_its_history(world: World) -> None:
    act_id, post_id = await save(world, "Gone")
    done = await world.undo(act_id)
    assert await world.rows(Post) == []
    last = (await world.rows(PostVersion, PostVersion.thing_id == post_id))[-1]
    assert {row.kind for row in await world.rows(PostVersion, PostVersion.version == 2)} == {"deleted"}
    assert last.payload["title"] == "Gone"
    (event,) = await world.rows(Event, Event.change_set_id == done.change_set_id)
    assert (event.kind, event.from_version, event.to_version) == ("deleted", 1, 2)


async def test_an_address_that_somebody_took_meanwhile_is_named(world: World) -> None:
    _, post_id = await save(world, "First", slug="here")
    moved, _ = await save(world, "First", slug="elsewhere", id=post_id)
    await save(world, "Second", slug="here")
    assert await reasons(world, moved) == {"First": "“Second” has the address “here” now. Give it another one first."}


async def test_posts_that_changed_places_in_one_act_change_back(world: World) -> None:
    _, one = await save(world, "One", slug="one")
    _, two = await save(world, "Two", slug="two")
    before = await world.state()

    async def swap(work) -> None:
        await save_post(work, world.actor, post(world, "One", slug="three", id=one))
        await work.session.flush()
        await save_post(work, world.actor, post(world, "Two", slug="one", id=two))

    await world.undo(await world.act("swap", swap))
    assert await world.state() == before


async def test_a_tag_stays_while_another_post_uses_it_and_goes_with_the_last_of_the_act(world: World) -> None:
    act_id, _ = await save(world, "First", tags=("Water",))
    used, _ = await save(world, "Second", tags=("Water",))
    assert await reasons(world, act_id) == {"Water": "The post “Second” uses it now."}
    done = await world.undo(act_id, skip_conflicts=True)
    assert ([item.label for item in done.undone], len(await world.rows(Tag))) == (["First"], 1)
    await world.undo(used)
    rest = await world.undo(act_id)
    assert ([item.label for item in rest.undone], await world.rows(Tag)) == (["Water"], [])


async def test_a_post_whose_byline_is_gone_does_not_come_back_without_it(world: World) -> None:
    made: list[UUID] = []

    async def byline(work) -> None:
        made[:] = [(await save_author(work, world.actor, SaveAuthor(name="Ann"))).id]

    author = await world.act("save author", byline)
    _, post_id = await save(world, "By Ann", author_id=made[0])
    changed, _ = await save(world, "By nobody", id=post_id)
    await world.undo(author, skip_conflicts=True)
    assert await world.rows(Author) == []
    assert await reasons(world, changed) == {"By nobody": "The byline that it had is gone. Bring that back first."}


async def test_a_post_that_a_product_shows_since_stays(world: World) -> None:
    act_id, post_id = await save(world, "How to")
    request = SaveProduct(title="Cup", lang="en", currency="EUR", posts=(post_id,), variants=(SaveVariant(sku="CUP", retail=900),))
    await world.act("save product", lambda work: save_product(work, world.actor, request))
    assert await reasons(world, act_id) == {"How to": "The product “Cup” uses it now."}


async def test_a_post_that_a_product_has_named_all_along_goes_again(world: World) -> None:
    _, post_id = await save(world, "How to")
    request = SaveProduct(title="Cup", lang="en", currency="EUR", posts=(post_id,), variants=(SaveVariant(sku="CUP", retail=900),))
    await world.act("save product", lambda work: save_product(work, world.actor, request))
    await world.act("trash", lambda work: trash_post(work, world.actor, post_id, None))
    await world.act("delete", lambda work: delete_post(work, world.actor, post_id, None))
    before = await world.state()
    await world.undo(await world.act("undelete post", lambda work: undelete_post(work, world.actor, post_id)))
    assert await world.state() == before


async def test_trash_is_undone_with_the_publication_pinned_as_it_was(world: World) -> None:
    _, post_id = await save(world, "Live", tags=("Water",))
    await world.act("publish", lambda work: publish_post(work, world.actor, post_id, None))
    await save(world, "Waiting", id=post_id, tags=("Water",))
    before = await world.state()
    trashed = await world.act("trash", lambda work: trash_post(work, world.actor, post_id, None))
    assert await world.rows(Publication) == []
    await world.undo(trashed)
    assert await world.state() == before
    (live,) = await world.rows(Publication)
    assert (live.version, live.title) == (2, "Live")


async def test_an_act_that_was_undone_cannot_be_undone_again_but_its_undo_can(world: World) -> None:
    act_id, _ = await save(world, "Post")
    done = await world.undo(act_id)
    with pytest.raises(Conflict, match="has been undone already"):
        await world.undo(act_id)
    again = await world.undo(done.change_set_id)
    assert [row.title for row in await world.rows(Post)] == ["Post"]
    await world.undo(again.change_set_id)
    assert await world.rows(Post) == []


async def test_a_deleted_post_comes_back_with_its_id_and_its_history(world: World) -> None:
    _, post_id = await save(world, "Post")

    async def away(work) -> None:
        await trash_post(work, world.actor, post_id, None)
        await delete_post(work, world.actor, post_id, None)

    await world.act("publish", lambda work: publish_post(work, world.actor, post_id, None))
    before = await world.state()
    await world.undo(await world.act("delete post", away))
    assert await world.state() == before
    (row,) = await world.rows(Post)
    assert (row.id, row.version) == (post_id, 5)


async def test_stock_goes_back_by_a_movement(world: World) -> None:
    request = SaveProduct(title="Cup", lang="en", currency="EUR", variants=(SaveVariant(sku="CUP", retail=900, on_hand=10),))
    await world.act("save product", lambda work: save_product(work, world.actor, request))
    (variant,) = await world.rows(Variant)
    offers = ChangeOffers(product_id=variant.product_id, currency="EUR", offers=(ChangeOffer(variant_id=variant.id, on_hand=4),))
    sold = await world.act("change stock", lambda work: change_offers(work, world.actor, offers))
    await world.undo(sold)
    moved = sorted(await world.rows(Movement), key=lambda row: row.at)
    assert [(row.delta, row.on_hand, row.reason) for row in moved] == [(10, 10, ""), (-6, 4, ""), (6, 10, "undo change stock")]
    assert [row.on_hand for row in await world.rows(Stock)] == [10]


async def test_the_last_owner_stays(world: World, directory: Shared, backoffice: Tenancy) -> None:
    owner = await make_person(directory, backoffice, world.customer_id, "Only", "owner")
    (made,) = await world.rows(ChangeSet, ChangeSet.verb == "add member")
    assert list((await reasons(world, made.id)).values()) == [
        "Nobody would be owner of all sites any more. Make somebody else owner first."
    ]
    second = await make_person(directory, backoffice, world.customer_id, "Second", "reader")
    await world.act("set role", lambda work: set_role(work, world.actor, second.id, "owner"))
    await world.undo(made.id)
    assert [row.user_id for row in await world.rows(Membership)] == [second.id]
    assert owner.id != second.id


async def test_a_host_that_another_customer_took_does_not_come_back(world: World, globex: TenantDatabase, cast: Cast) -> None:
    host = f"h{uuid4().hex[:10]}.example"
    await world.act("add domain", lambda work: add_domain(work, world.actor, world.site_id, host))
    gone = await world.act("remove domain", lambda work: remove_domain(work, world.actor, world.site_id, host))
    await globex.run(cast.mallory, "add domain", lambda work: add_domain(work, cast.mallory, cast.globex_site, host))
    assert await reasons(world, gone) == {host: "Its host name leads to another site now."}


async def test_only_an_owner_may_and_only_his_own(acme: TenantDatabase, globex: TenantDatabase, cast: Cast, unique: str) -> None:
    act_id = uuid4()
    request = SaveTag(site_id=cast.acme_site, label=unique)
    await acme.run(cast.alice, "save tag", lambda work: save_tag(work, cast.alice, request), change_set_id=act_id)
    for actor in (cast.bob, cast.rita):
        with pytest.raises(Forbidden):
            await undo_act(acme, actor, act_id)
    with pytest.raises(NotFound):
        await undo_act(globex, cast.mallory, act_id)
    assert len((await undo_act(acme, cast.alice, act_id)).undone) == 1
