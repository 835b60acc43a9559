"""What every start proves before anybody is served: the barriers between customers stand, each of them asked by itself.

Nothing here repairs anything. A finding names what is wrong, and the process that asked does not start.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from msgspec import Struct
from sqlalchemy import MetaData, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.base import SCHEMAS
from app.db.database import open_engine
from app.db.failures import told_to_the_operator
from app.db.guard import canaries
from app.db.rules import tenant_rules
from app.errors import Conflict

LISTED = ", ".join(f"'{schema}'" for schema in SCHEMAS)
TENANT_TABLES = text(
    "SELECT n.nspname || '.' || c.relname, c.relrowsecurity, c.relforcerowsecurity, "
    "has_table_privilege(current_user, c.oid, 'SELECT') "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid "
    "WHERE (a.attname = 'customer_id' OR (c.relname = 'customers' AND a.attname = 'id')) "
    f"AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND n.nspname IN ({LISTED}) ORDER BY 1"
)
WHO = text("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")


class Finding(Struct, frozen=True):
    """One thing that was checked. `problem` says what is wrong and the remedy, None when all is well."""

    check: str
    problem: str | None = None


def check_guard(url: str, metadata: MetaData) -> Finding:
    """Whether the guard refuses every known-bad statement on the dialect of this address."""
    engine = open_engine(url, rules=None)
    passed = canaries(engine.sync_engine.dialect, tenant_rules(metadata))
    if not passed:
        return Finding("guard")
    said = f"The guard lets statements pass that it must refuse: {', '.join(passed)}. Install exactly the packages of requirements.txt."
    return Finding("guard", said)


async def check_role(url: str, name: str) -> Finding:
    """Whether a role of the doors is bound by row-level security. Raises Unavailable, Conflict."""
    check = f"role {name}"
    with told_to_the_operator():
        async with asked_as(url) as connection:
            row = (await connection.execute(WHO)).one_or_none()
    if row is None:
        return Finding(check, f"The role of AGOAT_{name.upper()} is not listed by the database. Run: agoat init")
    user, is_super, bypasses = row
    if is_super or bypasses:
        power = "is a superuser" if is_super else "bypasses row-level security"
        return Finding(check, f"The role {user} {power}, so customers would not be kept apart. Run: agoat init")
    return Finding(check)


async def check_tables(url: str) -> list[Finding]:
    """Whether row-level security is on and forced on every tenant table, and shows nothing without a tenant."""
    with told_to_the_operator():
        async with asked_as(url) as connection:
            rows = [tuple(row) for row in await connection.execute(TENANT_TABLES)]
            open_tables = [name for name, enabled, forced, _ in rows if not (enabled and forced)]
            readable = [name for name, _, _, may_read in rows if may_read]
            shown = await _tables_that_show_rows(connection, readable)
    return [
        Finding("tables", None if rows else "The database has no tables of customers. Run: agoat migrate"),
        Finding("row-level security", _said(open_tables, "Row-level security is not enabled and forced on {}. Run: agoat migrate")),
        Finding("no customer, no rows", _said(shown, "Without a customer, rows are shown of {}. A policy is too wide. Run: agoat migrate")),
    ]


async def self_check(app_url: str, directory_url: str, metadata: MetaData) -> list[Finding]:
    """Everything that is proved at a start, in about 50 ms. Raises Unavailable when the database cannot be asked."""
    guard = check_guard(app_url, metadata)
    roles = [await check_role(app_url, "database_url"), await check_role(directory_url, "directory_database_url")]
    return [guard, *roles, *await check_tables(app_url)]


def require_sound(findings: Iterable[Finding]) -> None:
    """Raise Conflict naming everything that is wrong."""
    problems = [finding.problem for finding in findings if finding.problem]
    if problems:
        raise Conflict(" ".join(problems))


def _said(names: list[str], sentence: str) -> str | None:
    return sentence.format(", ".join(names)) if names else None


async def _tables_that_show_rows(connection: AsyncConnection, names: list[str]) -> list[str]:
    """Those tables of which the role sees a row although no tenant is set. The names come from the catalogue of the database."""
    if not names:
        return []
    looks = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names]
    return list((await connection.execute(text(" UNION ALL ".join(looks)))).scalars())


@asynccontextmanager
async def asked_as(url: str) -> AsyncIterator[AsyncConnection]:
    """A connection as the role of an address, for questions to the catalogue; nothing that it does is committed."""
    engine = open_engine(url, rules=None, pool_size=1)
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()
