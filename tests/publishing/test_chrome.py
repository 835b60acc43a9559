"""What surrounds a page: menus, languages, feeds, titles."""

from app.publishing.chrome import Chrome
from app.publishing.render import render_home, render_post, render_posts
from app.publishing.snapshots import LanguageSnapshot, MenuItem, Reference, ThemeSettings
from tests.publishing import samples
from tests.publishing.demo_pages import NOW, demo_pages
from tests.publishing.markup import Element, parse
from tests.publishing.page_rules import link, meta

MENU = (MenuItem(label="Home", url="/"), MenuItem(label="Posts of old", url="/posts/"), MenuItem(label="Care", url="/care"))


def header(html: str) -> list[tuple[str, str | None]]:
    return [(x.text, x.attrs.get("aria-current")) for x in parse(html).classed("site-nav")[0].all("a")]


def page_in(lang: str, chrome: Chrome, **more: object) -> Element:
    return parse(render_post(chrome, samples.post(lang=lang), now=NOW, **more))  # type: ignore[arg-type]


def test_a_menu_marks_the_page_itself_and_what_is_above_it() -> None:
    chrome = samples.frame(menus={"en-GB": {"main": MENU}})
    post = render_post(chrome, samples.post(), now=NOW)
    posts = render_posts(chrome, lang="en-GB", posts=[], now=NOW)
    assert header(post) == [("Home", None), ("Posts of old", "true"), ("Care", None)]
    assert header(posts) == [("Home", None), ("Posts of old", "page"), ("Care", None)]
    assert header(render_posts(chrome, lang="en-GB", posts=[], address="/posts/?before=x", now=NOW))[1] == ("Posts of old", "true")
    assert header(demo_pages("acme")["/posts/stocktaking-in-november/"])[0] == ("Journal", "true")


def test_an_address_is_above_another_only_by_whole_names() -> None:
    chrome = samples.frame(menus={"en-GB": {"main": (MenuItem(label="Post", url="/post"), MenuItem(label="Care", url="/posts/a"))}})
    assert header(render_post(chrome, samples.post(), now=NOW)) == [("Post", None), ("Care", None)]


def test_a_section_is_called_what_its_menu_entry_is_called() -> None:
    chrome = samples.frame(menus={"en-GB": {"main": MENU}})
    assert next(iter(parse(render_posts(chrome, lang="en-GB", posts=[], now=NOW)).all("h1"))).text == "Posts of old"
    assert next(iter(parse(render_posts(samples.frame(), lang="en-GB", posts=[], now=NOW)).all("h1"))).text == "Posts"


def test_a_language_without_menus_borrows_them_and_says_so() -> None:
    chrome = samples.frame(("en-GB", "de"), menus={"en-GB": {"main": MENU, "foot": MENU}})
    german = page_in("de", chrome)
    assert german.classed("site-nav")[0].attrs["lang"] == "en-GB"
    assert [x.attrs.get("lang") for x in german.classed("site-foot")[0].all("nav")] == ["en-GB"]


def test_only_languages_with_a_home_page_are_linked_to() -> None:
    one = page_in("de", samples.frame(("en-GB",)))
    assert not [x for x in one.all("a") if "hreflang" in x.attrs]
    assert [x.attrs["href"] for x in one.all("a") if x.attrs.get("rel") == "home"] == ["/"]
    assert link(one, "alternate") == "/feed.json"
    two = page_in("de", samples.frame(("en-GB", "de")))
    assert [x.attrs["href"] for x in two.all("a") if x.attrs.get("rel") == "home"] == ["/de/"]
    assert [(x.attrs["hreflang"], x.attrs["href"]) for x in two.all("a") if "hreflang" in x.attrs] == [
        ("en-GB", "/"),
        ("de", "/de/posts/a-post/"),
    ]


def test_the_only_feed_is_the_json_feed_of_the_language() -> None:
    tree = page_in("de", samples.frame(("en-GB", "de")))
    feeds = [(x.attrs["type"], x.attrs["href"]) for x in tree.all("link") if x.attrs.get("type") and x.attrs["rel"] == "alternate"]
    assert feeds == [("application/feed+json", "/de/feed.json")]
    assert "/de/feed.json" in [x.attrs["href"] for x in tree.classed("site-foot")[0].all("a")]


def test_a_site_speaks_of_itself_in_the_language_of_the_page() -> None:
    words = (LanguageSnapshot(lang="de", tagline="Brot", description="Wir backen."),)
    chrome = samples.frame(("en-GB", "de"), tagline="Bread", description="We bake.", tax_note="VAT", languages=words)
    german = parse(render_home(chrome, lang="de", posts=[], now=NOW))
    assert next(iter(german.all("title"))).text == "Bare: Brot"
    assert meta(german)["description"] == "Wir backen."
    english = parse(render_home(chrome, lang="en-GB", posts=[], now=NOW))
    assert next(iter(english.all("title"))).text == "Bare: Bread"
    assert [x.attrs["hreflang"] for x in english.all("link") if "hreflang" in x.attrs] == ["de", "en-GB", "x-default"]


def test_a_translation_without_a_version_in_the_first_language_has_no_default() -> None:
    chrome = samples.frame(("en-GB", "de", "ar"))
    tree = page_in("de", chrome, translations=[Reference(lang="ar", slug="x"), Reference(lang="de", slug="a-post")])
    assert [x.attrs["hreflang"] for x in tree.all("link") if "hreflang" in x.attrs] == ["ar", "de"]


def test_an_editors_title_replaces_the_title_in_the_head_only() -> None:
    tree = parse(render_post(samples.frame(), samples.post(seo_title="Short"), now=NOW))
    assert next(iter(tree.all("title"))).text == "Short · Bare"
    assert next(iter(tree.all("h1"))).text == "A post"
    assert meta(tree)["og:title"] == "A post"


def test_a_description_is_cut_at_the_end_of_a_word() -> None:
    tree = parse(render_post(samples.frame(), samples.post(summary="word, " * 60), now=NOW))
    description = meta(tree)["description"]
    assert len(description) <= 160
    assert description.endswith("word…")


def test_the_browsers_frame_follows_the_colour_scheme() -> None:
    def colours(scheme: str) -> list[str]:
        tree = page_in("en-GB", samples.frame(theme=ThemeSettings(color_scheme=scheme)))
        return [x.attrs["content"] + x.attrs.get("media", "") for x in tree.all("meta") if x.attrs.get("name") == "theme-color"]

    assert colours("auto") == ["#fdfcf9(prefers-color-scheme:light)", "#171512(prefers-color-scheme:dark)"]
    assert colours("dark") == ["#171512"]
    assert colours("light") == ["#fdfcf9"]


def test_the_year_is_that_of_the_sites_clock() -> None:
    chrome = samples.frame(timezone="Pacific/Auckland", copyright_holder="Bare Ltd")
    new_year = NOW.replace(month=12, day=31, hour=13)
    tree = parse(render_post(chrome, samples.post(), now=new_year))
    assert tree.classed("site-foot")[0].classed("small")[0].text == "© 2027 Bare Ltd"
