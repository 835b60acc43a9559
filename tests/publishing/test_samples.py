"""The least and the worst that can be stored still makes a good page."""

import pytest

from app.publishing.chrome import Chrome, make_chrome
from app.publishing.render import (
    render_error,
    render_home,
    render_page,
    render_post,
    render_posts,
    render_product,
    render_products,
    render_tag,
)
from app.publishing.snapshots import (
    AuthorSnapshot,
    CategorySnapshot,
    MenuItem,
    OptionSnapshot,
    StockSnapshot,
    TagSnapshot,
)
from tests.publishing import samples
from tests.publishing.demo_pages import NOW, themes
from tests.publishing.markup import Element, parse
from tests.publishing.page_rules import attributes_of, broken_rules, json_ld, link, meta

HOSTILE = samples.HOSTILE


def every_kind(chrome: Chrome, post: samples.PostSnapshot, product: samples.ProductSnapshot) -> dict[str, str]:
    lang = post.lang
    tag = post.tags[0] if post.tags else TagSnapshot(slug="t", label="T")
    return {
        "home": render_home(chrome, lang=lang, posts=[post], products=[product], now=NOW),
        "posts": render_posts(chrome, lang=lang, posts=[post], now=NOW),
        "tag": render_tag(chrome, tag, lang=lang, posts=[post], now=NOW),
        "post": render_post(chrome, post, products=[product], now=NOW),
        "page": render_page(chrome, post, now=NOW),
        "products": render_products(chrome, lang=lang, products=[product], now=NOW),
        "product": render_product(chrome, product, posts=[post], related=[product], now=NOW),
        "error": render_error(chrome, status=404, lang=lang, suggestions=[post], now=NOW),
    }


def tree_of(html: str) -> Element:
    assert broken_rules(html) == []
    return parse(html)


