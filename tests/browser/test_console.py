"""The console in Chromium: what an owner of Acme does in a day, at a desk and on a phone, with JavaScript and without."""

import os
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.chromium import chromium_here, need_chromium
from tests.browser.desk import SITE, TEXT, Desk, a_title, slug_of
from tests.browser.house import ALICE, House
from tests.browser.screens import pages, screens
from tests.browser.watching import MANNERS, Manner, watched
from tests.waiting import until

pytestmark = pytest.mark.browser
need_chromium(chromium_here(), is_ci=os.environ.get("CI") == "true")


def in_manners(*manners: Manner) -> pytest.MarkDecorator:
    """Have a test run once for each manner of coming."""
    return pytest.mark.parametrize("desk", manners, ids=lambda manner: manner.name, indirect=True)


in_every_manner = in_manners(*MANNERS)
# At a desk with script, and on a phone without: enough for acts whose screens other tests meet in every manner.
in_two_manners = in_manners(MANNERS[0], MANNERS[3])
# What is examined is the same page without script.
with_script = in_manners(*(manner for manner in MANNERS if manner.script))


@pytest.fixture
async def desk(request: pytest.FixtureRequest, chromium: Browser, house: House) -> AsyncIterator[Desk]:
    """An empty browser at the console. Whatever it had to complain about fails the test."""
    watch = await watched(chromium, request.param)
    yield Desk(house, watch, await watch.context.new_page())
    await watch.context.close()
    assert watch.findings == []


@in_every_manner
async def test_a_post_is_written_previewed_published_and_seen_at_once(desk: Desk) -> None:
    title = a_title("Frost on the roof")
    await desk.sign_in()
    await desk.open(SITE)
    await desk.choose("Posts")
    await desk.follow("New post")
    await desk.fill(Title=title, Text=TEXT)
    await desk.press("Save")
    await desk.is_told("Saved")
    await desk.watch.look(desk.page, "editor")
    async with desk.watch.context.expect_page() as opened:
        await desk.link("Preview").click()
    preview = await opened.value
    await expect(preview.get_by_role("complementary", name="Preview")).to_be_visible()
    await expect(preview.get_by_role("heading", level=1)).to_have_text(title)
    await desk.watch.examine(preview, "preview")
    assert preview.url.startswith(desk.house.site("acme", "/-/preview/"))
    assert (await desk.go(desk.house.site("acme", f"/posts/{slug_of(title)}/"))).status == 404
    await desk.page.go_back()
    assert await desk.publish() == desk.house.site("acme", f"/posts/{slug_of(title)}/")
    await desk.watch.examine(desk.page, "published", covers=True)
    await desk.following(desk.page.locator(".toast a").click)
    await expect(desk.page.get_by_role("heading", level=1)).to_have_text(title)
    await expect(desk.page.get_by_text("The second one goes on.")).to_be_visible()
    await desk.go(desk.house.site("acme"))
    await expect(desk.page.get_by_role("link", name=title).first).to_be_visible()


@in_every_manner
async def test_two_tabs_that_save_the_same_text_meet_at_the_conflict_page(desk: Desk) -> None:
    await desk.come_in()
    await desk.write(a_title("Two tabs"))
    other = await desk.beside()
    await other.open(desk.path)
    await desk.fill(Text=TEXT.replace("The second one goes on.", "The second one goes on and on."))
    await desk.press("Save")
    await other.fill(Text=TEXT.replace("The second one goes on.", "The second one stops."), Excerpt="Only in the other tab.")
    await other.press("Save")
    await expect(other.page.get_by_role("heading", level=1)).to_have_text("You saved this post in another tab")
    await desk.watch.examine(other.page, "conflict")
    for text in ("goes on and on", "stops"):
        await expect(other.page.locator(".versus", has_text=text).first).to_be_visible()
    await other.page.locator(".versus label", has_text="stops").click()
    await other.press("Save merged text")
    await other.is_told("Merged text saved.")
    assert await other.page.get_by_label("Text", exact=True).input_value() == TEXT.replace("goes on", "stops")
    assert await other.page.get_by_label("Excerpt", exact=True).input_value() == "Only in the other tab."


@in_two_manners
async def test_two_versions_are_compared_and_the_older_one_is_brought_back(desk: Desk) -> None:
    await desk.come_in()
    await desk.write(a_title("Second thoughts"))
    await desk.fill(Text="Nothing of it is left.")
    await desk.press("Save")
    editor = desk.path
    await desk.open(f"{editor}/history")
    await expect(desk.page.get_by_role("article", name="Text")).to_contain_text("Nothing of it is left.")
    await desk.page.get_by_label("From", exact=True).select_option("1")
    await desk.page.get_by_label("To", exact=True).select_option("2")
    await desk.press("Compare")
    await expect(desk.page.locator("del", has_text="first paragraph")).to_be_visible()
    await desk.watch.examine(desk.page, "history")
    await desk.press("Bring back version 1")
    await desk.is_told("Version 1 is back as the newest one.")
    assert (desk.path, await desk.page.get_by_label("Text", exact=True).input_value()) == (editor, TEXT)


