"""Undo of acts that span many transactions: an import, a change of all prices; interrupted, raced and continued."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.audit.undo import UndoRefused, doing, undo_act
from app.catalog.actions import change_offers, publish_product, save_product
from app.catalog.models import Price, Product, Variant
from app.catalog.requests import ChangeOffer, ChangeOffers, SaveProduct, SaveVariant
from app.content.actions import save_post
from app.content.models import Author, Post, Publication, Tag
from app.content.requests import SavePost
from app.db.database import Shared, Tenancy
from app.db.record.tables import ChangeSetMark, Event
from app.db.work import Reading, Work
from tests.audit.undo_runs import differences
from tests.audit.undoing import World, make_world
from tests.imports.applying import Shelf
from tests.imports.test_wxr_parse import item, wxr

# So many products are made or changed in one transaction.
EACH = 10
TERMS = '<category domain="category" nicename="water"><![CDATA[Water]]></category>'


@pytest.fixture
async def world(tenancy: Tenancy, backoffice: Tenancy, directory: Shared) -> World:
    """A customer with nothing but a site."""
    return await make_world(tenancy, backoffice, directory, 11)


def export(folder: Path, count: int) -> Path:
    """A WordPress export with posts, pages, a draft and one in the trash."""
    kinds = [{"post_type": "page"}, {"status": "draft"}, {"status": "trash"}]
    items = [item(n, more=TERMS, guid=f"https://old.example/?p={n}", **(kinds[n] if n < len(kinds) else {})) for n in range(count)]
    path = folder / "export.xml"
    path.write_text(wxr(*items), encoding="utf-8")
    return path


async def imported(world: World, worker: Shared, path: Path) -> Any:
    """Import the export."""
    return await Shelf(world.database, worker, world.customer_id, world.site_id).wxr(path)


async def edit(world: World, post: Post) -> None:
    """Change the title of a post."""
    request = SavePost(
        site_id=world.site_id, lang=post.lang, kind=post.kind, id=post.id, title="Edited", body_source=post.body_source, slug=post.slug
    )
    await world.act("save post", lambda work: save_post(work, world.actor, request))


async def test_an_import_goes_as_a_whole_and_can_be_made_again(world: World, worker: Shared, tmp_path: Path) -> None:
    before, path = await world.state(), export(tmp_path, 24)
    applied = await imported(world, worker, path)
    after = await world.state()
    seen: list[tuple[int, int]] = []
    done = await world.undo(applied.change_set_id, progress=lambda *counts: seen.append(counts))
    assert (len(done.undone), done.left, seen[-1]) == (26, (), (26, 26))
    assert done.notes == ("What was imported goes, the record of the import stays. The file can be imported again.",)
    assert await world.state() == before
    redone = await world.undo(done.change_set_id)
    found = await world.state()
    assert found == after, differences(after, found)
    assert (await imported(world, worker, path)).here == {"author": 1, "tag": 1, "post": 23, "page": 1}
    await world.undo(redone.change_set_id)
    again = await imported(world, worker, path)
    assert (again.made, again.here) == ({"author": 1, "tag": 1, "post": 23, "page": 1}, {})
    assert len(await world.rows(Post)) == 24
    assert (await imported(world, worker, path)).made == {}


async def test_of_an_import_what_was_edited_stays_with_all_that_it_needs(world: World, worker: Shared, tmp_path: Path) -> None:
    applied = await imported(world, worker, export(tmp_path, 8))
    live = {row.post_id for row in await world.rows(Publication)}
    chosen = next(post for post in await world.rows(Post) if post.id in live and post.kind == "post")
    await edit(world, chosen)
    with pytest.raises(UndoRefused) as refused:
        await world.undo(applied.change_set_id)
    found = {item.thing_type: item.conflict for item in refused.value.plan.conflicts}
    assert found.keys() == {"post", "tag"}
    assert found["tag"] == "The post “Edited” uses it now."
    assert len(await world.rows(Post)) == 8
    done = await world.undo(applied.change_set_id, skip_conflicts=True)
    assert sorted(item.thing_type for item in done.left) == ["post", "tag"]
    assert ([row.id for row in await world.rows(Post)], await world.rows(Author)) == ([chosen.id], [])
    assert [row.label for row in await world.rows(Tag)] == ["Water"]


async def priced(world: World, count: int) -> UUID:
    """So many live products, and then an act in several transactions that raises all their prices."""

    async def make(work: Work, names: range) -> None:
        for n in names:
            request = SaveProduct(
                title=f"Cup {n}", lang="en", currency="EUR", variants=(SaveVariant(sku=f"CUP-{n}", retail=1000 + n, on_hand=5),)
            )  # fmt: skip
            saved = await save_product(work, world.actor, request)
            await work.session.flush()
            await publish_product(work, world.actor, saved.id, None)

    async def raise_prices(work: Work, variants: list[Variant]) -> None:
        for variant in variants:
            offer = ChangeOffer(variant_id=variant.id, retail=5000)
            request = ChangeOffers(product_id=variant.product_id, currency="EUR", offers=(offer,))
            await change_offers(work, world.actor, request)

    for start in range(0, count, EACH):
        await world.act("make", lambda work, start=start: make(work, range(start, min(start + EACH, count))))
    world.count, act_id, variants = count, uuid4(), await world.rows(Variant)
    for start in range(0, count, EACH):
        some = variants[start : start + EACH]
        await world.database.run(
            world.actor, "raise prices", lambda work, some=some: raise_prices(work, some), change_set_id=act_id
        )  # fmt: skip
    return act_id


async def prices(world: World) -> dict[UUID, int]:
    """The retail price of every product."""

    async def ask(reading: Reading) -> dict[UUID, int]:
        same = (Price.customer_id == Variant.customer_id) & (Price.variant_id == Variant.id)
        statement = select(Variant.product_id, Price.amount).join(Price, same).where(Variant.customer_id == reading.customer_id)
        return dict((await reading.session.execute(statement.where(Price.customer_id == reading.customer_id))).tuples().all())

    return await world.database.read(ask)


async def prove_prices_go_back(world: World, count: int) -> None:
    """Raise so many prices, edit one of the products, and undo the rest."""
    act_id = await priced(world, count)
    edited = (await world.rows(Product))[0]
    request = SaveProduct(id=edited.id, title="Mug", lang="en", currency="EUR", variants=(SaveVariant(sku="MUG", retail=4000),))
    await world.act("save product", lambda work: save_product(work, world.actor, request))
    with pytest.raises(UndoRefused) as refused:
        await world.undo(act_id)
    assert [item.thing_id for item in refused.value.plan.conflicts] == [edited.id]
    assert set((await prices(world)).values()) == {4000, 5000}
    done = await world.undo(act_id, skip_conflicts=True)
    assert (len(done.undone), [item.thing_id for item in done.left]) == (count - 1, [edited.id])
    found = await prices(world)
    assert (found.pop(edited.id), len(set(found.values())), max(found.values()) < 1000 + count) == (4000, count - 1, True)
    assert len({event.at for event in await world.rows(Event, Event.change_set_id == done.change_set_id)}) > 1


async def test_a_change_of_all_prices_goes_back_but_for_the_one_product_that_was_edited_since(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doing, "WHOLE", 5)
    monkeypatch.setattr(doing, "SECONDS_EACH", 0.1)
    await prove_prices_go_back(world, 12)


async def test_an_interrupted_undo_says_so_and_the_next_one_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doing, "WHOLE", 5)
    monkeypatch.setattr(doing, "SECONDS_EACH", 0.0)
    act_id = await priced(world, 7)

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await world.undo(act_id, progress=stop)
    plan = await world.plan(act_id)
    assert (len(plan.done), len(plan.steps), plan.unfinished is not None) == (2, 5, True)
    assert {row.mark for row in await world.rows(ChangeSetMark)} == {"undone", "interrupted"}
    done = await world.undo(act_id)
    assert (done.change_set_id, len(done.undone)) == (plan.unfinished, 5)
    assert {row.mark for row in await world.rows(ChangeSetMark)} == {"undone", "interrupted", "completed"}
    assert sorted((await prices(world)).values()) == [1000 + n for n in range(7)]
    await world.undo(done.change_set_id)
    assert set((await prices(world)).values()) == {5000}


async def test_an_undo_that_was_killed_without_a_word_goes_on_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doing, "WHOLE", 2)
    monkeypatch.setattr(doing, "SECONDS_EACH", 0.0)
    act_id = await priced(world, 4)
    plan = await world.plan(act_id)
    killed = doing._Undoing(world.database, world.actor, plan, skips=False, reason=None, directory=None, progress=doing.unseen)
    together = {item.thing_id for item in plan.steps}
    await killed.act(lambda work: killed.part(work, waiting=list(plan.steps), together=together))
    assert {row.mark for row in await world.rows(ChangeSetMark)} == {"undone"}
    done = await world.undo(act_id)
    assert (done.change_set_id, len(done.undone)) == (killed.change_set_id, 3)
    assert sorted((await prices(world)).values()) == [1000, 1001, 1002, 1003]


async def test_somebody_who_is_faster_during_a_large_undo_keeps_his_change(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doing, "WHOLE", 2)
    monkeypatch.setattr(doing, "SECONDS_EACH", 0.0)
    act_id = await priced(world, 4)
    plan = await world.plan(act_id)
    late = plan.steps[-1].thing_id
    undoing = doing._Undoing(
        world.database, world.actor, plan, skips=False, reason=None, directory=None, progress=lambda done, total: None
    )  # fmt: skip
    (variant,) = await world.rows(Variant, Variant.product_id == late)
    offer = ChangeOffers(product_id=late, currency="EUR", offers=(ChangeOffer(variant_id=variant.id, retail=7777),))
    await world.act("change price", lambda work: change_offers(work, world.actor, offer))
    with pytest.raises(UndoRefused, match="It was changed since by tests"):
        await undoing.by_parts()
    assert (await prices(world))[late] == 7777
    rest = await undo_act(world.database, world.actor, act_id, skip_conflicts=True)
    assert (rest.change_set_id, [item.thing_id for item in rest.left]) == (undoing.change_set_id, [late])
