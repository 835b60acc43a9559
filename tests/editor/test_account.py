"""A person's own matters."""

import pytest

from app.editor.account import device_of
from app.identity.people import People as Access
from tests.editor.browser import PASSWORD, Browser, Person
from tests.editor.conftest import SignIn


@pytest.fixture
async def person(services, unique: str) -> Person:
    """Somebody who belongs to no customer."""
    access: Access = services.people
    user = await access.create_person(f"{unique}@console.example", "Nele Nobody")
    await access.use_link(await access.create_link(user.id, "first_password"), PASSWORD)
    return Person(user.name, user.email, user.id)


async def test_the_name_is_saved_and_shown(browser: Browser, person: Person) -> None:
    await browser.sign_in(person)
    page = await browser.send(await browser.get("/account"), "/account", name="  Nele   Newname ")
    assert page.toast == "Name saved."
    assert page.value("name") == "Nele Newname"


async def test_a_missing_name_is_refused_beside_its_field(browser: Browser, person: Person) -> None:
    await browser.sign_in(person)
    page = await browser.send(await browser.get("/account"), "/account", name="  ")
    assert (page.status, page.errors()) == (422, ["Write your name."])


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"current_password": "wrong", "new_password": "another long sentence"}, "This is not your present password."),
        ({"current_password": PASSWORD, "new_password": "short"}, "Use at least"),
    ],
)
async def test_a_password_is_not_changed_on_a_guess(browser: Browser, person: Person, site, fields: dict[str, str], error: str) -> None:
    await browser.sign_in(person)
    page = await browser.send(await browser.get("/account"), "/account/password", **fields)
    assert page.status == 422
    assert page.errors()[0].startswith(error)
    assert "another long sentence" not in page.html
    assert (await Browser(site).sign_in(person)).path == "/c/"


async def test_one_session_is_ended_and_the_others_go_on(browser: Browser, person: Person, site) -> None:
    other = Browser(site)
    await other.sign_in(person)
    await browser.sign_in(person)
    page = await browser.get("/account")
    assert "This one, since" in page.text
    ended = await browser.send(page, next(action for action in page.actions() if action.endswith("/end") and "/sessions/end" not in action))
    assert ended.toast == "Signed out in that browser."
    assert (await other.get("/account")).path.startswith("/sign-in")
    assert (await browser.get("/account")).status == 200


async def test_nobody_ends_the_session_of_somebody_else(signed_in: SignIn, browser: Browser, person: Person, services) -> None:
    await browser.sign_in(person)
    theirs = (await services.people.sessions(person.id))[0].id
    answer = await (await signed_in("Mara")).post(f"/account/sessions/{theirs}/end", {})
    assert answer.status == 404
    assert (await browser.get("/account")).status == 200


@pytest.mark.parametrize(("next_path", "leads_to"), [("/c/", "/c/"), ("//evil.example", "/account"), ("", "/account")])
async def test_the_appearance_is_remembered_and_leads_back(signed_in: SignIn, next_path: str, leads_to: str) -> None:
    browser = await signed_in("Olga")
    page = await browser.post("/account/appearance", {"theme": "dark", "next": next_path})
    assert page.path == leads_to
    assert next(page.root.all("html"))["data-theme"] == "dark"


async def test_an_unknown_appearance_is_as_the_systems(signed_in: SignIn) -> None:
    page = await (await signed_in("Olga")).post("/account/appearance", {"theme": '"><script>', "next": "/c/"})
    assert "data-theme" not in next(page.root.all("html"))


async def test_words_that_another_session_signed_are_not_said(signed_in: SignIn) -> None:
    first, second = await signed_in("Olga"), await signed_in("Olga")
    answer = await first.ask("POST", "/account", data={"name": "Olga Console"}, headers={"origin": "http://console.localhost:8000"})
    said = answer.cookies["agoat_said"]
    second.client.cookies.set("agoat_said", said, domain="console.localhost")
    assert (await second.get("/account")).toast == ""
    assert (await first.get("/account")).toast == "Name saved."
    assert (await first.get("/account")).toast == ""


def test_browsers_are_named_in_plain_words() -> None:
    agents = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0": "Firefox on Linux",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1": "Safari on iPhone",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0": "Edge on Windows",
        "curl/8.1": "curl",
        "": "An unknown browser",
    }
    assert {agent: device_of(agent) for agent in agents} == agents
