"""Addresses: what a slug may be, and where a link leads. Pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.content.addresses import checked_slug, next_slugs, path_of, short_slug, slug_from_title, targets
from app.errors import Invalid

LANGUAGES = ("en", "de", "pt-BR")


@pytest.mark.parametrize(
    ("kind", "title", "slug"),
    [
        ("post", "Kenya: Nyeri AA!", "kenya-nyeri-aa"),
        ("post", "🎉", "post"),
        ("page", "🎉", "page"),
        ("page", "Search", "search-2"),
        ("page", "De", "de-2"),
        ("post", "ليلة في وادي رم", "ليلة-في-وادي-رم"),
    ],
)
def test_a_title_gives_a_slug(kind: str, title: str, slug: str) -> None:
    assert slug_from_title(kind, title, LANGUAGES) == slug


@given(st.sampled_from(["post", "page"]), st.text(min_size=1))
def test_whatever_the_title_its_slug_is_accepted(kind: str, title: str) -> None:
    slug = slug_from_title(kind, title, LANGUAGES)
    assert checked_slug(kind, slug, LANGUAGES) == slug


@given(st.sampled_from(["a", "x" * 80, "handbook/water", "/".join(["x" * 39] * 5)]))
def test_every_offer_is_accepted_and_another(slug: str) -> None:
    offers = next_slugs(slug)
    assert len(set(offers) - {slug}) == len(offers)
    for offer in offers:
        assert checked_slug("page", offer, LANGUAGES) == offer


def test_a_number_goes_to_the_end_of_a_path() -> None:
    assert next_slugs("handbook/water")[0] == "handbook/water-2"


@pytest.mark.parametrize(
    ("kind", "wanted", "words"),
    [
        ("post", "Nyeri AA", "“nyeri-aa” would do"),
        ("post", "a/b", "“a-b” would do"),
        ("page", "a//b", "“a/b” would do"),
        ("page", "a/../b", "would do"),
        ("post", "feed.xml", "would do"),
        ("page", "pt-br/about", "kept for the site's own pages"),
        ("page", "fr", "kept for the site's own pages"),
        ("page", "2026/11", "kept for the site's own pages"),
        ("page", "/".join(["x" * 40] * 5), "204 characters"),
    ],
)
def test_what_cannot_be_a_slug_is_refused_with_a_remedy(kind: str, wanted: str, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked_slug(kind, wanted, LANGUAGES)
    assert words in caught.value.fields["slug"]


def test_reserved_words_are_kept_only_from_the_first_part() -> None:
    assert checked_slug("page", "about/search", LANGUAGES) == "about/search"


def test_tags_and_bylines_make_their_address_from_their_name() -> None:
    assert short_slug("", "Größe & Co") == "groesse-co"
    assert short_slug("roasts", "Roasting") == "roasts"
    with pytest.raises(Invalid, match="fields"):
        short_slug("Ro asts", "Roasting")
    with pytest.raises(Invalid) as caught:
        short_slug("", "🎉", "tags")
    assert "no letter or digit" in caught.value.fields["tags"]


@pytest.mark.parametrize(
    ("kind", "lang", "slug", "path"),
    [
        ("post", "en", "a", "/posts/a/"),
        ("post", "de", "a", "/de/posts/a/"),
        ("page", "en", "a/b", "/a/b/"),
        ("page", "de", "größe", "/de/gr%C3%B6%C3%9Fe/"),
    ],
)
def test_an_address_leads_back_to_its_post(kind: str, lang: str, slug: str, path: str) -> None:
    assert path_of(kind, lang, slug, "en") == path
    assert targets([path, f"{path}?x=1#top"], LANGUAGES, "en") == {path: (kind, lang, slug), f"{path}?x=1#top": (kind, lang, slug)}


def test_links_that_lead_elsewhere_are_no_business_of_the_posts() -> None:
    links = [
        "https://x.example/posts/a/",
        "//x.example/",
        "#a",
        "a/",
        "/",
        "/de/",
        "/posts/",
        "/products/a/",
        "/2026/11/",
        "/media/x/y",
        "/feed.xml",
        "/posts/a/b/",
    ]
    assert targets(links, LANGUAGES, "en") == {}
