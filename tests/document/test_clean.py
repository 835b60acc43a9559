"""Cleaning: nothing dangerous stays, nothing harmless goes, and what goes is told."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.document.clean import Cleaned, clean_html
from app.document.policy import ELEMENTS, RENAMED, SWALLOWED, WRAPPERS
from app.document.tree import DEPTH, text_of
from app.document.tree import read as read_tree
from tests.document.safety import dangers
from tests.imports.corpus import corpus_file

CANONICAL = (
    '<h2>One</h2>\n<h3 lang="de">Zwei</h3>\n<h4 dir="rtl">x</h4>\n<p>Text '
    "<strong>a</strong> <em>b</em> <b>c</b> <i>d</i> <u>e</u> <s>f</s> "
    'H<sub>2</sub>O x<sup>2</sup> <mark>g</mark> <abbr title="h">i</abbr> <del>j</del> <ins>k</ins> <small>l</small> <cite>m</cite> '
    '<time datetime="2026-11-21">n</time> <span lang="ar" dir="rtl">o</span> <kbd>p</kbd> <q>r</q> <code>s</code><br>207\u00a0°C</p>\n'
    '<ul><li>a<ul><li>b</li></ul></li></ul>\n<ol start="3"><li><p>c</p></li></ol>\n<dl><dt>d</dt><dd>e</dd></dl>\n'
    '<table><caption>f</caption><thead><tr><th scope="col">g</th><th scope="col" class="num" colspan="2">h</th></tr></thead>'
    '<tbody><tr><th scope="row">i</th><td class="num">1</td><td rowspan="2">j</td></tr></tbody>'
    "<tfoot><tr><td>k</td></tr></tfoot></table>\n"
    '<figure data-asset="beans-1"><figcaption>l</figcaption></figure>\n'
    '<p><img src="https://example.org/m.png" alt="n" width="10" height="20"></p>\n'
    '<blockquote cite="https://example.org/"><p>o</p><footer><cite>p</cite></footer></blockquote>\n'
    '<pre><code class="language-sh">a &lt; b &amp;&amp; c\n</code></pre>\n<hr>\n'
    '<p><a href="https://example.org/" title="q" rel="nofollow noopener" hreflang="en">r</a> <a href="/s/">s</a>'
    '<sup><a href="#fn-1" id="fnref-1">1</a></sup></p>\n'
    '<section class="footnotes"><ol><li id="fn-1"><p>t</p></li></ol></section>'
)

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//e.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=`javascript:alert(1)`>",
    '<img """><script>alert(1)</script>">',
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=data:text/html;base64,PHNjcmlwdD4=></object>",
    "<embed src=https://e.example/x.swf>",
    "<base href=https://e.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=https://e.example/x.css>",
    "<style>@import 'https://e.example/x.css'</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='  java&#x0A;script&colon;alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href=https://a.example onclick=alert(1)>x</a>",
    "<a/href=javascript:alert(1)/onmouseover=alert(1)>x",
    "<details open ontoggle=alert(1)>x</details>",
    "<form action=https://e.example><input name=password><button formaction=javascript:alert(1)>x</button></form>",
    "<video poster=javascript:alert(1) src=x onerror=alert(1)></video>",
    "<body onload=alert(1)>x",
    "<template><img src=x onerror=alert(1)></template>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<noembed><img src=x onerror=alert(1)></noembed>",
    "<select><option><style><img src=x onerror=alert(1)></style></select>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo '<script>alert(1)</script>' ?>",
    "<table background=javascript:alert(1)><tr><td background=x>",
    "<p id=main class=overlay data-hx-get=/logout>x</p>",
    "<p hx-on:click=alert(1) hx-get=/x>x</p>",
    "<a href='#x' xlink:href=javascript:alert(1)>x</a>",
    "<x onclick=alert(1)>y</x>",
    "<p title=</p><script>alert(1)</script>",
    "<a title='</a><script>alert(1)</script>'>x</a>",
    "\x00<scr\x00ipt>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
]