KINDS = ["home", "posts", "tag", "post", "page", "products", "product", "error"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_least_site_with_the_least_things_keeps_every_rule(kind: str) -> None:
    page = every_kind(samples.frame(), samples.post(), samples.product())[kind]
    assert broken_rules(page) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_worst_site_with_the_worst_things_keeps_every_rule(kind: str) -> None:
    chrome = make_chrome(themes(), samples.hostile_site(), ("en-GB",))
    page = every_kind(chrome, samples.hostile_post(), samples.hostile_product())[kind]
    assert broken_rules(page) == []
    assert "49" not in parse(page).text


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_stored_becomes_code(kind: str) -> None:
    chrome = make_chrome(themes(), samples.hostile_site(), ("en-GB",))
    tree = parse(every_kind(chrome, samples.hostile_post(), samples.hostile_product())[kind])
    assert not [x for x in tree.all() if "onerror" in x.attrs]
    addresses = attributes_of(tree, "href") + attributes_of(tree, "src") + attributes_of(tree, "content")
    assert not [x for x in addresses if x.startswith(("javascript:", "data:", "//"))]
    assert [x.text for x in tree.classed("site-nav")[0].all("li")] == ["worse", HOSTILE.replace("\u2028", " ")]


def test_a_menu_entry_that_may_not_be_linked_to_stays_only_as_a_heading() -> None:
    chrome = make_chrome(themes(), samples.hostile_site(), ("en-GB",))
    tree = parse(render_post(chrome, samples.post(), now=NOW))
    heading = next(tree.classed("site-nav")[0].all("a", "span"))
    assert (heading.tag, heading.text) == ("span", "worse")
    assert [x.attrs["href"] for x in tree.all("a") if x.attrs.get("rel") == "me"] == ["https://good.example/?a=1&b=2"]


def test_a_title_that_closes_a_script_stays_inside_the_data() -> None:
    html = render_post(samples.frame(), samples.hostile_post(), now=NOW)
    assert html.count("</script>") == 1
    assert "\u2028" not in html[html.index("ld+json") : html.index("</script>")]
    assert json_ld(parse(html))[0]["headline"] == HOSTILE


def test_an_empty_site_has_a_home_page_that_says_what_it_is() -> None:
    tree = tree_of(render_home(samples.frame(description="Soon there will be bread."), lang="en-GB", posts=[], now=NOW))
    assert "Soon there will be bread." in tree.identified("main").text
    assert not tree.classed("lead")


def test_empty_lists_say_so() -> None:
    posts = tree_of(render_posts(samples.frame(), lang="en-GB", posts=[], now=NOW))
    products = tree_of(render_products(samples.frame(), lang="en-GB", products=[], count=0, now=NOW))
    assert "Nothing has been published here yet." in posts.identified("main").text
    assert "There are no products here yet." in products.identified("main").text


def test_a_site_without_logo_and_icons_links_to_none() -> None:
    tree = tree_of(render_post(samples.frame(), samples.post(), now=NOW))
    assert not list(tree.all("img"))
    assert not [x for x in tree.all("link") if "icon" in x.attrs["rel"]]
    with_icons = parse(render_post(samples.frame(icon_svg="/media/i.svg", icon_png="/media/i.png"), samples.post(), now=NOW))
    assert link(with_icons, "apple-touch-icon") == "/media/i.png"


def test_a_post_without_author_has_no_byline_in_page_or_data() -> None:
    tree = tree_of(render_post(samples.frame(), samples.post(), now=NOW))
    assert not tree.classed("p-author")
    assert not tree.classed("author")
    assert "author" not in json_ld(tree)[0]
    assert "article:author" not in meta(tree)


def test_an_author_without_role_bio_and_image_is_only_a_name() -> None:
    tree = tree_of(render_post(samples.frame(), samples.post(author=AuthorSnapshot(slug="a", name="Ann")), now=NOW))
    assert tree.classed("author")[0].text == "Ann"
    assert not [x for x in tree.all("a") if x.text == "Ann"]
    assert json_ld(tree)[0]["author"] == {"@type": "Person", "name": "Ann"}


def test_a_post_without_cover_and_summary_has_neither_element() -> None:
    tree = tree_of(render_post(samples.frame(), samples.post(), now=NOW))
    assert not tree.classed("cover")
    assert not tree.classed("deck")
    assert "description" not in meta(tree)
    assert meta(tree)["twitter:card"] == "summary"


def test_a_product_with_nothing_but_a_name_reads_well() -> None:
    tree = tree_of(render_product(samples.frame(), samples.product(), now=NOW))
    assert tree.classed("product")[0].text == "A thing"
    assert "bare" in tree.classed("product")[0].attrs["class"]
    assert "offers" not in json_ld(tree)[0]


def test_a_variant_without_a_price_is_on_request() -> None:
    tree = tree_of(render_product(samples.frame(), samples.product(samples.variant(retail=None)), now=NOW))
    assert "Price on request" in tree.classed("buy")[0].text
    assert "offers" not in json_ld(tree)[0]
    assert "product:price:amount" not in meta(tree)


def test_a_sold_out_choice_stays_a_link_and_says_so() -> None:
    sold = StockSnapshot(availability="out_of_stock", on_hand=0)
    variants = (samples.variant(sku="A", options={"size": "S"}), samples.variant(sku="B", options={"size": "L"}, stock=sold))
    options = (OptionSnapshot(code="size", label="Size", values=("S", "L")),)
    tree = tree_of(render_product(samples.frame(), samples.product(*variants, options=options), now=NOW))
    small, large = tree.classed("pill")
    assert (small.attrs.get("aria-current"), large.attrs.get("aria-current")) == ("true", None)
    assert "out" in large.attrs["class"].split()
    assert large.text == "L (Out of stock)"
    chosen = tree_of(render_product(samples.frame(), samples.product(*variants, options=options), sku="B", now=NOW))
    assert chosen.classed("buy")[0].classed("out_of_stock")[0].text == "Out of stock"


def test_an_option_value_that_no_variant_has_is_no_choice() -> None:
    options = (OptionSnapshot(code="size", label="Size", values=("S", "M")), OptionSnapshot(code="colour", label="Colour", values=("red",)))
    chosen = samples.product(samples.variant(options={"size": "S"}), samples.variant(sku="B", options={"size": "S"}), options=options)
    tree = tree_of(render_product(samples.frame(), chosen, now=NOW))
    assert [x.text for x in tree.classed("pill")] == ["S"]
    assert len(tree.classed("options")) == 1


def test_variants_without_options_are_told_apart_by_their_number() -> None:
    tree = tree_of(render_product(samples.frame(), samples.product(samples.variant(sku="A"), samples.variant(sku="B")), now=NOW))
    assert [x.text for x in tree.all("th") if x.attrs["scope"] == "row"] == ["A", "B"]


def test_a_category_without_a_page_is_text() -> None:
    category = CategorySnapshot(slug="a/b", label="Bread", labels={"de": "Brot"})
    tree = tree_of(render_product(samples.frame(), samples.product(category=category), now=NOW))
    assert [(x.tag, x.text) for x in tree.classed("p-category")] == [("span", "Bread")]
    german = tree_of(render_product(samples.frame(("en-GB", "de")), samples.product(category=category, lang="de"), now=NOW))
    assert german.classed("p-category")[0].text == "Brot"


def test_a_reduced_product_without_a_picture_still_shows_its_badge() -> None:
    sale = samples.SaleSnapshot(price=samples.pounds(750))
    card = tree_of(render_products(samples.frame(), lang="en-GB", products=[samples.product(samples.variant(sale=sale))], now=NOW))
    assert card.classed("badge")[0].text == "−25%"
    assert card.classed("price")[0].text == "Now £7.50 before £10.00"


def test_a_long_word_and_forty_tags_are_all_there() -> None:
    tags = tuple(TagSnapshot(slug=f"tag-{n}", label=f"Tag {n}") for n in range(40))
    tree = tree_of(render_post(samples.frame(), samples.post(title=samples.LONG, tags=tags), now=NOW))
    assert next(iter(tree.all("h1"))).text == samples.LONG
    assert len([x for x in tree.classed("post-foot")[0].all("a") if x.attrs.get("rel") == "tag"]) == 40


def test_nine_levels_of_menu_are_no_trouble() -> None:
    item = MenuItem(label="9", url="/9/")
    for level in range(8, 0, -1):
        item = MenuItem(label=str(level), url=f"/{level}/", children=(item,))
    tree = tree_of(render_post(samples.frame(menus={"en-GB": {"main": (item,)}}), samples.post(), now=NOW))
    assert tree.classed("site-nav")[0].text == "1"
