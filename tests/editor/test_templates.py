"""Every screen of the console, with little in it, with much in it, and with what a hostile person would type."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from jinja2 import UndefinedError

from app.editor.render import ASSETS, ENVIRONMENT, page
from app.editor.views.access import Customers
from app.editor.views.addresses import ACTS, PAGES
from app.editor.views.errors import kept_fields
from app.editor.views.posts import PostList
from tests.editor.html_rules import Node, problems, tree
from tests.editor.samples import FULL, HOSTILE, NASTY, SAMPLES
from tests.editor.samples.frame import shell, small
from tests.editor.samples.writing import EDITOR

WRITTEN_WORDS = [name for name in SAMPLES if name not in HOSTILE]
FORBIDDEN = re.compile(r"\b(slugs?|URLs?|oops|please|invalid|failed to|entit(y|ies)|click here|revert)\b|!(?=\s|$)", re.IGNORECASE)
# Parts of other templates, never rendered alone.
PARTS = {"parts.html", "base.html", "bare.html", "side.html", "appearance.html"}


def rendered(name: str) -> str:
    return page(*SAMPLES[name])


def forms(root: Node) -> dict[str, dict[str, str]]:
    """Each posting form of a page: its action, and its hidden fields."""
    posting = [form for form in root.all("form") if form["method"] == "post"]
    return {form["action"]: {field["name"]: field["value"] for field in form.all("input") if field["type"] == "hidden"} for form in posting}


def buttons(root: Node) -> list[str]:
    return [" ".join(button.text.split()) for button in root.all("button")]


def matches(address: str, patterns: tuple[str, ...]) -> bool:
    path = urlsplit(address).path
    kinds = [re.sub(r"\\{kind\\}", "(posts|pages)", re.escape(pattern)) for pattern in patterns]
    return any(re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", pattern), path) for pattern in kinds)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_screen_keeps_to_the_rules_of_html(name: str) -> None:
    allowed = ["sends no token"] if not SAMPLES[name].shell.csrf else []
    assert [problem for problem in problems(rendered(name)) if not any(part in problem for part in allowed)] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_every_address_of_a_screen_is_one_that_a_route_must_answer(name: str) -> None:
    root = tree(rendered(name))
    opened = [node["href"] for node in root.all("a", "link")] + [form["action"] for form in root.all("form") if form["method"] == "get"]
    sent = [form["action"] for form in root.all("form") if form["method"] == "post" and "action" in form]
    sent += [button["formaction"] for button in root.all("button") if "formaction" in button]
    assert [address for address in opened if address.startswith("/") and not matches(address, PAGES)] == []
    assert [address for address in sent if not matches(address, ACTS)] == []


@pytest.mark.parametrize("name", HOSTILE)
def test_what_people_type_never_becomes_markup(name: str) -> None:
    html, root = rendered(name), tree(rendered(name))
    assert [node for node in root.all("script") if not node["src"]] == []
    assert list(root.all("b")) == []
    assert "<script>alert" not in html


@pytest.mark.parametrize("name", [name for name in HOSTILE if not re.match(r"error-(404|413|500|503)|sign-in-new", name)])
def test_what_people_type_is_shown_letter_for_letter(name: str) -> None:
    root = tree(rendered(name))
    values = [node[attribute] for node in root.all() for attribute in ("value", "aria-label")]
    assert NASTY in root.text or NASTY in values


@pytest.mark.parametrize("name", SAMPLES)
def test_every_icon_is_in_the_sprite(name: str) -> None:
    symbols = set(re.findall(r'<symbol id="([^"]+)"', ASSETS["icons.svg"].content.decode()))
    used = {use["href"].split("#")[1] for use in tree(rendered(name)).all("use")}
    assert used <= symbols


def test_every_class_has_a_style() -> None:
    styles = ASSETS["console.css"].content.decode()
    used = {word for name in SAMPLES for node in tree(rendered(name)).all() for word in node["class"].split()}
    # Named for what they are; the second is the tint of `.avatar` itself.
    plain = {"section", "avatar--a"}
    assert {word for word in used if not re.search(rf"\.{word}(?![\w-])", styles)} - plain == set()


@pytest.mark.parametrize("name", WRITTEN_WORDS)
def test_the_interface_speaks_in_its_own_words(name: str) -> None:
    main = next(tree(rendered(name)).all("main"))
    assert FORBIDDEN.findall(main.text) == []


def test_every_template_has_a_sample() -> None:
    assert {sample.template for sample in SAMPLES.values()} | PARTS | {"error.html"} == set(ENVIRONMENT.list_templates())


def test_every_view_names_its_template() -> None:
    unnamed = {type(sample.view).__name__ for sample in SAMPLES.values() if sample.template not in (type(sample.view).__doc__ or "")}
    assert unnamed == set()


def test_a_view_of_another_screen_is_refused() -> None:
    with pytest.raises(UndefinedError):
        page("posts.html", shell("Posts", "posts"), Customers())


@pytest.mark.parametrize(("theme", "attribute"), [("auto", None), ("light", "light"), ("dark", "dark")])
def test_the_chosen_appearance_stands_on_the_page_itself(theme: Any, attribute: str | None) -> None:
    root = tree(page("posts.html", shell("Posts", "posts", theme=theme), PostList(kind="post")))
    assert next(root.all("html")).attributes.get("data-theme") == attribute
    pressed = [button["value"] for button in root.all("button") if button["name"] == "theme" and button["aria-pressed"] == "true"]
    assert pressed == [theme]


def test_the_side_bar_offers_only_what_the_person_may_open() -> None:
    root = tree(page("posts.html", small("Posts", "posts"), PostList(kind="post")))
    side = next(node for node in root.all("nav") if node["aria-label"] == "Main")
    texts = {" ".join(link.text.split()) for link in side.all("a")}
    assert {"Overview", "Posts", "Pages"} <= texts
    assert not texts & {"Products", "Team", "Keys", "Audit log"}


def test_another_site_opens_at_the_same_kind_of_screen() -> None:
    hrefs = [link["href"] for link in tree(rendered("editor")).all("a")]
    assert "/c/acme/s/shop/posts" not in hrefs, "the writing screen has no side bar"
    assert "/c/acme/s/shop/posts" in [link["href"] for link in tree(rendered("posts")).all("a")]
    assert "/c/acme/s/shop" in [link["href"] for link in tree(rendered("overview")).all("a")]
    assert "/c/globex" in [link["href"] for link in tree(rendered("posts")).all("a")]


def test_a_text_comes_back_from_the_editor_as_it_was_stored() -> None:
    body = "\n\n  begins with empty lines & <em>markup</em>\r\nends so\n"
    view = msgspec.structs.replace(EDITOR, fields=msgspec.structs.replace(EDITOR.fields, body=body))
    area = next(node for node in tree(page("editor.html", shell("x"), view)).all("textarea") if node["name"] == "body")
    # A browser drops the first line break after the tag, and only that one.
    assert area.text == "\n" + body


def test_saving_comes_before_publishing_so_that_enter_never_publishes() -> None:
    for name in ("editor", "product"):
        root = tree(rendered(name))
        form = next(form for form in root.all("form") if "data-guard" in form)
        first = next(button for button in form.all("button") if button["type"] != "button")
        assert first.text == "Save"
        assert not first["name"]


def test_the_editor_sends_the_version_it_was_opened_with() -> None:
    root = tree(rendered("editor"))
    address = f"/c/acme/s/journal/posts/{EDITOR.id}"
    assert forms(root)[address]["version"] == "14"
    new = tree(rendered("post-new"))
    assert "version" not in forms(new)["/c/acme/s/journal/posts/new"]


def test_a_reader_sees_the_text_and_no_way_to_change_it() -> None:
    for name in ("editor-reader", "product-reader"):
        root = tree(rendered(name))
        assert not {"Save", "Publish edits…", "Unpublish", "Move to trash"} & set(buttons(root))
        fields = [node for node in root.all("input", "textarea", "select") if node["type"] != "hidden" and "hidden" not in node]
        assert [node for node in fields if "readonly" not in node and "disabled" not in node] == []
        assert "editor or owner" in root.text


def test_a_text_in_the_trash_can_only_be_brought_back() -> None:
    root = tree(rendered("editor-trashed"))
    sent = [button for button in root.all("button") if button["type"] != "button"]
    assert [button["formaction"] for button in sent] == [f"/c/acme/s/journal/posts/{EDITOR.id}/bring-back"]


@pytest.mark.parametrize("name", ["products-reader", "product-reader"])
def test_wholesale_is_nowhere_on_the_page_of_who_may_not_see_it(name: str) -> None:
    html = rendered(name)
    assert "holesale" not in html
    assert "13.10" not in html


def test_an_error_stands_at_its_field_in_the_summary_and_in_the_title() -> None:
    root = tree(rendered("editor-refused"))
    assert next(root.all("title")).text.startswith("Error: ")
    alert = next(node for node in root.all() if node["role"] == "alert")
    assert [link["href"] for link in alert.all("a")] == ["#title", "#slug", "#seo_title", "#body"]
    assert "Open this post again" in alert.text
    title = next(node for node in root.all("textarea") if node["name"] == "title")
    assert title["aria-invalid"] == "true"
    assert "title-error" in title["aria-describedby"]


def test_a_refused_cell_of_a_variant_is_named() -> None:
    root = tree(rendered("product-refused"))
    cell = next(node for node in root.all("input") if node["name"] == "variant-1-wholesale")
    error = next(node for node in root.all() if node["id"] == cell["aria-describedby"])
    assert "Wholesale is above retail." in error.text
    alert = next(node for node in root.all() if node["role"] == "alert")
    assert [link["href"] for link in alert.all("a")] == ["#title", "#variant-1-wholesale", "#variant-2-availability"]


def test_the_conflict_page_carries_what_was_sent_and_the_version_it_met() -> None:
    fields = next(iter(forms(tree(rendered("conflict"))).values()))
    assert fields["version"] == "15"
    assert fields["body"] == "Rain came late.\nYou taste it."


def test_every_passage_offers_both_sides_and_shows_what_was_chosen() -> None:
    root = tree(rendered("conflict"))
    radios = [node for node in root.all("input") if node["type"] == "radio"]
    sides = {name: [node["value"] for node in radios if node["name"] == name] for name in {node["name"] for node in radios}}
    assert sides == {"choice-title": ["mine", "theirs"], "choice-p4": ["mine", "theirs", "both"], "choice-p5": ["mine", "theirs"]}
    assert [node["name"] for node in radios if "checked" in node] == ["choice-title"]
    assert "1 of 3 decided" in root.text


def test_publishing_is_refused_without_a_button_when_it_would_break_the_site() -> None:
    assert "Publish now" in buttons(tree(rendered("publish")))
    for name in ("publish-refused", "publish-unchanged"):
        assert "Publish now" not in buttons(tree(rendered(name)))


def test_an_act_offers_its_undo_with_the_token() -> None:
    fields = forms(tree(rendered("posts")))[f"/c/acme/s/journal/posts/{EDITOR.id}/bring-back"]
    assert fields == {"csrf": "a-token-of-the-session", "version": "15"}


def test_rows_in_the_trash_are_brought_back_and_rows_outside_go_there() -> None:
    assert any(action.endswith("/bring-back") for action in forms(tree(rendered("trash"))))
    assert not any(action.endswith("/trash") for action in forms(tree(rendered("trash"))))
    assert any(action.endswith("/trash") for action in forms(tree(rendered("pages"))))


def test_the_tab_is_kept_when_a_filter_is_applied() -> None:
    root = tree(rendered("trash"))
    form = next(form for form in root.all("form") if form["role"] == "search")
    assert [(field["name"], field["value"]) for field in form.all("input")] == [("view", "trash"), ("q", "")]


def test_a_search_without_hits_names_the_search_and_offers_to_clear_it() -> None:
    root = tree(rendered("posts-no-match"))
    assert "No post matches “kenia”" in root.text
    assert "/c/acme/s/journal/posts" in [link["href"] for link in root.all("a") if link.text == "Clear search and filters"]


def test_an_installation_without_a_customer_says_what_to_type() -> None:
    assert "agoat customer create acme" in tree(rendered("sign-in-new-installation")).text
    assert "agoat" not in tree(rendered("sign-in")).text


def test_a_key_is_shown_once_and_revoking_asks_first() -> None:
    shown = [node["value"] for node in tree(rendered("keys")).all("input") if node["id"] == "secret"]
    assert shown == ["agoat_7Qm2Vt9xKc4LpZ0aRw8Ys3Hd"]
    assert not any(action.endswith("/revoke") for action in forms(tree(rendered("keys"))))
    assert any(action.endswith("/revoke") for action in forms(tree(rendered("keys-revoke"))))


def test_what_was_sent_while_the_database_was_away_stands_in_the_form_again() -> None:
    root = tree(rendered("error-503"))
    shown = {node["name"]: node.text for node in root.all("textarea")}
    assert shown["body"] == "\nRain came late.\nAnd stopped."
    assert next(iter(forms(root).values())) == {"csrf": "a-token", "version": "14"}


def test_a_password_is_never_carried_in_an_error_page() -> None:
    posted = [("email", "a@b.example"), ("password", "secret"), ("new_password", "other")]
    assert [field.name for field in kept_fields(posted)] == ["email"]
    assert "secret" not in rendered("error-503")


def test_a_spent_link_offers_no_form() -> None:
    assert list(tree(rendered("set-password-spent")).all("form")) == []


def test_titles_say_their_language_and_find_their_direction() -> None:
    root = tree(rendered("posts"))
    titles = [node for node in root.all("bdi") if node["dir"] == "auto" and node["lang"]]
    assert {(node["lang"], node.text) for node in titles} >= {("ar", "قهوة الصباح في نيروبي")}


def test_no_sample_forgets_the_full_form_of_a_screen() -> None:
    assert {sample.template for sample in FULL.values()} == {sample.template for sample in SAMPLES.values()}


def test_the_templates_hold_no_comment_for_browsers() -> None:
    folder = Path(str(ENVIRONMENT.loader.searchpath[0]))  # type: ignore[union-attr]
    assert [file.name for file in folder.glob("*.html") if "<!--" in file.read_text()] == []
