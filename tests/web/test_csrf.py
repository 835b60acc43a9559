"""Who may post a form: only the console's own pages."""

import pytest

from app.errors import Forbidden
from app.web.csrf import check_form_token, form_token, origin_proves

CONSOLE = "https://console.example.org"


@pytest.mark.parametrize(
    ("site", "origin"), [("same-origin", None), ("none", None), (None, CONSOLE), ("same-origin", "https://other.example")]
)
def test_the_consoles_own_pages_may(site: str | None, origin: str | None) -> None:
    assert origin_proves("POST", site, origin, CONSOLE)


@pytest.mark.parametrize(
    ("site", "origin"),
    [
        ("cross-site", CONSOLE),
        ("same-site", CONSOLE),
        (None, "https://acme.example.org"),
        (None, "null"),
        (None, "http://console.example.org"),
    ],
)
def test_others_may_not_even_on_the_same_domain(site: str | None, origin: str | None) -> None:
    with pytest.raises(Forbidden):
        origin_proves("POST", site, origin, CONSOLE)


def test_reading_is_open_to_all() -> None:
    assert origin_proves("GET", "cross-site", "https://evil.example", CONSOLE)


def test_a_browser_that_says_nothing_must_send_the_forms_token() -> None:
    assert not origin_proves("POST", None, None, CONSOLE)
    key = (b"k" * 32,)
    check_form_token(key, "session", form_token(key[0], "session"))
    for given in ("", form_token(key[0], "another session"), "ä"):
        with pytest.raises(Forbidden):
            check_form_token(key, "session", given)
