"""The roles of an installation and the statements that create them, alike on both databases.

Roles belong to the whole server, so their names carry a prefix that is fixed when the installation is made and taken
from the addresses ever after.
"""

from collections.abc import Iterator, Mapping

from msgspec import Struct
from sqlalchemy import make_url

from app.db.base import SCHEMAS

LOGINS = ("migrator", "app", "directory", "worker", "backoffice")
WITHOUT_LOGIN = ("owner", "reader")
# These see every customer's rows: migrations, sweeps and numbering, the operator, and the bodies of the owned functions.
BYPASSING = ("migrator", "worker", "backoffice", "reader")
USAGE = {
    "app": SCHEMAS,
    "worker": SCHEMAS,
    "backoffice": SCHEMAS,
    "directory": ("tenancy", "identity", "ops"),
    "reader": ("content", "catalog", "audit", "ops"),
    "migrator": SCHEMAS,
}
# Every unit of work names its isolation itself; the default is for statements that anybody else sends in these roles' names.
SETTINGS = {
    "app": {
        "default_transaction_isolation": "serializable",
        "statement_timeout": "5s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "10s",
        "transaction_timeout": "5s",
    },
    "directory": {
        "default_transaction_isolation": "serializable",
        "statement_timeout": "5s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "10s",
        "transaction_timeout": "5s",
    },
    "worker": {
        "statement_timeout": "30s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "30s",
        "transaction_timeout": "60s",
    },
    "backoffice": {
        "default_transaction_isolation": "serializable",
        "lock_timeout": "10s",
        "idle_in_transaction_session_timeout": "60s",
    },
    "migrator": {"statement_timeout": "0"},
}


class Roles(Struct, frozen=True):
    """The names of the roles of one installation."""

    prefix: str

    def __getitem__(self, role: str) -> str:
        return f"{self.prefix}_{role}"


def roles_of(url: str) -> Roles:
    """The roles of the installation to which an address belongs, from its user `<prefix>_<role>`."""
    user = make_url(url).username or ""
    prefix, _, role = user.rpartition("_")
    if not prefix or role not in LOGINS:
        raise ValueError(f"the user of a database address must be <prefix>_<role>, for example agoat_app, not {user!r}")
    return Roles(prefix)


def create_roles(roles: Roles, passwords: Mapping[str, str] | None, dialect: str) -> Iterator[str]:
    """Statements for an administrator of the server; may be run again. `passwords` None makes roles without one."""
    for role in (*WITHOUT_LOGIN, *LOGINS):
        yield f"CREATE ROLE IF NOT EXISTS {roles[role]}" if dialect == "cockroachdb" else CREATE_IF_MISSING.format(role=roles[role])
        words = ["LOGIN" if role in LOGINS else "NOLOGIN", "BYPASSRLS" if role in BYPASSING else "NOBYPASSRLS"]
        if passwords is not None and role in LOGINS:
            words.append(f"PASSWORD '{quoted(passwords[role])}'")
        yield f"ALTER ROLE {roles[role]} WITH {' '.join(words)}"
    yield f"GRANT {roles['owner']} TO {roles['migrator']}"
    yield f"GRANT {roles['reader']} TO {roles['migrator']}"
    yield f"GRANT {roles['reader']} TO {roles['owner']}"
    for role, settings in SETTINGS.items():
        for name, value in settings.items():
            yield f"ALTER ROLE {roles[role]} SET {name} = '{value}'"
    for role in ("app", "worker"):
        yield from planner_settings(roles[role], dialect)


# PostgreSQL has no CREATE ROLE IF NOT EXISTS. The caller ignores the error of a role that is there (42710).
CREATE_IF_MISSING = "CREATE ROLE {role}"


def planner_settings(role: str, dialect: str) -> Iterator[str]:
    """Every index starts with the customer, so small tables tie in cost; a sequential scan would lock all of a table."""
    if dialect == "postgresql":
        yield f"ALTER ROLE {role} SET enable_seqscan = off"
        yield f"ALTER ROLE {role} SET random_page_cost = 1"


def quoted(text: str) -> str:
    """Text inside single quotes."""
    return text.replace("'", "''")


def prepare_database(database: str, roles: Roles, dialect: str) -> Iterator[str]:
    """Statements for an administrator inside the installation's own database; may be run again."""
    if dialect == "postgresql":
        yield f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC'
        yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    for role in LOGINS:
        yield f'GRANT CONNECT ON DATABASE "{database}" TO {roles[role]}'
    for schema in SCHEMAS:
        yield f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {roles['owner']}"
    for role, schemas in USAGE.items():
        for schema in schemas:
            yield f"GRANT USAGE ON SCHEMA {schema} TO {roles[role]}"
    for schema in USAGE["reader"]:
        # A function can be given only to a role that may create in its schema; the role has no login.
        yield f"GRANT CREATE ON SCHEMA {schema} TO {roles['reader']}"
