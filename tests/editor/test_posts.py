"""The lists of posts and pages: views, filters, pages, the trash."""

import pytest

from app.content.actions import save_author, save_post
from app.content.requests import SaveAuthor, SavePost
from app.db.database import TenantDatabase
from app.editor.paging import ROWS
from tests.cast import Cast
from tests.editor.acting import PAGES, POSTS, id_of, publish, write
from tests.editor.browser import Page
from tests.editor.conftest import SignIn


def titles(page: Page) -> list[str]:
    """The titles in the list, as they stand in it."""
    rows = [node for node in page.root.all("th") if node["scope"] == "row"]
    return [" ".join(next(row.all("a")).text.split()) for row in rows]


def link(page: Page, rel: str) -> str | None:
    return next((node["href"] for node in page.root.all("a") if node["rel"] == rel), None)


async def test_the_list_begins_with_what_was_edited_last(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    first = await write(browser, f"{unique} one")
    await write(browser, f"{unique} two")
    assert titles(await browser.get(f"{POSTS}?q={unique}")) == [f"{unique} two", f"{unique} one"]
    await browser.send(first, first.path, body="Edited.")
    assert titles(await browser.get(f"{POSTS}?q={unique.upper()}")) == [f"{unique} one", f"{unique} two"]


async def test_each_view_shows_its_own(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    await write(browser, f"{unique} draft")
    live = await write(browser, f"{unique} live")
    await publish(browser, live.path)
    waiting = await write(browser, f"{unique} waiting")
    await browser.send(await publish(browser, waiting.path), waiting.path, body="Later.")
    gone = await write(browser, f"{unique} gone")
    await browser.post(f"{gone.path}/trash", {"version": "1"})
    found = {
        view: titles(await browser.get(f"{POSTS}?q={unique}&view={view}")) for view in ("drafts", "live", "waiting", "trash", "nonsense")
    }
    assert found == {
        "drafts": [f"{unique} draft"],
        "live": [f"{unique} waiting", f"{unique} live"],
        "waiting": [f"{unique} waiting"],
        "trash": [f"{unique} gone"],
        "nonsense": [f"{unique} waiting", f"{unique} live", f"{unique} draft"],
    }


async def test_pages_and_posts_do_not_mix(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    await write(browser, f"{unique} post")
    await write(browser, f"{unique} page", shelf=PAGES)
    assert titles(await browser.get(f"{PAGES}?q={unique}")) == [f"{unique} page"]


async def test_a_tag_and_an_author_narrow_the_list(signed_in: SignIn, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    browser = await signed_in("Olga")
    request = SaveAuthor(name=f"Ines {unique}")
    author = await acme.run(cast.alice, "save author", lambda work: save_author(work, cast.alice, request))
    await write(browser, f"{unique} tagged", tags=f"Tag {unique}")
    await write(browser, f"{unique} signed", byline=str(author.id))
    page = await browser.get(POSTS)
    tag = next(option["value"] for option in page.root.all("option") if option.text == f"Tag {unique}")
    assert titles(await browser.get(f"{POSTS}?tag={tag}")) == [f"{unique} tagged"]
    by_author = await browser.get(f"{POSTS}?author={author.id}")
    assert titles(by_author) == [f"{unique} signed"]
    assert next(option["value"] for option in by_author.root.all("option") if "selected" in option) == str(author.id)


async def test_a_search_without_hits_names_the_search(signed_in: SignIn, unique: str) -> None:
    page = await (await signed_in("Olga")).get(f"{POSTS}?q={unique}%3Cb%3E")
    assert f"No post matches “{unique}<b>”" in page.text


@pytest.mark.parametrize(
    "query", ["after=nonsense", "tag=x&author=y", "q=%00", "q=" + "x" * 3000, "view=%3Cscript%3E", "after=" + "A" * 2500]
)
async def test_a_broken_address_shows_a_list_all_the_same(signed_in: SignIn, query: str) -> None:
    assert (await (await signed_in("Olga")).get(f"{POSTS}?{query}")).status == 200


async def fill(acme: TenantDatabase, cast: Cast, word: str, count: int) -> None:
    """So many posts with a word in their titles, one act each."""
    for number in range(count):
        request = SavePost(site_id=cast.acme_site, title=f"{word} {number:02}", lang="en", body_source="x")
        await acme.run(cast.alice, "save post", lambda work, request=request: save_post(work, cast.alice, request))


async def test_older_and_newer_lead_through_the_list_and_back(signed_in: SignIn, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    await fill(acme, cast, unique, 2 * ROWS + 3)
    browser = await signed_in("Olga")
    pages = [await browser.get(f"{POSTS}?q={unique}")]
    while (older := link(pages[-1], "next")) is not None:
        pages.append(await browser.get(f"{POSTS}{older}"))
    assert [len(titles(page)) for page in pages] == [ROWS, ROWS, 3]
    seen = [title for page in pages for title in titles(page)]
    assert seen == [f"{unique} {number:02}" for number in reversed(range(2 * ROWS + 3))]
    second = await browser.get(f"{POSTS}{link(pages[2], 'prev')}")
    assert titles(second) == titles(pages[1])
    first = await browser.get(f"{POSTS}{link(second, 'prev')}")
    assert titles(first) == titles(pages[0])
    assert link(first, "prev") is None


async def test_a_cursor_is_good_for_its_own_list_only(signed_in: SignIn, acme: TenantDatabase, cast: Cast, unique: str) -> None:
    await fill(acme, cast, unique, ROWS + 1)
    browser = await signed_in("Olga")
    older = link(await browser.get(f"{POSTS}?q={unique}"), "next")
    assert older is not None
    cursor = older.split("after=")[1]
    assert len(titles(await browser.get(f"{POSTS}?q={unique}&after={cursor}"))) == 1
    assert len(titles(await browser.get(f"{POSTS}?q={unique}&view=drafts&after={cursor}"))) == ROWS
    altered = cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")
    assert len(titles(await browser.get(f"{POSTS}?q={unique}&after={altered}"))) == ROWS


async def test_whoever_may_not_change_a_row_gets_no_button_for_it(signed_in: SignIn, unique: str) -> None:
    await write(await signed_in("Olga"), f"{unique} hers")
    author = await signed_in("Aart")
    own = await write(author, f"{unique} his")
    assert [action for action in (await author.get(f"{POSTS}?q={unique}")).actions() if "/trash" in action] == [f"{own.path}/trash"]
    reader = await (await signed_in("Rhea")).get(f"{POSTS}?q={unique}")
    assert [action for action in reader.actions() if "/trash" in action or "/new" in action] == []
    assert f"{POSTS}/new" not in reader.links()


async def test_the_trash_offers_to_bring_back(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await browser.post(f"{page.path}/trash", {"version": "1"})
    trash = await browser.get(f"{POSTS}?view=trash&q={unique}")
    back = await browser.send(trash, f"{page.path}/bring-back")
    assert back.toast.startswith("Brought back as a draft.")
    assert (await browser.post(f"{page.path}/trash", {"version": str(id_of(page))})).status == 422
