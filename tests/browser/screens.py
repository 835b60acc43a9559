"""The main screens of the console and pages of both sites, each by a short name."""

import re
from collections.abc import AsyncIterator

from tests.browser.desk import SITE, Desk

CUSTOMER = "/c/acme"
# By name: where the screen is. What stands in braces is found in the list before it.
SCREENS = {
    "overview": SITE,
    "posts": f"{SITE}/posts",
    "posts-without-match": f"{SITE}/posts?q=unheard-of",
    "drafts": f"{SITE}/posts?view=drafts",
    "post-new": f"{SITE}/posts/new",
    "pages": f"{SITE}/pages",
    "products": f"{CUSTOMER}/products",
    "product-new": f"{CUSTOMER}/products/new",
    "team": f"{CUSTOMER}/team",
    "keys": f"{CUSTOMER}/keys",
    "audit": f"{CUSTOMER}/audit",
    "account": "/account",
    "everything": "/c/",
    "not-found": f"{CUSTOMER}/s/nowhere",
}
# What is opened from a list, and what there is beside it.
FIRST_OF = {
    "posts": ("post", "", "/history", "/publish"),
    "products": ("product", "", "/history", "/publish"),
    "audit": ("act", "", "/undo"),
}
PAGES = {
    "acme": ("/", "/posts/", "/posts/water-is-most-of-the-cup/", "/handbook/espresso/", "/tags/roasting/", "/products/",
             "/products/weekday/", "/nothing/"),
    "globex": ("/", "/products/ridge-shell/", "/ar/", "/ar/posts/layla-fi-wadi-rum/", "/de/posts/packen-fuer-eine-nacht-auf-2000-metern/"),
}  # fmt: skip


async def screens(desk: Desk) -> AsyncIterator[str]:
    """Open every screen of the console, one after the other, and give its name."""
    for name, path in SCREENS.items():
        await desk.open(path)
        yield name
        if name in FIRST_OF:
            thing, *beside = FIRST_OF[name]
            first = await first_of(desk)
            for part in beside:
                await desk.open(first + part)
                yield f"{thing}{part.replace('/', '-')}"


async def first_of(desk: Desk) -> str:
    """The path of the first thing in the list that is open."""
    for link in await desk.page.locator("main a").all():
        path = await link.get_attribute("href") or ""
        if re.search(r"/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", path):
            return path
    raise AssertionError(f"nothing can be opened from {desk.path}")


async def pages(desk: Desk) -> AsyncIterator[str]:
    """Open pages of both sites, one after the other, and give their names."""
    for site, paths in PAGES.items():
        for path in paths:
            await desk.go(desk.house.site(site, path))
            yield f"{site}{path}".strip("/").replace("/", "-")
