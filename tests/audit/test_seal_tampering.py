"""What each role can do to sealed history, and that verification names it: altered, removed, inserted, swapped, written anew."""

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, text

from app.db.database import Shared, Tenancy
from app.db.record.digests import GENESIS, chained
from app.db.record.seals import seals_after
from tests.audit.chains import Chain, a_chain
from tests.installations import administrator_of

HERE = "customer_id = :customer"
THING = f"{HERE} AND thing_id = :id"
ACT = f"(SELECT change_set_id FROM audit.events WHERE {THING} LIMIT 1)"

# What an administrator does behind everybody's back, and what verification says of it. :id is a thing in the middle of the chain.
TAMPERED = {
    "a field of an event": (f"UPDATE audit.events SET fields = '[]' WHERE {THING} AND to_version = 2", "it was altered"),
    "the label of an event": (f"UPDATE audit.events SET label = 'Another' WHERE {THING} AND to_version = 2", "it was altered"),
    "the time of an event": (f"UPDATE audit.events SET at = at - interval '1 hour' WHERE {THING}", "it was altered"),
    "a payload": (
        f"UPDATE audit.versions SET payload = jsonb_set(payload, '{{name}}', '\"Mine\"') WHERE {THING} AND version = 2",
        "it was altered",
    ),
    "the actor of a version": (f"UPDATE audit.versions SET actor_name = 'Mallory' WHERE {THING} AND version = 1", "it was altered"),
    "a payload that is only emptied": (f"UPDATE audit.versions SET payload = '{{}}' WHERE {THING} AND version = 2", "it was altered"),
    "swapped versions": (
        (f"UPDATE audit.versions v SET payload = o.payload FROM audit.versions o WHERE v.{HERE} AND v.thing_id = :id "
        "AND o.customer_id = v.customer_id AND o.thing_id = v.thing_id AND o.version = 3 - v.version"),
        "it was altered",
    ),
    "a removed event": (f"DELETE FROM audit.events WHERE {THING} AND to_version = 2", "the event was removed"),
    "a removed version": (f"DELETE FROM audit.versions WHERE {THING} AND version = 2", "the version was removed"),
    "a removed act": (f"DELETE FROM audit.change_sets WHERE {HERE} AND id = {ACT}", "the act was removed"),
    "the actor of an act": (f"UPDATE audit.change_sets SET actor_name = 'Bob' WHERE {HERE} AND id = {ACT}", "it was altered"),
    "the kind of actor of an act": (f"UPDATE audit.change_sets SET actor_kind = 'person' WHERE {HERE} AND id = {ACT}", "it was altered"),
    "the reason of an act": (f"UPDATE audit.change_sets SET reason = NULL WHERE {HERE} AND id = {ACT}", "it was altered"),
    "an inserted event": (
        ("INSERT INTO audit.events (customer_id, change_set_id, thing_id, to_version, thing_type, from_version, kind, fields, label, at) "
        f"SELECT customer_id, change_set_id, thing_id, 9, thing_type, 8, kind, fields, label, at FROM audit.events WHERE {THING} "
        "AND to_version = 2"),
        "an event was inserted",
    ),
    "a second event of one change": (
        ("INSERT INTO audit.events (customer_id, change_set_id, thing_id, to_version, thing_type, from_version, kind, fields, label, at) "
        "SELECT customer_id, gen_random_uuid(), thing_id, to_version, thing_type, from_version, kind, fields, label, at "
        f"FROM audit.events WHERE {THING} AND to_version = 2"),
        ("an event was inserted", "it was altered", "the act was removed"),
    ),
    "an inserted version": (
        ("INSERT INTO audit.versions SELECT customer_id, gen_random_uuid(), version, thing_type, kind, at, change_set_id, actor_kind, "
        f"actor_id, actor_name, door, payload FROM audit.versions WHERE {THING} AND version = 2"),
        "a version was inserted",
    ),
    "an inserted act": (
        ("INSERT INTO audit.change_sets SELECT customer_id, gen_random_uuid(), at, 'look', reason, actor_kind, actor_id, 'Bob', door, "
        f"session_id, request_id FROM audit.change_sets WHERE {HERE} AND id = {ACT}"),
        "an act that changed nothing was inserted",
    ),
    "an inserted mark": (
        ("INSERT INTO audit.change_set_marks SELECT customer_id, id, gen_random_uuid(), 'undone', at - interval '1 day' "
        f"FROM audit.change_sets WHERE {HERE} AND id = {ACT}"),
        "a mark of the act was inserted",
    ),
    "a removed number that was not sealed": (f"DELETE FROM ops.changes WHERE {HERE} AND number > :sealed", "an event was inserted"),
    "the first seal": (f"DELETE FROM audit.seals WHERE {HERE} AND number = 1", "seal 1 was removed"),
    "a seal in the middle": (f"DELETE FROM audit.seals WHERE {HERE} AND number = 2", "seal 2 was removed"),
    "the last seal": (f"DELETE FROM audit.seals WHERE {HERE} AND number = 3", "seal 3 was removed"),
    "all seals": (f"DELETE FROM audit.seals WHERE {HERE}", "seal 3 was removed"),
    "the entries of a seal": (
        f"UPDATE audit.seals SET entries = entries || entries, salts = salts || salts WHERE {HERE} AND number = 2",
        "seal 2 was altered",
    ),
    "the time of a seal": (f"UPDATE audit.seals SET at = at + interval '1 second' WHERE {HERE} AND number = 2", "seal 2 was altered"),
    "the hash of a seal": (f"UPDATE audit.seals SET hash = previous WHERE {HERE} AND number = 2", "seal 2 was altered"),
    "the chain of a seal": (
        f"UPDATE audit.seals SET previous = hash WHERE {HERE} AND number = 2",
        "seal 2 does not follow the seal before it",
    ),
    "the salts of a seal": (f"UPDATE audit.seals SET salts = '' WHERE {HERE} AND number = 2", "the salts of seal 2 were altered"),
    "other salts": (
        f"UPDATE audit.seals SET salts = substr(salts || salts, 2, length(salts)) WHERE {HERE} AND number = 2",
        "it was altered",
    ),
    "the head": (f"UPDATE audit.seal_heads SET hash = '' WHERE {HERE}", "the head of the chain was altered"),
    "a head that is behind": (f"UPDATE audit.seal_heads SET number = 2 WHERE {HERE}", "the head of the chain was altered"),
}  # fmt: skip


