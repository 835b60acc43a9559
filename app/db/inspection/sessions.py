"""Who is connected, as the server sees it: each role sees its own sessions, so each is asked for them."""

from msgspec import Struct
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.failures import told_to_the_operator
from app.db.selfcheck import asked_as

OWN = text("SELECT state FROM pg_stat_activity WHERE usename = current_user AND datname = current_database() AND pid <> pg_backend_pid()")
# Without rights of an administrator it lists the sessions of whoever asks.
CLUSTER = text("SHOW CLUSTER SESSIONS")
LIMITS = ("max_connections", "superuser_reserved_connections", "reserved_connections")


class Sessions(Struct, frozen=True):
    """The sessions of one role, without the one that asked. `idle_in_transaction` is unknown to CockroachDB."""

    user: str
    open: int
    active: int
    idle_in_transaction: int | None


async def sessions_of(url: str) -> Sessions:
    """The sessions of the role of an address. Raises Unavailable, Conflict."""
    with told_to_the_operator():
        async with asked_as(url) as connection:
            user = str((await connection.execute(text("SELECT current_user"))).scalar_one())
            if connection.dialect.name == "postgresql":
                states = list((await connection.execute(OWN)).scalars())
                return Sessions(user, len(states), states.count("active"), sum(str(state).startswith("idle in") for state in states))
            return from_cluster(user, await cluster_rows(connection))


async def cluster_rows(connection: AsyncConnection) -> list[tuple[str, str]]:
    """User and status of every session that CockroachDB lists; further columns differ from release to release."""
    rows = (await connection.execute(CLUSTER)).mappings()
    return [(str(row["user_name"]), str(row["status"])) for row in rows]


def from_cluster(user: str, rows: list[tuple[str, str]]) -> Sessions:
    """The sessions of one role among those of a cluster; the one that asked is active and not counted."""
    states = [status.upper() for name, status in rows if name == user and status.upper() != "CLOSED"]
    return Sessions(user, max(len(states) - 1, 0), max(states.count("ACTIVE") - 1, 0), None)


async def most_connections(url: str) -> int | None:
    """How many connections a PostgreSQL server gives to ordinary roles. None on CockroachDB, whose limit only administrators may read."""
    with told_to_the_operator():
        async with asked_as(url) as connection:
            if connection.dialect.name != "postgresql":
                return None
            shown = [(await connection.execute(text(f"SHOW {name}"))).scalar_one() for name in LIMITS]
    return int(shown[0]) - sum(int(kept) for kept in shown[1:])
