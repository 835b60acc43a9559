"""The history of a text: versions, comparing, bringing back."""

from tests.editor.acting import make_product, publish, write
from tests.editor.browser import Page
from tests.editor.conftest import SignIn


def marked(page: Page, tag: str) -> list[str]:
    return [node.text.strip() for node in page.root.all(tag)]


async def test_the_first_version_has_nothing_before_it(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    history = await browser.get(f"{page.path}/history")
    assert "This is the first version." in history.text
    assert f"{page.path}/restore" not in history.actions()


async def test_two_versions_are_compared_word_by_word(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique, body="Water at ninety degrees.\n\nThe same.", tags=f"Old {unique}")
    await browser.send(
        page, page.path, body="Water at eighty degrees.\n\nThe same.", title=f"{unique} warm", tags=f"Old {unique}, New {unique}"
    )
    history = await browser.get(f"{page.path}/history")
    assert "ninety" in marked(history, "del")
    assert {"eighty", "warm", f"New {unique}"} <= set(marked(history, "ins"))
    assert "1 paragraph unchanged" in history.text
    assert "1 word added, 1 removed" in history.text


async def test_the_timeline_says_who_did_what(signed_in: SignIn, unique: str) -> None:
    browser, editor = await signed_in("Olga"), await signed_in("Edda")
    page = await write(browser, unique)
    await editor.send(await editor.get(page.path), page.path, body="Changed.")
    await publish(browser, page.path)
    timeline = [
        " ".join(item.text.split()) for item in (await browser.get(f"{page.path}/history")).root.all("li") if "Version" in item.text
    ]
    assert "Version 3 newest" in timeline[0]
    assert "live" in timeline[0]
    assert "you · published" in timeline[0]
    assert "Edda" in timeline[1]


async def test_an_old_version_is_brought_back_as_a_new_one(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique, body="The old text.")
    await browser.send(page, page.path, body="The new text.")
    back = await browser.send(await browser.get(f"{page.path}/history"), f"{page.path}/restore")
    assert (back.value("body"), back.value("version")) == ("The old text.", "3")


async def test_bringing_back_over_a_newer_version_asks_first(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique, body="The old text.")
    second = await browser.send(page, page.path, body="The new text.")
    history = await browser.get(f"{page.path}/history")
    await browser.send(second, page.path, body="Newer still.")
    asked = await browser.send(history, f"{page.path}/restore")
    assert asked.status == 409
    back = await browser.send(asked, f"{page.path}/restore")
    assert back.value("body") == "The old text."


async def test_a_version_whose_address_is_taken_is_not_brought_back(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique, slug=unique)
    await browser.send(page, page.path, slug=f"{unique}-moved")
    await write(browser, f"{unique} too", slug=unique)
    refused = await browser.send(await browser.get(f"{page.path}/history"), f"{page.path}/restore")
    assert refused.status == 409
    assert "already has this address" in refused.text


async def test_versions_that_do_not_exist_are_not_there(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    assert (await browser.get(f"{page.path}/history?from=1&to=99")).status == 404
    assert (await browser.get(f"{page.path}/history?from=x&to=-1")).status == 200
    assert (await browser.post(f"{page.path}/restore", {"version": "1", "number": "99"})).status == 404
    assert (await browser.post(f"{page.path}/restore", {"version": "1", "number": ""})).status == 422


async def test_a_long_history_goes_on_behind_a_link(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    for number in range(27):
        page = await browser.send(page, page.path, body=f"Text {number}.")
    history = await browser.get(f"{page.path}/history")
    assert "?before=4" in history.links()
    older = await browser.get(f"{page.path}/history?before=4")
    assert [f"Version {number}" in older.text for number in (1, 2, 3)] == [True] * 3


async def test_a_reader_looks_back_but_brings_nothing_back(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await browser.send(page, page.path, body="Changed.")
    history = await (await signed_in("Rhea")).get(f"{page.path}/history")
    assert history.status == 200
    assert f"{page.path}/restore" not in history.actions()


async def test_wholesale_prices_stand_in_no_history_of_a_reader(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique)
    await browser.send(page, page.path, **{"variant-0-wholesale": "7.77", "variant-0-retail": "15.15"})
    owner = await browser.get(f"{page.path}/history")
    assert "7.77" in owner.text
    reader = await (await signed_in("Rhea")).get(f"{page.path}/history")
    assert "15.15" in reader.text
    assert "7.77" not in reader.html
    assert "8.00" not in reader.html
    assert "holesale" not in reader.html


async def test_a_product_gets_its_texts_back_and_keeps_its_prices(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique)
    await browser.send(page, page.path, title=f"Renamed {unique}", **{"variant-0-retail": "15.15"})
    back = await browser.send(await browser.get(f"{page.path}/history"), f"{page.path}/restore")
    assert (back.value("title"), back.value("variant-0-retail")) == (f"Mug {unique}", "15.15")
