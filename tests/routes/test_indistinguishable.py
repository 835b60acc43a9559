"""What belongs to another customer and what never was: the same status, the same bytes, by the same statements.

First every parameter of every address of the table, then what queries, bodies, headers and cookies can name.
"""

from difflib import unified_diff
from typing import Any

import pytest

from tests.routes.askers import Asker
from tests.routes.asking import Filled, filled
from tests.routes.doors import Doors
from tests.routes.houses import House
from tests.routes.statements import recorded
from tests.routes.strangers import pairs_of
from tests.routes.table import ROWS, Row
from tests.routes.wire import lasting

# Whoever can do most, and whoever is refused half-way.
ASK = {"console": ("owner", "author"), "api": ("k-right", "k-wrong"), "public": ("nobody",)}
NAMED = [row for row in ROWS if set(row.parameters) - {"n", "name"}]


def name(row: Row) -> str:
    return row.name


async def answered(doors: Doors, asked: Filled, *own: str) -> tuple[Any, list[str]]:
    """The lasting part of an answer, and the statements that made it."""
    with recorded(asked.asker.services) as said:
        answer = await doors.answer(asked)
    return lasting(answer, *own), said


def difference(one: Any, other: Any) -> list[str]:
    """Where two answers or lists of statements differ, for whoever has to look into it."""
    sides = [[line for part in side for line in str(part).split("\\n")] for side in (one, other)]
    return [line for line in unified_diff(*sides, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize("row", NAMED, ids=name)
async def test_their_thing_is_as_absent_as_nothing(doors: Doors, askers: dict[str, Asker], theirs: House, row: Row) -> None:
    pairs = await pairs_of(row, askers, theirs)
    for who in ASK[row.door]:
        asked = await filled(row, askers[who])
        for changed in [*([part] for part in pairs), list(pairs)]:
            strange, absent = asked, asked
            for part in changed:
                strange = strange.with_part(part, pairs[part].theirs)
                absent = absent.with_part(part, pairs[part].never)
            one = await answered(doors, strange, *(pairs[part].theirs for part in changed))
            other = await answered(doors, absent, *(pairs[part].never for part in changed))
            if row.path.startswith("/set-password"):
                # A link is nobody's but its holder's: it works for whoever has it, and there is nothing to tell apart.
                assert other[0][0] == 404
                continue
            assert one == other, (who, changed, difference(one[0], other[0]), difference(one[1], other[1]))
            assert one[0][0] in (401, 403, 404), (who, changed)


@pytest.mark.parametrize("row", [row for row in NAMED if row.method == "GET" and row.door in ("console", "api")], ids=name)
async def test_the_comparison_notices_what_is_there(doors: Doors, askers: dict[str, Asker], theirs: House, row: Row) -> None:
    if row.path.startswith("/set-password"):
        return
    asked = await filled(row, askers[ASK[row.door][0]])
    pairs = await pairs_of(row, askers, theirs)
    for part, pair in pairs.items():
        there, absent = await answered(doors, asked), await answered(doors, asked.with_part(part, pair.never), pair.never)
        assert there[0] != absent[0]
        # A thing that is read by one statement is missed by the same one; whatever else stands there is not asked for.
        assert set(absent[1]) <= set(there[1]), difference(absent[1], there[1])
