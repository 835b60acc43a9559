"""The whole way of an owner: signing in, writing, publishing, two tabs, history, trash, a product, and the account."""

import httpx
import pytest

from app.identity.people import People as Access
from tests.editor.browser import Browser, Page, Person, make_member

SITE = "/c/acme/s/acme"


@pytest.fixture
async def visitor(site) -> httpx.AsyncClient:
    """Somebody who reads the public site."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://acme.localhost:8000") as client:
        yield client


@pytest.fixture
async def owner(services, backoffice, cast, unique: str) -> Person:
    """An owner of Acme with an account of his own."""
    access: Access = services.people
    return await make_member(access, backoffice, unique, cast.acme, "owner")


async def write(browser: Browser, title: str) -> Page:
    """A new post, saved."""
    page = await browser.get(f"{SITE}/posts/new")
    return await browser.send(page, f"{SITE}/posts/new", title=title, body="First paragraph.\n\nSecond paragraph.", summary="In short.")


async def test_an_owner_does_a_whole_days_work(browser: Browser, owner: Person, visitor: httpx.AsyncClient, site, unique: str) -> None:
    start = await browser.sign_in(owner)
    assert start.path == "/c/"
    page = await write(browser, f"Brew water {unique}")
    assert page.toast == "Saved."
    address = page.path
    assert f"Brew water {unique}" in (await browser.get(f"{SITE}/posts")).text

    await preview_it(browser, address, visitor)
    live = await publish_it(browser, address, visitor)
    await edit_in_two_tabs(browser, address)
    await look_back(browser, address)
    await throw_away_and_bring_back(browser, address, visitor, live)


async def preview_it(browser: Browser, address: str, visitor: httpx.AsyncClient) -> None:
    answer = await browser.ask("GET", f"{address}/preview")
    assert answer.status_code == 303
    url = answer.headers["location"]
    assert url.startswith("http://acme.localhost:8000/-/preview/")
    shown = await visitor.get(url)
    assert shown.status_code == 200
    assert "Second paragraph." in shown.text
    assert "noindex" in shown.headers["x-robots-tag"]


async def publish_it(browser: Browser, address: str, visitor: httpx.AsyncClient) -> str:
    asked = await browser.send(await browser.get(address), address, then="publish")
    assert asked.path == f"{address}/publish"
    done = await browser.send(asked, f"{address}/publish")
    assert done.toast.startswith("Published. Live at")
    live = next(link for link in done.links() if link.startswith("http://acme.localhost:8000/posts/"))
    shown = await visitor.get(live)
    assert shown.status_code == 200
    assert "Second paragraph." in shown.text
    return live


async def edit_in_two_tabs(browser: Browser, address: str) -> None:
    first, second = await browser.get(address), await browser.get(address)
    await browser.send(first, address, body="First paragraph, by the first tab.\n\nSecond paragraph.")
    stale = await browser.send(second, address, body="First paragraph, by the second tab.\n\nSecond paragraph.")
    assert stale.status == 409
    assert "by the first tab" in stale.text
    assert "by the second tab" in stale.text
    merged = await browser.send(stale, f"{address}/conflict", **{"choice-passage-0": "both"})
    assert merged.toast == "Merged text saved."
    body = merged.value("body")
    assert body.index("by the second tab") < body.index("by the first tab") < body.index("Second paragraph.")


async def look_back(browser: Browser, address: str) -> None:
    history = await browser.get(f"{address}/history?from=1&to=3")
    assert history.heading == "History"
    assert [node.text for node in history.root.all("ins")] != []
    restored = await browser.send(await browser.get(f"{address}/history?from=1&to=2"), f"{address}/restore", number="1")
    assert restored.toast.startswith("Version 1 is back")
    assert restored.value("body") == "First paragraph.\n\nSecond paragraph."


async def throw_away_and_bring_back(browser: Browser, address: str, visitor: httpx.AsyncClient, live: str) -> None:
    gone = await browser.send(await browser.get(address), address, to=f"{address}/trash")
    assert gone.path == f"{SITE}/posts"
    assert gone.toast.startswith("Moved to the trash.")
    assert (await visitor.get(live)).status_code == 404
    back = await browser.send(gone, f"{address}/bring-back")
    assert back.toast.startswith("Brought back as a draft.")
    again = await browser.send(await browser.get(f"{address}/publish"), f"{address}/publish")
    assert again.toast.startswith("Published. Live at")
    assert (await visitor.get(live)).status_code == 200


async def test_an_owner_changes_a_product(browser: Browser, owner: Person, unique: str) -> None:
    await browser.sign_in(owner)
    products = "/c/acme/products"
    new = {"title": f"Mug {unique}", "variant-0-sku": f"MUG-{unique}", "variant-0-retail": "12,50", "variant-0-stock": "4"}
    page = await browser.send(await browser.get(f"{products}/new"), f"{products}/new", **new)
    address = page.path
    assert (page.value("variant-0-retail"), page.value("variant-0-stock")) == ("12.50", "4")
    done = await browser.send(await browser.get(f"{address}/publish"), f"{address}/publish")
    assert done.toast.startswith("Published. Live at")
    changed = {"variant-0-retail": "14", "variant-0-wholesale": "9.20", "variant-0-stock": "3"}
    page = await browser.send(done, address, **changed)
    assert "live" in page.toast
    assert [page.value(f"variant-0-{name}") for name in ("retail", "wholesale", "stock")] == ["14.00", "9.20", "3"]
    shown = await browser.get(f"{address}/history")
    assert "Wholesale price" in shown.text


async def test_an_owner_looks_after_the_account(browser: Browser, owner: Person, site) -> None:
    elsewhere = Browser(site)
    await elsewhere.sign_in(owner)
    await browser.sign_in(owner)
    page = await browser.get("/account")
    fields = {"current_password": owner.password, "new_password": "another long sentence"}
    changed = await browser.send(page, "/account/password", **fields)
    assert changed.toast.startswith("Password changed.")
    assert (await elsewhere.get("/account")).path == "/account"
    ended = await browser.send(changed, "/account/sessions/end")
    assert ended.toast.startswith("Signed out in 1 other browser")
    assert (await elsewhere.get("/account")).path.startswith("/sign-in")
    owner.password = "another long sentence"
    assert (await elsewhere.sign_in(owner)).path == "/c/"
