"""What sessions race for, each over a connection of its own. A race says how it must be decided; the tables are checked afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from app.catalog.actions.opening import read_state
from app.catalog.requests import ChangeOffer, ChangeOffers
from app.db.record.leases import give_up, take
from app.db.record.sequencer import number_waiting
from app.db.work import Work
from app.errors import ChangedElsewhere, Conflict, NotFound, Taken
from app.identity.actions import remove_member, set_role
from app.identity.repository import members
from app.tenancy.repository import SITES
from tests.cast import make_person
from tests.catalog.test_products import Shop, coffee
from tests.content.acting import live, post, publish, save, trash
from tests.db.towns import Town

Race = Callable[[Town, int], Awaitable[None]]


async def together(*acts: Awaitable[Any]) -> list[Any]:
    """Start all at the same moment; gives what each came to, errors of ours among them."""
    barrier = asyncio.Barrier(len(acts))

    async def one(act: Awaitable[Any]) -> Any:
        await barrier.wait()
        return await act

    found = await asyncio.gather(*map(one, acts), return_exceptions=True)
    for result in found:
        if isinstance(result, BaseException) and not isinstance(result, Conflict | NotFound):
            raise result
    return found


def refused(results: list[Any], kind: type[Exception]) -> int:
    """How many were refused in this way."""
    return sum(isinstance(result, kind) for result in results)


async def two_editors(place: Town, sessions: int) -> None:
    """Everybody saves the version that he opened: one is saved, all others are told of it."""
    acme, cast = place.acme, place.cast
    made = await save(acme, cast.alice, cast.acme_site, title=uuid4().hex)
    titles = [uuid4().hex for _ in range(sessions)]
    results = await together(*(save(acme, cast.alice, cast.acme_site, id=made.id, title=title, expect=1) for title in titles))
    assert refused(results, ChangedElsewhere) == sessions - 1
    row = await post(acme, made.id)
    assert (row.version, row.title in titles) == (2, True)


async def lost_update(place: Town, sessions: int) -> None:
    """Everybody adds a letter to what he reads: none is lost."""
    cast = place.cast

    async def add(work: Work, letter: str) -> None:
        row = await SITES.get(work, cast.acme_site)
        await SITES.change(work, row, {"name": row.name[-40:] + letter}, expect=None)

    letters = [chr(ord("a") + number) for number in range(sessions)]
    before = await place.acme.read(lambda reading: SITES.get(reading, cast.acme_site))
    results = await together(*(place.acme.run(cast.alice, "add", lambda work, letter=letter: add(work, letter)) for letter in letters))
    after = await place.acme.read(lambda reading: SITES.get(reading, cast.acme_site))
    assert after.version - before.version == sessions - refused(results, Conflict) == sessions
    assert sorted(after.name[-sessions:]) == letters


async def write_skew(place: Town, sessions: int) -> None:
    """Every owner takes the role of another away, on the ground that enough are left: one stays."""
    cast = place.cast
    owners = [await make_person(place.directory, place.backoffice, cast.acme, f"Owner{number}", "owner") for number in range(sessions)]
    pairs = zip(owners, [*owners[1:], owners[0]], strict=True)
    await place.acme.run(cast.alice, "step down", lambda work: set_role(work, cast.alice, cast.alice.id, "editor"))
    await together(
        *(
            place.acme.run(owner, "remove", lambda work, owner=owner, other=other: remove_member(work, owner, other.id))
            for owner, other in pairs
        )
    )
    left = [row for row in await place.acme.read(members) if row.role == "owner"]
    assert len(left) >= 1
    keeper = owners[[owner.id for owner in owners].index(left[0].user_id)]
    await place.acme.run(keeper, "step up", lambda work: set_role(work, keeper, cast.alice.id, "owner"))
    for row in left:
        await place.acme.run(cast.alice, "remove", lambda work, row=row: remove_member(work, cast.alice, row.user_id))


async def phantom_slug(place: Town, sessions: int) -> None:
    """Everybody wants an address that nobody has yet: one gets it."""
    acme, cast, slug = place.acme, place.cast, f"s-{uuid4().hex[:8]}"
    results = await together(*(save(acme, cast.alice, cast.acme_site, title="New", slug=slug) for _ in range(sessions)))
    assert refused(results, Taken) == sessions - 1


async def double_publish(place: Town, sessions: int) -> None:
    """Everybody publishes, and one trashes: visitors see one version, or nothing."""
    acme, cast = place.acme, place.cast
    made = await save(acme, cast.alice, cast.acme_site, title=uuid4().hex)
    results = await together(*(publish(acme, cast.alice, made.id, 1) for _ in range(sessions)))
    assert refused(results, ChangedElsewhere) == sessions - 1
    results = await together(*(publish(acme, cast.alice, made.id) for _ in range(sessions)), trash(acme, cast.alice, made.id))
    row, shown = await post(acme, made.id), await live(acme, made.id)
    assert (row.state, shown) == ("trashed", None)
    assert row.version == 2 + len(results) - refused(results, Conflict)


async def stock_race(place: Town, sessions: int) -> None:
    """Everybody sells one of the last few: as many are sold as there were."""
    shop = Shop(place.acme, place.cast.alice, place.cast.acme_site)
    made = await shop.save(coffee(uuid4().hex[:8]))
    await shop.publish(made.id)
    few = sessions // 2
    first = (await shop.state(made.id)).variants[0].id
    await shop.price(ChangeOffers(product_id=made.id, currency="GBP", offers=(ChangeOffer(variant_id=first, on_hand=few),)))

    async def sell() -> None:
        """As a shop system does it: read, then write what it has read; begin again when somebody else was faster."""
        for _ in range(sessions * 2):
            product = await place.acme.read(lambda reading: read_state(reading, made.id))
            left = next(variant.on_hand for variant in product[1].variants if variant.id == first)
            if not left:
                raise Conflict("sold out")
            offers = (ChangeOffer(variant_id=first, on_hand=left - 1),)
            try:
                await shop.price(ChangeOffers(product_id=made.id, currency="GBP", offers=offers, expect=product[0].version))
            except ChangedElsewhere:
                continue
            return

    results = await together(*(sell() for _ in range(sessions)))
    assert refused(results, Conflict) == sessions - few
    assert (await shop.state(made.id)).variants[0].on_hand == 0


async def sequence_gaps(place: Town, sessions: int) -> None:
    """Two sequencers, of which one has lost its lease without knowing, number while everybody writes."""
    acme, cast = place.acme, place.cast
    late = await take(place.worker, "sequencer", uuid4())
    await give_up(place.worker, late)
    held = await take(place.worker, "sequencer", uuid4())

    async def writing() -> None:
        made = await save(acme, cast.alice, cast.acme_site, title=uuid4().hex)
        for version in (1, 2):
            await save(acme, cast.alice, cast.acme_site, id=made.id, title=uuid4().hex, expect=version)

    async def numbering(lease: Any) -> None:
        for _ in range(sessions):
            await number_waiting(place.worker, lease)

    await together(*(writing() for _ in range(sessions)), numbering(late), numbering(held), numbering(held))
    await give_up(place.worker, held)


RACES: dict[str, Race] = {
    race.__name__: race for race in (two_editors, lost_update, write_skew, phantom_slug, double_publish, stock_race, sequence_gaps)
}