KEPT = ("audit.events", "audit.versions", "audit.change_sets", "audit.change_set_marks", "audit.seals", "audit.seal_heads", "ops.changes")


async def with_three_seals(chain: Chain) -> Chain:
    """Three seals, and a change that waits for its seal."""
    for _ in range(3):
        await chain.write(2, reason="for a test")
        await chain.seal()
    await chain.write()
    await chain.number()
    assert await chain.problem() == ""
    return chain


@pytest.fixture
async def sealed(chain: Chain) -> Chain:
    """A chain of this test alone."""
    return await with_three_seals(chain)


@pytest.fixture(scope="module")
async def model(
    tenancy: Tenancy, backoffice: Tenancy, worker: Shared, admin_url: str, addresses: dict[str, str]
) -> AsyncIterator[tuple[Chain, Connection]]:
    """A chain that many tests spoil, one after the other, and the connection that keeps its rows."""
    chain = await with_three_seals(
        await a_chain(tenancy, backoffice, worker, administrator_of(admin_url, addresses), f"t{uuid4().hex[:10]}")
    )
    engine = create_engine(chain.admin)
    with engine.connect() as connection:
        for number, table in enumerate(KEPT):
            connection.execute(
                text(f"CREATE TEMPORARY TABLE kept_{number} AS SELECT * FROM {table} WHERE customer_id = '{chain.customer_id}'")
            )
        connection.commit()
        yield chain, connection
    engine.dispose()


@pytest.fixture
def spoiled(model: tuple[Chain, Connection]) -> Iterator[Chain]:
    """The chain, whose rows are put back afterwards."""
    chain, connection = model
    yield chain
    for number, table in enumerate(KEPT):
        connection.execute(text(f"DELETE FROM {table} WHERE customer_id = '{chain.customer_id}'"))
        connection.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{number}"))
    connection.commit()


