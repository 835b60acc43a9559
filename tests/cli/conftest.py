"""The command line of the installation that all tests share, and of an empty one."""

from collections.abc import Iterator

import pytest

from tests.cli.running import Agoat
from tests.installations import installation


@pytest.fixture(scope="session")
def agoat(addresses: dict[str, str]) -> Agoat:
    return Agoat(addresses)


@pytest.fixture
def empty(admin_url: str) -> Iterator[dict[str, str]]:
    """The addresses of a database in which nothing has been migrated."""
    with installation(admin_url, migrated=False) as made:
        yield made
