"""Conditional requests as RFC 9110 has them."""

import pytest

from app.errors import Invalid
from app.web.etags import PreconditionFailed, PreconditionMissing, etag_of, expected_version, is_unchanged, parse_tags, version_etag


def test_tags_are_parsed_with_their_weakness() -> None:
    assert parse_tags('"a", W/"b" ,"c,d"') == [(False, "a"), (True, "b"), (False, "c,d")]
    assert parse_tags(" * ") is None


@pytest.mark.parametrize("header", ["a", '"a" "b"', '"a', 'w/"a"', '"a",b'])
def test_malformed_tags_are_refused(header: str) -> None:
    with pytest.raises(ValueError, match="tag"):
        parse_tags(header)


def test_if_none_match_compares_weakly_and_ignores_nonsense() -> None:
    tag = etag_of(b"page")
    assert is_unchanged(tag, tag)
    assert is_unchanged(f'"other", W/{tag}', tag)
    assert is_unchanged("*", tag)
    assert not is_unchanged('"other"', tag)
    assert not is_unchanged("nonsense", tag)
    assert not is_unchanged(None, tag)


def test_if_match_names_one_version_strongly() -> None:
    assert expected_version(version_etag(12)) == 12
    assert expected_version('"other", "v3"') == 3
    assert expected_version("*") is None


def test_if_match_says_what_is_wrong_with_it() -> None:
    with pytest.raises(PreconditionMissing):
        expected_version(None)
    with pytest.raises(Invalid):
        expected_version("v3")
    for header in ('W/"v3"', '"abc"', '"v1", "v2"'):
        with pytest.raises(PreconditionFailed):
            expected_version(header)