async def test_a_chain_that_nobody_spoiled_is_good(spoiled: Chain) -> None:
    said = await spoiled.verified()
    assert (said.seals, said.broken) == (3, None)


@pytest.mark.parametrize("what", TAMPERED)
async def test_what_an_administrator_does_to_history_is_found_and_named(spoiled: Chain, what: str) -> None:
    sql, said = TAMPERED[what]
    last = spoiled.as_admin("SELECT last_number FROM audit.seal_heads WHERE customer_id = :customer")[0][0]
    assert spoiled.as_admin(sql, id=spoiled.sites[2], sealed=last) > 0
    broken = (await spoiled.verified()).broken
    assert broken is not None
    assert broken.problem in ((said,) if isinstance(said, str) else said)


async def test_the_first_broken_place_is_named_with_seal_times_thing_and_act(spoiled: Chain) -> None:
    ((act,),) = spoiled.as_admin(f"SELECT DISTINCT change_set_id FROM audit.events WHERE {THING}", id=spoiled.sites[2])
    spoiled.as_admin(
        f"UPDATE audit.versions SET payload = '[]' WHERE {HERE} AND thing_id IN (:id, :later)", id=spoiled.sites[2], later=spoiled.sites[4]
    )
    broken = (await spoiled.verified()).broken
    assert broken is not None
    assert (broken.seal, broken.thing_type, broken.thing_id, broken.version, broken.act_id) == (2, "site", spoiled.sites[2], 1, act)
    assert broken.since is not None
    assert broken.until is not None
    assert broken.since < broken.until


async def test_a_whole_act_that_is_removed_is_found(spoiled: Chain) -> None:
    ((act,),) = spoiled.as_admin(f"SELECT DISTINCT change_set_id FROM audit.events WHERE {THING}", id=spoiled.sites[2])
    for table in ("audit.events", "audit.versions"):
        spoiled.as_admin(f"DELETE FROM {table} WHERE {HERE} AND change_set_id = :act", act=act)
    spoiled.as_admin(f"DELETE FROM audit.change_sets WHERE {HERE} AND id = :act", act=act)
    assert await spoiled.problem() == "the event was removed"


async def write_anew(chain: Chain) -> None:
    """What the owner of all tables can do: every digest and every seal made again after the lie."""
    noted = chain.as_admin(f"SELECT last_number FROM audit.seals WHERE {HERE}")
    for table in ("audit.seals", "audit.seal_heads"):
        chain.as_admin(f"DELETE FROM {table} WHERE {HERE}")
    assert noted
    await chain.seal()


async def test_a_chain_written_anew_is_whole_but_lacks_the_hash_that_was_kept_elsewhere(sealed: Chain) -> None:
    await sealed.seal()
    kept = bytes.fromhex((await sealed.verified()).head or "")
    sealed.as_admin(f"UPDATE audit.versions SET actor_name = 'Mallory' WHERE {THING}", id=sealed.sites[2])
    await write_anew(sealed)
    assert await sealed.problem() == ""
    assert "written anew" in await sealed.problem(kept)


async def test_a_hash_kept_elsewhere_stays_good_while_the_chain_grows(sealed: Chain) -> None:
    kept = bytes.fromhex((await sealed.verified()).head or "")
    await sealed.write(2)
    await sealed.seal()
    assert await sealed.problem(kept) == ""
    assert await sealed.problem(GENESIS) != ""


async def test_the_hash_is_made_of_every_column_but_the_salts(spoiled: Chain) -> None:
    (seal,) = await spoiled.worker.read(lambda session: seals_after(session, spoiled.customer_id, 1, 1))
    made = chained(seal)
    assert made == seal.hash
    for column in seal.__table__.c:
        if column.name not in ("hash", "salts"):
            before = getattr(seal, column.name)
            setattr(seal, column.name, another(before))
            assert chained(seal) != made, column.name
            setattr(seal, column.name, before)


def another(value: Any) -> Any:
    """A value of the same kind that is not the same."""
    if isinstance(value, bytes):
        return value + b"\0"
    return value + 1 if isinstance(value, int) else str(value) + "0"
