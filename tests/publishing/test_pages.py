"""Every page of both demonstration customers keeps every rule."""

import json
import re
from urllib.parse import unquote, urlsplit

import brotli
import pytest

from app.publishing.platform_errors import render_platform_error
from app.publishing.render import render_page
from tests.publishing.demo_content import CUSTOMERS
from tests.publishing.demo_pages import NOW, all_pages, chrome, demo, demo_pages, post_page, preview_of, themes
from tests.publishing.markup import parse
from tests.publishing.page_rules import attributes_of, broken_rules, json_ld, link, meta

PAGES = all_pages()


@pytest.mark.parametrize(("key", "address"), PAGES)
def test_a_page_keeps_every_rule(key: str, address: str) -> None:
    assert broken_rules(demo_pages(key)[address]) == []


def test_the_rules_notice_what_they_forbid() -> None:
    page = demo_pages("acme")["/posts/first-crack-is-a-sound/"]
    broken = page.replace("<h1", '<h1 style="color:red"').replace("<article", '<script>1</script><article id="main"', 1)
    broken = (
        broken.replace("+01:00</time>", "")
        .replace('datetime="2026-10-20T07:30:00+01:00"', 'datetime="2026-10-20"')
        .replace("Ines Calder", "X")
    )
    found = " ".join(broken_rules(broken))
    for expected in ("style on h1", "a script", "id 'main' twice", "time without offset", "date or author differs"):
        assert expected in found


@pytest.mark.parametrize("key", CUSTOMERS)
def test_a_link_is_rendered_only_when_its_target_exists(key: str) -> None:
    pages = demo_pages(key)
    known = {*pages, "/feed.json", *(f"/{lang}/feed.json" for lang in demo(key).languages)}
    known |= {chrome(key).theme.css.url, chrome(key).settings_css.url}
    frame = re.compile(r"<(?:header class=\"site-head|footer class=\"site-foot).*?</(?:header|footer)>|<head>.*?</head>", re.DOTALL)
    for address, html in pages.items():
        body_links = {x for node in parse(html).classed("prose") for x in attributes_of(node, "href")}
        for target in {x for x in attributes_of(parse(html), "href") if x.startswith("/") and not x.startswith("/media/")} - body_links:
            path = unquote(target.partition("#")[0])
            assert path in known or path.startswith("/posts/?before="), f"{address} links to {target}"
        assert frame.search(html)


@pytest.mark.parametrize("key", CUSTOMERS)
def test_no_retail_page_shows_a_wholesale_price(key: str) -> None:
    products = demo(key).product_data
    variants = [v for p in products for v in p["variants"]]
    public = {v["retail"]["amount"] for v in variants} | {v["sale"]["price"]["amount"] for v in variants if v["sale"]}
    public |= {v["sale"]["lowest_30_days"]["amount"] for v in variants if v["sale"]}
    secret = {v["wholesale"]["amount"] for v in variants} - public
    assert secret
    for address, html in demo_pages(key).items():
        unit_prices = {x.text for x in parse(html).classed("small")}
        text = html if not unit_prices else re.sub("|".join(re.escape(x) for x in unit_prices), "", parse(html).text)
        for amount in secret:
            assert not re.search(rf"(?<![\d.,]){amount // 100}[.,]{amount % 100:02d}(?!\d)", text), f"{amount} on {address}"
            assert f'"{amount / 100:.2f}"' not in html


def test_home_names_the_site_and_leads_with_a_story_that_has_a_picture() -> None:
    tree = parse(demo_pages("acme")["/"])
    assert [x.text for x in tree.all("h1")] == ["Acme Roasters"]
    lead = tree.classed("lead")[0]
    assert "First crack is a sound" in lead.text
    assert [x.attrs["fetchpriority"] for x in lead.all("img")] == ["high"]
    assert [x["@type"] for x in json_ld(tree)] == ["WebSite", "Organization"]
    assert next(iter(tree.all("title"))).text == "Acme Roasters: Coffee by the month it was picked"


