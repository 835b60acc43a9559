"""Host names in their one form."""

import pytest

from app.errors import Invalid
from app.tenancy.hosts import built_in_hosts, checked_slug, normalised_host


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("Example.ORG", "example.org"),
        ("example.org.", "example.org"),
        ("example.org:8000", "example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("acme.localhost:8000", "acme.localhost"),
    ],
)
def test_a_host_has_one_form(given: str, host: str) -> None:
    assert normalised_host(given) == host


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        "127.0.0.1",
        "[::1]",
        "::1",
        "*.example.org",
        "a..b",
        "a b",
        "ex/ample",
        "-a.org",
        "a" * 64 + ".org",
        "x" * 254,
        "a\x00b",
        "...",
    ],
)
def test_what_is_no_host_name_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        normalised_host(given)


def test_built_in_addresses_avoid_reserved_names() -> None:
    assert built_in_hosts("acme", "acme", "sites.example")[:3] == [
        "acme.sites.example",
        "acme-acme.sites.example",
        "acme-acme-2.sites.example",
    ]
    assert built_in_hosts("www", "acme", "sites.example")[0] == "www-acme.sites.example"


@pytest.mark.parametrize("slug", ["", "-a", "a-", "a_b", "ä", "xn--a", "a" * 64, "a.b"])
def test_slugs_must_serve_as_labels(slug: str) -> None:
    with pytest.raises(Invalid):
        checked_slug(slug)
