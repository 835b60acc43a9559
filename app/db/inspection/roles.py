"""What each role of an installation is and may do, asked as that role and compared with the models and app/db/roles.py."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import MetaData, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.failures import told_to_the_operator
from app.db.functions import FUNCTIONS
from app.db.roles import BYPASSING, SETTINGS, roles_of
from app.db.selfcheck import LISTED, WHO, asked_as

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
TABLES = text(
    "SELECT n.nspname || '.' || c.relname, "
    + ", ".join(f"has_table_privilege(:name, c.oid, '{right}')" for right in RIGHTS)
    + f" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname IN ({LISTED})"
).bindparams(bindparam("name", type_=Text()))
ATTRIBUTES = text("SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = :name").bindparams(
    bindparam("name", type_=Text())
)
MAY_CREATE = text(f"SELECT nspname FROM pg_namespace WHERE nspname IN ({LISTED}) AND has_schema_privilege(current_user, nspname, 'CREATE')")
CALLABLE = text(
    "SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
    f"WHERE n.nspname IN ({LISTED}) AND has_function_privilege(current_user, p.oid, 'EXECUTE')"
)
POLICIES = text("SELECT schemaname || '.' || tablename, policyname, roles FROM pg_policies " + f"WHERE schemaname IN ({LISTED})")
# Kept by alembic, not by a model.
UNMODELLED = {"ops.alembic_version"}
PLANNER = {"enable_seqscan": "off", "random_page_cost": "1"}
PRED_LOCKS = {"max_pred_locks_per_transaction": 256, "max_pred_locks_per_page": 16}
# What a time-out is called in milliseconds; a bare number is milliseconds already.
UNITS = {"": 1, "ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000}


class RoleFacts(Struct, frozen=True):
    """What the server says about the role of one address. `now` is its clock; `write` the isolation that a unit of work gets."""

    user: str
    is_super: bool
    bypasses: bool
    write: str
    settings: dict[str, str]
    now: datetime


async def ask_role(url: str, role: str) -> RoleFacts | None:
    """The role at an address, None when the server does not list it. Raises Unavailable, Conflict."""
    with told_to_the_operator():
        async with asked_as(url) as connection:
            now = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
            row = (await connection.execute(WHO)).one_or_none()
            write = (await connection.execute(text("SHOW transaction_isolation"))).scalar_one()
            settings = {name: await shown(connection, name) for name in wanted_settings(role, connection.dialect.name)}
    return None if row is None else RoleFacts(row[0], row[1], row[2], str(write), settings, now)


async def shown(connection: AsyncConnection, name: str) -> str:
    """A setting of the session; the names come from our own lists."""
    return str((await connection.execute(text(f"SHOW {name}"))).scalar_one())


def wanted_settings(role: str, dialect: str) -> dict[str, str]:
    """The settings that a role must have, as app/db/roles.py gives them."""
    planner = PLANNER if dialect == "postgresql" and role in ("app", "worker") else {}
    return {**SETTINGS.get(role, {}), **planner}


def settings_that_differ(role: str, dialect: str, found: Mapping[str, str]) -> list[str]:
    """The names of settings that are not as they must be."""
    return [name for name, value in wanted_settings(role, dialect).items() if normal(found.get(name, "")) != normal(value)]


def normal(value: str) -> str:
    """A value in one spelling: the two servers write the same time-out as 5s, 5000 or 00:00:05."""
    if clock := re.fullmatch(r"(\d+):(\d\d):(\d\d)", value):
        hours, minutes, seconds = (int(part) for part in clock.groups())
        return str(((hours * 60 + minutes) * 60 + seconds) * 1_000)
    found = re.fullmatch(r"(\d+)\s*(ms|s|min|h)?", value)
    return str(int(found[1]) * UNITS[found[2] or ""]) if found else value.lower()


def role_problem(facts: RoleFacts, role: str) -> str | None:
    """Why a role may not be used for its address, None when it may."""
    if not facts.user.endswith(f"_{role}"):
        return f"The address of the role {role} signs in as {facts.user}"
    if facts.is_super:
        return f"The role {facts.user} is a superuser"
    if facts.bypasses and role not in BYPASSING:
        return f"The role {facts.user} bypasses row-level security, so customers would not be kept apart"
    if role in BYPASSING and not facts.bypasses:
        return f"The role {facts.user} does not bypass row-level security and would see no rows"
    return None


async def wrong_rights(url: str, role: str, metadata: MetaData) -> list[str]:
    """Where the rights of the role of an address differ from the models, as sentences. Raises Unavailable, Conflict."""
    with told_to_the_operator():
        async with asked_as(url) as connection:
            held = await rights_of(connection, roles_of(url)[role])
            creating = list((await connection.execute(MAY_CREATE)).scalars())
            callable_names = set((await connection.execute(CALLABLE)).scalars()) if role == "app" else set(FUNCTIONS)
    found = wrong_tables(held, role, metadata)
    found += [f"may create things in schema {schema}" for schema in sorted(creating)]
    return found + [f"may not call {name}" for name in sorted(FUNCTIONS.keys() - callable_names)]


async def wrong_without_login(url: str, role: str, metadata: MetaData) -> list[str]:
    """What is wrong with a role that nobody signs in as, asked at another's address. Raises Unavailable, Conflict."""
    name, wanted = roles_of(url)[role], (False, False, role in BYPASSING)
    with told_to_the_operator():
        async with asked_as(url) as connection:
            row = (await connection.execute(ATTRIBUTES, {"name": name})).one_or_none()
            held = await rights_of(connection, name) if row is not None else {}
    if row is None:
        return ["is not listed by the server"]
    said = ("may sign in", "is a superuser", "bypasses row-level security, or does not although it must")
    found = [words for words, is_so, must in zip(said, row, wanted, strict=True) if is_so != must]
    # The owner has every right on what it owns, and hands them out.
    return found + (wrong_tables(held, role, metadata) if role != "owner" else [])


