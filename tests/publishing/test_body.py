"""What pages and feeds do to a stored body."""

from app.document.published import rendered
from app.publishing.body import absolute_body, page_body
from app.publishing.links import Addresses
from app.publishing.render import render_post, render_product
from tests.publishing import samples
from tests.publishing.demo_pages import NOW
from tests.publishing.markup import parse
from tests.publishing.page_rules import broken_rules

PREVIEW = Addresses(first="en-GB", base="/-/preview/t")


def test_a_public_page_shows_a_body_as_it_is_stored() -> None:
    body = '<p><a href="/a/">a</a> &lt;b&gt;</p>'
    assert page_body(body, Addresses(first="en-GB")) == body


def test_text_that_looks_like_an_attribute_is_not_touched() -> None:
    body = '<p>write href="/a/" or src="/b/"</p><a href="/b/?x=&quot;&gt;" title="a > b">b</a>'
    assert page_body(body, PREVIEW) == body.replace('<a href="/b/', '<a href="/-/preview/t/b/')
    assert absolute_body(body, "https://a.example", "https://a.example/p/") == body.replace('<a href="/b/', '<a href="https://a.example/b/')


def test_a_preview_leaves_pictures_and_links_elsewhere_alone() -> None:
    body = '<a href="/media/1.webp"><img src="/media/1.webp"></a><a href="https://c.example/">c</a><a href="#n">n</a>'
    assert page_body(body, PREVIEW) == body


def test_a_feed_has_only_absolute_addresses() -> None:
    body = (
        '<a href="/b/">b</a><a href="#n">n</a><a href="https://c.example/">c</a><a href="//d.example/">d</a>'
        '<blockquote cite="/e/"></blockquote><img src="/media/1.webp" srcset="/media/1.webp 480w, /media/2.webp 960w">'
    )
    assert absolute_body(body, "https://a.example", "https://a.example/p/") == (
        '<a href="https://a.example/b/">b</a><a href="https://a.example/p/#n">n</a><a href="https://c.example/">c</a>'
        '<a href="//d.example/">d</a><blockquote cite="https://a.example/e/"></blockquote>'
        '<img src="https://a.example/media/1.webp" srcset="https://a.example/media/1.webp 480w, https://a.example/media/2.webp 960w">'
    )


def test_no_heading_takes_an_id_that_the_page_uses_itself() -> None:
    words = ("Main", "at--related", "At -- variants", "at--v-a", "At shop", "Notes", "at--o-1", "")
    source = "".join(f"<h2>{x}</h2><p>{x}</p>" for x in words)
    html = rendered(source, "html", "en-GB").html
    variants = (samples.variant(sku="A"), samples.variant(sku="B"))
    product = samples.product(*variants, html=html)
    page = render_product(samples.frame(), product, related=[product], now=NOW)
    assert broken_rules(page) == []
    assert parse(page).identified("main").tag == "main"
    assert broken_rules(render_post(samples.frame(), samples.post(html=html), products=[product], now=NOW)) == []


def test_tables_notes_and_code_are_finished_before_they_are_stored() -> None:
    source = (
        '<p>a<sup><a href="#fn-1" id="fnref-1">1</a></sup></p><pre>x</pre>'
        "<table><caption>c</caption><tbody><tr><td>1</td></tr></tbody></table>"
        '<section class="footnotes"><ol><li id="fn-1"><p>n</p></li></ol></section>'
    )
    html = rendered(source, "html", "de").html
    tree = parse(render_post(samples.frame(("en-GB", "de")), samples.post(html=html, lang="de"), now=NOW))
    prose = tree.classed("prose")[0]
    assert [x.attrs.get("role") for x in prose.all("div", "section")] == ["region", "doc-endnotes"]
    assert "Anmerkungen" in prose.text
    assert [x.attrs["tabindex"] for x in prose.all("pre")] == ["0"]
