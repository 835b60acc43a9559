"""Coming in and going out."""

import pytest

from app.identity.people import People as Access
from app.logs import Redactor
from tests.editor.browser import CONSOLE, PASSWORD, Browser, People
from tests.editor.conftest import SignIn


async def test_whoever_signs_in_sees_what_he_may_open(browser: Browser, people: People) -> None:
    page = await browser.sign_in(people["Olga"])
    assert (page.status, page.path) == (200, "/c/")
    assert "Acme" in page.text
    assert "Globex" not in page.text


async def test_the_sessions_cookie_cannot_be_read_or_sent_from_elsewhere(browser: Browser, people: People) -> None:
    answer = await browser.ask("POST", "/sign-in", data={"email": people["Olga"].email, "password": PASSWORD}, headers={"origin": CONSOLE})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("agoat_session=")
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/"))


@pytest.mark.parametrize(("email", "password"), [("olga@console.example", "wrong"), ("nobody@console.example", PASSWORD)])
async def test_a_wrong_password_and_an_unknown_person_get_the_same_answer(
    browser: Browser, people: People, email: str, password: str
) -> None:
    page = await browser.send(await browser.get("/sign-in"), "/sign-in", email=email, password=password)
    assert page.status == 422
    assert "This address and password do not fit together." in page.text
    assert page.value("email") == email
    assert page.value("password") == ""


async def test_signing_in_makes_a_new_session_and_ends_the_one_before(signed_in: SignIn, people: People, services) -> None:
    browser = await signed_in("Olga")
    first = browser.client.cookies["agoat_session"]
    await browser.post("/sign-in", {"email": people["Olga"].email, "password": PASSWORD})
    second = browser.client.cookies["agoat_session"]
    assert first != second
    assert await services.people.find_session(first) is None
    assert await services.people.find_session(second) is not None


async def test_signing_out_ends_the_session_for_good(signed_in: SignIn, services) -> None:
    browser = await signed_in("Olga")
    token = browser.client.cookies["agoat_session"]
    page = await browser.send(await browser.get("/c/"), "/sign-out")
    assert page.path == "/sign-in"
    assert "agoat_session" not in browser.client.cookies
    assert await services.people.find_session(token) is None


@pytest.mark.parametrize(
    "next_path", ["//evil.example/", "https://evil.example/", "/\\evil.example", "\t//evil.example", "javascript:alert(1)"]
)
async def test_signing_in_leads_nowhere_but_into_the_console(browser: Browser, people: People, next_path: str) -> None:
    fields = {"email": people["Olga"].email, "password": PASSWORD, "next": next_path}
    answer = await browser.ask("POST", "/sign-in", data=fields, headers={"origin": CONSOLE})
    assert (answer.status_code, answer.headers["location"]) == (303, "/c/")


async def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(browser: Browser, people: People) -> None:
    page = await browser.get("/c/acme/s/acme/posts?view=drafts")
    assert page.path.startswith("/sign-in?next=")
    page = await browser.send(page, "/sign-in", email=people["Olga"].email, password=PASSWORD)
    assert (page.status, page.path) == (200, "/c/acme/s/acme/posts?view=drafts")


async def test_a_form_of_nobody_is_not_carried_out(browser: Browser) -> None:
    page = await browser.post("/account", {"name": "Somebody"})
    assert page.status == 401
    assert page.heading == "Sign in to go on"


async def test_a_link_sets_a_password_once_and_signs_in(browser: Browser, services, unique: str) -> None:
    access: Access = services.people
    user = await access.create_person(f"{unique}@console.example", "Nele")
    address = f"/set-password/{await access.create_link(user.id, 'first_password')}"
    page = await browser.get(address)
    assert f"For {unique}@console.example." in page.text
    short = await browser.post(address, {"password": "short"})
    assert short.status == 422
    assert len(short.errors()) == 1
    assert (await browser.post(address, {"password": PASSWORD})).path == "/c/"
    again = await browser.get(address)
    assert (again.status, again.heading) == (404, "This link no longer works")
    assert (await browser.post(address, {"password": PASSWORD + "!"})).status == 404


async def test_an_invented_link_looks_like_a_spent_one(browser: Browser) -> None:
    page = await browser.get("/set-password/invented")
    assert (page.status, page.heading) == (404, "This link no longer works")


async def test_after_too_many_failures_one_has_to_wait(browser: Browser, services, unique: str) -> None:
    await services.people.create_person(f"{unique}@console.example", "Nele")
    for _ in range(10):
        await browser.post("/sign-in", {"email": f"{unique}@console.example", "password": "wrong"})
    page = await browser.post("/sign-in", {"email": f"{unique}@console.example", "password": "wrong"})
    assert page.status == 429
    assert int(page.headers["retry-after"]) > 0
    assert "Too many attempts" in page.text


def test_the_token_of_a_link_stands_in_no_log() -> None:
    assert Redactor().text("POST /set-password/w2Kd_0abc-xyz 200") == "POST /set-password/[removed] 200"