def demonstration_bodies() -> Iterator[str]:
    """Every `body` in the files of the demonstration."""
    waiting = [json.loads(path.read_text("utf-8")) for path in (Path(__file__).parents[2] / "app/demo/content").glob("*/*.json")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from [value["body"]] if isinstance(value.get("body"), str) else []
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def test_the_canonical_subset_passes_untouched() -> None:
    cleaned = clean_html(CANONICAL)
    assert cleaned.html == CANONICAL
    assert cleaned.dropped == ()


def test_the_canonical_body_names_every_element() -> None:
    assert not [name for name in ELEMENTS if f"<{name}" not in CANONICAL]


def test_the_bodies_of_the_demonstration_pass_untouched() -> None:
    bodies = list(demonstration_bodies())
    assert len(bodies) > 20
    for body in bodies:
        assert clean_html(body) == Cleaned(body, ())


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_end_here(attack: str) -> None:
    for source in (attack, f"<p>before {attack} after</p>", f"<table><tr><td>{attack}", f"<ul><li>{attack}"):
        html = clean_html(source).html
        assert dangers(html) == []
        assert clean_html(html).html == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<h1>a</h1><h5>b</h5><h6>c</h6>", "<h2>a</h2><h4>b</h4><h4>c</h4>"),
        ("<strike>a</strike><tt>b</tt>", "<s>a</s><code>b</code>"),
        ("<div>a<div>b</div>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ("<div><h2>a</h2> <p>b</p></div>", "<h2>a</h2><p>b</p>"),
        ("<p>a<p>b<ul><li>c<li>d</ul>", "<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul>"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<ul>stray<li>a</li></ul>", "<ul><li>stray</li><li>a</li></ul>"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<li>a</li>", "<p>a</p>"),
        ("<td>a</td>", "<p>a</p>"),
        ("<footer>a</footer>", "<p>a</p>"),
        ("<section><h2>a</h2>b</section>", "<h2>a</h2><p>b</p>"),
        ("<h2>a<p>b</p>c</h2>", "<h2>a b c</h2>"),
        ("<h2>a<h3>b</h3></h2>", "<h2>a</h2><h3>b</h3>"),
        ("<b><p>a</p></b>", "<p>a</p>"),
        ('<a href="/x/"><h2>a</h2>b</a>', '<h2><a href="/x/">a</a></h2><p><a href="/x/">b</a></p>'),
        ("<a>a</a><span>b</span><span class=x>c</span>", "abc"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
        ("<p>a</p></p></b></nonsense>", "<p>a</p>"),
        ("<pre>\n\na\n</pre>", "<pre>\n\na\n</pre>"),
        ('<a href="?a=1&copy=2">x</a>', '<a href="?a=1&amp;copy=2">x</a>'),
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("a <b", "a &lt;b"),
        ('a <b c="', 'a &lt;b c="'),
        ("5 &lt; 6 &copy; &hearts;", "5 &lt; 6 © ♥"),
        ("a\r\nb\rc\x00\x08d\ufffe", "a\nb\ncd"),
        ("a\ud800b", "a\ufffdb"),
        ("<noscript><img src=https://e.example/a.png></noscript>", '<p><img src="https://e.example/a.png"></p>'),
        ("<button>Buy</button> <label>now</label>", "Buy now"),
        ("<svg>a", "a"),
        ("", ""),
    ],
)
def test_other_peoples_html_becomes_ours(source: str, html: str) -> None:
    assert clean_html(source).html == html


def test_links_to_other_hosts_get_noopener_once() -> None:
    html = clean_html(
        '<a href="https://a.example/" rel="nofollow" target="_blank">a</a><a href="//b.example" rel="noopener">b</a><a href="/c">c</a>'
    ).html
    assert html == '<a href="https://a.example/" rel="nofollow noopener">a</a><a href="//b.example" rel="noopener">b</a><a href="/c">c</a>'


def test_an_id_is_given_once() -> None:
    html = clean_html('<ol><li id="fn-1">a</li><li id="fn-1">b</li></ol><p id="fn-1">c</p>').html
    assert html == '<ol><li id="fn-1">a</li><li>b</li></ol><p>c</p>'


def test_what_was_removed_is_told_in_words() -> None:
    dropped = clean_html(
        '<script>x</script><iframe src="https://video.example/1"></iframe><font color=red>a</font>'
        '<p style="x" onclick="y">b</p><p style="z">c</p>'
        '<a href="javascript:alert(1)">d</a><img src="/e.png"><!-- f -->'
    ).dropped
    assert dropped == (
        "<script> with everything in it",
        "<iframe> of https://video.example/1",
        "<font> (its text stays)",
        "a comment",
        "the attribute style of <p> (2 times)",
        "the attribute onclick of <p>",
        "the address javascript:alert(1) of <a>",
        "the address /e.png of <img>",
    )


def test_a_long_report_is_cut() -> None:
    dropped = clean_html("".join(f"<x{number}>" for number in range(100))).dropped
    assert len(dropped) == 41
    assert dropped[-1] == "and 60 more kinds of things"


def test_nesting_is_bounded_and_its_text_kept() -> None:
    cleaned = clean_html("<blockquote>" * 500 + "deep" + "</blockquote>" * 500)
    assert cleaned.html.count("<blockquote>") == DEPTH
    assert "deep" in cleaned.html
    assert any("nesting" in what for what in cleaned.dropped)


TAGS = sorted(set(ELEMENTS) | set(RENAMED) | WRAPPERS | SWALLOWED | {"button", "font", "option", "textarea", "plaintext", "x-y"})
PIECES = st.one_of(
    st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"),
    st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        [
            '<a href="/x">',
            '<a href="javascript:x">',
            '<img src="https://e.example/x">',
            '<span lang="de">',
            '<section class="footnotes">',
            '<li id="fn-1">',
            '<a id="fnref-1" href="#fn-1">',
            '<figure data-asset="a">',
            '<p class="x" dir="rtl" onclick="y">',
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<?",
            "<",
            ">",
            '"',
            "'",
            "&",
            "&lt;",
            "&nbsp;",
            "&#0;",
            "&#13;",
            "\n",
            " ",
            "=",
            "/",
            "text",
            "ä",
            "\u00a0",
            "\x0c",
        ]
    ),
    st.text(max_size=8),
)


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=400, deadline=None)
def test_cleaning_is_safe_and_done_in_one_go_for_any_source(source: str) -> None:
    html = clean_html(source).html
    assert dangers(html) == []
    assert clean_html(html).html == html


