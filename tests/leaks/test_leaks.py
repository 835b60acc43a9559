"""Every class of leaks against every barrier: what comes of it is what docs/tenancy.md says, and all together let nothing through."""

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url

from tests.db.planting import Ground
from tests.leaks.barriers import BARRIERS, LEAK_CLASSES, LEAKS, NOTHING, OWN
from tests.leaks.document import DOCUMENT, Results, tried, written
from tests.leaks.ground import leaky_ground

# What no barrier below the doors can stop, and what stands in its way instead.
KNOWN = {
    "a clash on a host name, which the whole world shares": "a host name exists once; the doors answer every taken host alike",
    "the driver's connection: another customer set": "only app/db/database.py touches the driver's connection, which tests/rules checks",
}
# Stopped by keys and grants, so that these leak in no setting that the product's schema allows.
HARMLESS = {
    "TRUNCATE",
    "an owned function",
    "ON CONFLICT DO NOTHING as a question about others",
    "a foreign key that points to another customer's row",
    "a clash on an address of a site",
}


@pytest.fixture(scope="module")
def ground(admin_url: str) -> Iterator[Ground]:
    with leaky_ground(admin_url) as made:
        yield made


@pytest.fixture
def documented(admin_url: str) -> None:
    """The document tells of PostgreSQL; on another server the same tries may end in an error where it says that nothing was found."""
    if make_url(admin_url).get_dialect().name != "postgresql":
        pytest.skip("docs/tenancy.md is written from what PostgreSQL answered")


@pytest.fixture(scope="module")
def results(ground: Ground) -> Results:
    return tried(ground)


def test_the_document_says_what_each_barrier_stops(results: Results, documented: None) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == written(text, results), "Write it anew: python -m tests.leaks.document"


@pytest.mark.parametrize("name", [each.name for each in LEAK_CLASSES if each.name not in KNOWN])
def test_nothing_passes_all_barriers(results: Results, name: str) -> None:
    assert results[name]["all together"] != LEAKS


@pytest.mark.parametrize("name", [each.name for each in LEAK_CLASSES])
def test_a_try_is_dangerous_where_a_barrier_is_missing(results: Results, documented: None, name: str) -> None:
    """A try that leaks nowhere would prove nothing of the barriers."""
    assert {LEAKS, OWN} & set(results[name].values()) or name in HARMLESS


def test_every_barrier_stops_something_that_another_lets_through(results: Results) -> None:
    for barrier in BARRIERS[:3]:
        stopped = [name for name, row in results.items() if row[barrier.name] not in (LEAKS, OWN, NOTHING)]
        assert stopped, barrier.name
