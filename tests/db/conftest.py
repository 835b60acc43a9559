"""What the tests of the floor share: an installation in which every table has one row for each of two customers."""

from collections.abc import Iterator

import pytest

from tests.db.planting import Ground, plant
from tests.installations import administrator_of, installation


@pytest.fixture(scope="session")
def ground(admin_url: str) -> Iterator[Ground]:
    """An installation of its own; tests leave its rows as they were."""
    with installation(admin_url) as addresses:
        admin = administrator_of(admin_url, addresses)
        yield Ground(addresses, admin, plant(admin))
