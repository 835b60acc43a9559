"""A form that was sent under an expired session: kept for the same person, shown again, and never saved by itself."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from app.db.database import Shared
from app.identity.credentials import token_hash
from app.identity.models import Session
from app.identity.people import Expired
from app.settings import LIMITS
from tests.editor.acting import POSTS, PRODUCTS, make_product, write
from tests.editor.browser import Browser, Page, People
from tests.editor.conftest import SignIn


async def expire(browser: Browser, directory: Shared) -> None:
    """Let the session of a browser run out, as if nobody had used it for weeks."""
    key = token_hash(browser.client.cookies["agoat_session"])

    async def unit(session) -> None:
        row = (await session.execute(select(Session).where(Session.token_hash == key))).scalar_one()
        row.seen_at = datetime.now(UTC) - LIMITS.session_idle - timedelta(hours=1)

    await directory.run(unit, repeatable=True)


def held_in(page: Page) -> str:
    """The id of the held form that the sign-in page carries."""
    return parse_qs(urlsplit(page.url).query)["held"][0]


async def lose(browser: Browser, directory: Shared, page: Page, action: str, **fields: str) -> Page:
    """Send a form of a page after the session has run out."""
    await expire(browser, directory)
    return await browser.send(page, action, **fields)


async def test_the_text_comes_back_to_the_same_person_unsaved(signed_in: SignIn, people: People, directory: Shared, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    out = await lose(browser, directory, page, page.path, body="Typed too late.", title=f"{unique} late")
    assert (out.status, urlsplit(out.url).path) == (200, "/sign-in")
    assert "comes back when you sign in" in out.text
    back = await browser.send(out, "/sign-in", email=people["Olga"].email, password=people["Olga"].password)
    assert back.path.startswith(f"{page.path}?held=")
    assert (back.value("body"), back.value("title")) == ("Typed too late.", f"{unique} late")
    assert "Your text is back, and it is not saved yet" in back.text
    assert (await browser.get(page.path)).value("title") == unique
    saved = await browser.send(back, page.path)
    assert (saved.toast, saved.value("body")) == ("Saved.", "Typed too late.")


async def test_looking_at_it_twice_does_not_lose_it(signed_in: SignIn, people: People, directory: Shared, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await browser.get(f"{POSTS}/new")
    out = await lose(browser, directory, page, f"{POSTS}/new", body="Typed too late.", title=unique)
    back = await browser.send(out, "/sign-in", email=people["Olga"].email, password=people["Olga"].password)
    again = await browser.get(back.path)
    assert (again.value("title"), again.value("body")) == (unique, "Typed too late.")


async def test_somebody_else_never_sees_it(signed_in: SignIn, people: People, directory: Shared, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    out = await lose(browser, directory, page, page.path, body="Olga's secret.")
    other = await browser.send(out, "/sign-in", email=people["Edda"].email, password=people["Edda"].password)
    assert other.status == 404
    assert "Olga's secret." not in other.html
    stranger = await signed_in("Mara")
    assert (await stranger.get(f"/c/globex/s/globex/posts/new?held={held_in(out)}")).status == 404


@pytest.mark.parametrize("held", ["nonsense", "00000000-0000-0000-0000-000000000000"])
async def test_a_form_that_is_not_held_is_not_there(signed_in: SignIn, held: str) -> None:
    assert (await (await signed_in("Olga")).get(f"{POSTS}/new?held={held}")).status == 404


async def test_it_opens_on_its_own_screen_only(signed_in: SignIn, people: People, directory: Shared, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    out = await lose(browser, directory, page, page.path, body="Typed too late.")
    await browser.sign_in(people["Olga"])
    assert (await browser.get(f"{POSTS}/new?held={held_in(out)}")).status == 404


async def test_a_held_text_that_has_grown_stale_meets_the_newer_one(
    signed_in: SignIn, people: People, directory: Shared, unique: str
) -> None:
    browser, other = await signed_in("Olga"), await signed_in("Edda")
    page = await write(browser, unique)
    out = await lose(browser, directory, page, page.path, body="Typed too late.")
    await other.send(await other.get(page.path), page.path, body="Meanwhile.")
    back = await browser.send(out, "/sign-in", email=people["Olga"].email, password=people["Olga"].password)
    stale = await browser.send(back, page.path)
    assert stale.status == 409
    assert "Typed too late." in stale.text
    assert "Meanwhile." in stale.text


async def test_moving_to_the_trash_comes_back_in_the_editor(signed_in: SignIn, people: People, directory: Shared, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await expire(browser, directory)
    out = await browser.send(page, page.path, to=f"{page.path}/trash", body="Typed too late.")
    back = await browser.send(out, "/sign-in", email=people["Olga"].email, password=people["Olga"].password)
    assert (back.path.split("?")[0], back.value("body")) == (page.path, "Typed too late.")


async def test_a_product_comes_back_with_its_cells(signed_in: SignIn, people: People, directory: Shared, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique)
    out = await lose(browser, directory, page, page.path, **{"variant-0-retail": "99.95"})
    back = await browser.send(out, "/sign-in", email=people["Olga"].email, password=people["Olga"].password)
    assert back.value("variant-0-retail") == "99.95"
    assert (await browser.get(page.path)).value("variant-0-retail") == "12.50"


async def test_a_session_that_was_ended_by_somebody_keeps_nothing(signed_in: SignIn, people: People, services, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await services.people.end_sessions(people["Olga"].id)
    out = await browser.send(page, page.path, body="Typed too late.")
    assert out.status == 401


async def test_a_form_of_another_site_is_not_even_held(signed_in: SignIn, directory: Shared, services, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await expire(browser, directory)
    assert isinstance(await services.people.find_session(browser.client.cookies["agoat_session"]), Expired)
    answer = await browser.ask("POST", page.path, data={"body": "Planted."}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


async def test_passwords_are_never_held(signed_in: SignIn, people: People, directory: Shared) -> None:
    browser = await signed_in("Olga")
    page = await browser.get("/account")
    out = await lose(browser, directory, page, "/account/password", current_password="a", new_password="b")
    assert urlsplit(out.url).path == "/sign-in"
    assert "held" not in parse_qs(urlsplit(out.url).query)


async def test_a_form_about_a_customer_one_does_not_belong_to_is_not_held(signed_in: SignIn, directory: Shared) -> None:
    browser = await signed_in("Mara")
    await expire(browser, directory)
    out = await browser.post(f"{PRODUCTS}/new", {"title": "x"})
    assert urlsplit(out.url).path == "/sign-in"
    assert "held" not in parse_qs(urlsplit(out.url).query)
