"""What the guard accepts gives exactly the rows that row-level security gives, for statements made at random.

Hand-written spoofs stand in tests/db/test_guard_spoofs.py and tests/db/test_guard_refusals.py, because chance does not find them.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from app.db.guard import rules
from tests.db.guard_schema import Post
from tests.fuzz.comparing import Disagreement, both_ways, compare, rows
from tests.fuzz.writes import executed

SEED, ACTS = 20261121, 1500


@pytest.fixture(scope="module")
def engines(admin_url: str) -> Iterator[tuple[Engine, Engine]]:
    with both_ways(admin_url) as made:
        yield made


def test_what_the_guard_accepts_is_what_the_policies_show(engines: tuple[Engine, Engine]) -> None:
    tally = compare(engines, SEED, ACTS)
    assert tally["accepted, with rows"] > ACTS / 10, tally
    assert tally["refused, would leak"] > ACTS / 100, tally
    assert sum(tally.values()) == ACTS


def test_the_bound_way_sees_one_customer_and_the_guarded_role_would_see_two(engines: tuple[Engine, Engine]) -> None:
    everybody = executed(select(Post.customer_id).distinct())
    with engines[1].connect() as bound:
        assert len(rows(bound, everybody) or {}) == 1


def test_a_guard_without_its_central_rule_is_found_out(engines: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(rules.RULES, "unproven")
    with pytest.raises(Disagreement):
        compare(engines, SEED, ACTS)
