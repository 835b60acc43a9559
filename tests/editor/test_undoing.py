"""Undoing an act from the audit log: what the page says, who may, and what happens."""

import pytest

from app.content.models import Post
from app.db.database import TenantDatabase
from app.db.work import Reading
from tests.editor.acting import id_of, write
from tests.editor.browser import Browser, Page
from tests.editor.conftest import SignIn

AUDIT = "/c/acme/audit"


async def newest_act(browser: Browser, word: str) -> str:
    """The address of the newest act on a thing of that name."""
    log = await browser.get(AUDIT)
    entry = next(item for item in log.root.all("li") if word in item.text)
    return next(link["href"] for link in entry.all("a") if link["href"].startswith(f"{AUDIT}/"))


async def edited(browser: Browser, word: str) -> tuple[Page, str]:
    """A post that was saved twice, and the address of the second act."""
    page = await write(browser, f"Post {word}")
    await browser.send(page, page.path, title=f"Other {word}", body="Changed.")
    return page, await newest_act(browser, word)


async def title_of(acme: TenantDatabase, page: Page) -> str | None:
    """What a post is called now, None when there is none."""

    async def ask(reading: Reading) -> str | None:
        post = await reading.session.get(Post, (reading.customer_id, id_of(page)))
        return post.title if post else None

    return await acme.read(ask)


async def test_an_owner_sees_what_would_happen_and_has_it_done(signed_in: SignIn, acme: TenantDatabase, unique: str) -> None:
    browser = await signed_in("Olga")
    page, act = await edited(browser, unique)
    asking = await browser.get(next(link for link in (await browser.get(act)).links() if link == f"{act}/undo"))
    assert asking.heading == "Undo this act"
    assert "1 thing goes back to what it was" in asking.text
    assert page.path in asking.links()
    assert await title_of(acme, page) == f"Other {unique}"
    after = await browser.send(asking, f"{act}/undo", reason="A slip")
    assert after.toast.startswith("Undone: 1 thing.")
    assert await title_of(acme, page) == f"Post {unique}"
    (link,) = {link for link in after.links() if link.startswith(f"{AUDIT}/")} - {f"{act}/undo", act, AUDIT}
    new = await browser.get(link)
    assert "undid" in new.text
    assert "A slip" in new.text


async def test_an_act_that_was_undone_says_so_and_cannot_be_undone_twice(signed_in: SignIn, acme: TenantDatabase, unique: str) -> None:
    browser = await signed_in("Olga")
    page, act = await edited(browser, unique)
    asking = await browser.get(f"{act}/undo")
    await browser.send(asking, f"{act}/undo")
    again = await browser.send(asking, f"{act}/undo")
    assert (again.status, "has been undone already" in again.text) == (409, True)
    assert "Everything is already as it was before this act." in (await browser.get(f"{act}/undo")).text
    assert "This act has been undone." in (await browser.get(act)).text
    assert await title_of(acme, page) == f"Post {unique}"


async def test_what_was_changed_since_is_a_conflict_with_a_name(signed_in: SignIn, acme: TenantDatabase, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    act = await newest_act(browser, unique)
    editor = await signed_in("Edda")
    await editor.send(await editor.get(page.path), page.path, body="Edda was here.")
    asking = await browser.get(f"{act}/undo")
    assert "1 thing cannot be undone" in asking.text
    assert "It was changed since by Edda Console" in asking.text
    assert f"{act}/undo" not in [form["action"] for form in asking.root.all("form") if form.all("button") and "Undo" in form.text[-5:]]
    refused = await browser.post(f"{act}/undo", {"csrf": asking.value("csrf")})
    assert (refused.status, "so nothing was" in refused.text) == (409, True)
    assert await title_of(acme, page) == unique


@pytest.mark.parametrize(("name", "role"), [("Edda", "owner"), ("Aart", "owner"), ("Rhea", "owner")])
async def test_only_owners_may(signed_in: SignIn, acme: TenantDatabase, unique: str, name: str, role: str) -> None:
    browser = await signed_in("Olga")
    page, act = await edited(browser, unique)
    other = await signed_in(name)
    asked = await other.get(f"{act}/undo")
    assert (asked.status, f"needs the role {role}" in asked.text) == (403, True)
    sent = await other.post(f"{act}/undo", {"reason": "x"})
    assert sent.status == 403
    assert await title_of(acme, page) == f"Other {unique}"


async def test_an_editor_reads_the_act_without_the_button(signed_in: SignIn, unique: str) -> None:
    _, act = await edited(await signed_in("Olga"), unique)
    assert f"{act}/undo" not in (await (await signed_in("Edda")).get(act)).links()


async def test_a_strangers_act_is_not_there(signed_in: SignIn, acme: TenantDatabase, unique: str) -> None:
    page, act = await edited(await signed_in("Olga"), unique)
    stranger = await signed_in("Mara")
    theirs = act.replace("/c/acme/", "/c/globex/")
    assert (await stranger.get(f"{theirs}/undo")).status == 404
    assert (await stranger.post(f"{theirs}/undo", {})).status == 404
    assert (await stranger.get(f"{act}/undo")).status == 404
    assert await title_of(acme, page) == f"Other {unique}"


async def test_a_form_of_another_site_undoes_nothing(signed_in: SignIn, acme: TenantDatabase, unique: str) -> None:
    browser = await signed_in("Olga")
    page, act = await edited(browser, unique)
    sent = await browser.post(f"{act}/undo", {"reason": ""}, origin="https://evil.example")
    assert sent.status == 403
    assert await title_of(acme, page) == f"Other {unique}"


async def test_a_reason_too_long_is_refused_and_kept(signed_in: SignIn, acme: TenantDatabase, unique: str) -> None:
    browser = await signed_in("Olga")
    page, act = await edited(browser, unique)
    sent = await browser.send(await browser.get(f"{act}/undo"), f"{act}/undo", reason="x" * 501)
    assert (sent.status, sent.errors(), sent.value("reason")) == (422, ["Shorten this to 500 characters or fewer."], "x" * 501)
    assert await title_of(acme, page) == f"Other {unique}"
