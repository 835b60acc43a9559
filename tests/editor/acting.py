"""What the tests of the console do again and again: write a post, make a product."""

from uuid import UUID

from tests.editor.browser import Browser, Page

SITE = "/c/acme/s/acme"
POSTS, PAGES, PRODUCTS = f"{SITE}/posts", f"{SITE}/pages", "/c/acme/products"
TEXT = "First paragraph.\n\nSecond paragraph.\n\nThird paragraph."


async def write(browser: Browser, title: str, *, shelf: str = POSTS, **fields: str) -> Page:
    """A new post or page, saved; the page is its editor."""
    page = await browser.send(await browser.get(f"{shelf}/new"), f"{shelf}/new", **{"title": title, "body": TEXT, **fields})
    assert page.toast.startswith("Saved."), (page.status, page.text[:400])
    return page


async def publish(browser: Browser, address: str) -> Page:
    """Publish what is saved; the page is the editor or the screen of the product."""
    page = await browser.send(await browser.get(f"{address}/publish"), f"{address}/publish")
    assert page.toast.startswith("Published."), (page.status, page.text[:400])
    return page


async def make_product(browser: Browser, sku: str, **fields: str) -> Page:
    """A new product with one variant; the page is its editor."""
    usual = {
        "title": f"Mug {sku}",
        "variant-0-sku": sku,
        "variant-0-retail": "12.50",
        "variant-0-wholesale": "8.00",
        "variant-0-stock": "4",
    }
    page = await browser.send(await browser.get(f"{PRODUCTS}/new"), f"{PRODUCTS}/new", **usual | fields)
    assert page.toast.startswith("Saved."), (page.status, page.text[:400])
    return page


def id_of(page: Page) -> UUID:
    """The id in the address of an editor."""
    return UUID(page.path.split("?")[0].split("/")[-1])
