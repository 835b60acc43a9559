"""A customer or site that takes no changes: people and keys are refused, whole and in words, while the operator and jobs go on."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.actor import Actor
from app.catalog.actions import save_category
from app.catalog.requests import SaveCategory
from app.db.database import TenantDatabase
from app.db.work import Work
from app.errors import Conflict, ReadOnly
from app.identity.actions import hold_form
from app.imports import ordering
from app.imports.apply import apply_import
from app.imports.models import Import
from app.imports.repository import IMPORTS
from app.imports.wxr import check_wxr
from app.tenancy.actions import set_customer_state
from app.tenancy.repository import SITES
from tests.cast import OPERATOR, Cast
from tests.content.acting import post as post_of
from tests.content.acting import publish, save
from tests.db.invariants import broken
from tests.db.towns import Town, town

STATES = {"read_only": "is read-only at the moment", "suspended": "has been suspended", "archived": "has been archived"}
ITEM = """<item><title>Post {0}</title><link>https://old.example/{0}/</link><content:encoded><![CDATA[<p>{0}</p>]]></content:encoded>
<wp:post_id>{0}</wp:post_id><wp:post_name>post-{0}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<wp:post_date_gmt>2024-05-01 10:00:00</wp:post_date_gmt></item>"""
EXPORT = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old</title><wp:wxr_version>1.2</wp:wxr_version>{0}</channel></rss>"""


@pytest.fixture(scope="module")
async def place(admin_url: str) -> AsyncIterator[Town]:
    async with town(admin_url) as made:
        yield made


@pytest.fixture(autouse=True)
async def open_again(place: Town) -> AsyncIterator[None]:
    """The customer takes changes again after each test, and nothing half is left."""
    yield
    await put_into(place, "active")
    assert broken(place.admin) == []


async def put_into(place: Town, state: str) -> None:
    await place.backoffice.of(place.cast.acme).run(OPERATOR, state, lambda work: set_customer_state(work, OPERATOR, state))


async def put_site_into(place: Town, state: str) -> None:
    async def act(work: Work) -> None:
        await SITES.change(work, await SITES.get(work, place.cast.acme_site), {"state": state}, expect=None)

    await place.acme.run(OPERATOR, state, act)


def key_of(cast: Cast) -> Actor:
    return Actor(kind="key", door="api", name="Shop", id=uuid4(), customer_id=cast.acme, scopes=frozenset({"content:write"}))


@pytest.mark.parametrize("state", STATES)
async def test_people_and_keys_are_refused_in_words_and_change_nothing(place: Town, state: str) -> None:
    cast, post = place.cast, await save(place.acme, place.cast.alice, place.cast.acme_site, title="Before")
    await put_into(place, state)
    for actor in (cast.alice, key_of(cast)):
        with pytest.raises(ReadOnly, match=f"^Acme {STATES[state]}, so nothing was saved. Ask the operator of this installation.$"):
            await save(place.acme, actor, cast.acme_site, id=post.id, title="After", expect=1)
    assert (await post_of(place.acme, post.id)).title == "Before"


async def test_the_operator_jobs_and_held_forms_go_on(place: Town) -> None:
    cast = place.cast
    post = await save(place.acme, cast.alice, cast.acme_site, title=uuid4().hex)
    await put_into(place, "suspended")
    job = Actor(kind="job", door="worker", name="refresh", customer_id=cast.acme)
    for actor in (OPERATOR, job):
        await publish(place.acme, actor, post.id)
    await place.acme.run(cast.bob, "hold form", lambda work: hold_form(work, cast.bob, cast.bob.id, "/x", {}))
    assert (await post_of(place.acme, post.id)).version == 3


async def test_a_site_of_its_own_can_be_read_only(place: Town) -> None:
    cast = place.cast
    await put_site_into(place, "read_only")
    try:
        with pytest.raises(Conflict, match="The site Acme is read-only at the moment"):
            await save(place.acme, cast.alice, cast.acme_site, title="After")
        await place.acme.run(cast.alice, "make a shelf", lambda work: a_shelf(work, cast.alice))
    finally:
        await put_site_into(place, "active")
    assert (await save(place.acme, cast.alice, cast.acme_site, title=uuid4().hex)).version == 1


async def a_shelf(work: Work, actor: Actor) -> None:
    await save_category(work, actor, SaveCategory(slug=f"shelf-{uuid4().hex[:6]}", label="Shelf"))


async def test_a_save_under_way_comes_whole_or_not_at_all(place: Town) -> None:
    cast, title, runs = place.cast, uuid4().hex, []

    async def act(work: Work) -> None:
        runs.append(title)
        await SITES.change(work, await SITES.get(work, cast.acme_site), {"name": title}, expect=None)
        await work.session.flush()
        if len(runs) == 1:
            await put_into(place, "suspended")

    try:
        await place.acme.run(cast.alice, "rename", act)
        was_saved = True
    except ReadOnly:
        was_saved = False
    site = await place.acme.read(lambda reading: SITES.get(reading, cast.acme_site))
    assert (site.name == title) == was_saved
    with pytest.raises(ReadOnly):
        await place.acme.run(cast.alice, "rename", act)


async def test_an_import_under_way_stops_between_two_of_its_transactions(
    place: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "VERSIONS_EACH", 5)
    cast, file = place.cast, tmp_path / "export.xml"
    file.write_text(EXPORT.format("".join(ITEM.format(number) for number in range(1, 13))))
    checked = check_wxr(file, lambda done, total: None)
    database = Interrupted(place)
    with pytest.raises(ReadOnly, match="Acme has been suspended"):
        await apply_import(database, cast.alice, checked, file_name="export.xml", site_id=cast.acme_site, progress=lambda done, total: None)
    assert database.units > 2
    row = await place.acme.read(the_import)
    assert (row.state, row.counts["made"]["post"] in range(1, 12)) == ("failed", True)


class Interrupted(TenantDatabase):
    """A database whose customer is suspended after its second transaction."""

    units = 0

    def __init__(self, place: Town) -> None:
        super().__init__(place.acme._transactions, place.cast.acme, None)
        self.place = place

    async def run(self, *args, **options):
        self.units += 1
        if self.units == 3:
            await put_into(self.place, "suspended")
        return await super().run(*args, **options)


async def the_import(reading) -> Import:
    (row,) = await IMPORTS.page(reading, order=[Import.created_at], limit=2)
    return row
