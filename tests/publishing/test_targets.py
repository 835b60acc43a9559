"""Which page an address means."""

import pytest

from app.publishing.targets import Address, Target, address_of, target_of

LANGUAGES = ("en", "de", "zh-Hant")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", Target("home", "en")),
        ("/de/", Target("home", "de")),
        ("/zh-Hant/posts/", Target("posts", "zh-Hant")),
        ("/posts/", Target("posts", "en")),
        ("/posts/a-b/", Target("post", "en", "a-b")),
        ("/de/tags/t/", Target("tag", "de", "t")),
        ("/products/", Target("products", "en")),
        ("/products/caf%C3%A9/", Target("product", "en", "café")),
        ("/care/tents/", Target("page", "en", "care/tents")),
        ("/de/care/", Target("page", "de", "care")),
        ("/feed.json", Target("feed", "en")),
        ("/de/feed.json", Target("feed", "de")),
        ("/feed.json/", None),
        ("/en/", None),
        ("/fr/", None),
        ("/de/de/", None),
        ("/tags/", None),
        ("/posts/a/b/", None),
        ("/products/in/x/", None),
        ("/2026/", None),
        ("/search/", None),
        ("/" + "x" * 201 + "/", None),
    ],
)
def test_an_address_means_one_page_or_none(path: str, target: Target | None) -> None:
    address = address_of(path)
    assert address is not None
    assert target_of(address, LANGUAGES) == target


@pytest.mark.parametrize(
    "path",
    [
        "//",
        "//x/",
        "/a//b/",
        "/a/./b/",
        "/a/../b/",
        "/%2e%2e/",
        "/a%2Fb/",
        "/a%5Cb/",
        "/%00/",
        "/%0d%0a/",
        "/%ff/",
        "/%C3/",
        "x",
        "*",
        "/\\x/",
    ],
)
def test_what_no_page_can_be_called_is_no_address(path: str) -> None:
    assert address_of(path) is None


@pytest.mark.parametrize(
    ("path", "back"), [("", "/"), ("/a/b", "/a/b/"), ("/a%20b/", "/a%20b/"), ("/%C3%A9", "/%C3%A9/"), ("/%3Fx", "/%3Fx/")]
)
def test_the_path_of_an_address_is_encoded_and_ends_with_a_slash(path: str, back: str) -> None:
    address = address_of(path)
    assert address is not None
    assert address.path == back


def test_a_folder_is_told_from_what_only_lacks_its_slash() -> None:
    assert address_of("/a/") == Address(("a",), is_folder=True)
    assert address_of("/a") == Address(("a",), is_folder=False)
    assert address_of("") == Address((), is_folder=False)
