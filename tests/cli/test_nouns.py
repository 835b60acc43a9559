"""What the operator does to customers, sites, domains, people, keys and jobs, and how the audit log tells it."""

import asyncio
import re

import pytest

from app.db.base import Base
from app.db.database import Shared, open_engine
from app.db.rules import shared_rules
from app.identity.credentials import Passwords
from app.identity.people import People
from tests.cli.running import Agoat

PASSWORD = "correct horse battery staple"


@pytest.fixture
def customer(agoat: Agoat, unique: str) -> str:
    """The slug of a customer with one site of the same name."""
    agoat.json("customer", "create", unique, "--name", f"{unique} Ltd")
    agoat.json("site", "create", unique, "--customer", unique, "--name", "Shop", "--languages", "en,de")
    return unique


def test_a_customer_is_created_listed_shown_suspended_and_resumed(agoat: Agoat, unique: str) -> None:
    made = agoat.json("customer", "create", unique, "--name", "Made Up Ltd")
    assert (made["slug"], made["name"], made["state"]) == (unique, "Made Up Ltd", "active")
    assert made.items() <= agoat.json("customer", "list", "--find", unique)[0].items()
    assert agoat.json("customer", "suspend", unique)["state"] == "suspended"
    assert agoat.json("customer", "show", unique)["state"] == "suspended"
    assert agoat.json("customer", "resume", unique)["state"] == "active"
    assert f"{unique}  Made Up Ltd" in re.sub(r" {2,}", "  ", agoat("customer", "list", "--find", unique).stdout)


def test_a_slug_is_given_once_and_must_be_a_label(agoat: Agoat, customer: str) -> None:
    code, said = agoat.refused("customer", "create", customer, "--name", "Other")
    assert (code, "already has the slug" in said) == (1, True)
    code, said = agoat.refused("customer", "create", "no spaces", "--name", "Other")
    assert (code, said.startswith("agoat: slug: ")) == (2, True)


def test_a_site_has_a_built_in_address_and_takes_domains(agoat: Agoat, customer: str) -> None:
    (site,) = agoat.json("site", "list", "--customer", customer)
    assert site["address"] == f"http://{customer}.localhost:8000"
    host = f"www.{customer}.example"
    assert agoat.json("domain", "add", host.upper(), "--customer", customer, "--primary")["host"] == host
    assert agoat.json("site", "list", "--customer", customer)[0]["hosts"] == [host, f"{customer}.localhost"]
    code, said = agoat.refused("domain", "remove", host, "--customer", customer)
    assert (code, "--yes" in said) == (2, True)
    agoat.json("domain", "remove", host, "--customer", customer, "--yes")
    (left,) = agoat.json("domain", "list", "--customer", customer)
    assert (left["host"], left["is_primary"], left["is_built_in"]) == (f"{customer}.localhost", True, True)
    assert agoat.refused("domain", "remove", left["host"], "--customer", customer, "--yes")[0] == 1


def test_a_host_leads_to_one_site_of_one_customer(agoat: Agoat, customer: str, unique: str) -> None:
    other = f"{unique}-2"
    agoat.json("customer", "create", other, "--name", "Other")
    agoat.json("site", "create", other, "--customer", other, "--name", "Other")
    code, said = agoat.refused("domain", "add", f"{customer}.localhost", "--customer", other)
    assert (code, "already leads to a site" in said) == (1, True)
    assert agoat.refused("domain", "add", "console.localhost", "--customer", other)[0] == 1
    assert agoat.refused("domain", "add", "127.0.0.1", "--customer", other)[0] == 2


def test_several_sites_need_to_be_told_apart(agoat: Agoat, customer: str) -> None:
    agoat.json("site", "create", f"{customer}-b", "--customer", customer, "--name", "Second")
    code, said = agoat.refused("domain", "add", f"x.{customer}.example", "--customer", customer)
    assert (code, f"{customer}-b" in said) == (1, True)
    assert agoat.json("domain", "add", f"x.{customer}.example", "--customer", customer, "--site", f"{customer}-b")["host"]