def test_only_the_first_stretch_of_a_list_is_indexed() -> None:
    first, second = demo_pages("acme")["/posts/"], demo_pages("acme")["/posts/?before=c2"]
    assert "robots" not in meta(parse(first))
    assert meta(parse(second))["robots"] == "noindex,follow"
    assert json_ld(parse(second)) == []
    assert link(parse(first), "next") == "/posts/?before=c2"
    assert link(parse(second), "prev") == "/posts/"
    assert [x.attrs["rel"] for x in parse(second).classed("step")] == ["prev"]


def test_a_post_names_its_neighbours_its_products_and_its_tags() -> None:
    tree = parse(demo_pages("acme")["/posts/pour-over-you-can-remember/"])
    assert {x.attrs.get("rel"): x.attrs["href"] for x in tree.classed("siblings")[0].all("a")} == {
        "prev": "/posts/water-is-most-of-the-cup/",
        "next": "/posts/first-crack-is-a-sound/",
    }
    assert "Huila, La Ladera" in tree.classed("related")[0].text
    assert tree.classed("fields")[0].text == "Time3 minutesMakes300 mlLevelEasy"
    assert meta(tree)["article:tag"] == "Brewing"


def test_a_page_stands_between_its_neighbours_and_below_its_parent() -> None:
    tree = parse(demo_pages("acme")["/handbook/grind/"])
    assert [x.text for x in tree.classed("crumbs")[0].all("li")] == ["Acme Roasters", "The brewing handbook", "Grind"]
    assert link(tree, "prev") == "/handbook/water/"
    assert [x.attrs.get("aria-current") for x in tree.classed("site-nav")[0].all("a")] == [None, None, "true", None]
    assert "Particle size" in parse(demo_pages("acme")["/handbook/"]).classed("children")[0].text


def test_a_chosen_variant_shows_its_price_and_stays_canonical_to_the_product() -> None:
    tree = parse(demo_pages("acme")["/products/huila-pink-bourbon/?sku=ACM-HUI-1000"])
    assert tree.classed("buy")[0].classed("now")[0].attrs["value"] == "52.00 GBP"
    assert link(tree, "canonical") == "http://acme.localhost:8000/products/huila-pink-bourbon/"
    assert meta(tree)["product:retailer_item_id"] == "ACM-HUI-1000"
    current = [x.text for x in tree.classed("pill") if x.attrs.get("aria-current") == "true"]
    assert current == ["1 kg"]


def test_a_page_in_arabic_runs_from_right_to_left_and_speaks_arabic() -> None:
    tree = parse(demo_pages("globex")["/ar/posts/layla-fi-wadi-rum/"])
    page = next(iter(tree.all("html")))
    assert (page.attrs["lang"], page.attrs["dir"]) == ("ar", "rtl")
    assert tree.classed("skip")[0].text == "انتقل إلى المحتوى"
    assert tree.classed("p-author")[0].text == "يوسف حداد"
    assert tree.classed("site-nav")[0].attrs.get("lang") is None
    assert link(tree, "canonical") == "http://globex.localhost:8000/ar/posts/layla-fi-wadi-rum/"


def test_translations_point_at_each_other_and_at_themselves() -> None:
    english, german = "/posts/packing-for-a-night-at-2000-metres/", "/de/posts/packen-fuer-eine-nacht-auf-2000-metern/"
    sets = []
    for address in (english, german):
        tree = parse(demo_pages("globex")[address])
        sets.append([(x.attrs["hreflang"], x.attrs["href"]) for x in tree.all("link") if "hreflang" in x.attrs])
    origin = "http://globex.localhost:8000"
    assert sets[0] == sets[1] == [("de", origin + german), ("en", origin + english), ("x-default", origin + english)]


def test_the_language_switcher_leads_to_the_translation_or_to_the_home_page() -> None:
    tree = parse(demo_pages("globex")["/posts/packing-for-a-night-at-2000-metres/"])
    switch = {x.attrs["hreflang"]: x.attrs["href"] for x in tree.classed("site-foot")[0].all("a") if "hreflang" in x.attrs}
    assert switch == {
        "en": "/posts/packing-for-a-night-at-2000-metres/",
        "de": "/de/posts/packen-fuer-eine-nacht-auf-2000-metern/",
        "ar": "/ar/",
    }
    acme = parse(demo_pages("acme")["/"])
    assert not [x for x in acme.all("a") if "hreflang" in x.attrs]


