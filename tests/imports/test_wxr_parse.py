"""Pass 1 over WordPress exports: what is read, what is refused with which line, and that it agrees with an independent count."""

import re
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.imports.plan import BrokenFile, Checked, ImportedAttachment, ImportedAuthor, ImportedPost, ImportedTag
from app.imports.wxr import check_wxr
from tests.imports.corpus import corpus_file, no_progress

WP = "http://wordpress.org/export/1.2/"
NAMESPACES = (
    f'xmlns:excerpt="{WP}excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    f'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="{WP}"'
)
CHANNEL = """<title>Old site</title><language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://Old.example/blog/</wp:base_blog_url>
<wp:author><wp:author_login>ann</wp:author_login><wp:author_email>ann@old.example</wp:author_email>
<wp:author_display_name><![CDATA[Ann Other]]></wp:author_display_name></wp:author>"""


def wxr(*items: str, channel: str = CHANNEL, namespaces: str = NAMESPACES, start: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    inside = "\n".join(items)
    return f'{start}<rss version="2.0" {namespaces}><channel>\n{channel}\n{inside}\n</channel></rss>\n'


def item(number: int = 1, more: str = "", **fields: Any) -> str:
    """An item of the export. Fields are by their tags with `_` for the prefix's colon left out; None leaves a field out."""
    texts = {
        "title": f"Post {number}",
        "dc:creator": "ann",
        "content:encoded": "Text.",
        "wp:post_id": number,
        "wp:post_name": f"post-{number}",
    }
    texts |= {
        "wp:post_date": "2024-03-01 10:00:00",
        "wp:post_date_gmt": "2024-03-01 09:00:00",
        "wp:status": "publish",
        "wp:post_type": "post",
    }
    prefixes = {"content": "content:encoded", "excerpt": "excerpt:encoded", "creator": "dc:creator", "title": "title", "link": "link"}
    texts |= {prefixes.get(name, f"wp:{name}"): text for name, text in fields.items()}
    tags = [f"<{tag}><![CDATA[{text}]]></{tag}>" for tag, text in texts.items() if text is not None]
    return "<item>\n" + "\n".join(tags) + f"\n{more}</item>"


def attachment(number: int, name: str = "cat.jpg", **fields: Any) -> str:
    return item(number, **{"post_type": "attachment", "status": "inherit", "attachment_url": f"https://old.example/files/{name}", **fields})


class Reading:
    """A checked text, with its things by kind."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.things = list(checked.read())
        self.posts = [x for x in self.things if isinstance(x, ImportedPost)]
        self.tags = {x.slug: x for x in self.things if isinstance(x, ImportedTag)}
        self.authors = {x.source_id: x for x in self.things if isinstance(x, ImportedAuthor)}
        self.attachments = [x for x in self.things if isinstance(x, ImportedAttachment)]

    @property
    def only(self) -> ImportedPost:
        (post,) = self.posts
        return post


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Any]:
    def reading(text: str | bytes) -> Reading:
        path = tmp_path / "export.xml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return Reading(check_wxr(path, no_progress))

    return reading


def broken(read: Any, text: str | bytes) -> BrokenFile:
    with pytest.raises(BrokenFile) as caught:
        read(text)
    assert f"Line {caught.value.line}" in caught.value.detail
    return caught.value


# Files that are refused whole


def test_a_document_type_is_refused_on_its_line_and_no_entity_is_expanded(read):
    bomb = '<?xml version="1.0"?>\n\n<!DOCTYPE rss [\n<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n'
    error = broken(read, wxr(item(title="&b;"), start=bomb))
    assert (error.line, "DTD" in error.reason) == (3, True)
    outside = '<!DOCTYPE rss SYSTEM "file:///etc/passwd">'
    assert "DTD" in broken(read, wxr(item(), start=outside)).reason


@pytest.mark.parametrize(
    ("sign", "name"),
    [(b"\x00", "U+0000"), (b"\x11", "U+0011"), (b"\x1c", "U+001C"), ("\ufffe".encode(), "U+FFFE"), (b"\x0b", "U+000B")],
)
def test_a_control_character_is_named_with_its_line(read, sign, name):
    text = wxr(item(content="first\nsecond @ here")).encode()
    line = text[: text.index(b"@")].count(b"\n") + 1
    error = broken(read, text.replace(b"@", sign))
    assert error.line == line
    assert name in error.reason


@pytest.mark.parametrize("sign", [b"\xed\xa0\x80", b"\xff", b"\xe9 "])
def test_bytes_that_are_no_utf_8_are_refused_with_their_line(read, sign):
    text = wxr(item(content="first\nsecond @")).encode()
    error = broken(read, text.replace(b"@", sign))
    assert error.line == text[: text.index(b"@")].count(b"\n") + 1
    assert "UTF-8" in error.reason


def test_a_file_that_was_cut_off_names_the_last_line_and_what_was_open(read):
    whole = wxr(item(1), item(2, content="a long text\nwith lines"))
    cut = whole[: whole.index("with lines") + 4]
    error = broken(read, cut)
    assert error.line >= cut.count("\n")
    assert "cut off" in error.reason
    assert "<content:encoded>" in error.reason
    between = whole[: whole.rindex("</channel>")]
    assert "<channel>" in broken(read, between).reason


def test_every_place_at_which_a_file_can_be_cut_is_noticed(read):
    whole = wxr(item(1, more="<wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>é</wp:meta_value></wp:postmeta>")).rstrip().encode()
    for at in range(0, len(whole), 7):
        assert broken(read, whole[:at]).line <= whole.count(b"\n") + 1


def test_tags_that_do_not_match_are_refused_with_both_lines(read):
    text = wxr("<item>\n<title>x\n</item>")
    error = broken(read, text)
    assert error.line == text[: text.index("</item>")].count("\n") + 1
    assert f"<title> of line {error.line - 1}" in error.reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("  \n ", "empty"),
        ("PK\x03\x04rest", "Unpack"),
        ("<html><body>Sign in</body></html>", "<html>"),
        ('<rss version="2.0"><channel><title>News</title></channel></rss>', "not a WordPress export"),
        ("Sorry, you are not allowed", "not well-formed"),
    ],
)
def test_other_files_are_refused_in_words(read, text, words):
    assert words in broken(read, text).reason


def test_faults_of_xml_are_named(read):
    assert "&nbsp;" in broken(read, wxr("<item><title>a&nbsp;b</title></item>")).reason
    assert "prefix" in broken(read, wxr("<item><foo:bar/></item>")).reason
    assert "number" in broken(read, wxr("<item><title>&#2;</title></item>")).reason
    assert "after the end" in broken(read, wxr() + "<p>debug</p>").reason
    assert "encoding" in broken(read, wxr(start='<?xml version="1.0" encoding="shift_jis"?>')).reason
    assert "encoding" in broken(read, wxr(start='<?xml version="1.0" encoding="klingon"?>')).reason


def test_lines_stay_right_when_white_space_comes_before_the_declaration(read):
    good = read("\n\n \n" + wxr(item(1)))
    assert good.only.line == wxr(item(1))[: wxr(item(1)).index("<item>")].count("\n") + 4
    assert broken(read, "\n\n\n<?xml version='1.0'?>\n<rss>\x01").line == 5


@given(st.binary(max_size=300))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_in_a_text_are_read_or_refused_with_a_line(read, junk):
    text = wxr(item(content="@")).encode().replace(b"@", junk)
    try:
        lines = [x.line for x in read(text).posts]
    except BrokenFile as error:
        lines = [error.line]
    assert all(1 <= line <= text.count(b"\n") + 1 for line in lines)
    assert lines


# Quirks that are survived


def test_namespaces_are_known_by_the_beginning_of_their_address(read):
    for address in ("http://wordpress.org/export/1.0/", "https://wordpress.org/export/1.2/", "http://wordpress.org/export/2.7/"):
        found = read(wxr(item(excerpt="Short."), namespaces=NAMESPACES.replace(WP, address)))
        assert (found.only.source_id, found.only.summary) == ("1", "Short.")
    renamed = wxr(item()).replace("wp:", "w:").replace("content:", "c:").replace("xmlns:wp", "xmlns:w").replace("xmlns:content", "xmlns:c")
    assert read(renamed).only.body_source == "<p>Text.</p>"


@pytest.mark.parametrize("version", ["", "<wp:wxr_version>abc</wp:wxr_version>"])
def test_a_missing_or_odd_version_is_no_obstacle(read, version):
    assert read(wxr(item(), channel=f"<wp:base_blog_url>https://x.example</wp:base_blog_url>{version}")).only.title == "Post 1"


def test_text_is_the_same_with_and_without_cdata_and_in_several_runs(read):
    plain = item().replace("<![CDATA[", "").replace("]]>", "")
    assert read(wxr(plain)).only.title == "Post 1"
    runs = item().replace("<![CDATA[Text.]]>", "<![CDATA[a ]]]]><![CDATA[> b]]> &amp; <![CDATA[c]]>")
    assert read(wxr(runs)).only.body_source == "<p>a ]]> b & c</p>"


def test_other_encodings_are_read_as_they_are_declared(read):
    text = wxr(item(title="Café"), start='<?xml version="1.0" encoding="windows-1252"?>\n')
    assert read(text.encode("cp1252")).only.title == "Café"
    assert read(wxr(item(title="Café"), start='<?xml version="1.0" encoding="UTF-16"?>\n').encode("utf-16")).only.title == "Café"


def test_drafts_have_no_date_and_others_fall_back_to_the_local_one(read):
    zero = "0000-00-00 00:00:00"
    drafts = read(
        wxr(item(1, status="draft", post_date_gmt=zero), item(2, post_date_gmt=zero), item(3, post_date_gmt=zero, post_date=zero))
    )
    draft, local, never = drafts.posts
    assert (draft.status, draft.published_at, draft.warnings) == ("draft", None, ())
    assert local.published_at == datetime(2024, 3, 1, 10, tzinfo=UTC)
    assert "UTC" in local.warnings[0]
    assert (never.status, never.published_at) == ("published", None)
    assert read(wxr(item())).only.published_at == datetime(2024, 3, 1, 9, tzinfo=UTC)


def test_addresses_come_from_the_slug_or_the_title_or_the_number(read):
    found = read(
        wxr(
            item(1, post_name="%e3%81%93%e3%82%93"),
            item(2, post_name="", title="Über <em>uns</em> &amp; Euch!"),
            item(3, post_name="", title=""),
            item(4, post_name="", title="हिन्दी में"),
            item(5, post_name="Not/A Slug?"),
        )
    )
    assert [x.slug for x in found.posts] == ["こん", "ueber-uns-euch", "post-3", "हिन्दी-में", "not-a-slug"]
    assert found.posts[2].title == "Untitled"


def test_an_address_that_is_used_twice_is_numbered_and_said(read):
    found = read(
        wxr(
            item(1, post_name="a"),
            item(2, post_name="a"),
            item(3, post_name="a", post_type="page"),
            item(4, post_name="a__trashed", status="trash"),
        )
    )
    assert [(x.kind, x.slug, x.status) for x in found.posts] == [
        ("post", "a", "published"),
        ("post", "a-2", "published"),
        ("page", "a", "published"),
        ("post", "a", "trashed"),
    ]
    assert "“a-2”" in found.checked.warnings[0].message


def test_addresses_that_the_site_needs_itself_are_left_to_it(read):
    found = read(
        wxr(
            item(1, post_name="search"),
            item(2, post_name="2024", post_type="page"),
            item(3, post_name="de", post_type="page", post_parent=2),
            item(4, post_name="de", post_type="page"),
            item(5, post_name="x" * 100),
        )
    )
    assert [x.slug for x in found.posts] == ["search-2", "2024-2", "2024-2/de", "de-2", "x" * 80]
    assert [x.source_id for x in found.checked.warnings] == ["1", "2", "3", "4"]


def test_a_page_too_deep_for_an_address_goes_without_its_parents(read):
    pages = [item(n, post_type="page", post_name=f"{n}-{'x' * 77}", post_parent=n - 1) for n in range(1, 4)]
    found = read(wxr(*pages))
    assert [x.slug.count("/") for x in found.posts] == [0, 1, 0]
    assert "200 characters" in found.checked.warnings[0].message


def test_many_posts_with_one_address_are_numbered_in_one_pass(read):
    found = read(wxr(*(item(n, post_name="same") for n in range(1, 3001))))
    assert found.posts[-1].slug == "same-3000"


def test_excerpts_and_tags_are_cut_to_what_a_post_may_have(read):
    tags = "".join(f'<category domain="post_tag" nicename="t{n}">T{n}</category>' for n in range(101))
    post = read(wxr(item(1, excerpt="word " * 3000, more=tags))).only
    assert (len(post.summary) <= 10_000, len(post.tags), len(post.warnings)) == (True, 100, 2)


def test_pages_stand_under_their_parents_even_when_these_come_later(read):
    found = read(
        wxr(
            item(3, post_type="page", post_name="deep", post_parent=2),
            item(2, post_type="page", post_name="middle", post_parent=1),
            item(1, post_type="page", post_name="top", post_parent=0),
            item(4, post_type="page", post_name="orphan", post_parent=99),
            item(5, post_type="page", post_name="snake", post_parent=6),
            item(6, post_type="page", post_name="tail", post_parent=5),
        )
    )
    assert [x.slug for x in found.posts] == ["top/middle/deep", "top/middle", "top", "orphan", "tail/snake", "snake/tail"]
    assert [x.parent_source_id for x in found.posts] == ["2", "1", None, None, "6", "5"]
    assert [x.source_id for x in found.checked.warnings] == ["4", "5", "6"]


def test_authors_are_matched_by_login_and_made_where_the_file_lists_none(read):
    found = read(wxr(item(1), item(2, creator=">ann"), item(3, creator="Bob Builder"), item(4, creator="")))
    assert [x.author_source_id for x in found.posts] == ["ann", "ann", "Bob Builder", None]
    assert (found.authors["ann"].name, found.authors["Bob Builder"].slug) == ("Ann Other", "bob-builder")
    assert "ann@old.example" not in repr(found.things)
    assert any(x.kind == "author" and x.source_id == "Bob Builder" for x in found.checked.warnings)


def test_categories_and_tags_become_tags_with_the_labels_of_their_parents(read):
    channel = CHANNEL + (
        "<wp:category><wp:category_nicename>wine</wp:category_nicename><wp:category_parent>drinks</wp:category_parent>"
        "<wp:cat_name><![CDATA[Wine &amp; more]]></wp:cat_name></wp:category>"
        "<wp:category><wp:category_nicename>drinks</wp:category_nicename><wp:category_parent></wp:category_parent>"
        "<wp:cat_name>Drinks</wp:cat_name><wp:category_description>What we <b>pour</b></wp:category_description></wp:category>"
        "<wp:tag><wp:tag_slug>wine</wp:tag_slug><wp:tag_name>WINE, red</wp:tag_name></wp:tag>"
        "<wp:term><wp:term_taxonomy>genre</wp:term_taxonomy><wp:term_slug>jazz</wp:term_slug><wp:term_name>Jazz</wp:term_name></wp:term>"
    )
    carried = (
        '<category domain="category" nicename="wine"><![CDATA[Wine]]></category><category domain="post_tag" nicename="wine">W</category>'
        '<category domain="post_tag" nicename="%d1%87%d0%b0%d0%b9">Чай</category><category domain="post_format" nicename="x">X</category>'
    )
    found = read(wxr(item(1, more=carried), channel=channel))
    assert found.only.tags == ("wine", "чай")
    assert {x.slug: x.path for x in found.tags.values()} == {"wine": ("Drinks", "Wine & more"), "drinks": ("Drinks",), "чай": ("Чай",)}
    assert found.tags["drinks"].summary == "What we pour"
    messages = " ".join(x.message for x in found.checked.warnings)
    assert "WINE, red" in messages
    assert "genre" in messages


def test_the_oldest_exports_name_categories_without_a_domain(read):
    assert read(wxr(item(1, more="<category>News</category>"))).only.tags == ("news",)
    both = '<category>News</category><category domain="category" nicename="news">News</category>'
    both += '<category domain="tag" nicename="x">X</category>'
    assert read(wxr(item(1, more=both))).only.tags == ("news", "x")


@pytest.mark.parametrize(
    ("status", "becomes", "is_said"),
    [
        ("publish", "published", False),
        ("future", "scheduled", False),
        ("draft", "draft", False),
        ("auto-draft", "draft", False),
        ("trash", "trashed", False),
        ("private", "draft", True),
        ("pending", "draft", True),
        ("wc-completed", "draft", True),
    ],
)
def test_states_are_translated_and_nothing_hidden_becomes_public(read, status, becomes, is_said):
    post = read(wxr(item(1, status=status))).only
    assert (post.status, bool(post.warnings)) == (becomes, is_said)


def test_a_password_makes_a_draft_with_a_warning(read):
    found = read(wxr(item(1, post_password="secret")))
    assert found.only.status == "draft"
    assert "password" in found.only.warnings[0]
    assert found.checked.warnings[0].line == found.only.line
    assert "secret" not in repr(found.things)


def test_sticky_order_link_and_excerpt_are_kept(read):
    post = read(
        wxr(item(1, is_sticky=1, menu_order=-7, link="https://old.example/a/", excerpt="<p>One</p><p>two &amp; <b>th</b>ree</p>"))
    ).only
    assert (post.is_featured, post.menu_order, post.source_url, post.summary) == (True, -7, "https://old.example/a/", "One two & three")


def test_titles_are_plain_text_of_a_bounded_length(read):
    found = read(wxr(item(1, title="With <em>Mark</em>up &amp; 1 < 2"), item(2, title="x" * 600)))
    assert found.posts[0].title == "With Markup & 1 < 2"
    assert len(found.posts[1].title) == 500
    assert "600" in found.posts[1].warnings[0]


def test_types_without_a_place_are_refused_or_counted(read):
    comment = "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content>[gallery]</wp:comment_content></wp:comment>"
    checked = read(
        wxr(
            item(1, more=comment + comment),
            item(2, post_type="product_variation"),
            item(3, post_type="nav_menu_item"),
            item(4, post_type=None),
        )
    ).checked
    assert checked.found == {"post": 1, "product_variation": 1, "nav_menu_item": 1, "(no type)": 1}
    assert checked.counts == {"author": 1, "post": 1}
    assert checked.left_out == {"comment": 2, "nav_menu_item": 1}
    assert [(x.source_id, x.reason) for x in checked.refused] == [
        ("2", "type product_variation is not imported"),
        ("4", "type (no type) is not imported"),
    ]


def test_of_two_with_the_same_number_the_later_is_refused(read):
    found = read(wxr(item(7, title="First"), item(7, title="Second"), attachment(7)))
    assert found.only.title == "First"
    assert [x.kind for x in found.checked.refused] == ["post", "attachment"]
    assert all(f"line {found.only.line}" in x.reason for x in found.checked.refused)
    assert found.checked.refused[0].line > found.only.line


def test_without_a_number_the_guid_serves_and_without_both_it_is_refused(read):
    guid = item(None, more="<guid>https://old.example/?p=1</guid>", post_name="x")
    found = read(wxr(guid, item(None, post_name="y")))
    assert found.only.source_id == "https://old.example/?p=1"
    assert "wp:post_id" in found.checked.refused[0].reason


def test_too_long_a_text_is_refused_and_the_rest_goes_on(read):
    found = read(wxr(item(1, content="x" * 1_000_001), item(2, content="y" * 5_000_000), item(3)))
    assert [x.source_id for x in found.posts] == ["3"]
    assert {x.source_id for x in found.checked.refused} == {"1", "2"}
    assert all("1,000,000" in x.reason for x in found.checked.refused)


def test_serialised_values_are_never_read_and_covers_are_found(read):
    meta = "<wp:postmeta><wp:meta_key>{}</wp:meta_key><wp:meta_value><![CDATA[{}]]></wp:meta_value></wp:postmeta>".format
    more = meta("_wp_attachment_metadata", 'O:8:"Evil":1:{s:1:"a";i:1;}') + meta("_thumbnail_id", "9")
    alt = meta("_wp_attachment_image_alt", "A &quot;cat&quot;")
    found = read(wxr(item(1, more=more), item(2, more=meta("_thumbnail_id", "404")), attachment(9, more=alt, excerpt="Tom", menu_order=3)))
    assert [x.cover_source_id for x in found.posts] == ["9", None]
    assert "404" in found.posts[1].warnings[0]
    assert "Evil" not in repr(found.things)
    (cat,) = found.attachments
    assert (cat.url, cat.alt, cat.caption, cat.position) == ("https://old.example/files/cat.jpg", 'A "cat"', "Tom", 3)
    assert found.checked.images == ("https://old.example/files/cat.jpg",)


def test_an_attachment_without_an_address_is_refused(read):
    checked = read(wxr(attachment(1, attachment_url=None), attachment(2, attachment_url="javascript:alert(1)"))).checked
    assert [x.kind for x in checked.refused] == ["attachment", "attachment"]


def test_things_come_in_an_order_in_which_they_can_be_made_and_as_often_as_wanted(read):
    carried = '<category domain="post_tag" nicename="a">A</category>'
    found = read(wxr(item(1, more=carried), attachment(2), item(3, post_type="page")))
    kinds = [type(x).__name__ for x in found.things]
    assert kinds == ["ImportedAuthor", "ImportedTag", "ImportedAttachment", "ImportedPost", "ImportedPost"]
    assert list(found.checked.read()) == found.things


def test_the_source_is_the_old_site_so_that_numbers_of_two_sites_never_meet(read):
    checked = read(wxr(item())).checked
    assert (checked.source, checked.title, checked.lang) == ("wxr:old.example/blog", "Old site", "en-GB")


def test_progress_rises_to_its_end(tmp_path):
    path = tmp_path / "export.xml"
    path.write_text(wxr(*(item(n, content="word " * 2000) for n in range(40))))
    steps: list[tuple[int, int]] = []
    check_wxr(path, lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps)
    assert len(steps) > 4
    assert steps[-1] == (path.stat().st_size * 2, path.stat().st_size * 2)


# Bodies


def body(read: Any, text: str, *others: str) -> str:
    return read(wxr(item(1, content=text), *others)).posts[0].body_source


def test_bare_newlines_become_paragraphs_and_breaks(read):
    assert body(read, "One\r\ntwo\r\n\r\nthree") == "<p>One<br>\ntwo</p>\n<p>three</p>"


def test_dividers_and_comments_are_removed(read):
    text = "A<!--more Read on-->B\n<!--nextpage-->\nC<!-- note -->D"
    assert body(read, text) == "<p>A</p>\n<p>B</p>\n<p>CD</p>"


def test_block_comments_go_and_their_html_stays_untouched(read):
    text = (
        '<!-- wp:paragraph {"align":"right"} -->\n<p class="r">One\nline</p>\n<!-- /wp:paragraph -->\n\n'
        "<!-- wp:code --><pre>a\n\nb</pre><!-- /wp:code -->\n<!-- wp:latest-posts /-->\n<!-- wp:core/spacer /-->\n"
        "<!-- wp:more --><!--more--><!-- /wp:more -->\nClassic\n\ntext"
    )
    post = read(wxr(item(1, content=text))).only
    assert post.body_source == '<p class="r">One\nline</p>\n<pre>a\n\nb</pre>\n<p>Classic</p>\n<p>text</p>'
    assert post.warnings == ("Left out, because WordPress makes it anew whenever the page is shown: latest-posts.",)


def test_captions_become_figures_in_both_their_forms(read):
    picture = '<a href="/x"><img src="https://e.example/a.jpg" alt="1 > 0" /></a>'
    new = body(read, f'Before\n[caption id="a" width="1"]{picture} A <em>cat</em>[/caption]\nAfter')
    figure = f"<figure>\n{picture}<figcaption>A <em>cat</em></figcaption>\n</figure>"
    assert new == f"<p>Before</p>\n{figure}\n<p>After</p>"
    old = body(read, '[caption width="1" caption="A ] cat"]<img src="https://e.example/a.jpg">[/caption]')
    assert "<figcaption>A ] cat</figcaption>" in old
    assert body(read, "[caption]no end") == "<p>no end</p>"


def test_galleries_show_the_pictures_they_name_or_those_of_their_post(read):
    others = (
        attachment(5, "b.jpg", post_parent=1, menu_order=2),
        attachment(6, "a.jpg", post_parent=1, menu_order=1),
        attachment(7, "other.jpg"),
    )
    found = read(wxr(item(1, content='[gallery]\n[gallery ids="7, 404"]\n[[gallery]]'), *others))
    assert re.findall(r'src="[^"]*/(\w+)\.jpg"', found.posts[0].body_source) == ["a", "b", "other"]
    assert found.posts[0].body_source.endswith("<p>[gallery]</p>")
    assert found.posts[0].warnings == ("A gallery shows pictures that are not in this file: 404.",)
    assert [x.rsplit("/", 1)[1] for x in found.checked.images] == ["a.jpg", "b.jpg", "other.jpg"]


def test_media_shortcodes_become_links_and_those_of_plug_ins_are_named(read):
    text = '[audio https://e.example/a.mp3]\n\n[video mp4="https://e.example/v.mp4?a=1&b=2"][/video]\n\n'
    text += '[embed]https://e.example/e[/embed]\n\n[contact-form-7 id="4"]'
    post = read(wxr(item(1, content=text))).only
    links = re.findall(r'<p><a href="([^"]*)">', post.body_source)
    assert links == ["https://e.example/a.mp3", "https://e.example/v.mp4?a=1&amp;b=2", "https://e.example/e"]
    assert '[contact-form-7 id="4"]' in post.body_source
    assert "[contact-form-7]" in post.warnings[0]


def test_addresses_that_wordpress_would_embed_become_links(read):
    block = '<!-- wp:embed --><figure><div class="wp-block-embed__wrapper">\nhttps://e.example/x\n</div></figure><!-- /wp:embed -->'
    assert '<a href="https://e.example/x">https://e.example/x</a>' in body(read, block)
    assert (
        body(read, "Look:\n\nhttps://e.example/y\n\nNice")
        == '<p>Look:</p>\n<p><a href="https://e.example/y">https://e.example/y</a></p>\n<p>Nice</p>'
    )


def test_pictures_are_counted_once_and_only_where_they_have_an_address(read):
    text = "<img src='https://e.example/1.png'><img class=x src=https://e.example/2.png>"
    text += "<img src='data:image/gif;base64,R0'><img alt=none data-src='z'>"
    assert read(wxr(item(1, content=text), item(2, content=text))).checked.images == ("https://e.example/1.png", "https://e.example/2.png")


# Size


def test_ten_megabytes_are_checked_in_a_tenth_of_that(tmp_path):
    path = tmp_path / "large.xml"
    path.write_text(wxr(*(item(n, content=("word " * 1000 + "\n\n") * 6) for n in range(340))))
    assert path.stat().st_size > 10_000_000
    tracemalloc.start()
    checked = check_wxr(path, no_progress)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert checked.counts["post"] == 340
    assert peak < 1_500_000


def test_one_endless_tag_is_refused_before_it_fills_the_memory(read):
    assert "longer than a million" in broken(read, wxr(f'<item title="{"x" * 3_000_000}"/>')).reason


# Real files


def independent(path: Path) -> tuple[Counter[str], Counter[str], set[str], int]:
    """Types, states and pictures by the standard library's tree, comments by counting text: nothing of ours takes part."""
    types: Counter[str] = Counter()
    states: Counter[str] = Counter()
    pictures: set[str] = set()
    tree = ElementTree.parse(path)
    items = tree.findall("channel/item")
    addresses = {_text(x, "post_id"): _text(x, "attachment_url") for x in items}
    for x in items:
        kind = _text(x, "post_type")
        types[kind] += 1
        if kind in ("post", "page"):
            states[_text(x, "status") if not _text(x, "post_password") else "draft"] += 1
            content = next(y.text or "" for y in x if y.tag.endswith("modules/content/}encoded"))
            pictures |= {unescape(y) for y in re.findall(r"""<img\b[^>]*?\ssrc=["']([^"']*)["']""", content)}
            metas = {y[0].text: y[1].text for y in x if y.tag.endswith("}postmeta")}
            pictures |= {addresses[metas["_thumbnail_id"]]} if metas.get("_thumbnail_id") in addresses else set()
            named = [y for z in re.findall(r'\[gallery[^\]]*\bids="([\d,]+)"', content) for y in z.split(",")]
            own = [
                _text(y, "post_id")
                for y in items
                if _text(y, "post_parent") == _text(x, "post_id") and _text(y, "post_type") == "attachment"
            ]
            pictures |= {addresses[y] for y in named if y in addresses}
            pictures |= {addresses[y] for y in own} if re.search(r"\[gallery(?![^\]]*ids=)", content) else set()
    return types, states, pictures, path.read_text().count("<wp:comment>")


def _text(element: ElementTree.Element, name: str) -> str:
    return next(((x.text or "").strip() for x in element if x.tag.endswith(f"/export/1.2/}}{name}")), "")


@pytest.mark.parametrize(("name", "items"), [("themeunittestdata.wordpress.xml", 186), ("64-block-test-data.xml", 72)])
def test_a_real_export_is_counted_as_an_independent_reader_counts_it(name, items):
    path = corpus_file(f"wxr/{name}")
    found = Reading(check_wxr(path, no_progress))
    types, states, pictures, comments = independent(path)
    assert sum(found.checked.found.values()) == items == path.read_text().count("<item>")
    assert found.checked.found == dict(types)
    assert {kind: found.checked.counts[kind] for kind in ("post", "page", "attachment")} == {
        x: types[x] for x in ("post", "page", "attachment")
    }
    assert found.checked.left_out.get("comment", 0) == comments
    assert Counter(x.kind for x in found.checked.refused) == Counter({x: n for x, n in types.items() if x.startswith("wp_")})
    translated = {"publish": "published", "future": "scheduled", "draft": "draft"}
    assert Counter(x.status for x in found.posts) == Counter({translated[x]: n for x, n in states.items()})
    assert set(found.checked.images) == pictures
    assert len({(x.kind, x.slug) for x in found.posts}) == len(found.posts)
    assert all(x.author_source_id in found.authors for x in found.posts)
    assert all(tag in found.tags for x in found.posts for tag in x.tags)


@pytest.mark.parametrize("name", ["themeunittestdata.wordpress.xml", "64-block-test-data.xml"])
def test_no_word_of_a_real_export_is_lost(name):
    path = corpus_file(f"wxr/{name}")
    posts = {x.source_id: x.body_source for x in check_wxr(path, no_progress).read() if isinstance(x, ImportedPost)}
    for element in ElementTree.parse(path).findall("channel/item"):
        if _text(element, "post_type") not in ("post", "page"):
            continue
        content = next(x.text or "" for x in element if x.tag.endswith("modules/content/}encoded"))
        ours = posts[_text(element, "post_id")]
        assert "<!--" not in ours
        lost = Counter(words(re.sub(r"\[/?(?:gallery|caption|audio|video|embed)[^\]]*\]", " ", content))) - Counter(words(ours))
        assert not lost


def words(html: str) -> list[str]:
    return re.findall(r"\w+", unescape(re.sub(r"<!--.*?-->|<[^>]*>", " ", html, flags=re.DOTALL)))
