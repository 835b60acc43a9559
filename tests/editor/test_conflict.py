"""Two tabs, two people: a save that meets a newer version."""

import pytest

from app.content.repository import versions_of_post
from app.db.database import TenantDatabase
from tests.editor.acting import id_of, make_product, write
from tests.editor.browser import Browser, Page
from tests.editor.conftest import SignIn

MINE = "First paragraph.\n\nSecond paragraph, mine.\n\nThird paragraph."
THEIRS = "First paragraph.\n\nSecond paragraph, theirs.\n\nThird paragraph, theirs too."


async def collide(mine: Browser, theirs: Browser, page: Page, **fields: str) -> Page:
    """Both open the text; theirs is saved first, then mine."""
    opened = await mine.get(page.path)
    await theirs.send(await theirs.get(page.path), page.path, body=THEIRS)
    return await mine.send(opened, page.path, **{"body": MINE, **fields})


async def test_the_page_shows_both_texts_and_says_who(signed_in: SignIn, unique: str) -> None:
    mine, theirs = await signed_in("Olga"), await signed_in("Edda")
    page = await collide(mine, theirs, await write(mine, unique))
    assert page.status == 409
    assert page.heading == "Edda saved this post while you were writing"
    assert "Second paragraph, mine." in page.text
    assert "Second paragraph, theirs." in page.text
    areas = [node.text.removeprefix("\n") for node in page.root.all("textarea")]
    assert areas == [MINE, THEIRS]


async def test_nothing_is_saved_before_it_is_decided(signed_in: SignIn, acme: TenantDatabase, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await collide(browser, browser, page)
    rows = await acme.read(lambda reading: versions_of_post(reading, id_of(page)))
    assert [row.version for row in rows] == [2, 1]


async def test_what_only_one_side_changed_is_suggested(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await collide(browser, browser, await write(browser, unique), title=f"{unique}, renamed")
    chosen = {name: values for name, values in page.form(page_action(page)).items() if name.startswith("choice-")}
    assert chosen["choice-title"] == ["mine"]
    assert chosen["choice-passage-2"] == ["theirs"]
    assert "choice-passage-1" not in chosen


def page_action(page: Page) -> str:
    return next(action for action in page.actions() if action.endswith("/conflict"))


async def test_an_undecided_passage_opens_the_page_again_with_what_was_chosen(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await collide(browser, browser, await write(browser, unique), title=f"{unique}, renamed")
    again = await browser.send(page, page_action(page), **{"choice-title": "theirs"})
    assert again.status == 422
    assert again.form(page_action(again))["choice-title"] == ["theirs"]
    assert again.form(page_action(again))["body"] == [MINE]


@pytest.mark.parametrize(("take", "expected"), [("mine", MINE), ("theirs", THEIRS)])
async def test_one_side_can_be_taken_as_a_whole(signed_in: SignIn, unique: str, take: str, expected: str) -> None:
    browser = await signed_in("Olga")
    page = await collide(browser, browser, await write(browser, unique))
    shown = await browser.send(page, page_action(page), take=take)
    assert shown.status == 200
    done = await browser.send(shown, page_action(shown))
    assert (done.toast, done.value("body")) == ("Merged text saved.", expected)


async def test_a_third_save_in_between_opens_the_page_once_more(signed_in: SignIn, unique: str) -> None:
    browser, third = await signed_in("Olga"), await signed_in("Edda")
    written = await write(browser, unique)
    page = await collide(browser, browser, written)
    opened = await third.get(written.path)
    await third.send(opened, written.path, body="Something else altogether.", title=f"{unique} three")
    again = await browser.send(page, page_action(page), **{"choice-passage-1": "both"})
    assert again.status == 409
    assert "new" in [node.text for node in again.root.all("span") if node["class"] == "tag"]
    assert "Something else altogether." in again.text
    assert "Second paragraph, mine." in again.text
    assert "Second paragraph, theirs." in again.text


async def test_a_reader_cannot_decide(signed_in: SignIn, unique: str) -> None:
    page = await write(await signed_in("Olga"), unique)
    reader = await signed_in("Rhea")
    fields = {"version": "1", "base": "1", "title": "Taken over", "body": "x", "choice-title": "mine", "choice-passage-0": "mine"}
    everything = fields | {f"choice-passage-{index}": "mine" for index in range(9)}
    assert (await reader.post(f"{page.path}/conflict", everything)).status == 403


async def test_a_stale_button_of_a_list_asks_first(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await browser.send(page, page.path, body="Newer.")
    asked = await browser.post(f"{page.path}/trash", {"version": "1"})
    assert asked.status == 409
    assert asked.heading == f"You changed “{unique}” in another tab"
    done = await browser.send(asked, f"{page.path}/trash")
    assert done.toast.startswith("Moved to the trash.")


async def test_moving_to_the_trash_from_a_stale_editor_loses_no_text(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await browser.send(page, page.path, body="Newer.")
    stale = await browser.send(page, page.path, to=f"{page.path}/trash", body=MINE)
    assert stale.status == 409
    assert "Second paragraph, mine." in stale.text


async def test_two_versions_of_a_product_are_decided_cell_by_cell(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique)
    await browser.send(page, page.path, **{"variant-0-retail": "13.00", "title": f"Mug {unique}, theirs"})
    stale = await browser.send(page, page.path, **{"variant-0-retail": "14.00", "variant-0-stock": "9"})
    assert stale.status == 409
    retail = next(name for name in names(stale) if name.endswith("-retail"))
    done = await browser.send(stale, f"{page.path}/conflict", **{retail: "mine"})
    assert done.toast == "Merged product saved."
    values = [done.value(name) for name in ("title", "variant-0-retail", "variant-0-stock")]
    assert values == [f"Mug {unique}, theirs", "14.00", "9"]


def names(page: Page) -> set[str]:
    return {node["name"] for node in page.root.all("input") if node["name"].startswith("choice-")}


async def test_one_side_of_a_product_can_be_taken_as_a_whole(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique)
    await browser.send(page, page.path, **{"variant-0-retail": "13.00"})
    stale = await browser.send(page, page.path, **{"variant-0-retail": "14.00"})
    shown = await browser.send(stale, f"{page.path}/conflict", take="theirs")
    assert (await browser.send(shown, f"{page.path}/conflict")).value("variant-0-retail") == "13.00"


async def test_a_text_that_lost_its_race_can_be_opened_for_a_day(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await browser.send(page, page.path, body="Newer.")
    stale = await browser.send(page, page.path, body=MINE)
    held = next(link for link in stale.links() if "?held=" in link)
    shown = await browser.send(stale, f"{page.path}/conflict", take="theirs")
    assert held in shown.links()
    await browser.send(shown, f"{page.path}/conflict")
    assert (await browser.get(held)).value("body") == MINE
    stranger = await signed_in("Edda")
    assert (await stranger.get(held)).status == 404
