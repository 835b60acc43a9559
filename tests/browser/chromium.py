"""The Chromium of this machine: one from PATH, else Playwright's own download."""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "no Chromium here. Install it: apt-get install chromium, or: python -m playwright install chromium"


def find_chromium(own: Callable[[], Path]) -> Path | None:
    """Where Chromium is, None where there is none. `own` says where Playwright's download would be."""
    on_path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if on_path:
        return Path(on_path)
    return path if (path := own()).is_file() else None


def playwrights_own() -> Path:
    """Where Playwright would have put its download."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


@cache
def chromium_here() -> Path | None:
    """Where Chromium is on this machine; looked for once."""
    return find_chromium(playwrights_own)


def need_chromium(found: Path | None, *, is_ci: bool) -> None:
    """Called by a test module: skip it as a whole, in one line, where there is no browser.

    Where every change is checked nothing is skipped, so that each test fails for want of a browser.
    """
    if found is None and not is_ci:
        pytest.skip(MISSING, allow_module_level=True)


@asynccontextmanager
async def open_chromium(path: Path | None) -> AsyncIterator[Browser]:
    """A browser without a window; its sandbox cannot be had by root. Fails the test where there is none."""
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    unsandboxed = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--disable-gpu", *unsandboxed])
        try:
            yield browser
        finally:
            await browser.close()
