"""Steps of migrations: a table with its indexes, row-level security and grants; an owned function. Each may be run again."""

from collections.abc import Mapping, Sequence

from alembic import op

from app.db.roles import Roles

# About how many rows an owned function gives: a page of a list.
PAGE_ROWS = 50
PIN = "NULLIF(current_setting('app.customer_id', true), '')::uuid"


def roles() -> Roles:
    """The roles of the installation that is being migrated."""
    found: Roles = op.get_context().config.attributes["roles"]  # type: ignore[union-attr]
    return found


def is_postgresql() -> bool:
    """Whether the server is PostgreSQL, by the address."""
    return op.get_context().dialect.name == "postgresql"


def create_table(name: str, statements: Sequence[str], grants: Mapping[str, str], *, tenant: str | None) -> None:
    """Create a table, protect it and grant its use.

    `tenant` names the column that says whose a row is, "" for a table under row-level security that shows the role
    `app` nothing, None for a table without tenant. Roles not in `grants` get nothing.
    """
    op.execute(f"SET ROLE {roles()['owner']}")
    for statement in statements:
        op.execute(statement)
    if is_postgresql():
        renew_primary_key(name)
    if tenant is not None:
        protect(name, grants, tenant)
    for role, rights in grants.items():
        op.execute(f"GRANT {rights} ON {name} TO {roles()[role]}")
    op.execute("RESET ROLE")


def renew_primary_key(name: str) -> None:
    """Make the primary key the newest index of a table that is still empty.

    Indexes that tie in cost are chosen by age, the newest first, and on a small table all of them tie: reading one row by
    its id would read, and lock, all rows of the customer. Only the concurrent form makes a new index.
    """
    schema, table = name.split(".")
    for half_made in ("ccnew", "ccold"):
        op.execute(f"DROP INDEX IF EXISTS {schema}.pk_{table}_{half_made}")
    op.execute(f"REINDEX INDEX CONCURRENTLY {schema}.pk_{table}")


def protect(name: str, grants: Mapping[str, str], tenant: str) -> None:
    """Enable and force row-level security, with one policy a role that is bound by it."""
    op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    if "app" in grants and tenant:
        policy(name, "tenant", "app", f"{tenant} = {PIN}")
    if "directory" in grants:
        policy(name, "directory", "directory", "true")


def policy(table: str, name: str, role: str, condition: str) -> None:
    """One permissive policy for all commands; which commands a role has at all is said by its grants."""
    op.execute(f"DROP POLICY IF EXISTS {name} ON {table}")
    op.execute(f"CREATE POLICY {name} ON {table} FOR ALL TO {roles()[role]} USING ({condition}) WITH CHECK ({condition})")


def create_function(name: str, arguments: str, returns: str, body: str) -> None:
    """Create an owned function: owner `reader`, executable by `app` alone, its body pinned to the tenant of the transaction."""
    types = ", ".join(argument.strip().split(" ", 1)[1] for argument in arguments.split(","))
    # Without a number PostgreSQL expects a thousand rows, and reads all of the customer's to join them. CockroachDB has no such clause.
    rows = f"ROWS {PAGE_ROWS} " if is_postgresql() else ""
    path = "SET search_path = pg_catalog, pg_temp " if is_postgresql() else ""
    op.execute(f"SET ROLE {roles()['reader']}")
    # A function whose result changes cannot be replaced, so it is dropped first; nothing depends on it.
    op.execute(f"DROP FUNCTION IF EXISTS {name}({types})")
    op.execute(
        f"CREATE FUNCTION {name}({arguments}) RETURNS TABLE ({returns}) LANGUAGE SQL STABLE SECURITY DEFINER {rows}{path}AS $$\n"
        f"{body.replace(':tenant', PIN)}\n$$"
    )
    op.execute(f"REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {name}({types}) TO {roles()['app']}")
    op.execute("RESET ROLE")
