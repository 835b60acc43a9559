"""The Chromium of this machine: one from PATH, else Playwright's own download."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Playwright, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium here. Install it: apt-get install chromium, or: python -m playwright install chromium"


def find_chromium(own: Path) -> Path | None:
    """Where Chromium is, None where there is none. `own` is where Playwright would have put its download."""
    on_path = next((found for name in NAMES if (found := shutil.which(name))), None)
    return Path(on_path) if on_path else own if own.is_file() else None


def refuse(reason: str, *, is_ci: bool) -> None:
    """Skip the tests of the browser in one line; where every change is checked, their absence is a failure."""
    if is_ci:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Browser]:
    """A browser without a window. Skips, or fails in CI, where there is none."""
    async with async_playwright() as playwright:
        found = find_chromium(Path(playwright.chromium.executable_path))
        if found is None:
            refuse(MISSING, is_ci=os.environ.get("CI") == "true")
        browser = await start(playwright, str(found))
        try:
            yield browser
        finally:
            await browser.close()


async def start(playwright: Playwright, path: str) -> Browser:
    """Start it. Its sandbox cannot be had by root."""
    return await playwright.chromium.launch(executable_path=path, args=["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])])
