"""Every route of the console: it asks who is there, and it answers every address that the templates lead to."""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from app.editor import console_app
from app.editor.views.addresses import ACTS, PAGES
from tests.editor.browser import CONSOLE, Browser, People
from tests.editor.conftest import SignIn

# These meet people before they have signed in, or tell nothing about anybody.
OPEN = {"sign_in_page", "sign_in", "set_password_page", "set_password", "static_file"}
FILLED = {"customer": "acme", "site": "acme", "kind": "posts", "id": "00000000-0000-0000-0000-000000000001", "name": "x"}


@pytest.fixture(scope="session")
def console(services, api_router) -> Litestar:
    return console_app(services, api_router)


def handlers(console: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Every handler of the console with its path and method; the API guards itself."""
    for route in console.routes:
        for handler in getattr(route, "route_handlers", []):
            for method in sorted(handler.http_methods - {"OPTIONS"}):
                if not route.path.startswith("/api"):
                    yield route.path, method, handler


def asks_for(name: str, function: Callable[..., Any], providers: dict[str, Any]) -> bool:
    """Whether a function takes a dependency, itself or through another one that it takes."""
    taken = [parameter for parameter in inspect.signature(function).parameters if parameter in providers]
    return name in taken or any(asks_for(name, providers[other].dependency, providers) for other in taken if other != name)


def unguarded(console: Litestar) -> list[str]:
    return [
        f"{method} {path}"
        for path, method, handler in handlers(console)
        if handler.handler_name not in OPEN and not asks_for("person", handler.fn, handler.resolve_dependencies())
    ]


def test_every_route_asks_who_is_there(console: Litestar) -> None:
    assert unguarded(console) == []
    assert len(list(handlers(console))) > 40


def test_the_open_routes_are_the_ones_that_are_meant(console: Litestar) -> None:
    asking = {
        handler.handler_name for _, _, handler in handlers(console) if not asks_for("person", handler.fn, handler.resolve_dependencies())
    }
    assert asking == OPEN


def pattern(path: str) -> str:
    return re.sub(r"\{\w+(:\w+)?\}", "*", path).rstrip("/") or "/"


def answered(console: Litestar) -> set[tuple[str, str]]:
    return {(method, pattern(path)) for path, method, _ in handlers(console)}


@pytest.mark.parametrize("address", PAGES)
def test_every_address_that_a_template_opens_is_answered(console: Litestar, address: str) -> None:
    assert ("GET", pattern(address)) in answered(console)


@pytest.mark.parametrize("address", ACTS)
def test_every_address_that_a_form_is_sent_to_is_answered(console: Litestar, address: str) -> None:
    assert ("POST", pattern(address)) in answered(console)


GUARDED_PAGES = [address for address in PAGES if address not in ("/sign-in", "/static/{name}")]
GUARDED_ACTS = [address for address in ACTS if address != "/sign-in"]
INSIDE = [address for address in PAGES if address.startswith("/c/{customer}")]
ACTS_INSIDE = [address for address in ACTS if address.startswith("/c/{customer}")]


@pytest.mark.parametrize("address", GUARDED_PAGES)
async def test_nobody_sees_a_screen_without_signing_in(browser: Browser, address: str) -> None:
    answer = await browser.ask("GET", address.format(**FILLED))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("address", GUARDED_ACTS)
async def test_nobody_does_anything_without_signing_in(browser: Browser, address: str) -> None:
    answer = await browser.ask("POST", address.format(**FILLED), headers={"origin": CONSOLE})
    assert answer.status_code == 401


def without_reference(html: str) -> str:
    return re.sub(r"<p class=\"meta\">Reference.*?</p>", "", html, flags=re.DOTALL)


@pytest.mark.parametrize("address", [*INSIDE])
async def test_a_strangers_customer_a_mistyped_address_and_nothing_at_all_look_the_same(signed_in: SignIn, address: str) -> None:
    browser = await signed_in("Mara")
    strange = await browser.get(address.format(**FILLED))
    mistyped = await browser.get("/c/nobody-at-all/s/x/y/z/a/b/c")
    assert (strange.status, mistyped.status) == (404, 404)
    assert without_reference(strange.html) == without_reference(mistyped.html)


@pytest.mark.parametrize("address", ACTS_INSIDE)
async def test_a_stranger_changes_nothing(signed_in: SignIn, address: str) -> None:
    browser = await signed_in("Mara")
    answer = await browser.ask("POST", address.format(**FILLED), data={"version": "1"}, headers={"origin": CONSOLE})
    assert answer.status_code == 404


@pytest.mark.parametrize("address", GUARDED_ACTS)
@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "http://acme.localhost:8000"}, {"origin": "null"}],
    ids=["another site", "a site beside", "a tenant's site", "no origin"],
)
async def test_a_form_of_another_site_is_refused(signed_in: SignIn, address: str, headers: dict[str, str]) -> None:
    browser = await signed_in("Olga")
    answer = await browser.ask("POST", address.format(**FILLED), data={"version": "1", "name": "Taken over"}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


async def test_a_browser_that_says_nothing_needs_the_forms_own_token(signed_in: SignIn, people: People) -> None:
    browser = await signed_in("Rhea")
    page = await browser.get("/account")
    fields = {"name": people["Rhea"].name}
    assert (await browser.ask("POST", "/account", data=fields)).status_code == 403
    assert (await browser.ask("POST", "/account", data=fields | {"csrf": "0" * 40})).status_code == 403
    assert (await browser.ask("POST", "/account", data=fields | {"csrf": page.value("csrf")})).status_code == 303


async def test_static_files_are_kept_for_ever_and_unknown_ones_are_not_there(browser: Browser) -> None:
    page = await browser.get("/sign-in")
    sheet = next(link["href"] for link in page.root.all("link") if link["rel"] == "stylesheet")
    answer = await browser.ask("GET", sheet)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert (await browser.ask("GET", "/static/console-000000000000.css")).status_code == 404


async def test_pages_are_never_kept_and_never_framed(signed_in: SignIn) -> None:
    page = await (await signed_in("Olga")).get("/c/acme/s/acme")
    assert page.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


async def test_an_unknown_address_of_the_api_is_answered_for_programs(browser: Browser) -> None:
    answer = await browser.ask("GET", "/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404
