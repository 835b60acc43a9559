"""Every kind of page over HTTP: it is there, it is whole, and its addresses behave."""

import pytest
from sqlalchemy import event

from app.catalog.requests import SaveVariant
from app.catalog.states import OptionState
from app.document.snapshots import MenuItem
from app.web.services import Services
from tests.public.visiting import House, crawl, hrefs
from tests.publishing.markup import Element, parse
from tests.publishing.page_rules import broken_rules, link


def numbers(page: Element, but: int = 0) -> list[int]:
    """The numbered posts that a page links to, in their order, each once."""
    found = [int(x.removeprefix("/posts/number-").strip("/")) for x in hrefs(page) if x.startswith("/posts/number-")]
    return [number for number in dict.fromkeys(found) if number != but]


async def test_an_empty_site_has_a_home_page_and_its_lists(house: House) -> None:
    for path in ("/", "/posts/", "/products/"):
        page = await house.text(path)
        assert f"Site {house.slug}" in page
        assert broken_rules(page) == []


async def test_a_post_is_a_whole_page_with_its_neighbours(house: House) -> None:
    await house.numbered(3, summary="In short")
    html = await house.text("/posts/number-2/")
    page = parse(html)
    assert broken_rules(html) == []
    assert [x.text for x in page.all("h1")] == ["Number 2"]
    assert link(page, "canonical") == f"http://{house.visitor.host}:8000/posts/number-2/"
    assert (link(page, "prev"), link(page, "next")) == (None, None)
    assert numbers(page, but=2) == [1, 3]
    for number in (1, 3):
        assert numbers(parse(await house.text(f"/posts/number-{number}/")), but=number) == [2]


async def test_the_home_page_shows_the_newest_and_leads_on_to_older_ones(house: House) -> None:
    await house.numbered(5)
    home = parse(await house.text("/"))
    assert numbers(home) == [5, 4, 3, 2]
    older = next(x for x in hrefs(home) if x.startswith("/posts/?before="))
    assert numbers(parse(await house.text(older))) == [1]


async def test_a_page_knows_what_is_above_below_and_beside_it(house: House) -> None:
    for path in ("care", "care/tents", "care/tents/poles", "care/bags"):
        await house.page(path, title=path.rpartition("/")[2].title())
    await house.draft("Boots", kind="page", slug="care/boots")
    chapters = [MenuItem(label=x, url=f"/care/{x}/") for x in ("bags", "boots", "tents")]
    await house.menu("docs", MenuItem(label="Care", url="/care/"), MenuItem(label="At home", children=tuple(chapters)))
    top, tents, poles = [parse(await house.text(path)) for path in ("/care/", "/care/tents/", "/care/tents/poles/")]
    assert [x.text for x in poles.classed("crumbs")[0].all("a")] == [f"Site {house.slug}", "Care", "Tents"]
    assert hrefs(top.classed("children")[0]) == ["/care/bags/", "/care/tents/"]
    assert (link(tents, "prev"), link(tents, "next")) == ("/care/bags/", None)
    assert (link(top, "prev"), link(top, "next")) == (None, "/care/bags/")


async def test_a_tag_lists_its_live_posts_and_is_nothing_without_any(house: House) -> None:
    await house.tag("Water & tea", slug="water", summary="What we drink.")
    await house.post("Kettles", tags=("water",))
    await house.draft("Springs", tags=("water",))
    await house.tag("Secret plans", slug="secret")
    await house.draft("Plans", tags=("secret",))
    page = await house.text("/tags/water/")
    assert "Kettles" in page
    assert "What we drink." in page
    assert "Springs" not in page
    assert "/tags/water/" in await house.text("/posts/kettles/")
    hidden = await house.get("/tags/secret/")
    assert hidden.status_code == 404
    assert "Secret" not in hidden.text


async def test_a_product_shows_its_offer_its_posts_and_others_like_it(house: House) -> None:
    post = await house.post("About beans")
    await house.product("Other beans")
    small = SaveVariant(sku=f"{house.slug}-s", retail=1450, option_values={"bag": "Small"})
    large = SaveVariant(sku=f"{house.slug}-l", retail=5200, option_values={"bag": "Large"})
    options = (OptionState(code="bag", label="Bag", choices=("Small", "Large")),)
    await house.product("Beans", small, large, options=options, posts=(post,), summary="Round and brown")
    plain = await house.text("/products/beans/")
    assert broken_rules(plain) == []
    for said in ("£14.50", "£52.00", "About beans", "Other beans", "Round and brown"):
        assert said in plain, said
    assert "/products/beans/" in await house.text("/posts/about-beans/")
    chosen = parse(await house.text(f"/products/beans/?sku={house.slug}-l"))
    assert link(chosen, "canonical") == f"http://{house.visitor.host}:8000/products/beans/"
    assert [x.attrs["value"] for x in chosen.all("data") if "p-price" in x.attrs.get("class", "")][:1] == ["52.00 GBP"]
    assert await house.text("/products/beans/?sku=%3Cscript%3E") == plain


async def test_products_are_listed_and_counted(house: House) -> None:
    for title in ("Cup", "Bowl"):
        await house.product(title)
    await house.product("Prototype", is_live=False)
    page = await house.text("/products/")
    assert parse(page).identified("main").text.count("£1,450.00") == 2
    assert "2 products" in page
    assert "Prototype" not in page


