"""One running house and one Chromium for all tests of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.chromium import chromium_here, open_chromium
from tests.browser.house import House, open_house
from tests.installations import installation

# Looked for while tests are collected, when no event loop runs yet.
CHROMIUM = chromium_here()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: drives the console and the sites from outside, most of it in Chromium")


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser. It comes before the house, so that nothing is started where there is none."""
    async with open_chromium(CHROMIUM) as browser:
        yield browser


@pytest.fixture(scope="session")
async def house(admin_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """The product over a database of its own, whose hosts nobody else uses."""
    folder: Path = tmp_path_factory.mktemp("house")
    with installation(admin_url) as addresses:
        async with open_house(addresses, folder) as opened:
            yield opened
