"""Which role could do which tampering at all; whatever one of them can do, verification finds (see test_seal_tampering)."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from app.db.record.seals import seals_after
from app.db.record.tables import Seal
from app.db.roles import roles_of
from app.db.work import Reading
from tests.audit.chains import Chain
from tests.audit.test_seal_tampering import TAMPERED

INSERTED = {"an inserted event", "a second event of one change", "an inserted version", "an inserted act", "an inserted mark"}
# The doors add history and nothing else, the worker may take numbers and the head away, the operator may all but lengthen the chain.
POSSIBLE = {
    "app": INSERTED,
    "directory": set(),
    "worker": {"a removed number that was not sealed", "the head", "a head that is behind"},
    "backoffice": TAMPERED.keys() - {"the head", "a head that is behind"},
}
VALUES = {"customer": UUID(int=1), "id": UUID(int=2), "sealed": 0}


def may(address: str, sql: str) -> bool:
    """Whether a role is allowed to say this; nothing is kept."""
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            connection.execute(text(sql), {name: value for name, value in VALUES.items() if f":{name}" in sql})
            connection.rollback()
    except ProgrammingError as error:
        if "permission denied" not in str(error):
            raise
        return False
    finally:
        engine.dispose()
    return True


@pytest.mark.parametrize("role", POSSIBLE)
def test_each_role_can_do_exactly_this_tampering(addresses: dict[str, str], role: str) -> None:
    assert {what for what, (sql, _) in TAMPERED.items() if may(addresses[role], sql)} == POSSIBLE[role]


@pytest.mark.parametrize("role", ["app", "directory", "backoffice"])
def test_nobody_but_the_worker_lengthens_a_chain(addresses: dict[str, str], role: str) -> None:
    columns = "customer_id, number + 1, first_number, last_number, at, previous, hash, entries, marks, salts"
    assert not may(addresses[role], f"INSERT INTO audit.seals SELECT {columns} FROM audit.seals")


async def test_a_seal_that_the_worker_invents_is_found(chain: Chain, addresses: dict[str, str]) -> None:
    await chain.write()
    await chain.seal()
    engine = create_engine(addresses["worker"])
    columns = "customer_id, number + 1, last_number + 1, last_number + 1, at, hash, hash, entries, marks, salts"
    with engine.begin() as connection:
        made = f"INSERT INTO audit.seals SELECT {columns} FROM audit.seals WHERE customer_id = :customer"
        connection.execute(text(made), {"customer": chain.customer_id})
    engine.dispose()
    assert await chain.problem() == "seal 2 was altered"


async def test_an_event_that_the_doors_invent_without_a_number_is_found(chain: Chain, addresses: dict[str, str]) -> None:
    await chain.write()
    await chain.seal()
    engine = create_engine(addresses["app"])
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('app.customer_id', :customer, true)"), {"customer": str(chain.customer_id)})
        sql = TAMPERED["an inserted event"][0]
        assert connection.execute(text(sql), {"customer": chain.customer_id, "id": chain.sites[0]}).rowcount == 1
    engine.dispose()
    assert await chain.problem() == "an event was inserted"


async def test_the_owner_of_the_tables_sees_no_row_of_them(chain: Chain, addresses: dict[str, str]) -> None:
    await chain.write()
    engine = create_engine(addresses["migrator"])
    with engine.connect() as connection:
        connection.execute(text(f"SET ROLE {roles_of(addresses['migrator'])['owner']}"))
        for table in ("audit.events", "audit.versions", "audit.seals", "audit.seal_heads", "ops.usage"):
            assert connection.execute(text(f"DELETE FROM {table}")).rowcount == 0
        connection.rollback()
    engine.dispose()


async def test_one_customer_never_sees_the_seals_of_another(chain: Chain) -> None:
    await chain.write()
    await chain.seal()
    other = chain.tenancy.of(uuid4())
    assert chain.as_admin("SELECT count(*) FROM audit.seals WHERE customer_id = :customer")[0][0] == 1

    async def look(reading: Reading) -> list[Seal]:
        return await seals_after(reading.session, reading.customer_id, 0, 10)

    assert await other.read(look) == []
    assert len(await chain.tenancy.of(chain.customer_id).read(look)) == 1
