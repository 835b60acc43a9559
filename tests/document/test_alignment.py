"""What belongs together in two sequences."""

import random
import time
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.document.alignment import aligned, equal_pairs, word_likeness
from app.document.words import bag, words_of_text

SHORT = st.lists(st.sampled_from("abcd"), max_size=14)


def longest(old: list[str], new: list[str]) -> int:
    """The textbook table, to compare with."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row, left in enumerate(old):
        for column, right in enumerate(new):
            table[row + 1][column + 1] = table[row][column] + 1 if left == right else max(table[row][column + 1], table[row + 1][column])
    return table[-1][-1]


@given(SHORT, SHORT)
def test_pairs_are_equal_rising_and_as_many_as_possible(old: list[str], new: list[str]) -> None:
    pairs = equal_pairs(old, new)
    assert all(old[left] == new[right] for left, right in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert len(pairs) == longest(old, new)


@given(SHORT, SHORT)
def test_alignment_holds_everything_once_and_in_order(old: list[str], new: list[str]) -> None:
    rows = aligned(old, new, lambda left, right: 0.5 if old[left] < new[right] else 0.0, 0.5)
    assert [left for left, _ in rows if left is not None] == list(range(len(old)))
    assert [right for _, right in rows if right is not None] == list(range(len(new)))
    assert all(old[left] <= new[right] for left, right in rows if left is not None and right is not None)


def test_alike_things_in_a_gap_are_paired_and_others_stand_alone() -> None:
    old, new = ["x", "the quick brown fox", "gone for good", "y"], ["x", "all new words", "the quick red fox", "y"]
    likeness = lambda left, right: word_likeness(bag(words_of_text(old[left])), bag(words_of_text(new[right])))  # noqa: E731
    assert aligned(old, new, likeness, 0.5) == [(0, 0), (None, 1), (1, 2), (2, None), (3, 3)]


def test_very_long_sequences_are_anchored_on_what_occurs_once() -> None:
    rng = random.Random(7)
    old = [rng.choice("abcdefgh") for _ in range(20_000)]
    for place in range(0, 20_000, 50):
        old[place] = f"anchor {place}"
    new = list(old)
    for place in range(25, 20_000, 100):
        new[place] = "changed"
    new = ["first", *new, "last"]
    started = time.process_time()
    pairs = equal_pairs(["other first", *old, "other last"], new)
    assert time.process_time() - started < 20
    assert len(pairs) > 19_000


def test_long_sequences_with_nothing_unique_end_in_time_too() -> None:
    rng = random.Random(8)
    old, new = [rng.choice("ab") for _ in range(100_000)], [rng.choice("ab") for _ in range(100_000)]
    started = time.process_time()
    pairs = equal_pairs(["x", *old, "y"], ["z", *new, "w"])
    assert time.process_time() - started < 20
    assert all(left <= 100_000 for left, _ in pairs)


def test_likeness_is_the_share_of_common_words() -> None:
    assert word_likeness(bag(words_of_text("a b c d")), bag(words_of_text("a b x y"))) == 0.5
    assert word_likeness(bag(words_of_text("a")), bag(words_of_text("b"))) == 0.0
    assert word_likeness(bag([]), bag([])) == 1.0
