"""Themes: the sandbox, the choice of a template, and stylesheets whose names say what is in them."""

import hashlib
import re
import shutil
from pathlib import Path

import pytest
from jinja2 import TemplateAssertionError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from app.publishing.assets import css_asset, minified
from app.publishing.chrome import make_chrome
from app.publishing.pictures import picture
from app.publishing.render import render_page, render_products
from app.publishing.themes import Theme, load_themes
from app.publishing.views import Facet, FacetChoice, Listing, MenuEntry
from app.resources import templates_dir
from tests.publishing import samples
from tests.publishing.demo_pages import NOW, demo, themes
from tests.publishing.markup import parse

JOURNAL = themes().by_name["journal"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the templates that a test may change."""
    copy = tmp_path / "templates"
    shutil.copytree(templates_dir(), copy, ignore=shutil.ignore_patterns("console"))
    return copy


def changed(folder: Path, files: dict[str, str]) -> Theme:
    for name, text in files.items():
        target = folder / "journal" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return load_themes(folder).by_name["journal"]


def test_a_page_of_its_own_slug_comes_first_then_its_kind_then_the_base(folder: Path) -> None:
    files = {"page-handbook--water.html": "own", "odd.html": "odd", "base.html": "base"}
    theme = changed(folder, files)
    assert theme.render("page", "handbook/water", {}) == "own"
    assert theme.render("odd", "x", {}) == "odd"
    assert theme.render("unknown", "../../etc/passwd", {}) == "base"


def test_a_theme_without_templates_is_complete(folder: Path) -> None:
    (folder / "journal" / "home.html").unlink()
    chrome = make_chrome(load_themes(folder), demo("acme").site, ("en-GB",))
    assert "Water" in parse(render_page(chrome, demo("acme").pages["handbook/water"], now=NOW)).text


def test_a_theme_can_extend_what_it_replaces(folder: Path) -> None:
    theme = changed(folder, {"page.html": '{% extends "shared/page.html" %}{% block footer %}mine{% endblock %}'})
    chrome = samples.replace_theme(samples.frame(), theme)
    page = render_page(chrome, samples.post(kind="page"), now=NOW)
    assert "mine" in page
    assert "A post" in page


def test_a_theme_cannot_replace_what_the_platform_owns(folder: Path) -> None:
    theme = changed(folder, {"platform/head.html": "<title>stolen</title>", "platform/preview.html": ""})
    page = render_page(samples.replace_theme(samples.frame(), theme), samples.post(kind="page"), now=NOW)
    assert "stolen" not in page
    assert 'rel="canonical"' in page


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("{{ missing }}", UndefinedError),
        ("{{ ().__class__.__base__ }}", SecurityError),
        ("{{ page.__class__ }}", SecurityError),
        ("{{ t.__globals__ }}", SecurityError),
        ("{{ range(9) }}", UndefinedError),
        ("{{ lipsum() }}", UndefinedError),
        ("{{ page.nothing }}", UndefinedError),
    ],
)
def test_a_template_reaches_nothing_but_its_views(folder: Path, template: str, error: type[Exception]) -> None:
    theme = changed(folder, {"page.html": template})
    with pytest.raises(error):
        render_page(samples.replace_theme(samples.frame(), theme), samples.post(kind="page"), now=NOW)


@pytest.mark.parametrize("name", ["safe", "tojson", "pprint", "xmlattr", "format", "attr", "urlize"])
def test_a_filter_that_is_not_listed_does_not_exist(folder: Path, name: str) -> None:
    with pytest.raises(TemplateAssertionError):
        changed(folder, {"page.html": f"{{{{ page.title|{name} }}}}"})


def test_a_broken_template_is_found_at_start(folder: Path) -> None:
    with pytest.raises(TemplateSyntaxError):
        changed(folder, {"tag.html": "{% if %}"})


def test_an_unknown_asset_is_an_error_not_a_dead_link(folder: Path) -> None:
    theme = changed(folder, {"page.html": "{{ asset('theme.css') }}{{ asset('other.css') }}"})
    with pytest.raises(KeyError):
        render_page(samples.replace_theme(samples.frame(), theme), samples.post(kind="page"), now=NOW)


def test_a_base_alone_can_show_any_page(folder: Path) -> None:
    for name in ("products.html", "page.html"):
        (folder / "shared" / name).unlink()
    chrome = make_chrome(load_themes(folder), demo("acme").site, ("en-GB",))
    products = parse(render_products(chrome, lang="en-GB", products=demo("acme").products[:2], now=NOW))
    assert [x.text for x in products.all("h2")] == ["Huila, La Ladera", "Weekday"]
    assert "supplier" in parse(render_page(chrome, demo("acme").pages["handbook/water"], now=NOW)).classed("prose")[0].text


def test_an_asset_is_named_by_its_content() -> None:
    asset = css_asset("journal", "a{}")
    assert asset.url == f"/-/journal-{hashlib.sha256(b'a{}').hexdigest()[:10]}.css"
    assert css_asset("journal", "b{}").url != asset.url
    assert JOURNAL.css.url == load_themes(templates_dir()).by_name["journal"].css.url


def test_assets_are_found_by_address_and_only_while_they_are_used() -> None:
    chrome = samples.frame()
    assert chrome.asset(chrome.settings_css.url) is chrome.settings_css
    assert chrome.asset("/-/theme-0000000000.css") is None
    assert themes().asset(JOURNAL.css.url) is JOURNAL.css
    assert themes().asset(themes().system_css.url) is themes().system_css
    assert themes().asset(chrome.settings_css.url) is None


def test_an_unknown_theme_is_the_default_one() -> None:
    assert themes().get("../etc") is JOURNAL


def test_minifying_keeps_every_rule() -> None:
    assert minified("/* a */ a > b { color : red ; }\n@media (width < 40rem) { .x:not(.y > *) { margin: -1px 0 } }\n") == (
        "a>b{color : red}@media(width < 40rem){.x:not(.y>*){margin:-1px 0}}\n"
    )
    source = "".join((templates_dir() / "css" / f"{x}.css").read_text(encoding="utf-8") for x in ("foundation", "journal", "print"))
    small = JOURNAL.css.body.decode()
    assert small.count("{") == small.count("}") == re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL).count("{")


def test_stylesheets_reach_for_nothing_outside() -> None:
    for css in (JOURNAL.css.body.decode(), themes().system_css.body.decode()):
        assert not re.search(r"url\(|@import|expression|behavior", css)


def test_templates_hold_no_style_no_script_and_no_unescaped_value() -> None:
    for folder in ("platform", "shared", "journal"):
        for file in (templates_dir() / folder).rglob("*.html"):
            text = file.read_text(encoding="utf-8")
            assert not re.search(r"\sstyle=|<style|\son\w+=|\|\s*safe|autoescape", text), file
            assert not re.search(r"<script(?! type=\"application/ld\+json\">)", text), file


def test_every_string_that_a_template_asks_for_exists() -> None:
    asked = set()
    for folder in ("platform", "shared", "journal"):
        for file in (templates_dir() / folder).rglob("*.html"):
            asked |= set(re.findall(r"\bt\(['\"]([\w.]+)['\"]", file.read_text(encoding="utf-8")))
    assert asked
    assert asked <= themes().strings["en"].keys()


def test_filters_appear_once_there_are_categories_or_facets() -> None:
    choices = (
        FacetChoice(label="Red", url="/products/?colour=red", count=2),
        FacetChoice(label="Blue", url="/products/?colour=blue", is_active=True),
    )
    tree_items = (MenuEntry(label="All", url="/products/", current="page", count=3, children=(MenuEntry(label="Tea", url="/t/"),)),)
    listing = Listing(items=(), facets=(Facet(code="colour", label="Colour", choices=choices),), category_tree=tree_items, sorts=choices)
    page = parse(samples.listing_page(listing))
    assert [x.text for x in page.identified("at--filters").all("h2")] == ["Categories", "Colour"]
    assert [x.text for x in page.classed("on")] == ["Blue"]
    plain = parse(samples.listing_page(Listing(items=())))
    assert not plain.classed("filters")
    assert not list(plain.all("button"))


def test_a_picture_says_its_size_and_waits_its_turn() -> None:
    view = samples.image_view(samples.image())
    assert str(picture(view, "100vw")) == (
        '<img src="/media/0123abcd/picture.webp" width="800" height="600" alt="A picture" loading="lazy" decoding="async">'
    )
    assert 'fetchpriority="high"' in picture(view, "100vw", cover=True)
    assert "loading" not in picture(view, "100vw", eager=True)
    assert 'alt=""' in picture(view, "100vw", alt="")
    assert 'class="&#34;&gt;"' in picture(view, "100vw", cls='">')
