"""What the pages of history show."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.difference import Block, compare_fields, compare_texts, mark_pair
from tests.document.test_clean import CANONICAL, PIECES

SHOWN = {"ins", "del", "mark", "br", "strong", "em", "b", "i", "u", "s", "sub", "sup", "small", "code", "kbd", "q", "cite"}


class _Side(HTMLParser):
    """Collects the text of one side of a comparison, and what must not be in it."""

    def __init__(self, without: str) -> None:
        super().__init__()
        self.without = without
        self.depth = 0
        self.text = ""
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.strange += [tag] if tag not in SHOWN or attrs else []
        self.depth += tag == self.without

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == self.without

    def handle_data(self, data: str) -> None:
        self.text += "" if self.depth else data


def side(blocks: list[Block], without: str) -> str:
    reader = _Side(without)
    for block in blocks:
        reader.feed(f"{block.html}\n")
    reader.close()
    assert reader.strange == []
    return "".join(reader.text.split())


def states(old: str, new: str) -> list[tuple[str, str]]:
    return [(block.state, block.kind) for block in compare_texts(old, new)]


def test_a_changed_sentence_is_shown_word_by_word() -> None:
    (block,) = compare_texts(
        "<p>The first bags arrived on Monday morning, right on time. We opened one of them.</p>",
        "<p>The first bags arrived on Monday morning, a week earlier. We opened one of them.</p>",
    )
    assert block == Block(
        "changed",
        "p",
        "The first bags arrived on Monday morning, <del>right on time</del> <ins>a week earlier</ins>. We opened one of them.",
        added=3,
        removed=3,
    )


def test_blocks_are_aligned_before_words() -> None:
    old = "<h2>A</h2><p>stays as it is</p><ul><li>one</li><li>two</li><li>three</li></ul><p>nothing like the other</p>"
    new = "<h2>A</h2><p>brand new words here</p><p>stays as it is</p><ul><li>one</li><li>three</li></ul>"
    assert states(old, new) == [
        ("same", "h2"),
        ("added", "p"),
        ("same", "p"),
        ("same", "li"),
        ("removed", "li"),
        ("same", "li"),
        ("removed", "p"),
    ]


def test_a_new_list_item_leaves_the_others_alone() -> None:
    assert [state for state, _ in states("<ul><li>a b</li><li>c d</li></ul>", "<ul><li>a b</li><li>x y</li><li>c d</li></ul>")] == [
        "same",
        "added",
        "same",
    ]


def test_formatting_and_addresses_count_as_changes() -> None:
    (bold,) = compare_texts("<p>a word here</p>", "<p>a <b>word</b> here</p>")
    assert (bold.state, bold.html) == ("changed", "a <del>word</del> <ins><b>word</b></ins> here")
    (link,) = compare_texts('<p>see <a href="/a/">this page</a> now</p>', '<p>see <a href="/b/?x=&quot;">this page</a> now</p>')
    assert (link.state, link.html) == ("changed", 'see this page <del><small>(/a/)</small></del> <ins><small>(/b/?x=")</small></ins> now')
    assert compare_texts('<p><a href="/a/">x</a></p>', '<p><a href="/a/">x</a></p>')[0].html == "x"


def test_a_paragraph_that_became_a_heading_says_so() -> None:
    (block,) = compare_texts("<blockquote><p>same words</p></blockquote>", "<h2>same words</h2>")
    assert block == Block("changed", "h2", "same words", was="blockquote p")


def test_tables_pictures_and_rules_are_compared() -> None:
    old = '<table><tr><td>Espresso</td><td>3.10</td></tr></table><figure data-asset="a"><figcaption>c</figcaption></figure><hr>'
    new = '<table><tr><td>Espresso</td><td>3.40</td></tr></table><figure data-asset="b"><figcaption>c</figcaption></figure><hr>'
    blocks = compare_texts(old, new)
    assert blocks[0].html == "Espresso | <del>3.10</del> <ins>3.40</ins>"
    assert [(block.state, block.kind, block.html) for block in blocks[1:]] == [
        ("removed", "figure", "<del><code>a</code></del>"),
        ("added", "figure", "<ins><code>b</code></ins>"),
        ("same", "figcaption", "c"),
        ("same", "hr", "—"),
    ]


def test_white_space_counts_in_code_and_nowhere_else() -> None:
    assert states("<p>a  b</p>", "<p>a\nb</p>") == [("same", "p")]
    (block,) = compare_texts("<pre>if x:\n  y()</pre>", "<pre>if x:\n    y()</pre>")
    assert block.html == "if x:<del>↵<br>&nbsp;&nbsp;</del><ins>↵<br>&nbsp;&nbsp;&nbsp;&nbsp;</ins>y()"


def test_markdown_is_compared_as_it_was_written() -> None:
    blocks = compare_texts("# A\n\none *two* three\n\n```\nx\n\ny\n```\n", "# A\n\none *two* four\n\n```\nx\n\ny\n```\n\n<new>", "markdown")
    assert [(block.state, block.kind, block.html) for block in blocks] == [
        ("same", "source", "# A"),
        ("changed", "source", "one *two* <del>three</del><ins>four</ins>"),
        ("same", "source", "```<br>x<br><br>y<br>```"),
        ("added", "source", "<ins>&lt;new&gt;</ins>"),
    ]


def test_small_words_between_changes_do_not_break_the_reading() -> None:
    (block,) = compare_texts(
        "<p>Start here: alpha beta a gamma delta. The end of it.</p>", "<p>Start here: one two a three four. The end of it.</p>"
    )
    assert block.html == "Start here: <del>alpha beta a gamma delta</del> <ins>one two a three four</ins>. The end of it."


def test_comparing_a_body_with_itself_shows_no_change() -> None:
    blocks = compare_texts(CANONICAL, CANONICAL)
    assert {block.state for block in blocks} == {"same"}
    assert sum(block.added + block.removed for block in blocks) == 0


def test_nothing_and_something_can_be_compared() -> None:
    assert compare_texts("", "") == []
    assert [(block.state, block.added) for block in compare_texts("", "<p>a b</p>")] == [("added", 2)]
    assert [(block.state, block.removed) for block in compare_texts("<p>a b</p>", "")] == [("removed", 2)]


def test_hostile_text_is_escaped_in_comparisons() -> None:
    blocks = compare_texts(
        "<p>&lt;script&gt;a()&lt;/script&gt;</p>", "<p>&lt;script&gt;b()&lt;/script&gt; <img src='https://a.example/\"&gt;'></p>"
    )
    assert "<script" not in "".join(block.html for block in blocks)


@given(st.lists(PIECES, max_size=20).map("".join), st.lists(PIECES, max_size=20).map("".join))
@settings(max_examples=150, deadline=None)
def test_each_side_of_a_comparison_is_that_side(old: str, new: str) -> None:
    """Links are left out, because their addresses are shown only where they differ."""
    old, new = old.replace("href", "title"), new.replace("href", "title")
    blocks = compare_texts(old, new)
    assert sorted(side(blocks, "ins").replace("↵", "")) == sorted(side(compare_texts(old, old), "ins").replace("↵", ""))
    assert sorted(side(blocks, "del").replace("↵", "")) == sorted(side(compare_texts(new, new), "del").replace("↵", ""))


@given(st.text(alphabet="abc <>&*#`\n", max_size=60), st.text(alphabet="abc <>&*#`\n", max_size=60))
@settings(deadline=None)
def test_both_sides_of_a_markdown_comparison_are_whole(old: str, new: str) -> None:
    blocks = compare_texts(old, new, "markdown")
    assert sorted(side(blocks, "ins").replace("↵", "")) == sorted("".join(old.split()))
    assert sorted(side(blocks, "del").replace("↵", "")) == sorted("".join(new.split()))


def test_fields_that_differ_are_shown_and_others_are_not() -> None:
    found = compare_fields(
        {
            "title": "Kenya is back",
            "slug": "/kenya",
            "tags": ["Origins", "Old"],
            "summary": "x",
            "lang": "en",
            "featured": False,
            "gone": "y",
        },
        {
            "title": "Kenya is back, and it is bright",
            "slug": "/kenya-2026",
            "tags": ["Origins", "New <b>"],
            "summary": "",
            "lang": "en",
            "featured": True,
        },
    )
    assert [(field.name, field.state, field.html) for field in found] == [
        ("title", "changed", "Kenya is back<ins>, and it is bright</ins>"),
        ("slug", "changed", "/kenya<ins>-2026</ins>"),
        ("tags", "changed", "Origins, <del>Old</del>, <ins>New &lt;b&gt;</ins>"),
        ("summary", "removed", "<del>x</del>"),
        ("featured", "changed", "<del>no</del><ins>yes</ins>"),
        ("gone", "removed", "<del>y</del>"),
    ]


@pytest.mark.parametrize(
    ("old", "state"), [(None, "added"), ("", "added"), ([], "added"), ("b", "changed"), (False, "changed"), (0, "changed")]
)
def test_a_field_that_had_no_value_was_added(old, state: str) -> None:
    assert compare_fields({"x": old}, {"x": ["a"]})[0].state == state


def test_two_texts_side_by_side_are_marked_alike() -> None:
    assert mark_pair("it is brighter than <last>", "it is sweeter than <last>") == (
        "it is <mark>brighter</mark> than &lt;last&gt;",
        "it is <mark>sweeter</mark> than &lt;last&gt;",
    )
    assert mark_pair("same", "same") == ("same", "same")
