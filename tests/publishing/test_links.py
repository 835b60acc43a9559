"""Which addresses may be linked to, and where a site's own pages are."""

import pytest

from app.publishing.links import Addresses, absolute, is_served, safe_link


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/",
        "http://a.example",
        "HTTPS://A.example/",
        "mailto:a@b.example",
        "/about/",
        "about/",
        "#top",
        "?page=2",
        "/a:b/",
        "/مرحبا/",
    ],
)
def test_an_ordinary_address_may_be_linked_to(url: str) -> None:
    assert safe_link(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "tel:+1",
        "//evil.example/",
        "/\\evil.example/",
        "https:",
        "https:evil",
        "mailto:",
        "http://[broken",
        "1:2",
        "a b",
    ],
)
def test_an_address_that_could_do_harm_may_not(url: str | None) -> None:
    assert safe_link(url) is None


def test_pages_of_the_first_language_have_no_prefix() -> None:
    links = Addresses(first="en-GB")
    assert links.home("en-GB") == "/"
    assert links.post("en-GB", "a-b") == "/posts/a-b/"
    assert links.page("de", "handbuch/wasser") == "/de/handbuch/wasser/"
    assert links.tag("de", "x") == "/de/tags/x/"
    assert links.product("en-GB", "p", "A/1 ü") == "/products/p/?sku=A%2F1%20%C3%BC"
    assert links.feed("de") == "/de/feed.json"
    assert links.post("ar", "ليلة") == "/ar/posts/%D9%84%D9%8A%D9%84%D8%A9/"


def test_a_preview_keeps_pages_inside_and_leaves_files_alone() -> None:
    links = Addresses(first="en", base="/-/preview/t")
    assert links.post("de", "x") == "/-/preview/t/de/posts/x/"
    assert links.feed("de") == "/de/feed.json"
    assert [links.inside(x) for x in ("/a/", "/media/a.webp", "/-/journal-1.css", "//b.example", "https://b.example/", "#x")] == [
        "/-/preview/t/a/",
        "/media/a.webp",
        "/-/journal-1.css",
        "//b.example",
        "https://b.example/",
        "#x",
    ]
    assert Addresses(first="en").inside("/a/") == "/a/"


@pytest.mark.parametrize(
    "url", ["/search/", "/search/?q=a", "/de/search/", "/authors/a/", "/products/in/coffee/", "/feed.xml", "/ar/atom.xml"]
)
def test_the_platforms_pages_of_later_parts_are_not_served_yet(url: str) -> None:
    assert not is_served(url)


@pytest.mark.parametrize(
    "url", ["/", "/searching/", "/products/", "/products/in-season/", "/about/search/", "/feed.json", "https://a.example/search/"]
)
def test_other_pages_may_be_served(url: str) -> None:
    assert is_served(url)


def test_only_paths_get_an_origin() -> None:
    assert absolute("https://a.example", "/b/") == "https://a.example/b/"
    assert absolute("https://a.example", "https://cdn.example/b") == "https://cdn.example/b"
