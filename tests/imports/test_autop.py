"""Paragraphs for texts that leave them out."""

import re

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imports.autop import has_blocks, paragraphs
from app.imports.shortcodes import expand, foreign


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        (" \n\n ", ""),
        ("One\ntwo\n\n\n three", "<p>One<br>\ntwo</p>\n<p>three</p>"),
        ("One<br />\ntwo<br>three", "<p>One<br />\ntwo<br>three</p>"),
        ("<em>a\n\nb</em> c", "<p><em>a</em></p>\n<p><em>b</em> c</p>"),
        ("a <b>bold</b> and <i>it</i>", "<p>a <b>bold</b> and <i>it</i></p>"),
        ("Text<h2>Head\nline</h2>more", "<p>Text</p>\n<h2>Head<br>\nline</h2>\n<p>more</p>"),
        ("<ul>\n<li>one</li>\n<li>two\n\nthree</li>\n</ul>", "<ul>\n<li>one</li>\n<li><p>two</p>\n<p>three</p>\n</li>\n</ul>"),
        ("<blockquote>a\n\nb</blockquote>", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>"),
        ("<pre>a\n\n b</pre>\nc", "<pre>a\n\n b</pre>\n<p>c</p>"),
        ('<p class="x">a</p>\nb', '<p class="x">a</p>\n<p>b</p>'),
        ("<p>a\n\nb</p>", "<p>a</p>\n<p>b</p>"),
        ("<table><tr><td>1</td>\n<td></td></tr></table>", "<table>\n<tr>\n<td>1</td>\n<td></td>\n</tr>\n</table>"),
        ("a</div>b", "<p>a</p>\n<p>b</p>"),
        ("<div>a", "<div>\n<p>a</p>\n</div>"),
        ("<hr>\n<img src=x>", "<hr>\n<p><img src=x></p>"),
        ('a <a href="x and b', '<p>a &lt;a href="x and b</p>'),
        ("1 < 2 & 3 > 2", "<p>1 < 2 & 3 > 2</p>"),
        ('<a title="x > y\n\nz">t</a>', '<p><a title="x > y\n\nz">t</a></p>'),
        ("<a href=http://x/>t</a>", "<p><a href=http://x/>t</a></p>"),
        ("&nbsp;", "<p>&nbsp;</p>"),
    ],
)
def test_blank_lines_end_paragraphs_and_newlines_are_breaks(text, html):
    assert paragraphs(text) == html


@given(
    st.lists(st.sampled_from(["a", " ", "\n", "\n\n", "<b>", "</b>", "<p>", "</p>", "<ul>", "<li>", "</ul>", "<br>", "<h2>", "</h2>", "<"]))
)
@settings(max_examples=400, deadline=None)
def test_no_text_is_lost_and_every_block_that_opens_closes(pieces):
    text = "".join(pieces)
    html = paragraphs(text)
    assert html.count("a") == text.count("a")
    for name in ("p", "ul", "li", "h2"):
        assert len(re.findall(f"<{name}>", html)) == html.count(f"</{name}>")


@pytest.mark.parametrize(
    "text", ["One\ntwo\n\nthree", "<ul>\n<li>a\n\nb</li></ul>", "<blockquote>x</blockquote>y", "<h2>t</h2>\n<p>a<br>\nb</p>"]
)
def test_what_has_paragraphs_already_stays_and_the_cleaner_agrees(text):
    once = paragraphs(text)
    assert paragraphs(once) == once
    assert nh3.clean(once, tags={"p", "br", "ul", "li", "blockquote", "h2"}) == once


# A quadratic reading of these would take hours and run into the time limit of the suite.
@pytest.mark.parametrize(
    "seed", ["<b>", "<b>x\n\n", "<div></p>", "<pre>", "<pre ", '<a "', "<a '\"", "a<br>", "<br>", " ", "\n", "\n \n", "<li><div>"]
)
def test_hostile_repetition_is_read_in_one_pass(seed):
    assert paragraphs(seed * (200_000 // len(seed))).count("<") < 4_000_000


@pytest.mark.parametrize(
    "seed", ["[caption]", '[gallery "', "[audio ", "[audio][/audio]", "[a ", '[abc x="', "[[gallery]]", "[audio https://", "[caption a"]
)
def test_hostile_shortcodes_are_read_in_one_pass(seed):
    text = seed * (200_000 // len(seed)) + "[/audio]"
    assert len(expand(text, lambda name, attributes, content: content or "")) <= len(text)
    assert foreign(text) == []


def test_has_blocks_knows_inline_markup_from_paragraphs():
    assert not has_blocks("a <b>bold</b> word<br>more")
    assert has_blocks("a <P CLASS='x'>word")
