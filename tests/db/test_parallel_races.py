"""Real sessions beside each other: what they race for is decided once, and the tables are whole afterwards."""

from collections.abc import AsyncIterator

import pytest

from tests.db.invariants import broken
from tests.db.races import RACES
from tests.db.towns import Town, town

ROUNDS, SESSIONS = 2, 5


@pytest.fixture(scope="module", params=["postgresql", "cockroachdb"])
async def place(request: pytest.FixtureRequest, admin_url: str) -> AsyncIterator[Town]:
    """An installation of its own with a connection for every session, through both dialects."""
    async with town(admin_url, dialect=request.param, pool_size=SESSIONS * 2) as made:
        yield made


@pytest.mark.parametrize("name", RACES)
async def test_sessions_that_race_leave_the_tables_whole(place: Town, name: str) -> None:
    for _ in range(ROUNDS):
        await RACES[name](place, SESSIONS)
    await place.number()
    assert broken(place.admin) == []
