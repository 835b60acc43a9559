"""What the console says when something goes wrong: plain words, the right status, and nothing of the inside."""

import shlex
from dataclasses import replace

import pytest
from msgspec import structs

from app.asgi import open_services
from app.cli import main
from app.editor import console_app
from app.editor.sign_in import FIRST_COMMANDS
from app.public import public_app
from app.settings import LIMITS, Secret
from app.web.outermost import Outermost
from tests.editor.acting import POSTS
from tests.editor.browser import CONSOLE, Browser
from tests.editor.conftest import SignIn
from tests.installations import installation


class Breaking:
    """Stands in the place of a part of the house and breaks whatever is asked of it."""

    def of(self, customer_id: object) -> None:
        raise RuntimeError("a secret of the inside, customer 42")


@pytest.fixture
def broken(services, api_router) -> Outermost:
    """A console with a mistake in it."""
    other = replace(services, tenancy=Breaking())
    return Outermost(other, console_app(other, api_router), public_app(other))


async def test_a_mistake_of_ours_tells_nothing_and_keeps_the_text(signed_in: SignIn, broken: Outermost) -> None:
    browser = Browser(broken)
    browser.client.cookies = (await signed_in("Olga")).client.cookies
    page = await browser.post(f"{POSTS}/new", {"title": "Kept", "body": "Typed with care."})
    assert (page.status, page.heading) == (500, "Something broke on our side")
    assert "secret" not in page.html
    assert "Traceback" not in page.html
    assert "Typed with care." in page.root.text
    assert page.headers["x-request-id"] in page.text


async def test_a_method_that_an_address_does_not_know_is_refused_in_words(signed_in: SignIn) -> None:
    browser = await signed_in("Olga")
    answer = await browser.ask("DELETE", POSTS, headers={"origin": CONSOLE})
    assert answer.status_code == 405
    assert "This cannot be done here" in answer.text


async def test_a_form_that_is_too_large_is_refused_in_words(signed_in: SignIn) -> None:
    browser = await signed_in("Olga")
    page = await browser.post(f"{POSTS}/new", {"title": "x", "body": "x" * (LIMITS.request_bytes + 1)})
    assert page.status == 413


async def test_a_body_that_is_no_form_changes_nothing(signed_in: SignIn) -> None:
    browser = await signed_in("Olga")
    answer = await browser.ask(
        "POST", f"{POSTS}/new", content=b'{"title": "x"}', headers={"origin": CONSOLE, "content-type": "application/json"}
    )
    assert answer.status_code == 422
    broken_form = {"origin": CONSOLE, "content-type": "multipart/form-data; boundary=x"}
    assert (await browser.ask("POST", f"{POSTS}/new", content=b"--y\r\nnonsense", headers=broken_form)).status_code in (400, 422)


async def test_nothing_tells_a_strange_host_of_the_console(site) -> None:
    browser = Browser(site)
    answer = await browser.ask("GET", "/sign-in", headers={"host": "acme.localhost:8000"})
    assert answer.status_code == 404
    assert "password" not in answer.text


async def test_a_new_installation_says_what_to_type(api_router, admin_url: str, settings) -> None:
    with installation(admin_url) as made:
        fresh = structs.replace(settings, database_url=Secret(made["app"]), directory_database_url=Secret(made["directory"]))
        services = open_services(fresh)
        try:
            page = await Browser(Outermost(services, console_app(services, api_router), public_app(services))).get("/sign-in")
        finally:
            await services.close()
    assert "This installation has no customer yet" in page.text
    for line in FIRST_COMMANDS:
        assert line in page.root.text


@pytest.mark.parametrize("line", FIRST_COMMANDS)
def test_the_commands_that_are_shown_are_commands(line: str) -> None:
    program, *words = shlex.split(line)
    assert program == "agoat"
    noun, verb = main.commands[words[0]], words[1]
    noun.commands[verb].make_context(verb, words[2:]).close()


@pytest.mark.parametrize("path", ["/c/%00", "/c/acme/s/%00", "/c/acme/s/acme/%00", "/c/acme/s/%FF", "/c/acme/s/acme/posts/%00/history"])
async def test_bytes_that_no_database_keeps_are_not_there_either(signed_in: SignIn, path: str) -> None:
    assert (await (await signed_in("Olga")).get(path)).status == 404


async def test_zero_bytes_in_a_form_break_nothing(signed_in: SignIn, unique: str) -> None:
    browser = await signed_in("Olga")
    page = await browser.post(f"{POSTS}/new", {"title": f"Zero \x00{unique}", "body": "a\x00b", "tags": "\x00", "slug": "\x00"})
    assert (page.status, page.value("title"), page.value("body")) == (200, f"Zero {unique}", "ab")
    named = await browser.post("/c/acme/keys", {"name": "\x00", "scope": ["products:read\x00"], "ends": ""})
    assert named.status == 422
    assert (await Browser(browser.app).post("/sign-in", {"email": "\x00@example.org", "password": "\x00"})).status == 422
