"""API keys: made, shown once, revoked."""

import pytest

from app.identity.credentials import token_hash
from app.identity.repository import key_of_hash
from tests.editor.browser import Page
from tests.editor.conftest import SignIn

KEYS = "/c/acme/keys"


def secret_in(page: Page) -> str:
    return next((node["value"] for node in page.root.all("input") if node["id"] == "secret"), "")


async def test_a_new_key_is_shown_once_and_works(signed_in: SignIn, services, cast, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await browser.send(await browser.get(KEYS), KEYS, name=f"Shop {unique}", scope=["products:read", "stock:write"], ends="90")
    secret = secret_in(page)
    assert secret.startswith("agoat_")
    found = await services.directory.read(lambda session: key_of_hash(session, token_hash(secret)))
    assert found is not None
    assert found[0] == cast.acme
    later = await browser.get(KEYS)
    assert f"Shop {unique}" in later.text
    assert secret not in later.html
    assert "products:read" in later.text


async def test_revoking_asks_first_and_then_holds_at_once(signed_in: SignIn, services, unique: str) -> None:
    browser = await signed_in("Olga")
    made = await browser.send(await browser.get(KEYS), KEYS, name=f"Shop {unique}", scope="products:read")
    secret = secret_in(made)
    row = next(row for row in made.root.all("tr") if f"Shop {unique}" in row.text)
    asked = await browser.get(KEYS + next(row.all("a"))["href"])
    action = next(action for action in asked.actions() if action.endswith("/revoke"))
    done = await browser.send(asked, action)
    assert done.toast.startswith(f"Revoked “Shop {unique}”.")
    assert f"Shop {unique}" not in " ".join(node.text for node in done.root.all("table"))
    assert await services.directory.read(lambda session: key_of_hash(session, token_hash(secret))) is None


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": " ", "scope": "products:read"}, "Write what the key is for"),
        ({"name": "Shop", "scope": []}, "Choose from"),
        ({"name": "Shop", "scope": "everything"}, "Choose from"),
        ({"name": "Shop", "scope": "products:read", "ends": "soon"}, "Choose when the key ends."),
    ],
)
async def test_a_key_that_cannot_be_is_refused(signed_in: SignIn, fields, error: str) -> None:
    browser = await signed_in("Olga")
    page = await browser.send(await browser.get(KEYS), KEYS, **fields)
    assert page.status == 422
    assert page.errors()[0].startswith(error)
    assert page.value("name") == fields["name"].strip()
    assert secret_in(page) == ""


@pytest.mark.parametrize("name", ["Edda", "Aart", "Rhea"])
async def test_only_owners_have_to_do_with_keys(signed_in: SignIn, name: str) -> None:
    browser = await signed_in(name)
    assert (await browser.get(KEYS)).status == 403
    refused = await browser.post(KEYS, {"name": "x", "scope": "products:read", "ends": ""})
    assert refused.status == 403
    assert "needs the role owner" in refused.text
    assert (await browser.post(f"{KEYS}/7c1e5a52-0d0b-4a6e-9f0e-3f3b7f6d2a11/revoke", {})).status == 403


async def test_a_strangers_key_is_not_there(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    made = await browser.send(await browser.get(KEYS), KEYS, name=unique, scope="products:read")
    row = next(row for row in made.root.all("tr") if unique in row.text)
    key_id = next(row.all("a"))["href"].split("=")[1]
    stranger = await signed_in("Mara")
    assert (await stranger.post(f"/c/globex/keys/{key_id}/revoke", {})).status == 404
    assert unique not in (await stranger.get(f"/c/globex/keys?revoke={key_id}")).html
