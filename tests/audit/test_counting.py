"""Counting by ranges of ids, as it is done for customers with much history."""

from itertools import pairwise
from uuid import UUID

import pytest

from app.db.record import seals
from app.db.record.seals import ranges
from tests.audit.chains import Chain
from tests.audit.test_seal_tampering import TAMPERED


@pytest.mark.parametrize(("count", "parts"), [(0, 1), (9_999, 1), (10_000, 2), (50_000, 8), (10**9, 4_096)])
def test_ranges_follow_each_other_over_all_ids(count: int, parts: int) -> None:
    made = list(ranges(count))
    assert len(made) == parts
    assert (made[0][0].int, made[-1][1].int) == (0, 2**128 - 1)
    assert all(high.int + 1 == low.int for (_, high), (low, _) in pairwise(made))


async def test_in_many_ranges_the_inserted_row_is_found_just_the_same(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "ranges", lambda count: ranges(200_000))
    await chain.write(10)
    await chain.seal()
    await chain.write(3)
    assert await chain.problem() == ""
    chain.as_admin(TAMPERED["an inserted event"][0], id=chain.sites[4])
    broken = (await chain.verified()).broken
    assert broken is not None
    assert (broken.problem, broken.thing_id, broken.version) == ("an event was inserted", chain.sites[4], 9)


async def test_a_waiting_change_whose_event_is_gone_is_noticed(chain: Chain) -> None:
    await chain.write()
    await chain.seal()
    await chain.write()
    chain.as_admin("DELETE FROM audit.events WHERE customer_id = :customer AND thing_id = :id AND to_version = 1", id=chain.sites[1])
    broken = (await chain.verified()).broken
    assert broken is not None
    assert (broken.thing_id, broken.version) == (chain.sites[1], 1)
    assert isinstance(broken.thing_id, UUID)
