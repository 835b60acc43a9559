"""What somebody does at the console, by the words that are read there: the same with and without script, at a desk or on a phone."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.async_api import Locator, Page, Response, expect

from tests.browser.house import ALICE, House
from tests.browser.watching import Watch

SITE = "/c/acme/s/acme"
TEXT = "The first paragraph says what this is about.\n\nThe second one goes on.\n\nThe third one ends it."


@dataclass(frozen=True)
class Desk:
    """Somebody at the console, in one window of a watched browser."""

    house: House
    watch: Watch
    page: Page

    async def beside(self) -> "Desk":
        """A second tab of the same browser."""
        return Desk(self.house, self.watch, await self.watch.context.new_page())

    async def open(self, path: str) -> Response:
        """Go to an address of the console."""
        return await self.go(self.house.console(path))

    async def go(self, url: str) -> Response:
        """Go to an address and look the page over."""
        answer = await self.page.goto(url)
        assert answer is not None
        await self.watch.look(self.page)
        return answer

    @property
    def path(self) -> str:
        """The path of the page that is open."""
        return urlsplit(self.page.url).path

    def button(self, name: str) -> Locator:
        """A button by the beginning of its name."""
        return self.page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}"))

    def link(self, name: str) -> Locator:
        """A link by the beginning of its name."""
        return self.page.get_by_role("link", name=re.compile(rf"^{re.escape(name)}"))

    async def press(self, name: str) -> None:
        """Press a button that leads on, and look over what comes."""
        await self.following(self.button(name).click)

    async def follow(self, name: str) -> None:
        """Follow a link, and look over what comes."""
        await self.following(self.link(name).click)

    async def following(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do what leads to another page, and look that over."""
        async with self.page.expect_navigation():
            await act()
        await self.watch.look(self.page)

    async def fill(self, **fields: str) -> None:
        """Fill fields by their labels; an underscore stands for a space."""
        for label, text in fields.items():
            await self.page.get_by_label(label.replace("_", " "), exact=True).fill(text)

    async def is_told(self, text: str) -> None:
        """What has just happened is said."""
        await expect(self.page.locator(".toast")).to_contain_text(text)

    async def come_in(self) -> None:
        """Be signed in as the owner of Acme, from another day."""
        console = self.house.console("")
        await self.watch.context.add_cookies([{"name": name, "value": value, "url": console} for name, value in self.house.cookies.items()])

    async def sign_in(self, email: str = ALICE, password: str = "") -> None:
        """Sign in, by default as the owner of Acme."""
        await self.open("/sign-in")
        await self.fill(Email_address=email, Password=password or self.house.password)
        await self.press("Sign in")
        assert self.path.startswith("/c/"), f"not signed in, but at {self.path}"

    async def choose(self, name: str) -> None:
        """Open a screen from the side bar, which a phone keeps behind its menu button."""
        if self.watch.manner.is_phone:
            await self.button("Menu").click()
        await self.following(self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click)

    async def write(self, title: str, text: str = TEXT) -> None:
        """Write a new post and save it."""
        await self.open(f"{SITE}/posts/new")
        await self.fill(Title=title, Text=text)
        await self.press("Save")
        await self.is_told("Saved")

    async def publish(self) -> str:
        """Publish the text that is open; gives the address at which readers find it."""
        await self.press("Publish")
        await self.press("Publish now")
        await self.is_told("Published. Live at")
        url = await self.page.locator(".toast a").get_attribute("href")
        assert url is not None
        return url


def a_title(about: str) -> str:
    """A title that no other test has written."""
    return f"{about} {uuid4().hex[:6]}"


def slug_of(title: str) -> str:
    """The address that is made from such a title."""
    return title.lower().replace(" ", "-")
