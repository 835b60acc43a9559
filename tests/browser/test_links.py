"""No address that a page names leads nowhere: both demonstration sites as a visitor, and the console as an owner."""

import httpx
import pytest

from tests.browser.crawling import Crawl, links_of
from tests.browser.house import House

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("site", "least"), [("acme", 130), ("globex", 140)])
async def test_every_link_of_a_site_leads_somewhere(house: House, site: str, least: int) -> None:
    crawl = Crawl(house.port, {f"{site}.localhost"})
    await crawl.walk(house.site(site), house.site(site, "/robots.txt"))
    assert crawl.findings == []
    assert len(crawl.seen) >= least


async def test_every_link_of_the_console_leads_somewhere(house: House) -> None:
    crawl = Crawl(house.port, {"console.localhost"}, {"acme.localhost"}, house.cookies)
    await crawl.walk(house.console("/c/"), house.console("/account"), house.console("/sign-in"), house.console("/api/docs"))
    assert crawl.findings == []
    assert len(crawl.seen) >= 150
    assert any("/-/preview/" in url for url in crawl.seen)


async def test_the_crawl_finds_an_address_that_leads_nowhere(house: House) -> None:
    crawl = Crawl(house.port, {"acme.localhost"})
    await crawl.walk(house.site("acme", "/posts/never-written/"))
    assert [finding.split()[0] for finding in crawl.findings] == ["404"]


def test_links_are_found_in_pages_styles_and_feeds() -> None:
    page = """<meta property="og:image" content="http://x/o.jpg"><meta name="robots" content="noindex"><link href="/a.css">
        <img src="/b.webp" srcset="/c.webp 320w, /d.webp 640w"><a href="/e#f">
        <form action="/g"><input name="q" value="h"></form><form method="post" action="/never"></form>"""
    found = [
        links_of(httpx.Response(200, headers={"content-type": kind}, text=text))
        for kind, text in (
            ("text/html; charset=utf-8", page),
            ("text/css", "a { background: url('/i.svg') }"),
            ("application/feed+json", '{"next_url": "/j", "items": [{"url": "/k"}]}'),
            ("image/svg+xml", "<svg/>"),
        )
    ]
    assert found == [["http://x/o.jpg", "/a.css", "/b.webp", "/c.webp", "/d.webp", "/e#f", "/g?q=h"], ["/i.svg"], ["/j", "/k"], []]
