"""A stored body becomes the body of a page."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from app.document.body import BodyLabels, Heading, render_body, resolve_figures
from tests.document.test_clean import CANONICAL, PIECES

GERMAN = BodyLabels(notes="Anmerkungen", back_to_text="Zurück zum Text", table="Tabelle")
NOTE = (
    '<p>a<sup><a href="#fn-1" id="fnref-1">1</a></sup></p>'
    '<section class="footnotes"><ol><li id="fn-1"><p>note</p></li><li id="fn-2">never named</li></ol></section>'
)


def html_of(source: str) -> str:
    return render_body(source, "html").html


def test_headings_get_ids_in_their_own_script_and_make_the_table_of_contents() -> None:
    rendered = render_body("<h2>Über <em>uns</em>!</h2><h3>مرحبا بالعالم</h3><h4>हिन्दी में</h4><h2>¿?</h2>", "html")
    assert rendered.toc == (
        Heading(2, "über-uns", "Über uns!"),
        Heading(3, "مرحبا-بالعالم", "مرحبا بالعالم"),
        Heading(4, "हिन्दी-में", "हिन्दी में"),
        Heading(2, "section", "¿?"),
    )
    assert rendered.html.startswith('<h2 id="über-uns">Über <em>uns</em>!</h2>')


def test_equal_headings_are_numbered_and_no_id_is_given_twice() -> None:
    rendered = render_body("<h2>A</h2><h2>A</h2><h2>A 2</h2><h3>A</h3>", "html")
    assert [heading.id for heading in rendered.toc] == ["a", "a-2", "a-2-2", "a-3"]


def test_a_heading_takes_no_id_that_the_page_or_the_body_needs() -> None:
    rendered = render_body(f"<h2>Main</h2><h2>Notes</h2><h2>fn-1</h2><h2>Table 1</h2>{NOTE}<table><caption>c</caption></table>", "html")
    assert [heading.id for heading in rendered.toc] == ["main-2", "notes-2", "fn-1-2", "table-1"]
    assert 'aria-labelledby="table-1-2"' in rendered.html
    assert '<caption id="table-1-2">' in rendered.html


def test_a_heading_without_words_goes_and_one_with_a_picture_is_named_by_it() -> None:
    rendered = render_body('<h2> </h2><h3><img src="https://a.example/b.png" alt="Logo"></h3>', "html")
    assert rendered.toc == (Heading(3, "logo", "Logo"),)
    assert "<h2" not in rendered.html


def test_a_reference_to_a_note_is_not_part_of_a_heading_or_of_the_text() -> None:
    rendered = render_body('<h2>Heat<sup><a href="#fn-1" id="fnref-1">1</a></sup></h2>' + NOTE, "html")
    assert rendered.toc[0] == Heading(2, "heat", "Heat")
    assert rendered.plain == "Heat a1 note never named"


def test_a_table_scrolls_alone_and_is_named_by_its_caption() -> None:
    html = html_of("<table><caption>Prices</caption><tr><td>1</td></tr></table><table><tr><td>2</td></tr></table>")
    assert html == (
        '<div class="scroll" role="region" tabindex="0" aria-labelledby="table-1"><table><caption id="table-1">Prices</caption>'
        "<tbody><tr><td>1</td></tr></tbody></table></div>"
        '<div class="scroll" role="region" tabindex="0" aria-label="Table 2"><table><tbody><tr><td>2</td></tr></tbody></table></div>'
    )


def test_only_the_outermost_of_nested_tables_scrolls() -> None:
    html = html_of("<table><tr><td><table><caption>in</caption><tr><td>x</td></tr></table></td></tr></table>")
    assert html.count('class="scroll"') == 1
    assert 'aria-label="Table 1"' in html


def test_header_cells_say_what_they_head() -> None:
    html = html_of(
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><th>b</th><td>c</td></tr><tr><th scope=rowgroup>d</th></tr></tbody></table>"
    )
    assert '<th scope="col">a</th>' in html
    assert '<th scope="row">b</th>' in html
    assert '<th scope="rowgroup">d</th>' in html


def test_code_can_be_scrolled_with_the_keyboard_and_keeps_its_first_empty_line() -> None:
    assert html_of("<pre>\n\na</pre>") == '<pre tabindex="0">\n\na</pre>'


def test_notes_lead_there_and_back_in_the_language_of_the_body() -> None:
    html = render_body(NOTE, "html", GERMAN).html
    assert '<sup><a role="doc-noteref" href="#fn-1" id="fnref-1">1</a></sup>' in html
    assert '<section class="footnotes" role="doc-endnotes" aria-labelledby="notes"><h2 id="notes">Anmerkungen</h2><ol>' in html
    assert '<p>note</p> <a role="doc-backlink" href="#fnref-1" aria-label="Zurück zum Text">↩\ufe0e</a></li>' in html
    assert html.count("doc-backlink") == 1


def test_a_way_back_that_is_there_already_is_used() -> None:
    html = html_of(NOTE.replace("<p>note</p>", '<p>note <a href="#fnref-1">back</a></p>'))
    assert '<p>note <a role="doc-backlink" href="#fnref-1" aria-label="Back to the text">back</a></p></li>' in html
    assert "↩" not in html


def test_a_second_section_of_notes_has_its_own_id() -> None:
    html = html_of(NOTE + '<section class="footnotes"><ol><li id="fn-3">x</li></ol></section>')
    assert html.count('id="notes"') == 1
    assert html.count('id="notes-2"') == 1


def test_pictures_and_links_are_listed_once_in_their_order() -> None:
    rendered = render_body(
        '<figure data-asset="b"><figcaption>x</figcaption></figure><p><img data-asset="a" alt=""><img data-asset="b" alt="">'
        '<img src="https://c.example/d.png" alt=""></p>'
        '<p><a href="/x/">1</a><a href="#y">2</a><a href="https://z.example/">3</a><a href="/x/">4</a></p>',
        "html",
    )
    assert rendered.assets == ("b", "a")
    assert rendered.links == ("/x/", "https://z.example/")


def test_words_and_minutes_are_counted() -> None:
    assert (render_body("<p>one two</p><p>three</p>", "html").words, render_body("", "html").minutes) == (3, 1)
    assert render_body("<p>" + "word " * 1000 + "</p>", "html").minutes == 5
    assert render_body("<p>你好，世界 ok</p>", "html").words == 6


def test_the_excerpt_is_the_first_paragraphs_cut_at_a_word() -> None:
    rendered = render_body(
        "<h2>Title</h2><table><tr><td>9</td></tr></table><p>First one.</p><ul><li>x</li></ul><p>" + "second, " * 40 + "</p>", "html"
    )
    assert rendered.excerpt.startswith("First one. second, second,")
    assert rendered.excerpt.endswith("second…")
    assert len(rendered.excerpt) <= 160
    assert render_body("<ul><li>only a list</li></ul>", "html").excerpt == "only a list"


def test_plain_text_has_no_entities_and_keeps_words_apart() -> None:
    rendered = render_body("<h2>A</h2><p>b<br>c <b>d</b>.</p><table><tr><td>e</td><td>f</td></tr></table><p>5 &lt; 6 &amp; 7</p>", "html")
    assert rendered.plain == "A b c d. e f 5 < 6 & 7"


def test_markdown_is_rendered_the_same_way() -> None:
    rendered = render_body('## One\n\n![a](media:beans-1 "Beans")\n\nSee [two](/two/).', "markdown")
    assert rendered.html == (
        '<h2 id="one">One</h2>\n<figure data-asset="beans-1"><figcaption>Beans</figcaption></figure>\n<p>See <a href="/two/">two</a>.</p>\n'
    )
    assert (rendered.assets, rendered.links, rendered.excerpt) == (("beans-1",), ("/two/",), "See two.")


def test_the_same_source_is_the_same_page() -> None:
    assert render_body(CANONICAL, "html", GERMAN) == render_body(CANONICAL, "html", GERMAN)


@pytest.mark.parametrize(
    "source",
    [
        '<a href="/x/"><h2>in a link</h2></a>',
        "<h2>open <table><tr><td><h3>in a cell",
        "<table><caption><table><caption>x",
        "<figure data-asset=a><figure data-asset=b><figcaption>x",
        "<section class=footnotes><section class=footnotes><h2>x",
        "<ol><li id=fn-1><li id=fn-1><a id=fnref-1 href=#fn-1>",
        "<pre><h2>x</h2><table><tr><td>",
    ],
)
def test_hostile_bodies_are_rendered_with_unique_ids(source: str) -> None:
    html = html_of(source)
    ids = html.split(' id="')[1:]
    assert len({part.split('"')[0] for part in ids}) == len(ids)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_source_is_rendered_with_unique_ids_and_all_its_pictures(source: str) -> None:
    rendered = render_body(source, "html")
    ids = rendered.html.split(' id="')[1:]
    assert len({part.split('"')[0] for part in ids}) == len(ids)
    assert "data-asset" not in resolve_figures(rendered.html, lambda name: None).replace("&lt;", "")
    assert {name for name in rendered.assets if f'data-asset="{name}"' in rendered.html} == set(rendered.assets)


def test_a_megabyte_of_ordinary_text_is_rendered_in_seconds() -> None:
    body = "".join(
        f"<h2>Part {number}</h2><p>{'Some <b>ordinary</b> text, and a <a href=/x/>link</a>. ' * 12}</p>" for number in range(1_500)
    )
    assert 900_000 < len(body) < 1_100_000
    started = time.process_time()
    rendered = render_body(body, "html")
    assert time.process_time() - started < 6
    assert len(rendered.toc) == 1_500


def picture(name: str) -> Markup | None:
    return Markup('<img src="/media/{}.webp" alt="">').format(name) if name != "unknown" else None


@pytest.mark.parametrize(
    ("html", "resolved"),
    [
        ('<figure data-asset="a"><figcaption>', '<figure><img src="/media/a.webp" alt=""><figcaption>'),
        ('<figure lang="de" data-asset="a" dir="ltr"></figure>', '<figure lang="de" dir="ltr"><img src="/media/a.webp" alt=""></figure>'),
        ('<figure data-asset="unknown"><figcaption>b</figcaption></figure>', "<figure><figcaption>b</figcaption></figure>"),
        ('<p>x</p><figure data-asset="unknown"></figure>', "<p>x</p>"),
        ('<p>x <img data-asset="a" alt="y"> z</p>', '<p>x <img src="/media/a.webp" alt=""> z</p>'),
        ('<p>x <img data-asset="unknown" alt="y"> z</p>', "<p>x  z</p>"),
        ('<img data-asset="unknown" src="https://a.example/b.png" alt="y">', '<img src="https://a.example/b.png" alt="y">'),
        ('<img src="https://a.example/b.png" alt="data-asset">', '<img src="https://a.example/b.png" alt="data-asset">'),
        ('<p>&lt;figure data-asset="a"&gt;</p>', '<p>&lt;figure data-asset="a"&gt;</p>'),
        ('<figure><figcaption>b</figcaption></figure>', "<figure><figcaption>b</figcaption></figure>"),
    ],
)  # fmt: skip
def test_pictures_are_put_in_where_they_are_known(html: str, resolved: str) -> None:
    assert resolve_figures(html, picture) == resolved


def test_a_picture_is_asked_for_once() -> None:
    asked: list[str] = []

    def remembered(name: str) -> Markup:
        asked.append(name)
        return Markup("<img>")

    resolve_figures('<figure data-asset="a"></figure>' * 3, remembered)
    assert asked == ["a"]
