"""Signing in, links, passwords and sessions, all before any customer is known."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.db.database import Shared
from app.errors import Invalid, LimitReached, NotFound, Taken, Unauthenticated
from app.identity import people
from app.identity.credentials import Passwords, looks_like_key, new_key, token_hash
from app.identity.models import Session
from app.identity.people import FAILURES_PER_ACCOUNT, Expired, People, SignedIn, Visitor
from app.settings import LIMITS

PASSWORD = "correct horse battery staple"


@pytest.fixture
def folk(directory: Shared) -> Iterator[People]:
    passwords = Passwords()
    yield People(directory, passwords, b"k" * 32)
    passwords.close()


@pytest.fixture
def visitor(unique: str) -> Visitor:
    return Visitor(address=unique, agent="Test/1.0")


async def someone(folk: People, unique: str) -> str:
    """A person with a password; gives the address."""
    user = await folk.create_person(f"{unique}@Example.org", "Someone")
    await folk.use_link(await folk.create_link(user.id, "first_password"), PASSWORD)
    return f"{unique}@example.org"


async def test_a_link_sets_the_password_once(folk: People, visitor: Visitor, unique: str) -> None:
    user = await folk.create_person(f"{unique}@example.org", "Someone")
    token = await folk.create_link(user.id, "first_password")
    assert (await folk.link_owner(token)).id == user.id
    await folk.use_link(token, PASSWORD)
    with pytest.raises(NotFound):
        await folk.use_link(token, "another long password")
    _, signed_in = await folk.sign_in(f"{unique}@EXAMPLE.org ", PASSWORD, visitor)
    assert signed_in.user_id == user.id


async def test_a_newer_link_ends_the_older(folk: People, unique: str) -> None:
    user = await folk.create_person(f"{unique}@example.org", "Someone")
    first, second = await folk.create_link(user.id, "reset"), await folk.create_link(user.id, "reset")
    with pytest.raises(NotFound):
        await folk.link_owner(first)
    assert (await folk.link_owner(second)).id == user.id


async def test_wrong_password_and_unknown_person_get_one_text(folk: People, visitor: Visitor, unique: str) -> None:
    email = await someone(folk, unique)
    texts = []
    for address in (email, f"nobody-{email}"):
        with pytest.raises(Unauthenticated) as caught:
            await folk.sign_in(address, "wrong password", visitor)
        texts.append(caught.value.detail)
    assert len(set(texts)) == 1


async def test_the_hash_is_computed_for_unknown_people_too(folk: People, visitor: Visitor, unique: str, monkeypatch) -> None:
    asked: list[str | None] = []
    verify = folk.passwords.verify

    async def counted(stored: str | None, password: str) -> bool:
        asked.append(stored)
        return await verify(stored, password)

    monkeypatch.setattr(folk.passwords, "verify", counted)
    with pytest.raises(Unauthenticated):
        await folk.sign_in(f"{unique}@example.org", "whatever it is", visitor)
    assert asked == [None]


async def test_too_many_failures_close_the_account_for_a_while(folk: People, unique: str) -> None:
    email = await someone(folk, unique)
    for number in range(FAILURES_PER_ACCOUNT):
        with pytest.raises(Unauthenticated):
            await folk.sign_in(email, "wrong password", Visitor(f"{unique}-{number}", "x"))
    with pytest.raises(LimitReached) as caught:
        await folk.sign_in(email, PASSWORD, Visitor(f"{unique}-fresh", "x"))
    assert 0 < (caught.value.retry_after or 0) <= people.WINDOW.total_seconds()


async def test_a_session_is_found_by_its_token_until_it_is_ended(folk: People, visitor: Visitor, unique: str) -> None:
    email = await someone(folk, unique)
    token, signed_in = await folk.sign_in(email, PASSWORD, visitor)
    other, _ = await folk.sign_in(email, PASSWORD, visitor)
    assert await folk.find_session(token) == signed_in
    assert await folk.end_sessions(signed_in.user_id, keep=signed_in.session_id) == 1
    assert await folk.find_session(other) is None
    assert isinstance(await folk.find_session(token), SignedIn)
    assert await folk.find_session("unknown") is None


async def test_a_session_that_ran_out_still_says_whose_it_was(folk: People, visitor: Visitor, unique: str, directory: Shared) -> None:
    token, signed_in = await folk.sign_in(await someone(folk, unique), PASSWORD, visitor)

    async def age(session) -> None:
        row = await session.get(Session, token_hash(token))
        row.seen_at -= LIMITS.session_idle + timedelta(seconds=1)

    await directory.run(age, repeatable=True)
    assert await folk.find_session(token) == Expired(signed_in.user_id)


async def test_changing_the_password_asks_for_the_present_one(folk: People, visitor: Visitor, unique: str) -> None:
    email = await someone(folk, unique)
    _, signed_in = await folk.sign_in(email, PASSWORD, visitor)
    with pytest.raises(Invalid) as caught:
        await folk.change_password(signed_in.user_id, "not it", "a new long password")
    assert "present_password" in caught.value.fields
    await folk.change_password(signed_in.user_id, PASSWORD, "a new long password")
    await folk.sign_in(email, "a new long password", visitor)


@pytest.mark.parametrize("password", ["short", "password123", "x" * 1001])
async def test_weak_passwords_are_refused_with_the_reason(folk: People, unique: str, password: str) -> None:
    user = await folk.create_person(f"{unique}@example.org", "Someone")
    with pytest.raises(Invalid) as caught:
        await folk.use_link(await folk.create_link(user.id, "reset"), password)
    assert "password" in caught.value.fields


async def test_an_address_is_taken_only_once_whatever_its_case(folk: People, unique: str) -> None:
    await folk.create_person(f"{unique}@example.org", "Someone")
    with pytest.raises(Taken):
        await folk.create_person(f"{unique.upper()}@Example.ORG", "Someone else")


@pytest.mark.parametrize("address", ["", "nobody", "a b@example.org", "@example.org", "a@b", "a@b@example.org"])
async def test_what_is_no_address_is_refused(folk: People, address: str) -> None:
    with pytest.raises(Invalid):
        await folk.create_person(address, "Someone")


def test_a_key_carries_its_checksum() -> None:
    key = new_key()
    assert looks_like_key(key)
    assert not looks_like_key(key[:-1] + ("0" if key[-1] != "0" else "1"))
    assert not looks_like_key("agoat_short")
