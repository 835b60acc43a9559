"""Publishing, taking back, the trash and the preview."""

import httpx
import pytest

from tests.editor.acting import POSTS, publish, write
from tests.editor.conftest import SignIn


@pytest.fixture
async def visitor(site) -> httpx.AsyncClient:
    """Somebody who reads the public site."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://acme.localhost:8000") as client:
        yield client


async def test_the_page_says_what_will_happen(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    asked = await browser.get(f"{page.path}/publish")
    assert asked.heading == f"Publish “{unique}”"
    assert "Readers see it for the first time." in asked.text
    assert "There is no summary." in asked.text
    assert "acme.localhost:8000/posts/" in asked.text


async def test_edits_show_what_changes_for_readers(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique, slug=unique)
    await browser.send(
        await publish(browser, page.path), page.path, title=f"{unique} renamed", slug=f"{unique}-new", body="New words here."
    )
    asked = await browser.get(f"{page.path}/publish")
    labels = [node.text for node in asked.root.all("dt")]
    assert labels[:3] == ["Title", "Address", "Text"]
    assert f"/posts/{unique}/ is given up." in asked.text


async def test_readers_see_the_published_text_until_the_next_publish(signed_in: SignIn, visitor: httpx.AsyncClient, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique, slug=unique, body="The first text.")
    done = await publish(browser, page.path)
    edited = await browser.send(done, page.path, body="The second text.")
    assert "Edits not published" in edited.text
    assert "The first text." in (await visitor.get(f"/posts/{unique}/")).text
    await publish(browser, page.path)
    assert "The second text." in (await visitor.get(f"/posts/{unique}/")).text


async def test_nothing_new_offers_no_button(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await publish(browser, page.path)
    asked = await browser.get(f"{page.path}/publish")
    assert "Nothing has changed since version" in asked.text
    assert "Publish now" not in asked.text


async def test_publishing_a_stale_version_asks_first(signed_in: SignIn, visitor: httpx.AsyncClient, unique: str) -> None:
    browser, other = await signed_in("Olga"), await signed_in("Edda")
    page = await write(browser, unique, slug=unique)
    asked = await browser.get(f"{page.path}/publish")
    await other.send(await other.get(page.path), page.path, body="Changed meanwhile.")
    stale = await browser.send(asked, f"{page.path}/publish")
    assert stale.status == 409
    assert stale.heading == f"Edda changed “{unique}” meanwhile"
    assert (await visitor.get(f"/posts/{unique}/")).status_code == 404
    done = await browser.send(stale, f"{page.path}/publish")
    assert done.toast.startswith("Published.")
    assert "Changed meanwhile." in (await visitor.get(f"/posts/{unique}/")).text


async def test_a_first_publication_can_be_undone_from_where_it_is_told(signed_in: SignIn, visitor: httpx.AsyncClient, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique, slug=unique)
    done = await publish(browser, page.path)
    undone = await browser.send(done, f"{page.path}/unpublish")
    assert undone.toast.startswith("Unpublished.")
    assert (await visitor.get(f"/posts/{unique}/")).status_code == 404


async def test_unpublishing_from_the_editor_saves_what_was_typed(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    done = await publish(browser, page.path)
    after = await browser.send(done, page.path, to=f"{page.path}/unpublish", body="Typed since.")
    assert (after.value("body"), "Unpublished" in after.text) == ("Typed since.", True)


async def test_the_trash_from_the_editor_saves_what_was_typed(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await browser.send(page, page.path, to=f"{page.path}/trash", body="Typed since.")
    shown = await browser.get(page.path)
    assert "This post is in the trash" in shown.text
    assert "Typed since." in shown.root.text
    assert [action for action in shown.actions() if "publish" in action] == []


async def test_the_trash_from_the_editor_refuses_what_cannot_be_saved_and_keeps_it(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    refused = await browser.send(page, page.path, to=f"{page.path}/trash", title=" ", body="Typed since.")
    assert (refused.status, refused.errors(), refused.value("body")) == (422, ["Write a title."], "Typed since.")


async def test_a_text_whose_address_was_taken_comes_back_at_the_free_one(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique, slug=unique)
    gone = await browser.send(page, page.path, to=f"{page.path}/trash")
    await write(browser, f"{unique} too", slug=unique)
    refused = await browser.send(gone, f"{page.path}/bring-back")
    assert (refused.status, refused.heading) == (409, "Its address is taken")
    back = await browser.send(refused, f"{page.path}/bring-back")
    assert (back.status, back.value("slug")) == (200, f"{unique}-2")


async def test_a_text_in_the_trash_is_neither_published_nor_saved(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await browser.post(f"{page.path}/trash", {"version": "1"})
    assert (await browser.get(f"{page.path}/publish")).status == 409
    assert (await browser.post(f"{page.path}/publish", {"version": "2"})).status == 409
    saved = await browser.post(page.path, {"version": "2", "title": "x", "body": "Typed since."})
    assert saved.status == 409
    assert "Typed since." in saved.root.text


async def test_an_author_publishes_his_own_only_and_a_reader_nothing(signed_in: SignIn, unique: str) -> None:
    author, reader = await signed_in("Aart"), await signed_in("Rhea")
    own = await write(author, f"{unique} his")
    await publish(author, own.path)
    others = await write(await signed_in("Olga"), f"{unique} hers")
    for browser in (author, reader):
        assert (await browser.get(f"{others.path}/publish")).status == 403
        for act in ("publish", "unpublish", "trash", "restore"):
            answer = await browser.post(f"{others.path}/{act}", {"version": "1", "number": "1"})
            assert answer.status == 403, act
            assert "needs the role" in answer.text


async def test_the_preview_shows_a_draft_to_whoever_has_the_address(signed_in: SignIn, visitor: httpx.AsyncClient, unique: str) -> None:
    page = await write(await signed_in("Olga"), unique, body="Not yet for everybody.")
    reader = await signed_in("Rhea")
    answer = await reader.ask("GET", f"{page.path}/preview")
    url = answer.headers["location"]
    shown = await visitor.get(url)
    assert "Not yet for everybody." in shown.text
    assert "cookie" not in shown.headers
    assert (await visitor.get(url[:-3] + "xx/")).status_code == 404
    assert (await reader.get(f"{POSTS}/7c1e5a52-0d0b-4a6e-9f0e-3f3b7f6d2a11/preview")).status == 404
