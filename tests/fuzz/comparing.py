"""One database, two ways: the guard on a role that row-level security does not bind, and row-level security without a guard."""

import secrets
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import CompileError, DBAPIError, InvalidRequestError, SAWarning
from sqlalchemy.orm.exc import StaleDataError

from app.db.guard import INTERNAL, TenantMismatch, TenantUnscoped, install
from tests.db.guard_schema import ACME, GLOBEX, RULES, pen_database
from tests.fuzz.writes import Act, Acts, Found

OURS = "NULLIF(current_setting('app.customer_id', true), '')::uuid"
TABLES = ("sites", "posts", "comments", "customers")


class Disagreement(AssertionError):
    """The guard let something pass that row-level security answers otherwise."""


@contextmanager
def both_ways(admin_url: str) -> Iterator[tuple[Engine, Engine]]:
    """Engines of the guarded and of the bound way, in a database of their own."""
    with pen_database(admin_url, ACME, GLOBEX) as address, bound_role(address) as role:
        guarded, bound = create_engine(address), create_engine(address)
        install(guarded, RULES)
        event.listen(bound, "connect", lambda connection, record: become(connection, role))
        yield guarded, bound
        guarded.dispose()
        bound.dispose()


@contextmanager
def bound_role(address: str) -> Iterator[str]:
    """A role of the server that sees what the policies show it."""
    role = f"fuzz_{secrets.token_hex(4)}"
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role}"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA pen TO {role}"))
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pen TO {role}"))
        for table in TABLES:
            key = "id" if table == "customers" else "customer_id"
            connection.execute(text(f"ALTER TABLE pen.{table} ENABLE ROW LEVEL SECURITY"))
            connection.execute(text(f"ALTER TABLE pen.{table} FORCE ROW LEVEL SECURITY"))
            connection.execute(text(f"CREATE POLICY ours ON pen.{table} TO {role} USING ({key} = {OURS}) WITH CHECK ({key} = {OURS})"))
        yield role
        for table in TABLES:
            connection.execute(text(f"DROP POLICY ours ON pen.{table}"))
        connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA pen FROM {role}"))
        connection.execute(text(f"REVOKE ALL ON SCHEMA pen FROM {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    engine.dispose()


def become(connection: Any, role: str) -> None:
    """Make a new connection the bound role's, for Acme."""
    cursor = connection.cursor()
    cursor.execute(f"SET ROLE {role}")
    cursor.execute(f"SELECT set_config('app.customer_id', '{ACME}', false)")
    cursor.close()
    connection.commit()


def rows(connection: Connection, act: Act, **options: Any) -> Found | None:
    """The rows of an act, whose writes are taken back; None when the database cannot run it."""
    try:
        with connection.begin_nested() as savepoint:
            found = act(connection, options)
            savepoint.rollback()
            return found
    except (DBAPIError, CompileError, InvalidRequestError, StaleDataError):
        return None


def compare(engines: tuple[Engine, Engine], seed: int, acts: int) -> Counter[str]:
    """Run so many acts both ways. Raises Disagreement, naming the seed and the act."""
    maker, tally = Acts(seed), Counter[str]()
    guarded, bound = engines
    with warnings.catch_warnings(), guarded.execution_options(customer_id=ACME).connect() as one, bound.connect() as other:
        # Products of tables that are not joined are meant.
        warnings.simplefilter("ignore", SAWarning)
        for number in range(acts):
            said, act = maker.act()
            try:
                tally[judged(one, other, act, may_look=number % 8 == 0)] += 1
            except Disagreement as error:
                raise Disagreement(f"seed {seed}, act {number}: {said}\n{error}") from None
    return tally


def judged(one: Connection, other: Connection, act: Act, *, may_look: bool) -> str:
    """What became of one act."""
    expected = rows(other, act)
    try:
        found = rows(one, act)
    except (TenantUnscoped, TenantMismatch):
        if may_look:
            return "refused, would leak" if rows(one, act, guard_bypass=INTERNAL) != expected else "refused, would not leak"
        return "refused"
    if found != expected:
        raise Disagreement(f"guarded: {found}\nbound: {expected}")
    return "impossible" if found is None else "accepted, with rows" if found else "accepted, empty"
