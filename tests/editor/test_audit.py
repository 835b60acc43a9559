"""The audit log in the console."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.audit.sealing import seal_customer
from app.content.actions import delete_post
from app.db.database import Shared
from app.db.record.leases import take
from app.db.record.sequencer import number_everything
from tests.cast import Cast
from tests.editor.acting import id_of, make_product, write
from tests.editor.conftest import SignIn

AUDIT = "/c/acme/audit"


async def test_an_act_is_told_with_who_and_what(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, f"Post {unique}")
    await browser.send(page, page.path, body="Changed.")
    log = await (await signed_in("Edda")).get(AUDIT)
    acts = [" ".join(item.text.split()) for item in log.root.all("li") if unique in item.text]
    assert acts[0].startswith("OCOlga saved Post")
    assert "text" in acts[0]
    assert "1 to 2" in acts[0]
    assert "Olga created Post" in acts[1]
    assert page.path in log.links()


async def test_the_log_says_up_to_when_it_is_sealed(signed_in: SignIn, worker: Shared, cast: Cast, unique: str) -> None:
    browser = await signed_in("Olga")
    await write(browser, f"Post {unique}")
    numbers, seals = await take(worker, f"numbers {unique}", uuid4()), await take(worker, f"seals {unique}", uuid4())
    assert numbers is not None
    assert seals is not None
    await number_everything(worker, numbers)
    await seal_customer(worker, seals, cast.acme, settled=timedelta())
    assert "Sealed against later changes up to" in (await browser.get(AUDIT)).text


async def test_one_act_has_an_address_of_its_own(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    await make_product(browser, unique)
    log = await browser.get(AUDIT)
    item = next(item for item in log.root.all("li") if unique in item.text)
    address = next(link["href"] for link in item.all("a") if link["href"].startswith(f"{AUDIT}/"))
    act = await browser.get(address)
    assert act.heading == "One act"
    assert unique in act.text
    assert "Request" in act.text


async def test_a_deleted_thing_is_told_without_a_link(signed_in: SignIn, acme, cast, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await browser.post(f"{page.path}/trash", {"version": "1"})
    await acme.run(cast.alice, "delete post", lambda work: delete_post(work, cast.alice, id_of(page), None))
    log = await browser.get(AUDIT)
    acts = [" ".join(item.text.split()) for item in log.root.all("li") if unique in item.text]
    assert "Alice deleted" in acts[0]
    assert page.path not in log.links()


async def test_the_log_goes_on_behind_a_link(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    for number in range(26):
        page = await browser.send(page, page.path, body=f"Text {number}.")
    log = await browser.get(AUDIT)
    older = next(link["href"] for link in log.root.all("a") if link["rel"] == "next")
    assert f"created {unique}" in (await browser.get(f"{AUDIT}{older}")).text


@pytest.mark.parametrize("name", ["Aart", "Rhea"])
async def test_authors_and_readers_do_not_see_it(signed_in: SignIn, name: str) -> None:
    page = await (await signed_in(name)).get(AUDIT)
    assert page.status == 403
    assert "needs the role editor or owner" in page.text


async def test_a_strangers_act_is_not_there(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    await write(browser, unique)
    log = await browser.get(AUDIT)
    act = next(link for link in log.links() if link.startswith(f"{AUDIT}/")).split("/")[-1]
    stranger = await signed_in("Mara")
    assert (await stranger.get(f"/c/globex/audit/{act}")).status == 404
    assert unique not in (await stranger.get("/c/globex/audit")).html
