"""Which parts of two sequences belong together: first what is equal, then what is alike. Time and memory are bounded."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Sequence

# Cells of the table that an exact comparison may fill, one bit each: 4 MB.
_EXACT_CELLS = 32_000_000
_ALIKE_CELLS = 2_500

Pair = tuple[int, int]
# Indexes into both sequences; None where one side has nothing.
Row = tuple[int | None, int | None]


def equal_pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Indexes of a longest common subsequence; for very long sequences a good one that is cheap to find."""
    start = _common_start(old, new)
    end = _common_start(old[start:][::-1], new[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    middle = _middle_pairs(old[start:old_end], new[start:new_end])
    return [
        *((index, index) for index in range(start)),
        *((start + left, start + right) for left, right in middle),
        *((old_end + index, new_end + index) for index in range(end)),
    ]


def aligned(old: Sequence[Hashable], new: Sequence[Hashable], likeness: Callable[[int, int], float], least: float) -> list[Row]:
    """All of both sequences in order: equal parts paired, then those whose likeness (0 to 1) is at least `least`.

    What has no partner stands alone; in each gap the old comes before the new.
    """
    rows: list[Row] = []
    old_at = new_at = 0
    for left, right in [*equal_pairs(old, new), (len(old), len(new))]:
        rows.extend(_gap(range(old_at, left), range(new_at, right), likeness, least))
        if left < len(old):
            rows.append((left, right))
        old_at, new_at = left + 1, right + 1
    return rows


def word_likeness(old: Counter[str], new: Counter[str]) -> float:
    """How much two bags of words share, from 0 to 1."""
    total = old.total() + new.total()
    small, large = (old, new) if len(old) < len(new) else (new, old)
    return 2 * sum(min(times, large[word]) for word, times in small.items()) / total if total else 1.0


def _common_start(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    length = min(len(old), len(new))
    return next((index for index in range(length) if old[index] != new[index]), length)


def _middle_pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    if not old or not new:
        return []
    if len(old) * len(new) <= _EXACT_CELLS:
        return _longest_common(old, new)
    pairs: list[Pair] = []
    old_at = new_at = 0
    for left, right in [*_anchors(old, new), (len(old), len(new))]:
        if (left - old_at) * (right - new_at) <= _EXACT_CELLS:
            found = _longest_common(old[old_at:left], new[new_at:right])
            pairs.extend((old_at + here, new_at + there) for here, there in found)
        if left < len(old):
            pairs.append((left, right))
        old_at, new_at = left + 1, right + 1
    return pairs


def _longest_common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Bit-parallel: row by row one integer holds, as a zero in bit i, that the common length grows at old[i]."""
    if len(old) > len(new):
        return [(right, left) for left, right in _longest_common(new, old)]
    places: dict[Hashable, int] = {}
    for index, item in enumerate(old):
        places[item] = places.get(item, 0) | (1 << index)
    everything = (1 << len(old)) - 1
    row, rows = everything, [everything]
    for item in new:
        hits = row & places.get(item, 0)
        row = ((row + hits) | (row - hits)) & everything
        rows.append(row)
    return _trace(rows, len(old), len(new))


def _trace(rows: list[int], left: int, right: int) -> list[Pair]:
    pairs: list[Pair] = []
    while left and right:
        if rows[right] >> (left - 1) & 1:
            left -= 1
        elif not rows[right - 1] >> (left - 1) & 1:
            right -= 1
        else:
            left, right = left - 1, right - 1
            pairs.append((left, right))
    return pairs[::-1]


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Pairs of what occurs exactly once on both sides, as many as keep their order."""
    once_old = {item for item, times in Counter(old).items() if times == 1}
    once = {item for item, times in Counter(new).items() if times == 1} & once_old
    where = {item: index for index, item in enumerate(new) if item in once}
    return _rising([(index, where[item]) for index, item in enumerate(old) if item in once])


def _rising(pairs: list[Pair]) -> list[Pair]:
    """The longest part of pairs, ordered by the first number, in which the second rises too."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for index, (_, value) in enumerate(pairs):
        place = bisect_left(ends, value)
        before.append(last[place - 1] if place else -1)
        ends[place : place + 1] = [value]
        last[place : place + 1] = [index]
    chain: list[Pair] = []
    at = last[-1] if last else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _gap(old: range, new: range, likeness: Callable[[int, int], float], least: float) -> list[Row]:
    if not old or not new:
        return [*((index, None) for index in old), *((None, index) for index in new)]
    if len(old) * len(new) <= _ALIKE_CELLS:
        pairs = _best_pairs(old, new, likeness, least)
    else:
        pairs = [(left, right) for left, right in zip(old, new, strict=False) if likeness(left, right) >= least]
    rows: list[Row] = []
    old_at, new_at = old.start, new.start
    for left, right in [*pairs, (old.stop, new.stop)]:
        rows.extend((index, None) for index in range(old_at, left))
        rows.extend((None, index) for index in range(new_at, right))
        if left < old.stop:
            rows.append((left, right))
        old_at, new_at = left + 1, right + 1
    return rows


def _best_pairs(old: range, new: range, likeness: Callable[[int, int], float], least: float) -> list[Pair]:
    """The pairs in order whose likeness adds up to the most."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row, left in reversed(list(enumerate(old))):
        for column, right in reversed(list(enumerate(new))):
            alike = likeness(left, right)
            paired = alike + best[row + 1][column + 1] if alike >= least else 0.0
            best[row][column] = max(best[row + 1][column], best[row][column + 1], paired)
    pairs: list[Pair] = []
    row = column = 0
    while row < len(old) and column < len(new):
        if best[row][column] == best[row + 1][column]:
            row += 1
        elif best[row][column] == best[row][column + 1]:
            column += 1
        else:
            pairs.append((old[row], new[column]))
            row, column = row + 1, column + 1
    return pairs