async def test_no_page_tells_a_wholesale_price(house: House) -> None:
    variant = SaveVariant(sku=f"{house.slug}-w", retail=145000, wholesale=98765)
    post = await house.post("Prices")
    await house.product("Beans", variant, posts=(post,))
    for path in ("/", "/products/", "/products/beans/", f"/products/beans/?sku={house.slug}-w", "/posts/prices/", "/feed.json"):
        assert not [x for x in ("98765", "987.65", "wholesale") if x in await house.text(path)], path


async def test_a_draft_is_nowhere(house: House) -> None:
    await house.draft("Surprise party", slug="surprise-party", tags=("party",))
    await house.draft("Surprise", kind="page", slug="surprise")
    live = await house.post("Known", slug="known")
    waiting = {"id": live, "slug": "known", "body_source": "<p>Surprise inside</p>", "summary": "Surprise"}
    await house.draft("Surprise title", **waiting)
    for path in ("/", "/posts/", "/posts/known/", "/feed.json"):
        assert "urprise" not in await house.text(path), path
    for path in ("/posts/surprise-party/", "/surprise/", "/tags/party/"):
        assert (await house.get(path)).status_code == 404, path


@pytest.mark.parametrize("act", ["unpublish", "trash"])
async def test_what_is_taken_back_is_gone_at_once(house: House, act: str) -> None:
    post = await house.post("Here today", slug="here-today")
    before = await house.get("/posts/here-today/")
    await getattr(house, act)(post)
    after = await house.get("/posts/here-today/", if_none_match=before.headers["etag"])
    assert (before.status_code, after.status_code) == (200, 404)
    assert "Here today" not in await house.text("/posts/")


@pytest.mark.parametrize("path", ["/posts", "/posts/a-post", "/care", "/products", "/care?x=1&y=%20", "/tags/t", "/products/cup"])
async def test_an_address_without_its_slash_leads_to_the_one_with_it(house: House, path: str) -> None:
    await house.post("A post", slug="a-post", tags=("t",))
    await house.page("care")
    await house.product("Cup")
    answer = await house.get(path)
    assert answer.status_code == 308
    wanted = path.replace("?", "/?").replace("%20", "+") if "?" in path else path + "/"
    assert answer.headers["location"] == wanted
    assert (await house.get(wanted)).status_code == 200


NOWHERE = """/posts/none /none //evil.example //evil.example/ /posts// /posts/a-post// /%2e%2e/ /posts%2Fa-post/ /posts/%ff/ /posts/%00/
    /posts/a-post/x/ /feed.json/ /robots.txt/x /en/ /en/posts/ /de/ /DE/posts/ /search/ /authors/x/ /2026/ /tags/ /feeds/products.json
    /media /media/ /media/x /media/x/y/z /- /-/ /-/x.css /-/a/b /-/preview /-/preview/ /-/preview/x/""".split()


@pytest.mark.parametrize("path", [*NOWHERE, f"/posts/{'x' * 300}/", "/" + "a/" * 400])
async def test_every_address_without_a_page_gets_the_same_answer(house: House, path: str) -> None:
    await house.post("A post", slug="a-post")
    answer = await house.get(path)
    usual = await house.get("/nowhere/")
    assert (answer.status_code, answer.content) == (404, usual.content)
    assert "A post" in usual.text


async def test_a_404_page_follows_the_rules_of_all_pages(house: House) -> None:
    await house.numbered(5)
    answer = await house.get("/nowhere/")
    page = parse(answer.text)
    assert broken_rules(answer.text) == []
    assert numbers(page) == [5, 4, 3, 2]
    assert "etag" not in answer.headers


async def test_what_people_write_cannot_become_code(house: House) -> None:
    bad = "</script><script>alert(1)</script>\"'<img src=x onerror=alert(1)>{{ 7*7 }}"
    await house.post(bad, slug="bad", summary=bad, seo_title=bad, tags=("bad",), body_source=f"<p>{bad}</p><script>alert(2)</script>")
    await house.tag(bad, slug="worse")
    await house.post("Second", tags=("worse",))
    await house.settings(name=bad, settings={"tagline": bad, "description": bad, "order_url": "javascript:alert(1)"})
    for path in ("/", "/posts/", "/posts/bad/", "/tags/bad/", "/tags/worse/", "/nowhere/"):
        html = (await house.get(path)).text
        assert broken_rules(html) == [], path
        assert "{{ 7*7 }}" in html or path == "/tags/bad/"
        assert "<script>" not in html


async def test_every_link_of_a_site_leads_somewhere(house: House) -> None:
    await house.settings(settings={"posts_per_page": 2, "tagline": "All of it"})
    await house.numbered(7, tags=("t",))
    for path in ("care", "care/bags", "care/tents"):
        await house.page(path)
    await house.product("Cup")
    await house.menu(
        "main", MenuItem(label="Posts", url="/posts/"), MenuItem(label="Care", url="/care/"), MenuItem(label="Find", url="/search/")
    )
    pages = await crawl(house)
    assert {x.status_code for x in pages.values()} == {200}
    for wanted in ("/", "/posts/number-1/", "/tags/t/", "/care/tents/", "/products/cup/", "/feed.json", "/products/"):
        assert wanted in pages


async def test_a_page_costs_few_statements(house: House, services: Services) -> None:
    await house.numbered(3, tags=("t",))
    await house.page("care")
    await house.product("Cup")
    engine = services.tenancy.of(house.customer_id)._transactions.engine.sync_engine
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", count := lambda *call: asked.append(call[2]))
    try:
        costs = {}
        for path in ("/", "/posts/", "/posts/number-2/", "/care/", "/products/", "/products/cup/", "/tags/t/", "/feed.json", "/nowhere/"):
            asked.clear()
            await house.get(path)
            costs[path] = len(asked)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert max(costs.values()) <= 6, costs
