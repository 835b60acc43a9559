"""The console of a customer that takes no changes: the text comes back with the reason, and can be saved once the customer is open."""

from collections.abc import AsyncIterator

import pytest

from app.db.database import Tenancy
from app.tenancy.actions import set_customer_state
from tests.cast import OPERATOR, Cast
from tests.editor.acting import write
from tests.editor.conftest import SignIn


async def put_into(backoffice: Tenancy, cast: Cast, state: str) -> None:
    await backoffice.of(cast.acme).run(OPERATOR, state, lambda work: set_customer_state(work, OPERATOR, state))


@pytest.fixture
async def open_again(backoffice: Tenancy, cast: Cast) -> AsyncIterator[None]:
    """Acme takes changes again after the test."""
    yield
    await put_into(backoffice, cast, "active")


@pytest.mark.parametrize(("state", "words"), [("read_only", "is read-only at the moment"), ("suspended", "has been suspended")])
async def test_a_save_is_refused_and_the_text_comes_back(
    signed_in: SignIn, backoffice: Tenancy, cast: Cast, open_again: None, unique: str, state: str, words: str
) -> None:
    browser = await signed_in("Olga")
    page = await write(browser, unique)
    await put_into(backoffice, cast, state)
    refused = await browser.send(page, page.path, body="Typed meanwhile.")
    assert refused.status == 409
    assert f"Acme {words}, so nothing was saved. Ask the operator of this installation." in refused.text
    assert refused.value("body") == "Typed meanwhile."
    pressed = await browser.send(await browser.get(f"{page.path}/publish"), f"{page.path}/publish")
    assert (pressed.status, words in pressed.text) == (409, True)
    await put_into(backoffice, cast, "active")
    saved = await browser.send(refused, page.path)
    assert (saved.toast, saved.value("body")) == ("Saved.", "Typed meanwhile.")