async def rights_of(connection: AsyncConnection, name: str) -> dict[str, set[str]]:
    """What a role may do with each table of ours."""
    rows = await connection.execute(TABLES, {"name": name})
    return {row[0]: {right for right, has in zip(RIGHTS, row[1:], strict=True) if has} for row in rows}


def wrong_tables(held: Mapping[str, set[str]], role: str, metadata: MetaData) -> list[str]:
    """Where the rights on tables differ from the models, as sentences."""
    return [said for table in sorted({*held, *metadata.tables} - UNMODELLED) for said in differences(table, held, role, metadata)]


def differences(table: str, held: Mapping[str, set[str]], role: str, metadata: MetaData) -> list[str]:
    """What a role lacks or has too much on one table."""
    if table not in held:
        return [f"finds no table {table}"]
    known = metadata.tables.get(table)
    granted = known.info["grants"].get(role, "") if known is not None else ""
    wanted = {right for right in RIGHTS if right in granted.split(", ")}
    lacking, extra = wanted - held[table], held[table] - wanted
    said = [f"lacks {', '.join(sorted(lacking))} on {table}"] if lacking else []
    return said + ([f"has {', '.join(sorted(extra))} on {table}, which it must not"] if extra else [])


def wanted_policies(metadata: MetaData, prefix: str) -> set[tuple[str, str, str]]:
    """Table, name and role of every policy that the migrations make."""
    wanted = set()
    for name, table in metadata.tables.items():
        grants, is_tenants = table.info["grants"], "customer_id" in table.c or name == "tenancy.customers"
        if table.info["tenant"] and "app" in grants and is_tenants:
            wanted.add((name, "tenant", f"{prefix}_app"))
        if table.info["tenant"] and "directory" in grants:
            wanted.add((name, "directory", f"{prefix}_directory"))
    return wanted


async def wrong_policies(url: str, metadata: MetaData, prefix: str) -> list[str]:
    """Policies that are missing, and those that nobody of ours has made. Raises Unavailable, Conflict."""
    with told_to_the_operator():
        async with asked_as(url) as connection:
            rows = [tuple(row) for row in await connection.execute(POLICIES)]
    found = {(table, name, role) for table, name, roles in rows for role in names_in(roles)}
    wanted = wanted_policies(metadata, prefix)
    missing = [f"{table} has no policy {name} for {role}" for table, name, role in sorted(wanted - found)]
    return missing + [f"{table} has a policy {name} for {role}, which is not ours" for table, name, role in sorted(found - wanted)]


def names_in(roles: Iterable[str] | str) -> list[str]:
    """The roles of a policy, which the driver gives as a list or as PostgreSQL's text for one."""
    return roles.strip("{}").split(",") if isinstance(roles, str) else list(roles)


async def low_locks(url: str) -> dict[str, int]:
    """Settings of a PostgreSQL server that make strangers' transactions start over; empty when they are high enough."""
    with told_to_the_operator():
        async with asked_as(url) as connection:
            found = {name: int(await shown(connection, name)) for name in PRED_LOCKS}
    return {name: value for name, value in found.items() if value < PRED_LOCKS[name]}
