"""The one table of what a body may hold."""

import re

import pytest

from app.document.policy import ELEMENTS, RENAMED, SWALLOWED, WRAPPERS, accepted, is_asset, is_external


def test_every_pattern_means_the_same_to_an_editor_in_a_browser() -> None:
    patterns = {attribute.pattern for element in ELEMENTS.values() for attribute in element.attributes}
    assert all(re.compile(pattern) for pattern in patterns)
    assert not [pattern for pattern in patterns if "(?" in pattern or "\\A" in pattern or "\\Z" in pattern]


def test_the_parts_of_the_table_agree() -> None:
    assert set(RENAMED.values()) <= set(ELEMENTS)
    assert not set(RENAMED) & set(ELEMENTS)
    assert not SWALLOWED & (set(ELEMENTS) | WRAPPERS | set(RENAMED))
    assert WRAPPERS & set(ELEMENTS) == {"section"}
    for element in ELEMENTS.values():
        assert set(element.needs) <= {attribute.name for attribute in element.attributes}
        assert set(element.inside) <= {"", *ELEMENTS}
        assert (element.group == "part") <= bool(element.inside)


def test_no_attribute_runs_or_styles_anything() -> None:
    names = {attribute.name for element in ELEMENTS.values() for attribute in element.attributes}
    assert not [name for name in names if name.startswith("on") or name in {"style", "target", "srcdoc", "formaction", "srcset"}]


@pytest.mark.parametrize(
    ("tag", "name", "value", "kept"),
    [
        ("a", "href", "https://example.org/?a=1&b=2#c", "https://example.org/?a=1&b=2#c"),
        ("a", "href", "mailto:ann@example.org", "mailto:ann@example.org"),
        ("a", "href", "tel:+49301234", "tel:+49301234"),
        ("a", "href", "/posts/one/", "/posts/one/"),
        ("a", "href", "#fn-1", "#fn-1"),
        ("a", "href", " \x01https://example.org/\n", "https://example.org/"),
        ("a", "href", "java\nscript:alert(1)", None),
        ("a", "href", "\x01JavaScript:alert(1)", None),
        ("a", "href", "data:text/html,x", None),
        ("a", "href", "vbscript:x", None),
        ("a", "href", "file:///etc/passwd", None),
        ("a", "href", "http://[::1", None),
        ("a", "href", "", None),
        ("a", "href", "/" + "a" * 5000, None),
        ("a", "rel", "nofollow evil noopener", "nofollow noopener"),
        ("a", "rel", "evil", None),
        ("a", "id", "fnref-1", "fnref-1"),
        ("a", "id", "main", None),
        ("a", "target", "_blank", None),
        ("li", "id", "fn-12", "fn-12"),
        ("li", "id", "fnref-1", None),
        ("p", "id", "fn-1", None),
        ("img", "src", "https://example.org/a.png", "https://example.org/a.png"),
        ("img", "src", "http://example.org/a.png", None),
        ("img", "src", "/a.png", None),
        ("img", "src", "//example.org/a.png", None),
        ("img", "data-asset", "beans-1", "beans-1"),
        ("figure", "data-asset", "../secret", None),
        ("td", "class", "num wide", "num"),
        ("td", "colspan", "2", "2"),
        ("td", "colspan", "0", None),
        ("td", "colspan", "9999", None),
        ("th", "scope", "col", "col"),
        ("th", "scope", "COL-", None),
        ("code", "class", "language-c++ hljs", "language-c++"),
        ("p", "lang", "de-AT", "de-AT"),
        ("p", "lang", "x y", None),
        ("p", "dir", "rtl", "rtl"),
        ("p", "class", "lead", None),
        ("p", "onclick", "x()", None),
        ("script", "src", "https://example.org/x.js", None),
    ],
)
def test_attributes_are_kept_corrected_or_refused(tag: str, name: str, value: str, kept: str | None) -> None:
    assert accepted(tag, name, value) == kept


@pytest.mark.parametrize(
    "address", ["http://a.example/", "HTTPS://a.example/", "//a.example/", "\\\\a.example/", "/\\a.example/", "https:a.example"]
)
def test_links_to_other_hosts_are_known_in_every_disguise(address: str) -> None:
    assert is_external(address)


@pytest.mark.parametrize("address", ["/a", "a/b", "#a", "?a=http://b.example/", "mailto:a@b.example", "tel:1", ""])
def test_links_inside_the_site_are_not_external(address: str) -> None:
    assert not is_external(address)


def test_an_asset_is_a_plain_name() -> None:
    assert is_asset("acme-first-crack")
    assert is_asset("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")
    assert not any(is_asset(name) for name in ("", "-a", "a b", "a/b", 'a"', "a" * 121))