def test_a_missing_page_offers_recent_posts_and_tells_machines_nothing() -> None:
    tree = parse(demo_pages("acme")["/404/"])
    assert meta(tree)["robots"] == "noindex"
    assert link(tree, "canonical") is None
    assert json_ld(tree) == []
    assert len(list(tree.classed("plain")[0].all("li"))) == 4
    assert not list(tree.all("form"))
    assert parse(demo_pages("acme")["/410/"]).classed("kicker")[0].text == "410"


def test_a_preview_says_so_stays_inside_and_tells_machines_nothing() -> None:
    tree = parse(post_page("acme", demo("acme").post("pour-over-you-can-remember"), preview_of("acme")))
    assert (
        tree.classed("preview")[0].text == "Preview. Version 7, not published. This link works until 19 November 2026. Back to the editor"
    )
    assert meta(tree)["robots"] == "noindex,nofollow"
    assert (link(tree, "canonical"), json_ld(tree), "og:title" in meta(tree)) == (None, [], False)
    inside = [x.attrs["href"] for x in tree.all("a") if x.attrs["href"].startswith("/") and not x.attrs["href"].endswith("feed.json")]
    assert inside
    assert all(x.startswith("/-/preview/t0k3n/") for x in inside)
    stylesheets = [x.attrs["href"] for x in tree.all("link") if x.attrs.get("rel") == "stylesheet"]
    assert stylesheets == [chrome("acme").theme.css.url, chrome("acme").settings_css.url]
    assert all(x.attrs["src"].startswith("/media/") for x in tree.all("img"))
    assert broken_rules(post_page("acme", demo("acme").posts[1], preview_of("acme"))) == []


def test_links_in_the_body_of_a_preview_stay_inside_too() -> None:
    page = demo("acme").pages["handbook/pour-over"]
    prose = parse(render_page(preview_of("acme"), page, now=NOW)).classed("prose")[0]
    own = [x for x in attributes_of(prose, "href") if x.startswith("/")]
    assert own
    assert all(x.startswith("/-/preview/t0k3n/") for x in own)


@pytest.mark.parametrize("status", [421, 500, 503])
def test_the_platform_error_page_names_no_customer(status: int) -> None:
    html = render_platform_error(themes(), status)
    tree = parse(html)
    assert next(iter(tree.all("p"))).text == str(status)
    assert meta(tree)["robots"] == "noindex"
    assert attributes_of(tree, "href") == [themes().system_css.url]
    assert not re.search("acme|globex|script|style=", html, re.IGNORECASE)


@pytest.mark.parametrize(("key", "address"), PAGES)
def test_every_absolute_address_of_the_head_has_the_sites_origin(key: str, address: str) -> None:
    tree = parse(demo_pages(key)[address])
    own = [value for name, value in meta(tree).items() if name in ("og:url", "og:image", "article:author")]
    for url in own + [x for x in (link(tree, "canonical"),) if x]:
        assert url.startswith(demo(key).site.origin + "/")
    for node in json_ld(tree):
        for url in re.findall(r'"(?:url|@id|item)": "([^"]+)"', json.dumps(node)):
            assert urlsplit(url).scheme == "http"


def test_pages_and_stylesheets_stay_small() -> None:
    css = len(brotli.compress(themes().by_name["journal"].css.body))
    assert css <= 4200
    settings = len(brotli.compress(chrome("acme").settings_css.body))
    for key, address in PAGES:
        assert len(brotli.compress(demo_pages(key)[address].encode())) + css + settings < 30_000


def test_the_same_arguments_give_the_same_page() -> None:
    post = demo("acme").posts[0]
    assert post_page("acme", post) == post_page("acme", post)
    assert str(NOW.year) in post_page("acme", post)
