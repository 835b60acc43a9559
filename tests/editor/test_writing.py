"""The editor: saving, what is refused with its text kept, and who may write what."""

import pytest

from app.content.repository import last_version_of_post, versions_of_post
from app.db.database import TenantDatabase
from tests.editor.acting import PAGES, POSTS, SITE, TEXT, id_of, write
from tests.editor.conftest import SignIn

NASTY = "</textarea><script>alert(1)</script> & \"quoted\" 'text'"


async def test_a_text_comes_back_to_the_letter(signed_in: SignIn, unique: str) -> None:
    body = f"\n\n  begins with empty lines\n\n{NASTY}\n\nöäü قهوة 🐐\n"
    page = await write(await signed_in("Olga"), unique, body=body, format="markdown")
    assert page.value("body") == body


async def test_everything_that_can_be_typed_is_saved(signed_in: SignIn, unique: str) -> None:
    fields = {"slug": f"at-{unique}", "summary": "In short.", "tags": f"Coffee {unique}, Water {unique}", "seo_title": "For searching"}
    page = await write(await signed_in("Olga"), f"A title\nof two lines {unique}", **fields)
    assert page.value("title") == f"A title of two lines {unique}"
    assert {name: page.value(name) for name in fields} == fields


async def test_saving_without_a_change_makes_no_version(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique, tags=f"One {unique}, Two {unique}")
    again = await browser.send(page, page.path)
    assert (again.toast, again.value("version")) == ("Saved.", "1")


async def test_fields_that_the_form_does_not_show_stay_as_they_are(signed_in: SignIn, acme: TenantDatabase, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique, format="markdown")
    await browser.post(page.path, {"version": "1", "title": f"{unique} again"})
    state = (await acme.read(lambda reading: last_version_of_post(reading, id_of(page)))).payload
    assert (state["title"], state["body_source"], state["body_format"], state["lang"]) == (f"{unique} again", TEXT, "markdown", "en")


async def test_a_missing_title_is_refused_and_the_text_kept(signed_in: SignIn) -> None:
    browser = await signed_in("Olga")
    page = await browser.send(await browser.get(f"{POSTS}/new"), f"{POSTS}/new", title=" ", body=NASTY, tags="a, b", format="html")
    assert page.status == 422
    assert page.errors() == ["Write a title."]
    assert [page.value(name) for name in ("body", "tags", "format")] == [NASTY, "a, b", "html"]
    assert next(page.root.all("title")).text.startswith("Error:")


