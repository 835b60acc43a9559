"""Plain text and addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.document.plain import SLUG_LIMIT, anchor, cut, free_slug, is_reserved, plain_text, slug_candidates, slugify


def test_plain_text_is_what_a_reader_would_say() -> None:
    assert plain_text("<style>x</style><p>a&nbsp;b</p><ul><li>c<li>d</ul><script>e</script> f<b>g</b>") == "a b c d fg"
    assert plain_text('<sup><a href="#fn-1" id="fnref-1">1</a></sup>') == ""
    assert plain_text("not <html at all & so on") == "not <html at all & so on"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short", 160, "short"),
        ("exactly", 7, "exactly"),
        ("one two three", 9, "one two…"),
        ("one two, three", 10, "one two…"),
        ("abcdefghij", 5, "abcd…"),
        ("a bcdefghijklmnop", 10, "a bcdefgh…"),
    ],
)
def test_text_is_cut_at_a_word_where_there_is_one(text: str, limit: int, shown: str) -> None:
    assert cut(text, limit) == shown


@given(st.text(max_size=300), st.integers(min_value=1, max_value=200))
def test_cut_text_is_never_longer_than_allowed(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Kenya Nyeri AA is back!", "kenya-nyeri-aa-is-back"),
        ("Über Größe & Maß: ÄÖÜ", "ueber-groesse-mass-aeoeue"),
        ("It’s Ana's 50 % off", "its-anas-50-off"),
        ("Crème brûlée à l’Œuvre", "creme-brulee-a-loeuvre"),
        ("İstanbul’da ağır ışık", "istanbulda-agir-isik"),
        ("Tiếng Việt Đà Nẵng", "tieng-viet-da-nang"),
        ("Łódź ﬁnal Ⅳ", "lodz-final-iv"),
        ("e\u0301te\u0301 x\u0301", "ete-x"),
        ("مرحبا بالعالم", "مرحبا-بالعالم"),
        ("Привет, мир Й", "привет-мир-й"),
        ("हिन्दी में", "हिन्दी-में"),
        ("日本語 タイトル", "日本語-タイトル"),
        ("snake_case / path", "snake-case-path"),
        ("🙂 !!!", "post"),
        ("", "post"),
        ("a" * 100, "a" * 80),
        ("word " * 30, "-".join(["word"] * 16)),
    ],
)
def test_a_title_makes_an_address(title: str, slug: str) -> None:
    assert slugify(title) == slug


@given(st.text(max_size=200))
def test_an_address_is_stable_short_and_one_segment(title: str) -> None:
    slug = slugify(title)
    assert 0 < len(slug) <= SLUG_LIMIT
    assert slugify(slug) == slug
    assert not set(slug) & set("/?#%. _\\\"'<>&")
    assert not slug.startswith("-")
    assert not slug.endswith("-")


def test_the_id_of_a_heading_keeps_its_letters() -> None:
    assert anchor("Über uns & mehr_davon") == "über-uns-mehr_davon"
    assert anchor("…") == "section"


def test_a_taken_address_gets_the_next_number() -> None:
    taken = {"a", "a-2", "a-3"}
    assert free_slug("a", taken.__contains__) == "a-4"
    assert free_slug("b", taken.__contains__) == "b"


def test_numbers_fit_into_the_longest_address() -> None:
    candidates = slug_candidates("x" * 80)
    assert [next(candidates) for _ in range(3)] == ["x" * 80, "x" * 78 + "-2", "x" * 78 + "-3"]


def test_when_all_is_taken_the_search_ends() -> None:
    with pytest.raises(ValueError, match="10000 attempts"):
        free_slug("a", lambda candidate: True)


@pytest.mark.parametrize(
    "slug",
    [
        "posts",
        "Products",
        "tags/x",
        "/search/",
        "feed.xml",
        "robots.txt",
        "-",
        "-/preview",
        "preview",
        "2026",
        "2026/11",
        "de",
        "AR",
        "en",
        "pt-br",
    ],
)
def test_the_sites_own_addresses_are_reserved(slug: str) -> None:
    assert is_reserved(slug, ["en-GB", "pt-BR"])


@pytest.mark.parametrize("slug", ["about", "post", "20261", "handbook/posts", "to-do", "en-us", "xx", "media-kit", ""])
def test_other_addresses_are_free(slug: str) -> None:
    assert not is_reserved(slug, ["de"])
