"""Markdown becomes the same clean subset."""

import json

import pytest

from app.document.clean import clean_html
from app.document.markdown import markdown_to_html
from tests.document.safety import dangers
from tests.imports.corpus import corpus_file


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("# One\n\nTwo *three* **four**", "<h2>One</h2>\n<p>Two <em>three</em> <strong>four</strong></p>\n"),
        ("`five` ~~six~~", "<p><code>five</code> <s>six</s></p>\n"),
        ("```python\na < b\n```", '<pre><code class="language-python">a &lt; b\n</code></pre>\n'),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("<b>x</b> <script>y</script>", "<p>&lt;b&gt;x&lt;/b&gt; &lt;script&gt;y&lt;/script&gt;</p>\n"),
        ("<div>\n\n*a*\n\n</div>", "<p>&lt;div&gt;</p>\n<p><em>a</em></p>\n<p>&lt;/div&gt;</p>\n"),
        ("[a](https://a.example/ \"t\")", '<p><a href="https://a.example/" title="t" rel="noopener">a</a></p>\n'),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("![a](https://a.example/b.png)", '<p><img src="https://a.example/b.png" alt="a"></p>\n'),
        ("![a](media:beans-1)", '<figure data-asset="beans-1"></figure>\n'),
        ('![a](media:beans-1 "Fresh & <raw>")', '<figure data-asset="beans-1"><figcaption>Fresh &amp; &lt;raw&gt;</figcaption></figure>\n'),
        ("see ![*a* b](media:beans-1) here", '<p>see <img data-asset="beans-1" alt="a b"> here</p>\n'),
        ("![a](media:../x)", "<p></p>\n"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_is_rendered(source: str, html: str) -> None:
    assert markdown_to_html(source) == html


def test_a_column_aligned_to_the_right_holds_numbers() -> None:
    html = markdown_to_html("| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | 3 |")
    assert '<th>a</th>\n<th class="num">b</th>\n<th>c</th>' in html
    assert '<td>1</td>\n<td class="num">2</td>\n<td>3</td>' in html


def test_what_no_encoding_can_carry_is_no_error() -> None:
    assert markdown_to_html("a\ud800\x00 [b](\ud800)") != ""


def test_every_example_of_the_specification_comes_out_clean() -> None:
    examples = json.loads(corpus_file("markdown/commonmark-spec.json").read_text("utf-8"))
    assert len(examples) > 600
    for example in examples:
        html = markdown_to_html(example["markdown"])
        assert dangers(html) == []
        assert clean_html(html).html == html


def test_naughty_strings_are_harmless_in_markdown() -> None:
    for string in json.loads(corpus_file("strings/blns.json").read_text("utf-8")):
        assert dangers(markdown_to_html(f"{string}\n\n[x]({string})")) == []
