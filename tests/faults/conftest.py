"""An installation of its own, in which no unit of work succeeds at its first attempt.

What the tests assert is what people and programs see, so they show that nothing is lost and nothing is told wrongly; what is in the
tables afterwards shows that nothing was applied twice.
"""

from collections.abc import Iterator

import pytest

from app.db import database, transactions
from tests.conftest import acme, backoffice, cast, directory, globex, tenancy, unique, worker  # noqa: F401
from tests.installations import Faults, administrator_of, installation


@pytest.fixture(scope="session")
def addresses(admin_url: str) -> Iterator[dict[str, str]]:
    """The addresses of the installation."""
    with installation(admin_url) as made:
        yield made


@pytest.fixture(scope="session")
def administrator(admin_url: str, addresses: dict[str, str]) -> str:
    """The administrator's address of the installation."""
    return administrator_of(admin_url, addresses)


@pytest.fixture(scope="module", autouse=True)
def injected() -> Iterator[Faults]:
    """The faults of one module's tests; the pauses between attempts are too short to wait for."""
    with pytest.MonkeyPatch.context() as patch:
        made = Faults()
        patch.setattr(database, "commit", made)
        patch.setattr(transactions, "LONGEST_PAUSE_S", 0.001)
        yield made
