"""Texts that break other software, typed into the console: shown as they were typed, kept or refused with a reason."""

import json

import httpx
import pytest

from app.document.input import one_line
from tests.api.test_naughty import OWN
from tests.editor.acting import POSTS, write
from tests.editor.browser import CONSOLE
from tests.editor.conftest import SignIn
from tests.imports.corpus import corpus_file

# White space at both ends of a title goes, and a page cannot hold what HTML itself does not: these are compared without.
UNSHOWN = dict.fromkeys(map(ord, "\r\x00\x0c"))


async def test_the_editor_shows_a_text_as_it_was_typed(signed_in: SignIn) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, "Naughty", format="markdown")
    for text in OWN:
        page = await browser.send(page, page.path, title=text, summary=text, body=text)
        assert page.toast.startswith("Saved."), (text, page.errors())
        assert (page.value("title"), page.value("summary"), page.value("body")) == (one_line(text), text.strip(), text)


@pytest.mark.timeout(300)
async def test_all_naughty_strings_at_once_are_kept_in_the_body(signed_in: SignIn) -> None:
    strings = json.loads(corpus_file("strings/blns.json").read_text("utf-8"))
    body = "\n".join(strings).translate(UNSHOWN)
    browser = await signed_in("Olga")
    page = await write(browser, "All of them", body=body, format="markdown")
    assert page.value("body") == body
    for text in strings[::9]:
        page = await browser.send(page, page.path, title=text.translate(UNSHOWN))
        titled = one_line(text.translate(UNSHOWN))
        assert page.value("title") == titled or (titled == "" and page.errors() == ["Write a title."])


@pytest.mark.parametrize("field", ["title", "summary", "slug", "tags", "seo_title"])
async def test_a_megabyte_in_a_small_field_is_refused_and_nothing_is_lost(signed_in: SignIn, field: str) -> None:
    browser = await signed_in("Olga")
    sent = {"title": "A title", "body": "The words.", "format": "markdown"} | {field: "x" * 1_000_000}
    page = await browser.send(await browser.get(f"{POSTS}/new"), f"{POSTS}/new", **sent)
    assert page.status == 422
    assert page.errors()
    assert page.value("body") == "The words."
    assert len(page.value(field)) == 1_000_000


async def test_bytes_that_are_no_utf_8_never_break_a_form(signed_in: SignIn) -> None:
    browser = await signed_in("Olga")
    raw = b"title=%ff%fe%ed%a0%80&body=%00%c3%28&format=markdown&version=0"
    headers = {"content-type": "application/x-www-form-urlencoded", "origin": CONSOLE, "sec-fetch-site": "same-origin"}
    answer: httpx.Response = await browser.ask("POST", f"{POSTS}/new", content=raw, headers=headers)
    assert answer.status_code in (303, 400, 422)
