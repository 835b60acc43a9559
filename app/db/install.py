"""Make an installation on a database server: roles, database, schemas, and the addresses that its processes use."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import URL, Connection, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from app.db.failures import told_to_the_operator
from app.db.roles import LOGINS, Roles, create_roles, prepare_database, quoted

DUPLICATE = {"42710", "42P04"}
# A server that is shown the certificate of one user refuses the password of another.
IDENTITY = ("sslcert", "sslkey", "sslpassword")


@contextmanager
def administrator(url: str | URL) -> Iterator[Connection]:
    """A connection whose statements each commit alone."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 10})
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def new_passwords() -> dict[str, str]:
    """A password nobody can guess for each role that signs in."""
    return {role: secrets.token_urlsafe(24) for role in LOGINS}


@told_to_the_operator()
def install(
    admin_url: str, *, prefix: str = "agoat", database: str = "agoat", insecure: bool = False, passwords: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Create roles, database and schemas; gives the address of each role that signs in. May be run again.

    Without `passwords` they are generated, each time anew. `insecure` makes roles without passwords, for a CockroachDB node
    that refuses them. Raises Unavailable when the server cannot be reached, Conflict when it refuses.
    """
    if not passwords:
        passwords = None if insecure else new_passwords()
    roles, admin = Roles(prefix), make_url(admin_url)
    with administrator(admin) as connection:
        dialect = connection.dialect.name
        for statement in create_roles(roles, passwords, dialect):
            execute_unless_there(connection, statement)
        create_database(connection, database, roles, dialect)
    with administrator(admin.set(database=database)) as connection:
        for statement in prepare_database(database, roles, dialect):
            connection.execute(text(statement))
    return {role: address(admin, roles[role], passwords, role, database) for role in LOGINS}


def create_database(connection: Connection, database: str, roles: Roles, dialect: str) -> None:
    """Create the database, owned by the role that owns its tables."""
    if dialect == "cockroachdb":
        connection.execute(text(database_statement(database, roles, dialect)))
        return
    there = connection.execute(text(f"SELECT 1 FROM pg_database WHERE datname = '{quoted(database)}'")).first()
    if there is None:
        execute_unless_there(connection, database_statement(database, roles, dialect))


def database_statement(database: str, roles: Roles, dialect: str) -> str:
    """The statement that creates the database."""
    if dialect == "cockroachdb":
        return f'CREATE DATABASE IF NOT EXISTS "{database}" OWNER {roles["owner"]}'
    return f'CREATE DATABASE "{database}" OWNER {roles["owner"]} TEMPLATE template0'


def script(prefix: str, database: str, dialect: str) -> list[str]:
    """What `install` would send, for an administrator who runs it himself; roles without passwords, which he sets."""
    roles = Roles(prefix)
    enter = f'USE "{database}"' if dialect == "cockroachdb" else f'\\connect "{database}"'
    lines = [f"{statement};" for statement in (*create_roles(roles, None, dialect), database_statement(database, roles, dialect))]
    within = [f"{statement};" for statement in prepare_database(database, roles, dialect)]
    return [*lines, f"{enter};" if dialect == "cockroachdb" else enter, *within]


def execute_unless_there(connection: Connection, statement: str) -> None:
    """Execute a statement that creates something; it is no error when the thing exists."""
    try:
        connection.execute(text(statement))
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) not in DUPLICATE:
            raise


def address(admin: URL, user: str, passwords: Mapping[str, str] | None, role: str, database: str) -> str:
    """The address of one role on the server of the administrator, without the certificate that proves who the administrator is."""
    password = passwords[role] if passwords is not None else None
    return (
        admin.difference_update_query(IDENTITY)
        .set(username=user, password=password, database=database)
        .render_as_string(hide_password=False)
    )