@given(st.lists(st.sampled_from(TAGS), max_size=12), st.text(alphabet="abc ", max_size=20))
@settings(max_examples=150, deadline=None)
def test_text_outlives_its_elements(tags: list[str], text: str) -> None:
    kept = [tag for tag in tags if tag not in SWALLOWED]
    html = clean_html("".join(f"<{tag}>" for tag in kept) + text).html
    assert text_of(read_tree(html)[0]) == " ".join(text.split())


def test_naughty_strings_are_harmless() -> None:
    strings = json.loads(corpus_file("strings/blns.json").read_text("utf-8"))
    for string in strings:
        for source in (string, f"<p>{string}</p>", f'<a href="{string}">x</a>'):
            html = clean_html(source).html
            assert dangers(html) == []
            assert clean_html(html).html == html


HOSTILE = [
    "<div>",
    "<b>",
    "<b><p>",
    "<a href=x>",
    "<table><tr><td>",
    "<ul><li>",
    "<table><b>",
    "<blockquote>x",
    "<!--",
    '<a b="',
    "<svg>",
    "<td>",
    "&lt;",
    "<",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_megabyte_takes_time_in_proportion(piece: str) -> None:
    """HTML parsers need minutes for some of these. The limit is generous: it tells linear from quadratic, not fast from slow."""
    started = time.process_time()
    html = clean_html(piece * (1_000_000 // len(piece))).html
    assert time.process_time() - started < 20
    assert dangers(html[:20_000]) == []


def test_formatting_that_is_never_closed_does_not_multiply() -> None:
    source = "".join(f"<p><b lang=a{number}></p>" for number in range(3_000))
    assert len(clean_html(source).html) < len(source)


def test_a_random_mixture_of_a_real_body_stays_safe() -> None:
    rng = random.Random(20261121)
    for _ in range(60):
        characters = list(CANONICAL)
        for _ in range(12):
            place = rng.randrange(len(characters))
            characters[place : place + rng.randrange(6)] = rng.choice(["<", ">", '"', "</p>", "<table>", "</a", "<b>", ""])
        html = clean_html("".join(characters)).html
        assert dangers(html) == []
        assert clean_html(html).html == html


def test_a_source_on_which_the_readers_cannot_agree_keeps_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.document.clean._ROUNDS", 0)
    cleaned = clean_html("<h2>a</h2><script>x</script><p>b &lt; c</p>")
    assert cleaned.html == "<p>a b &lt; c</p>"
    assert "contradict" in cleaned.dropped[0]
