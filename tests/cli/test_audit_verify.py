"""`agoat audit seal` and `verify`, and the figures of customers, as the operator sees them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from app.db.base import Base
from app.db.database import Shared, open_engine
from app.db.record.leases import give_up, take
from app.db.record.sequencer import number_everything
from app.db.record.usage import fold_usage
from app.db.rules import shared_rules
from app.keys import SEALER_LEASE
from tests.cli.running import Agoat
from tests.installations import administrator_of


def as_worker(addresses: dict[str, str], act: Callable[[Shared], Awaitable[Any]]) -> Any:
    """What the worker does by itself, done at once."""

    async def run() -> Any:
        engine = open_engine(addresses["worker"], rules=shared_rules(Base.metadata, "worker"), pool_size=1)
        try:
            return await act(Shared(engine, mode="worker"))
        finally:
            await engine.dispose()

    return asyncio.run(run())


async def number(worker: Shared) -> None:
    held = await take(worker, f"numbers {uuid4()}", uuid4())
    assert held is not None
    await number_everything(worker, held)


def as_admin(admin_url: str, addresses: dict[str, str], sql: str, **values: object) -> None:
    engine = create_engine(administrator_of(admin_url, addresses))
    with engine.begin() as connection:
        connection.execute(text(sql), values)
    engine.dispose()


@pytest.fixture
def customer(agoat: Agoat, addresses: dict[str, str], unique: str) -> str:
    """The slug of a customer with a site, everything numbered and sealed."""
    agoat.json("customer", "create", unique, "--name", f"{unique} Ltd")
    agoat.json("site", "create", unique, "--customer", unique, "--name", "Shop")
    as_worker(addresses, number)
    assert agoat.json("audit", "seal", "--customer", unique) == {"seals": 1}
    return unique


def test_a_good_chain_is_told_with_its_head(agoat: Agoat, customer: str) -> None:
    (said,) = agoat.json("audit", "verify", "--customer", customer)
    result = said["result"]
    assert (said["customer"], result["seals"], result["unsealed"], result["broken"]) == (customer, 1, 0, None)
    assert len(result["head"]) == 64
    assert "good" in agoat("audit", "verify", "--customer", customer).stdout
    assert agoat("audit", "verify", "--customer", customer, "--expect", result["head"]).exit_code == 0


def test_a_broken_chain_is_exit_code_1_and_names_the_place(agoat: Agoat, admin_url: str, addresses: dict[str, str], customer: str) -> None:
    customer_id = agoat.json("customer", "show", customer)["id"]
    lie = "UPDATE audit.change_sets SET actor_name = 'Mallory' WHERE customer_id = :id AND verb = 'create customer'"
    as_admin(admin_url, addresses, lie, id=customer_id)
    result = agoat("audit", "verify", "--customer", customer)
    assert (result.exit_code, "BROKEN" in result.stdout) == (1, True)
    assert f"{customer}: it was altered, thing customer {customer_id} version 1, act " in result.stdout
    as_json = agoat("audit", "verify", "--customer", customer, "--json")
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)[0]["result"]["broken"]["thing_id"] == customer_id
    as_admin(admin_url, addresses, lie.replace("Mallory", "restored"), id=customer_id)


def test_what_is_not_sealed_yet_is_counted(agoat: Agoat, addresses: dict[str, str], customer: str) -> None:
    agoat.json("customer", "suspend", customer)
    (said,) = agoat.json("audit", "verify", "--customer", customer)
    assert (said["result"]["unsealed"], said["result"]["broken"]) == (1, None)
    as_worker(addresses, number)
    assert agoat.json("audit", "seal")["seals"] >= 1
    assert agoat.json("audit", "verify", "--customer", customer)[0]["result"]["unsealed"] == 0


def test_a_hash_that_is_in_no_seal_is_exit_code_1(agoat: Agoat, customer: str) -> None:
    result = agoat("audit", "verify", "--customer", customer, "--expect", "ab" * 32)
    assert (result.exit_code, "written anew" in result.stdout) == (1, True)


@pytest.mark.parametrize(
    "words", [("--expect", "ab" * 32), ("--customer", "acme", "--expect", "xyz"), ("--customer", "acme", "--expect", "ab")]
)
def test_an_expectation_that_cannot_be_meant_is_exit_code_2(agoat: Agoat, words: tuple[str, ...]) -> None:
    code, said = agoat.refused("audit", "verify", *words)
    assert (code, "--expect" in said) == (2, True)


def test_only_one_seals_at_a_time(agoat: Agoat, addresses: dict[str, str], customer: str) -> None:
    held = as_worker(addresses, lambda worker: take(worker, SEALER_LEASE, uuid4()))
    code, said = agoat.refused("audit", "seal", "--customer", customer)
    assert (code, "sealing at this moment" in said) == (1, True)
    as_worker(addresses, lambda worker: give_up(worker, held))
    assert agoat.json("audit", "seal", "--customer", customer) == {"seals": 0}


def test_the_list_shows_figures_once_they_are_folded(agoat: Agoat, addresses: dict[str, str], customer: str) -> None:
    (row,) = agoat.json("customer", "list", "--find", customer)
    assert (row["sites"], row["active_at"]) == (None, None)
    as_worker(addresses, fold_usage)
    (row,) = agoat.json("customer", "list", "--find", f"{customer} LTD")
    assert (row["sites"], row["posts"], row["storage_bytes"]) == (1, 0, 0)
    assert row["active_at"] is not None
    assert agoat.json("customer", "list", "--find", customer, "--state", "suspended") == []


def test_a_page_of_the_list_names_where_the_next_begins(agoat: Agoat, customer: str) -> None:
    other = f"{customer}-b"
    agoat.json("customer", "create", other, "--name", "Other")
    assert f"--after {customer}" in agoat("customer", "list", "--find", customer, "--limit", "1").stdout
    assert [row["slug"] for row in agoat.json("customer", "list", "--find", customer, "--after", customer)] == [other]


def test_the_stats_of_a_customer_count_his_rows(agoat: Agoat, customer: str) -> None:
    said = agoat.json("customer", "stats", customer)
    rows = {figure["table"]: figure["rows"] for figure in said["tables"]}
    assert (rows["tenancy.sites"], rows["audit.seals"]) == (1, 1)
    assert "content.posts" not in rows
    assert said["active_at"] is not None
    assert "tenancy.sites" in agoat("customer", "stats", customer).stdout


def test_the_stats_of_all_are_sums(agoat: Agoat, addresses: dict[str, str], customer: str) -> None:
    as_worker(addresses, fold_usage)
    said = agoat.json("customer", "stats")
    rows = agoat.json("customer", "list", "--limit", "10000")
    assert said["customers"] == len(rows)
    assert said["sites"] == sum(row["sites"] or 0 for row in rows) >= 1
