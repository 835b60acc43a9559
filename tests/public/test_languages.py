"""Sites in several languages: each under its own prefix, linked where there is something to read."""

from uuid import uuid4

import pytest

from tests.public.conftest import Builder
from tests.public.visiting import House, crawl, hrefs
from tests.publishing.markup import parse
from tests.publishing.page_rules import broken_rules


@pytest.fixture
async def tower(build: Builder, unique: str) -> House:
    """A site in English, German and Arabic, with a post in two of them and nothing in the third."""
    texts = {"de": {"tagline": "Auf Deutsch", "unknown": 1}, "ar": {"tagline": 7}}
    house = await build(unique, languages=("en", "de", "ar"), language_texts=texts, settings={"tagline": "In English"})
    key = uuid4()
    await house.post("Hello", slug="hello", lang="en", translation_key=key, tags=("words",))
    await house.post("مرحبا", slug="مرحبا", lang="ar", translation_key=key, tags=("words",))
    return house


def html_of(page: str):
    return next(parse(page).all("html")).attrs


async def test_each_language_has_its_own_pages(tower: House) -> None:
    await tower.product("كوب", lang="ar", slug="cup")
    for path in ("/ar/", "/ar/posts/", "/ar/posts/مرحبا/", "/ar/tags/words/", "/ar/products/", "/ar/products/cup/"):
        page = await tower.text(path)
        assert (html_of(page)["lang"], html_of(page)["dir"]) == ("ar", "rtl"), path
        assert broken_rules(page) == []
        assert "Hello" not in page
    assert html_of(await tower.text("/posts/hello/"))["lang"] == "en"


async def test_translations_know_of_each_other(tower: House) -> None:
    for path in ("/posts/hello/", "/ar/posts/%D9%85%D8%B1%D8%AD%D8%A8%D8%A7/"):
        page = parse(await tower.text(path))
        origin = f"http://{tower.visitor.host}:8000"
        assert [(x.attrs["hreflang"], x.attrs["href"]) for x in page.all("link") if "hreflang" in x.attrs] == [
            ("ar", f"{origin}/ar/posts/%D9%85%D8%B1%D8%AD%D8%A8%D8%A7/"),
            ("en", f"{origin}/posts/hello/"),
            ("x-default", f"{origin}/posts/hello/"),
        ]


async def test_a_language_without_anything_to_read_is_not_there(tower: House) -> None:
    for path in ("/de/", "/de/posts/", "/de/feed.json", "/de/products/"):
        assert (await tower.get(path)).status_code == 404, path
    assert "/de/" not in hrefs(parse(await tower.text("/")))
    await tower.page("ueber-uns", lang="de")
    page = await tower.text("/de/")
    assert "Auf Deutsch" in page
    assert "/de/" in hrefs(parse(await tower.text("/")))
    assert (await tower.get("/de")).headers["location"] == "/de/"


async def test_a_page_that_is_not_there_is_missed_in_the_language_of_its_address(tower: House) -> None:
    answer = await tower.get("/ar/nowhere/")
    assert answer.status_code == 404
    assert html_of(answer.text)["lang"] == "ar"
    assert "مرحبا" in answer.text


async def test_each_language_has_its_own_feed(tower: House) -> None:
    english, arabic = (await tower.get("/feed.json")).json(), (await tower.get("/ar/feed.json")).json()
    assert ([x["title"] for x in english["items"]], english["language"]) == (["Hello"], "en")
    assert ([x["title"] for x in arabic["items"]], arabic["language"]) == (["مرحبا"], "ar")
    assert arabic["items"][0]["url"].endswith("/ar/posts/%D9%85%D8%B1%D8%AD%D8%A8%D8%A7/")


async def test_every_link_leads_somewhere_in_every_language(tower: House) -> None:
    await tower.page("about")
    await tower.product("كوب", lang="ar", slug="cup")
    found = await crawl(tower)
    assert {x.status_code for x in found.values()} == {200}
    assert {"/ar/", "/ar/feed.json", "/ar/products/cup/"} <= set(found)


async def test_a_setting_that_makes_no_sense_counts_as_not_set(tower: House) -> None:
    bad = {
        "posts_per_page": "many",
        "social": [{"label": 1}],
        "logo": ["x"],
        "tagline": None,
        "header_menu": {},
        "low_stock_threshold": "x",
    }
    await tower.settings(settings={**bad, "description": "Still here", "prices_include_tax": "perhaps"}, timezone="Mars/Olympus")
    page = await tower.text("/")
    assert "Still here" in page
    assert broken_rules(page) == []
