"""Keys of two customers never meet, keys of one customer share a slot, and no word from outside reaches into another key."""

import inspect
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import keys

ACME = UUID("0f3d1c7e-0000-4000-8000-00000000000a")
GLOBEX = UUID("0f3d1c7e-0000-4000-8000-00000000000b")
FUNCTIONS = [function for name, function in vars(keys).items() if inspect.isfunction(function) and function.__module__ == "app.keys"]
PUBLIC = [function for function in FUNCTIONS if not function.__name__.startswith("_")]
words = st.text(min_size=1, max_size=12)


def slot(key: str) -> str:
    """The part of a key that a Redis cluster hashes: what stands between the first braces, if anything."""
    found = re.search(r"\{([^}]+)\}", key)
    return found[1] if found else key


def call(function: Callable[..., str], customer_id: UUID = ACME, word: str = "w") -> str:
    kinds = {name: parameter for name, parameter in inspect.signature(function).parameters.items() if parameter.default is parameter.empty}
    return function(*(customer_id if name == "customer_id" else ACME if "id" in name.split("_") else word for name in kinds))


def of_a_customer(function: Callable[..., str]) -> bool:
    return "customer_id" in inspect.signature(function).parameters


def test_keys_have_the_documented_shape() -> None:
    assert keys.tenant_key(ACME, "site", ACME) == f"tenant:{{{ACME}}}:site:{ACME}"
    assert keys.post_tag(ACME) == f"post:{ACME}"
    assert keys.posts_tag(ACME, "de-CH") == f"list:posts:{ACME}:de-CH"
    assert keys.products_tag(ACME, "en") == f"list:products:{ACME}:en"
    assert keys.tenant_pattern(ACME, "page") == f"tenant:{{{ACME}}}:page:*"


@pytest.mark.parametrize("function", [function for function in PUBLIC if of_a_customer(function)], ids=lambda function: function.__name__)
def test_the_keys_of_a_customer_stay_in_its_slot_and_apart_from_all_others(function: Callable[..., str]) -> None:
    assert slot(call(function)) == str(ACME)
    assert call(function, ACME) != call(function, GLOBEX)


def test_no_two_functions_give_the_same_text() -> None:
    functions = [function for function in PUBLIC if function is not keys.tenant_key]
    assert len({call(function) for function in functions}) == len(functions)


@given(first=st.tuples(words, words), second=st.tuples(words, words))
def test_different_words_give_different_keys(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert (keys.tenant_key(ACME, "list", *first) == keys.tenant_key(ACME, "list", *second)) == (first == second)
    assert (keys.page_key(ACME, ACME, *first) == keys.page_key(ACME, ACME, *second)) == (first == second)
    assert (keys.house_rate_key(*first) == keys.house_rate_key(*second)) == (first == second)


@given(word=words)
def test_a_word_from_outside_cannot_move_a_key_to_another_slot(word: str) -> None:
    assert slot(keys.tenant_key(ACME, "frag", word)) == str(ACME)
    assert "{" not in keys.host_key(word)
    assert re.fullmatch(r"[\w.:~%{}-]+", keys.tenant_key(ACME, "frag", word), re.ASCII)


def test_the_lock_of_a_key_lives_in_the_slot_of_the_key() -> None:
    key = keys.page_key(ACME, ACME, "/posts/hello/")
    assert slot(keys.fill_lock(key)) == slot(key)
    assert keys.fill_lock(key) != key
