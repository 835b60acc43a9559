"""The cast of the demonstration can sign in, its keys work, and both stay the same from start to start."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from app.db.database import Shared, Tenancy
from app.demo.people import CAST, KEPT, Doorkeeper
from app.demo.table import CHANGED, table
from app.errors import Conflict
from app.identity.actions import revoke_key
from app.identity.credentials import Passwords, token_hash
from app.identity.people import People, Visitor
from app.identity.repository import belongings, key_of_hash, user_by_email
from app.settings import Origin
from tests.cast import OPERATOR, make_customer

HERE = Visitor(address="here", agent="Test/1.0")


@pytest.fixture(scope="module")
async def customers(backoffice: Tenancy) -> dict[str, UUID]:
    """Two customers of this module; their slugs do not matter to the people."""
    return {key: (await make_customer(backoffice, f"demo-people-{key}"))[0] for key in ("acme", "globex")}


@pytest.fixture
async def folk(directory: Shared) -> AsyncIterator[People]:
    passwords = Passwords()
    yield People(directory, passwords, b"k" * 32)
    passwords.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture
def doorkeeper(folder: Path, backoffice: Tenancy, directory: Shared, folk: People) -> Doorkeeper:
    return Doorkeeper(folder, backoffice, directory, folk)


async def test_everybody_signs_in_with_the_printed_password_and_role(
    doorkeeper: Doorkeeper, folk: People, directory: Shared, customers: dict[str, UUID], folder: Path
) -> None:
    access = await doorkeeper.let_in(customers)
    for member in CAST:
        _, person = await folk.sign_in(member.email, access.passwords[member.email] or "", HERE)
        (belonging,) = await directory.read(lambda session, key=person.user_id: belongings(session, key))
        assert (belonging.customer_id, belonging.role, person.name) == (customers[member.customer], member.role, member.name)
    for key, customer_id in customers.items():
        found = await directory.read(lambda session, secret=access.keys[key]: key_of_hash(session, token_hash(secret)))
        assert found is not None
        assert found[0] == customer_id
    assert stat.S_IMODE((folder / KEPT).stat().st_mode) == 0o600
    assert await doorkeeper.let_in(customers) == access


async def test_a_password_that_somebody_chose_is_neither_shown_nor_replaced(
    doorkeeper: Doorkeeper, folk: People, directory: Shared, customers: dict[str, UUID]
) -> None:
    before = await doorkeeper.let_in(customers)
    bob = await directory.read(lambda session: user_by_email(session, "bob@acme.example"))
    assert bob is not None
    await folk.change_password(bob.id, before.passwords[bob.email] or "", "chosen by Bob himself")
    after = await doorkeeper.let_in(customers)
    assert after.passwords == {**before.passwords, bob.email: None}
    await folk.sign_in(bob.email, "chosen by Bob himself", HERE)


async def test_a_key_that_was_revoked_is_replaced(
    doorkeeper: Doorkeeper, backoffice: Tenancy, directory: Shared, customers: dict[str, UUID]
) -> None:
    before = await doorkeeper.let_in(customers)
    found = await directory.read(lambda session: key_of_hash(session, token_hash(before.keys["acme"])))
    assert found is not None
    await backoffice.of(customers["acme"]).run(OPERATOR, "revoke", lambda work: revoke_key(work, OPERATOR, found[1]))
    after = await doorkeeper.let_in(customers)
    assert after.keys["acme"] != before.keys["acme"]
    assert after.keys["globex"] == before.keys["globex"]


async def test_lost_secrets_are_made_anew_and_damaged_ones_are_named(
    doorkeeper: Doorkeeper, folk: People, customers: dict[str, UUID], folder: Path
) -> None:
    before = await doorkeeper.let_in(customers)
    (folder / KEPT).write_text("{")
    with pytest.raises(Conflict, match=r"demo\.json is damaged"):
        await doorkeeper.let_in(customers)
    (folder / KEPT).unlink()
    after = await doorkeeper.let_in(customers)
    assert after.passwords["alice@acme.example"] != before.passwords["alice@acme.example"]
    await folk.sign_in("alice@acme.example", after.passwords["alice@acme.example"] or "", HERE)


async def test_the_table_has_every_address_and_secret(doorkeeper: Doorkeeper, customers: dict[str, UUID]) -> None:
    access = await doorkeeper.let_in(customers)
    console = Origin("http", "console.localhost", 9000)
    sites = {key: Origin("http", f"{key}.localhost", 9000) for key in customers}
    text = "\n".join(table(console, sites, access, "192.0.2.7"))
    for wanted in ("http://console.localhost:9000/", "http://acme.localhost:9000/", "http://globex.localhost:9000/", "Ctrl-C"):
        assert wanted in text
    assert "ssh -L 9000:127.0.0.1:9000 192.0.2.7" in text
    assert all((password or CHANGED) in text for password in access.passwords.values())
    assert all(f"curl -H 'Authorization: Bearer {key}' http://console.localhost:9000/api/v1/" in text for key in access.keys.values())
    assert "ssh" not in "\n".join(table(console, sites, access, None))
