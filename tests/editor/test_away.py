"""The database away, in the middle of a save and before anybody is known: the text comes back, and nothing was changed."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.asgi import open_services
from app.db.base import Base
from app.db.database import Tenancy, open_engine
from app.db.rules import tenant_rules
from app.editor import console_app
from app.errors import OutcomeUnknown
from app.public import public_app
from app.settings import Secret, Settings
from app.web.outermost import Outermost
from tests.editor.acting import POSTS, TEXT, make_product, write
from tests.editor.browser import Browser, Page
from tests.editor.conftest import SignIn

NOWHERE = "postgresql+psycopg://app@127.0.0.1:1/agoat"


async def unknown(session: AsyncSession, attempt: int) -> None:
    """What the floor says when the connection broke while committing."""
    raise OutcomeUnknown()


async def lost(session: AsyncSession, attempt: int) -> None:
    """The connection breaks before anything is committed, and every time again."""
    raise ConnectionResetError("the connection was lost")


@pytest.fixture
async def away(settings: Settings, api_router) -> AsyncIterator[Outermost]:
    """A console that reaches no database at all."""
    nowhere = structs.replace(settings, database_url=Secret(NOWHERE), directory_database_url=Secret(NOWHERE))
    services = open_services(nowhere)
    yield Outermost(services, console_app(services, api_router), public_app(services))
    await services.close()


@pytest.fixture
async def engine(addresses: dict[str, str]) -> AsyncIterator[AsyncEngine]:
    """Connections of their own for what is going to break."""
    made = open_engine(addresses["app"], rules=tenant_rules(Base.metadata))
    yield made
    await made.dispose()


@pytest.fixture
def unsure(services, engine: AsyncEngine, api_router) -> Outermost:
    """A console that never learns what became of a COMMIT."""
    other = replace(services, tenancy=Tenancy(engine, committer=unknown))
    return Outermost(other, console_app(other, api_router), public_app(other))


@pytest.fixture
def leaving(services, engine: AsyncEngine, api_router) -> Outermost:
    """A console whose database goes away in the middle of every save."""
    other = replace(services, tenancy=Tenancy(engine, committer=lost))
    return Outermost(other, console_app(other, api_router), public_app(other))


def on(app: Outermost, browser: Browser) -> Browser:
    """The same browser, with the same cookies, in front of another console."""
    moved = Browser(app)
    moved.client.cookies = browser.client.cookies
    return moved


def kept(page: Page) -> dict[str, str]:
    """The fields that a page would send again."""
    form = next(form for form in page.root.all("form") if form["method"] == "post" and "data-guard" in form)
    texts = {node["name"]: node.text.removeprefix("\n") for node in form.all("textarea")}
    return {node["name"]: node["value"] for node in form.all("input")} | texts


async def test_without_a_database_the_posted_text_comes_back(signed_in: SignIn, away: Outermost, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    gone = await on(away, browser).send(page, page.path, body="Typed meanwhile.", title=f"{unique} too")
    assert gone.status == 503
    assert int(gone.headers["retry-after"]) > 0
    assert gone.heading == "The database cannot be reached"
    assert (kept(gone)["body"], kept(gone)["title"], kept(gone)["version"]) == ("Typed meanwhile.", f"{unique} too", "1")
    saved = await browser.send(gone, page.path)
    assert (saved.toast, saved.value("body")) == ("Saved.", "Typed meanwhile.")


async def test_without_a_database_a_page_offers_itself_again(signed_in: SignIn, away: Outermost) -> None:
    browser = on(away, await signed_in("Olga"))
    page = await browser.get(f"{POSTS}?view=drafts")
    assert page.status == 503
    assert f"{POSTS}?view=drafts" in page.links()


async def test_passwords_do_not_stand_in_the_page_that_says_so(signed_in: SignIn, away: Outermost) -> None:
    browser = on(away, await signed_in("Olga"))
    page = await browser.post("/account/password", {"current_password": "old secret words", "new_password": "new secret words"})
    assert page.status == 503
    assert "secret words" not in page.html


async def test_a_database_that_leaves_in_the_middle_of_a_save_leaves_the_text(signed_in: SignIn, leaving: Outermost, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    failed = await on(leaving, browser).send(page, page.path, body="Typed meanwhile.", tags=f"One {unique}")
    assert failed.status == 503
    assert int(failed.headers["retry-after"]) > 0
    assert "The database could not be reached, so nothing was changed." in failed.text
    assert (failed.value("body"), failed.value("tags"), failed.value("version")) == ("Typed meanwhile.", f"One {unique}", "1")
    assert (await browser.get(page.path)).value("version") == "1"
    saved = await browser.send(failed, page.path)
    assert (saved.toast, saved.value("body"), saved.value("tags")) == ("Saved.", "Typed meanwhile.", f"One {unique}")


async def test_an_unknown_outcome_gives_the_text_back(signed_in: SignIn, unsure: Outermost, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    lost = await on(unsure, browser).send(page, page.path, body="Typed meanwhile.", tags=f"One {unique}")
    assert lost.status == 503
    assert "This may have been saved" in lost.text
    assert (lost.value("body"), lost.value("tags"), lost.value("version")) == ("Typed meanwhile.", f"One {unique}", "1")
    saved = await browser.send(lost, page.path)
    assert (saved.toast, saved.value("body")) == ("Saved.", "Typed meanwhile.")


async def test_an_unknown_outcome_of_a_new_text_gives_it_back(signed_in: SignIn, unsure: Outermost, unique: str) -> None:
    browser = on(unsure, await signed_in("Olga"))
    page = await browser.send(await browser.get(f"{POSTS}/new"), f"{POSTS}/new", title=unique, body=TEXT, format="html")
    assert page.status == 503
    assert (page.value("title"), page.value("body"), page.value("format")) == (unique, TEXT, "html")


async def test_an_unknown_outcome_gives_a_products_cells_back(signed_in: SignIn, unsure: Outermost, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await make_product(browser, unique)
    lost = await on(unsure, browser).send(page, page.path, **{"variant-0-retail": "77.70"})
    assert lost.status == 503
    assert lost.value("variant-0-retail") == "77.70"


async def test_an_unknown_outcome_of_a_button_can_be_sent_again(signed_in: SignIn, unsure: Outermost, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    lost = await on(unsure, browser).send(await browser.get(f"{page.path}/publish"), f"{page.path}/publish")
    assert lost.status == 503
    done = await browser.send(lost, f"{page.path}/publish")
    assert done.toast.startswith("Published.")
