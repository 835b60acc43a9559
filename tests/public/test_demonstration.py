"""The demonstration sites as a crawler meets them: every link leads somewhere, every page keeps the rules, no price is told too early."""

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.db.base import Base
from app.db.database import Shared, Tenancy, open_engine
from app.db.rules import shared_rules, tenant_rules
from app.demo.loading import Loader
from app.demo.stories import read_story
from app.web.services import Services
from tests.installations import installation
from tests.public.conftest import opened, visitors_front
from tests.public.visiting import Visitor, crawl
from tests.publishing.page_rules import broken_rules

KEYS = ("acme", "globex")
# What both sites lead to from every page.
EVERYWHERE = ("/", "/posts/", "/products/", "/feed.json", "/about/", "/ordering/")

Found = dict[str, httpx.Response]


@pytest.fixture(scope="module")
async def demonstration(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Services]:
    """A fresh installation in which the demonstration has been loaded."""
    with installation(admin_url) as addresses:
        services = opened(addresses, tmp_path_factory.mktemp("media"))
        operators = open_engine(addresses["backoffice"], rules=tenant_rules(Base.metadata))
        directory = open_engine(addresses["directory"], rules=shared_rules(Base.metadata, "directory"))
        await Loader(Tenancy(operators), Shared(directory), services.storage, "localhost").load()
        await operators.dispose()
        await directory.dispose()
        yield services
        await services.close()


@pytest.fixture(scope="module")
async def found(demonstration: Services) -> AsyncIterator[dict[str, Found]]:
    """Everything that can be reached from the two home pages."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(visitors_front(demonstration))) as client:
        yield {key: await crawl(Visitor(client, f"{key}.localhost")) for key in KEYS}


@pytest.mark.parametrize("key", KEYS)
def test_every_link_leads_somewhere(found: dict[str, Found], key: str) -> None:
    assert {path: x.status_code for path, x in found[key].items() if x.status_code != 200} == {}


@pytest.mark.parametrize("key", KEYS)
def test_everything_that_was_loaded_is_reached(found: dict[str, Found], key: str) -> None:
    story = read_story(key)
    first = story.site["site"]["locales"][0]
    wanted = [(x["lang"], f"posts/{x['slug']}") for x in story.posts] + [(x["lang"], f"products/{x['slug']}") for x in story.products]
    wanted += [(x.get("lang", first), x["slug"]) for x in story.pages]
    addresses = {f"/{path}/" if lang == first else f"/{lang}/{path}/" for lang, path in wanted}
    reached = {httpx.URL(f"http://x{path}").path for path in found[key]}
    assert addresses - reached == set()
    assert set(EVERYWHERE) - reached == set()


@pytest.mark.parametrize("key", KEYS)
def test_every_page_keeps_the_rules_of_pages(found: dict[str, Found], key: str) -> None:
    pages = {path: x.text for path, x in found[key].items() if x.headers["content-type"].startswith("text/html")}
    assert len(pages) > 40
    assert {path: broken for path, html in pages.items() if (broken := broken_rules(html))} == {}


@pytest.mark.parametrize("key", KEYS)
def test_no_product_tells_its_wholesale_price(found: dict[str, Found], key: str) -> None:
    products, looked_at = read_story(key).products, 0
    public = {amount for product in products for amount in amounts(product, "retail")}
    for product in products:
        secret = amounts(product, "wholesale") - public
        pages = [x.text for path, x in found[key].items() if f"/products/{product['slug']}/" in path]
        looked_at += len(pages) * len(secret)
        told = [amount for amount in secret for page in pages if re.search(rf"(?<!\d){amount // 100}[.,]{amount % 100:02}(?!\d)", page)]
        assert told == [], product["slug"]
    assert looked_at > 30


def amounts(product: dict[str, Any], kind: str) -> set[int]:
    """The prices of one kind that a product has."""
    return {variant[kind]["amount"] for variant in product["variants"] if variant.get(kind)}


def test_pictures_and_icons_are_served_as_what_they_are(found: dict[str, Found]) -> None:
    types = {path.rpartition(".")[2]: x.headers["content-type"] for path, x in found["acme"].items() if path.startswith("/media/")}
    assert types == {"webp": "image/webp", "svg": "image/svg+xml", "png": "image/png"}
