"""Keys, memberships and held forms of a customer."""

from datetime import UTC, datetime, timedelta

import pytest

from app.db.database import Shared, Tenancy, TenantDatabase
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.identity import repository
from app.identity.actions import CreateKey, create_key, hold_form, key_actor, remove_member, revoke_key, set_role
from app.identity.credentials import token_hash
from app.settings import LIMITS
from tests.cast import Cast, make_customer, make_person


async def test_a_key_is_found_by_its_secret_until_it_is_revoked(acme: TenantDatabase, directory: Shared, cast: Cast) -> None:
    made = await acme.run(
        cast.alice, "make key", lambda work: create_key(work, cast.alice, CreateKey(name="Shop", scopes=("products:read",)))
    )
    found = await directory.read(lambda session: repository.key_of_hash(session, token_hash(made.secret)))
    assert found == (cast.acme, made.id)
    actor = await acme.read(lambda reading: key_actor(reading, made.id, datetime.now(UTC), None))
    assert actor is not None
    assert actor.scopes == {"products:read"}
    assert actor.kind == "key"
    await acme.run(cast.alice, "revoke key", lambda work: revoke_key(work, cast.alice, made.id))
    assert await directory.read(lambda session: repository.key_of_hash(session, token_hash(made.secret))) is None
    assert await acme.read(lambda reading: key_actor(reading, made.id, datetime.now(UTC), None)) is None


async def test_only_owners_make_keys(acme: TenantDatabase, cast: Cast) -> None:
    for person in (cast.bob, cast.rita):
        with pytest.raises(Forbidden) as caught:
            await acme.run(
                person, "make key", lambda work, p=person: create_key(work, p, CreateKey(name="Shop", scopes=("products:read",)))
            )
        assert caught.value.needs == "role owner"


async def test_a_stranger_cannot_revoke_a_key(acme: TenantDatabase, globex: TenantDatabase, cast: Cast) -> None:
    made = await acme.run(
        cast.alice, "make key", lambda work: create_key(work, cast.alice, CreateKey(name="Shop", scopes=("products:read",)))
    )
    with pytest.raises(NotFound):
        await globex.run(cast.mallory, "revoke key", lambda work: revoke_key(work, cast.mallory, made.id))


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (CreateKey(name=" ", scopes=("products:read",)), "name"),
        (CreateKey(name="x", scopes=()), "scopes"),
        (CreateKey(name="x", scopes=("all",)), "scopes"),
    ],
)
async def test_a_key_needs_a_name_and_known_scopes(acme: TenantDatabase, cast: Cast, request_: CreateKey, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        await acme.run(cast.alice, "make key", lambda work: create_key(work, cast.alice, request_))
    assert field in caught.value.fields


async def test_the_last_owner_stays(tenancy: Tenancy, backoffice: Tenancy, directory: Shared, unique: str) -> None:
    customer_id, _ = await make_customer(backoffice, unique)
    owner = await make_person(directory, backoffice, customer_id, "Olive", "owner")
    assert owner.id is not None
    home, olive = tenancy.of(customer_id), owner.id
    with pytest.raises(Conflict):
        await home.run(owner, "change role", lambda work: set_role(work, owner, olive, "editor"))
    with pytest.raises(Conflict):
        await home.run(owner, "remove member", lambda work: remove_member(work, owner, olive))
    other = await make_person(directory, backoffice, customer_id, "Otto", "owner")
    await home.run(other, "change role", lambda work: set_role(work, other, olive, "editor"))


async def test_a_held_form_is_shown_to_its_person_only_and_for_a_day(acme: TenantDatabase, globex: TenantDatabase, cast: Cast) -> None:
    assert cast.alice.id is not None
    assert cast.bob.id is not None
    alice, bob, now = cast.alice.id, cast.bob.id, datetime.now(UTC)
    form_id = await acme.run(cast.bob, "hold form", lambda work: hold_form(work, cast.bob, bob, "/c/acme", {"title": "Unsaved"}))
    for _ in range(2):
        form = await acme.read(lambda reading: repository.held_form(reading, form_id, bob, now))
        assert form is not None
        assert form.fields == {"title": "Unsaved"}
    assert await acme.read(lambda reading: repository.held_form(reading, form_id, alice, now)) is None
    assert await globex.read(lambda reading: repository.held_form(reading, form_id, bob, now)) is None
    late = now + LIMITS.held_form + timedelta(minutes=1)
    assert await acme.read(lambda reading: repository.held_form(reading, form_id, bob, late)) is None


async def test_no_more_than_ten_forms_are_held_for_a_person(acme: TenantDatabase, cast: Cast) -> None:
    assert cast.rita.id is not None
    rita = cast.rita.id
    for number in range(LIMITS.held_forms_per_person + 2):
        await acme.run(cast.rita, "hold form", lambda work, n=number: hold_form(work, cast.rita, rita, f"/{n}", {}))
    held = await acme.read(lambda reading: repository.held_forms_of(reading, rita))
    assert [form.address for form in held] == [f"/{n}" for n in range(2, 12)]