async def test_a_taken_address_is_refused_with_a_free_one(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    await write(browser, unique, slug=unique)
    page = await browser.send(await browser.get(f"{POSTS}/new"), f"{POSTS}/new", title="Another", slug=unique, body=NASTY)
    assert page.status == 409
    assert page.errors() == [f"“{unique}” already has this address. Choose another, for example “{unique}-2”."]
    assert page.value("body") == NASTY


async def test_a_text_that_is_too_long_is_refused_and_kept(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    body = "word " * 200_001
    page = await browser.send(await browser.get(f"{POSTS}/new"), f"{POSTS}/new", title=unique, body=body)
    assert page.status == 422
    assert "Shorten it" in page.errors()[0]
    assert page.value("body") == body


async def test_what_readers_will_not_get_is_said(signed_in: SignIn, unique: str) -> None:
    page = await write(await signed_in("Olga"), unique, body="<p>Text</p><script>alert(1)</script>", format="html")
    assert page.toast.startswith("Saved. Publishing leaves out:")


@pytest.mark.parametrize("version", ["", "x", "1.5", "-1"])
async def test_a_form_must_say_what_it_was_made_for(signed_in: SignIn, unique: str, version: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    assert (await browser.post(page.path, {"version": version, "title": "Changed", "body": "x"})).status == 422


async def test_a_byline_that_does_not_exist_is_refused(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    refused = await browser.send(page, page.path, byline="nobody", body=NASTY)
    assert (refused.status, refused.value("body")) == (422, NASTY)
    assert "There is no such author." in refused.text


async def test_a_reader_reads_and_changes_nothing(signed_in: SignIn, acme: TenantDatabase, unique: str) -> None:
    page = await write(await signed_in("Olga"), unique)
    reader = await signed_in("Rhea")
    shown = await reader.get(page.path)
    assert shown.status == 200
    assert TEXT in shown.root.text
    assert "Changing it needs the role editor or owner." in shown.text
    assert shown.actions() == [page.path]
    refused = await reader.post(page.path, {"version": "1", "title": "Taken over", "body": "x"})
    assert refused.status == 403
    assert "reader of Acme" in refused.text
    assert "needs the role" in refused.text
    assert (await reader.get(f"{POSTS}/new")).status == 403
    assert (await reader.post(f"{POSTS}/new", {"title": unique, "body": "x"})).status == 403
    assert len(await acme.read(lambda reading: versions_of_post(reading, id_of(page)))) == 1


async def test_an_author_writes_his_own_posts_only(signed_in: SignIn, unique: str) -> None:
    author = await signed_in("Aart")
    own = await write(author, unique)
    assert (await author.send(own, own.path, body="Changed.")).toast == "Saved."
    others = await write(await signed_in("Olga"), f"{unique} too")
    assert "Changing it needs the role editor or owner." in (await author.get(others.path)).text
    assert (await author.post(others.path, {"version": "1", "title": "Taken over", "body": "x"})).status == 403
    assert (await author.get(f"{PAGES}/new")).status == 403


async def test_an_author_may_not_make_tags_and_keeps_his_text(signed_in: SignIn, unique: str) -> None:
    author = await signed_in("Aart")
    page = await author.send(await author.get(f"{POSTS}/new"), f"{POSTS}/new", title=unique, body=TEXT, tags=f"New {unique}")
    assert (page.status, page.value("body"), page.value("tags")) == (422, TEXT, f"New {unique}")
    assert "ask an editor to add it" in page.errors()[0]


async def test_a_post_opens_only_under_its_own_list(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    elsewhere = page.path.replace("/posts/", "/pages/")
    assert (await browser.get(elsewhere)).status == 404
    assert (await browser.post(elsewhere, {"version": "1", "title": "x", "body": "x"})).status == 404
    assert (await browser.get(f"{SITE}/menus/{id_of(page)}")).status == 404


async def test_a_strangers_post_is_not_there(signed_in: SignIn, unique: str) -> None:
    page = await write(await signed_in("Olga"), unique)
    stranger = await signed_in("Mara")
    under_her_own = page.path.replace("/c/acme/s/acme/", "/c/globex/s/globex/")
    for path in (page.path, under_her_own, f"{under_her_own}/history", f"{under_her_own}/publish", f"{under_her_own}/preview"):
        assert (await stranger.get(path)).status == 404
    for act in ("", "/publish", "/trash", "/unpublish", "/restore", "/bring-back", "/conflict"):
        fields = {"version": "1", "number": "1", "title": "x", "body": "x"}
        assert (await stranger.post(under_her_own + act, fields)).status == 404, act


@pytest.mark.parametrize("wrong", ["new-one", "00000000", "..%2f..", "7c1e5a52-0d0b-4a6e-9f0e-3f3b7f6d2a11"])
async def test_an_address_that_leads_nowhere_is_not_there(signed_in: SignIn, wrong: str) -> None:
    assert (await (await signed_in("Olga")).get(f"{POSTS}/{wrong}")).status == 404


async def test_a_page_of_several_levels_keeps_its_path(signed_in: SignIn, unique: str) -> None:
    page = await write(await signed_in("Olga"), unique, shelf=PAGES, slug=f"about/{unique}")
    assert page.value("slug") == f"about/{unique}"
    assert "Pages" in page.text


async def test_a_new_form_that_is_sent_twice_makes_one_post(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    blank = await browser.get("/c/acme/s/acme/posts/new")
    first = await browser.send(blank, "/c/acme/s/acme/posts/new", title=unique, body="Once.")
    second = await browser.send(blank, "/c/acme/s/acme/posts/new", title=unique, body="Once.")
    assert first.path == second.path
    assert second.value("version") == "1"