@in_two_manners
async def test_what_is_in_the_trash_is_not_live_and_comes_back(desk: Desk) -> None:
    title = a_title("Gone and back")
    await desk.come_in()
    await desk.write(title)
    editor, live = desk.path, await desk.publish()
    await desk.press("Move to trash")
    await desk.is_told("Moved to the trash.")
    assert (await desk.go(live)).status == 404
    await desk.open(f"{SITE}/posts?view=trash")
    await desk.watch.examine(desk.page, "trash")
    await desk.press(f"Bring back “{title}”")
    assert desk.path == editor
    assert await desk.publish() == live
    assert (await desk.go(live)).status == 200


@in_two_manners
async def test_a_price_and_the_stock_change_on_the_site_as_soon_as_they_are_saved(desk: Desk) -> None:
    pounds = 20 + MANNERS.index(desk.watch.manner)
    await desk.come_in()
    await desk.open("/c/acme/products")
    await desk.following(desk.page.get_by_role("table").get_by_role("link").first.click)
    live = await desk.page.get_by_role("link", name=re.compile("^Live page")).get_attribute("href")
    for cell, value in (("Retail price", f"{pounds}.75"), ("Wholesale price", "11.25"), ("Sale price", ""), ("Stock on hand", "7")):
        for box in await desk.page.get_by_role("textbox", name=re.compile(f"^{cell} of (?!new)")).all():
            await box.fill(value)
    await desk.press("Save")
    await desk.is_told("Saved")
    await desk.watch.look(desk.page, "product")
    assert live is not None
    await desk.go(live)
    await expect(desk.page.locator(".buy .now")).to_contain_text(f"{pounds}.75")
    assert "11.25" not in await desk.page.content()


@in_two_manners
async def test_a_link_lets_somebody_in_who_changes_the_password_and_signs_out_elsewhere(chromium: Browser, desk: Desk) -> None:
    email, first, second = f"{slug_of(a_title('olive'))}@acme.example", "a sentence nobody would guess", "another sentence to remember"
    await desk.open(await desk.house.invite(email, "Olive Oak"))
    await desk.watch.examine(desk.page, "set-password")
    await desk.fill(New_password=first)
    await desk.press("Set password and sign in")
    elsewhere = await watched(chromium, desk.watch.manner)
    other = Desk(desk.house, elsewhere, await elsewhere.context.new_page())
    await other.sign_in(email, first)
    await desk.open("/account")
    await desk.fill(Current_password=first, New_password=second)
    await desk.press("Change password")
    await desk.is_told("Password changed.")
    await desk.watch.look(desk.page, "account")
    await desk.press("Sign out everywhere else")
    await desk.is_told("Signed out in 1 other browser.")
    await other.open("/account")
    assert other.path == "/sign-in"
    await other.sign_in(email, second)
    await elsewhere.context.close()
    assert elsewhere.findings == []


@with_script
async def test_every_screen_of_the_console_can_be_used_by_everybody(desk: Desk) -> None:
    await desk.open("/sign-in")
    await desk.watch.examine(desk.page, "sign-in")
    await desk.fill(Email_address=ALICE, Password="not the password")
    await desk.press("Sign in")
    await desk.watch.examine(desk.page, "sign-in-refused")
    await desk.sign_in()
    async for name in screens(desk):
        await desk.watch.examine(desk.page, name)
    await desk.open(f"{SITE}/posts/new")
    await desk.press("Save")
    await desk.watch.examine(desk.page, "post-refused")


@with_script
async def test_menus_that_are_open_can_be_used_by_everybody(desk: Desk) -> None:
    await desk.come_in()
    await desk.open(f"{SITE}/posts")
    await desk.page.locator("main .menu > summary").first.click()
    await desk.watch.examine(desk.page, "posts-row-menu", covers=True)
    if desk.watch.manner.is_phone:
        await desk.button("Menu").click()
        await desk.watch.examine(desk.page, "side-bar")
    for summary in await desk.page.locator(".side .menu > summary").all():
        await summary.click()
        await desk.watch.examine(desk.page, "side-bar-menu", covers=True)


@with_script
async def test_every_page_of_the_sites_can_be_read_by_everybody(desk: Desk) -> None:
    async for name in pages(desk):
        await desk.watch.examine(desk.page, name)


@in_manners(MANNERS[0])
async def test_the_page_of_the_api_can_be_read_by_everybody(desk: Desk) -> None:
    await desk.open("/api/docs")
    await desk.watch.examine(desk.page)


async def test_the_watch_sees_what_is_planted(chromium: Browser, house: House) -> None:
    watch = await watched(chromium, MANNERS[0])
    page = await watch.context.new_page()
    await page.goto(house.console("/sign-in"))
    await page.evaluate("""() => {
        document.body.insertAdjacentHTML('beforeend', '<p id="wide">wide</p><img src="/static/never.png"><style>p { color: red }</style>');
        document.getElementById('wide').style.width = '2000px';
        setTimeout(() => { throw new Error('planted'); });
    }""")
    await until(lambda: seen(watch.findings, "404 for", "policy:", "planted"))
    await watch.examine(page)
    await watch.context.close()
    said = "\n".join(watch.findings)
    assert "px wide in a window of 1280" in said
    assert "axe: image-alt" in said


async def seen(findings: list[str], *words: str) -> bool:
    return all(any(word in finding for finding in findings) for word in words)
