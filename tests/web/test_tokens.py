"""Signed tokens: worth something only where they were made, for what they were made."""

from uuid import UUID, uuid4

import pytest

from app.web.tokens import BadToken, sign, unsign

KEYS = (b"n" * 32,)
OLD = (b"o" * 32,)


def test_a_token_gives_back_what_was_signed() -> None:
    value = uuid4()
    assert unsign(KEYS, "acme posts", sign(KEYS, "acme posts", (value, 3)), tuple[UUID, int]) == (value, 3)


def test_a_token_of_another_customer_purpose_or_key_is_refused() -> None:
    token = sign(KEYS, "acme posts", 1)
    for keys, bound in ((KEYS, "globex posts"), (OLD, "acme posts")):
        with pytest.raises(BadToken):
            unsign(keys, bound, token, int)


def test_the_former_key_still_verifies() -> None:
    assert unsign((*KEYS, *OLD), "x", sign(OLD, "x", 1), int) == 1


@pytest.mark.parametrize("token", ["", "x", "ä", "a b", "=" * 10, "A" * 3000, "AAAA.BBBB", "\x00"])
def test_nonsense_is_refused(token: str) -> None:
    with pytest.raises(BadToken):
        unsign(KEYS, "x", token, int)


def test_no_single_character_can_be_changed() -> None:
    token = sign(KEYS, "x", 12345)
    for place in range(len(token) - 1):
        altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(BadToken):
            unsign(KEYS, "x", altered, int)


def test_a_payload_of_another_form_is_refused() -> None:
    with pytest.raises(BadToken):
        unsign(KEYS, "x", sign(KEYS, "x", "text"), int)
