"""Watching what a browser says while pages are open, and looking each page over: overflow, accessibility, a picture of it."""

import json
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.waiting import until

HERE = Path(__file__).resolve().parent
AXE = HERE / "vendor" / "axe.min.js"
# Where pictures of the screens are left for whoever wants to look at them.
PICTURES = HERE.parents[1] / ".agoat-screens"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST = 320
TELL = "addEventListener('securitypolicyviolation', event => tellOfViolation(`${event.violatedDirective} ${event.blockedURI}`))"
WIDER = "document.scrollingElement.scrollWidth > innerWidth ? document.scrollingElement.scrollWidth : 0"
LOAD_ALL = "document.querySelectorAll('img[loading=lazy]').forEach(image => { image.loading = 'eager' })"
ALL_LOADED = "[...document.images].every(image => image.complete)"
RUN_AXE = """async (options) => {
    const { violations } = await axe.run(document, options);
    return violations.map(found => `${found.id}: ${found.nodes.map(node => node.html.slice(0, 160)).join(' | ')}`);
}"""


class Manner(NamedTuple):
    """How somebody comes: by desktop or phone, in light or dark, with or without JavaScript."""

    name: str
    width: int
    height: int
    scheme: str
    script: bool

    @property
    def is_phone(self) -> bool:
        return self.width < 600

    def other_scheme(self) -> str:
        return "dark" if self.scheme == "light" else "light"


DESKTOP, PHONE = (1280, 900), (390, 844)
# Every pair of properties is met by two of these; all eight would find nothing more and take twice as long.
MANNERS = (
    Manner("desktop", *DESKTOP, "light", True),
    Manner("phone-dark", *PHONE, "dark", True),
    Manner("desktop-dark-without-script", *DESKTOP, "dark", False),
    Manner("phone-without-script", *PHONE, "light", False),
)


class Watch:
    """Somebody's browser, watched. `findings` holds everything that should not have been."""

    def __init__(self, context: BrowserContext, manner: Manner) -> None:
        self.context = context
        self.manner = manner
        self.findings: list[str] = []

    def note(self, page: Page, said: str) -> None:
        """Write down what should not have been, and where."""
        self.findings.append(f"{self.manner.name} {page.url}: {said}")

    def follow(self, page: Page) -> None:
        """Listen to one page, also to those that it opens."""
        page.on("console", lambda message: self.hear(page, message))
        page.on("pageerror", lambda error: self.note(page, f"script failed: {error}"))
        page.on("response", lambda response: self.check(page, response))

    def hear(self, page: Page, message: ConsoleMessage) -> None:
        """A line of the browser's console. Answers that failed are told apart by `check`, which knows what was asked for."""
        if not message.text.startswith("Failed to load resource"):
            self.note(page, f"console: {message.text}")

    def check(self, page: Page, response: Response) -> None:
        """A style, script or picture must come; a page may well be a refusal."""
        if response.status >= 400 and not response.request.is_navigation_request():
            self.note(page, f"{response.status} for {response.url}")

    async def look(self, page: Page, name: str = "") -> None:
        """Look a page over: nothing is wider than the window. With a name, a picture is left; without script pages look the same."""
        if wide := await page.evaluate(WIDER):
            self.note(page, f"is {wide} px wide in a window of {self.manner.width}")
        if name and self.manner.script:
            await self.picture(page, name)

    async def picture(self, page: Page, name: str) -> None:
        """Leave a picture of the whole page, also of what is only loaded when it is scrolled to."""
        PICTURES.mkdir(exist_ok=True)
        await page.evaluate(LOAD_ALL)
        await until(lambda: page.evaluate(ALL_LOADED))
        await page.screenshot(path=PICTURES / f"{name}-{self.manner.name}.png", full_page=True)

    async def examine(self, page: Page, name: str = "", *, covers: bool = False) -> None:
        """Look a page over in both schemes, and in a narrow window, with axe, which needs script.

        Where something `covers` parts of the page, the size of what is covered in part is not measured.
        """
        await self.look(page, name)
        if not self.manner.script:
            return
        await page.evaluate(AXE.read_text(encoding="utf-8"))
        await self.run_axe(page, {"runOnly": {"type": "tag", "values": RULES}, "rules": {"target-size": {"enabled": not covers}}})
        await page.emulate_media(color_scheme=self.manner.other_scheme(), reduced_motion="reduce")
        await self.run_axe(page, {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}})
        await page.emulate_media(color_scheme=self.manner.scheme, reduced_motion="reduce")
        if self.manner.is_phone:
            await page.set_viewport_size({"width": NARROWEST, "height": self.manner.height})
            await self.look(page)
            await page.set_viewport_size({"width": self.manner.width, "height": self.manner.height})

    async def run_axe(self, page: Page, options: dict[str, object]) -> None:
        """Note every violation that axe finds."""
        for found in await page.evaluate(RUN_AXE, {"resultTypes": ["violations"], **options}):
            self.note(page, f"axe: {found}")


async def watched(browser: Browser, manner: Manner) -> Watch:
    """A fresh browser profile that comes in a manner, with nothing in it."""
    context = await browser.new_context(
        viewport={"width": manner.width, "height": manner.height},
        is_mobile=manner.is_phone,
        has_touch=manner.is_phone,
        color_scheme=manner.scheme,
        reduced_motion="reduce",
        java_script_enabled=manner.script,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    context.set_default_timeout(10_000)
    watch = Watch(context, manner)
    context.on("page", watch.follow)
    if manner.script:
        await context.expose_binding("tellOfViolation", lambda source, said: watch.note(source["page"], f"policy: {json.dumps(said)}"))
        await context.add_init_script(TELL)
    return watch