def use_link(agoat: Agoat, addresses: dict[str, str], link: str) -> str:
    """Set a password by a link, as the console does; gives the person's address."""

    async def act() -> str:
        engine = open_engine(addresses["directory"], rules=shared_rules(Base.metadata, "directory"))
        passwords = Passwords()
        try:
            user = await People(Shared(engine), passwords, b"k" * 32).use_link(link.rpartition("/")[2], PASSWORD)
            return user.email
        finally:
            passwords.close()
            await engine.dispose()

    return asyncio.run(act())


def test_a_person_gets_a_link_that_sets_the_password_once(agoat: Agoat, addresses: dict[str, str], customer: str) -> None:
    email = f"alice@{customer}.example"
    made = agoat.json("person", "create", email, "--name", "Alice", "--customer", customer, "--role", "owner")
    assert made["link"].startswith("http://console.localhost:8000/set-password/")
    assert use_link(agoat, addresses, made["link"]) == email
    again = agoat.json("person", "create", email, "--name", "Alice", "--customer", customer, "--role", "owner")
    assert (again["id"], again["link"]) == (made["id"], None)
    assert agoat.json("person", "reset", email)["link"] != made["link"]
    assert agoat.json("customer", "show", customer)["people"] == [{"name": "Alice", "email": email, "role": "owner"}]


def test_a_role_changes_and_ends_but_the_last_owner_stays(agoat: Agoat, customer: str) -> None:
    alice, bob = f"alice@{customer}.example", f"bob@{customer}.example"
    for email, role in ((alice, "owner"), (bob, "author")):
        agoat.json("person", "create", email, "--name", email, "--customer", customer, "--role", role)
    assert agoat.json("person", "role", bob, "--customer", customer, "--role", "editor")["role"] == "editor"
    agoat.json("person", "role", bob, "--customer", customer, "--role", "none")
    assert [person["email"] for person in agoat.json("customer", "show", customer)["people"]] == [alice]
    code, said = agoat.refused("person", "role", alice, "--customer", customer, "--role", "none")
    assert (code, "last owner" in said) == (1, True)
    assert agoat.refused("person", "role", f"nobody@{customer}.example", "--customer", customer, "--role", "owner")[0] == 1


def test_the_secret_of_a_key_is_shown_once(agoat: Agoat, customer: str) -> None:
    made = agoat.json("key", "create", "Shop system", "--customer", customer, "--scopes", "products:read,stock:write", "--days", "30")
    assert made["secret"].startswith("agoat_")
    listed = agoat("key", "list", "--customer", customer)
    assert made["secret"] not in listed.stdout
    assert "active" in listed.stdout
    agoat.json("key", "revoke", made["id"], "--customer", customer)
    (row,) = agoat.json("key", "list", "--customer", customer)
    assert (row["state"], row["scopes"], row["last_four"]) == ("revoked", ["products:read", "stock:write"], made["secret"][-4:])
    assert agoat.refused("key", "create", "x", "--customer", customer, "--scopes", "everything")[0] == 2


def test_a_key_of_another_customer_does_not_exist(agoat: Agoat, customer: str, unique: str) -> None:
    made = agoat.json("key", "create", "Mine", "--customer", customer, "--scopes", "products:read")
    agoat.json("customer", "create", f"{unique}-2", "--name", "Other")
    assert agoat.refused("key", "revoke", made["id"], "--customer", f"{unique}-2")[0] == 1
    assert agoat.json("key", "list", "--customer", customer)[0]["state"] == "active"


def test_the_audit_log_tells_who_why_and_what(agoat: Agoat, customer: str) -> None:
    agoat.json("customer", "suspend", customer, "--reason", "unpaid since June")
    suspended, *_, created = agoat.json("audit", "log", "--customer", customer)
    assert (suspended["verb"], suspended["reason"], suspended["door"]) == ("suspend customer", "unpaid since June", "cli")
    assert suspended["touched"][0]["fields"] == ["state"]
    assert created["reason"].startswith("agoat customer create")
    assert len(agoat.json("audit", "log", "--customer", customer, "--limit", "1")) == 1
    assert "suspend customer" in agoat("audit", "log", "--customer", customer).stdout
