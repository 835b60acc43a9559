"""Barrier 3 alone: what each role may do at all, compared with what the models say, and tried."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from app.db.base import SCHEMAS, Base
from app.db.functions import FUNCTIONS
from app.db.roles import LOGINS, WITHOUT_LOGIN
from tests.db.planting import Ground, is_tenant

TABLES = sorted(Base.metadata.tables)
BOUND = ("app", "directory", "worker", "backoffice", "reader")
EVERY_RIGHT = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")

SEEING_ALL = {"migrator", "worker", "backoffice", "reader"}

# What is history for the doors, whatever the models say.
HISTORY = {
    "audit.versions", "audit.change_sets", "audit.change_set_marks", "audit.events", "content.post_versions", "catalog.product_versions",
    "catalog.price_history", "catalog.movements", "ops.cache_bumps", "ops.idempotency_keys", "ops.idempotency_answers", "ops.import_items",
}  # fmt: skip
READ_ONLY = {"ops.changes", "ops.change_heads", "ops.cache_tags", "tenancy.customers", "identity.users"}
PROMISED = {"ops.changes_in", "ops.outbox"}
ASKED_BEFORE_THE_TENANT = {
    "tenancy.customers": "SELECT", "tenancy.domains": "SELECT", "identity.memberships": "SELECT", "identity.key_hashes": "SELECT",
    "identity.users": "SELECT, INSERT, UPDATE", "identity.sessions": "SELECT, INSERT, UPDATE, DELETE",
    "identity.sign_in_attempts": "SELECT, INSERT, UPDATE, DELETE", "identity.single_use_links": "SELECT, INSERT, UPDATE, DELETE",
    "identity.person_events": "SELECT, INSERT", "ops.cache_bumps": "SELECT", "ops.processes": "SELECT, INSERT, UPDATE, DELETE",
}  # fmt: skip


@pytest.fixture(scope="module")
def server(ground: Ground) -> Iterator[Connection]:
    """An administrator's connection, which reads the catalogue."""
    engine = create_engine(ground.admin)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def engines(ground: Ground) -> Iterator[dict[str, Engine]]:
    """One plain engine a role that signs in."""
    made = {role: create_engine(ground.addresses[role]) for role in LOGINS}
    yield made
    for engine in made.values():
        engine.dispose()


def modelled(table: str, role: str) -> set[str]:
    """What the model of a table grants to a role."""
    granted = Base.metadata.tables[table].info["grants"].get(role, "")
    return {right for right in granted.split(", ") if right}


@pytest.mark.parametrize("role", BOUND)
def test_each_role_has_exactly_the_rights_of_the_models(server: Connection, ground: Ground, role: str) -> None:
    has = text("SELECT has_table_privilege(:role, :name, :right)")
    live = {
        name: {right for right in EVERY_RIGHT if server.scalar(has, {"role": f"{ground.prefix}_{role}", "name": name, "right": right})}
        for name in TABLES
    }
    assert live == {name: modelled(name, role) for name in TABLES}


def test_no_right_was_given_to_everybody_or_on_single_columns(server: Connection) -> None:
    everybody = (
        "SELECT c.oid::regclass FROM pg_class c, aclexplode(c.relacl) g WHERE g.grantee = 0 AND c.relnamespace::regnamespace::text IN :s"
    )
    columns = "SELECT attrelid::regclass FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid::regclass::text LIKE '%.%'"
    assert server.scalars(text(everybody.replace(":s", str(SCHEMAS)))).all() == []
    assert [name for name in server.scalars(text(columns)) if not name.startswith("pg_")] == []
    assert server.scalars(text("SELECT defaclacl FROM pg_default_acl")).all() == []


def test_history_cannot_be_changed_or_removed_by_the_doors() -> None:
    for name in HISTORY:
        assert modelled(name, "app") == {"SELECT", "INSERT"}, name
    for name in READ_ONLY:
        assert modelled(name, "app") == {"SELECT"}, name
    for name in PROMISED:
        assert modelled(name, "app") == {"INSERT"}, name


def test_the_directory_touches_only_what_is_asked_before_the_tenant_is_known() -> None:
    given = {name: modelled(name, "directory") for name in TABLES if modelled(name, "directory")}
    assert given == {name: set(rights.split(", ")) for name, rights in ASKED_BEFORE_THE_TENANT.items()}


def test_nobody_but_the_doors_and_the_operator_writes_what_belongs_to_a_customer() -> None:
    folded = {"ops.changes_in", "ops.changes", "ops.change_heads", "ops.cache_bumps", "ops.cache_tags", "ops.outbox", "ops.usage"}
    sealed = {"audit.seals", "audit.seal_heads"}
    swept = {"ops.idempotency_keys", "ops.idempotency_answers", "identity.held_forms"}
    written = {name for name in TABLES if is_tenant(Base.metadata.tables[name]) and modelled(name, "worker") - {"SELECT"}}
    assert written == folded | swept | sealed


@pytest.mark.parametrize("role", [*LOGINS, *WITHOUT_LOGIN])
def test_each_role_has_its_attributes_and_no_more(server: Connection, ground: Ground, role: str) -> None:
    columns = "rolcanlogin, rolbypassrls, rolsuper, rolcreaterole, rolcreatedb, rolreplication"
    row = server.execute(text(f"SELECT {columns} FROM pg_roles WHERE rolname = :name"), {"name": f"{ground.prefix}_{role}"}).one()
    assert tuple(row) == (role in LOGINS, role in SEEING_ALL, False, False, False, False)


def test_only_migrations_may_become_another_role(server: Connection, ground: Ground) -> None:
    members = "SELECT m.member::regrole::text, m.roleid::regrole::text FROM pg_auth_members m WHERE m.member::regrole::text LIKE :prefix"
    found = {
        (member.removeprefix(f"{ground.prefix}_"), role.removeprefix(f"{ground.prefix}_"))
        for member, role in server.execute(text(members), {"prefix": f"{ground.prefix}%"})
    }
    assert found == {("migrator", "owner"), ("migrator", "reader"), ("owner", "reader")}


@pytest.mark.parametrize("role", ["app", "directory", "worker", "backoffice"])
def test_no_role_at_work_may_create_anything(server: Connection, ground: Ground, role: str) -> None:
    name = f"{ground.prefix}_{role}"
    may = "SELECT has_schema_privilege(:name, :schema, 'CREATE')"
    assert not any(server.scalar(text(may), {"name": name, "schema": schema}) for schema in (*SCHEMAS, "public"))
    database = "SELECT has_database_privilege(:name, current_database(), :right)"
    assert [right for right in ("CREATE", "TEMPORARY", "CONNECT") if server.scalar(text(database), {"name": name, "right": right})] == [
        "CONNECT"
    ]


ACTS = {
    "empty a table": "TRUNCATE content.posts",
    "make a temporary table": "CREATE TEMPORARY TABLE mine (id int)",
    "make a table": "CREATE TABLE content.mine (id int)",
    "make a view": "CREATE VIEW public.mine AS SELECT 1",
    "make a function": "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "take down row security": "ALTER TABLE content.posts NO FORCE ROW LEVEL SECURITY",
    "add a policy": "CREATE POLICY mine ON content.posts USING (true)",
    "become the owner": "SET ROLE {prefix}_owner",
    "become the reader of functions": "SET ROLE {prefix}_reader",
    "become the operator": "SET ROLE {prefix}_backoffice",
    "drop a table": "DROP TABLE content.posts",
    "read a file": "SELECT pg_read_file('/etc/passwd')",
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["app", "directory", "worker"])
def test_what_no_role_at_work_can_do(engines: dict[str, Engine], ground: Ground, role: str, act: str) -> None:
    statement = ACTS[act].format(prefix=ground.prefix)
    with engines[role].connect() as connection:
        assert refused(connection, statement) == "42501"


def refused(connection: Connection, statement: str) -> Any:
    """The SQLSTATE with which a statement is refused."""
    with pytest.raises(DBAPIError) as caught:
        connection.execute(text(statement))
    return caught.value.orig.sqlstate


@pytest.mark.parametrize("table", sorted(HISTORY))
@pytest.mark.parametrize("act", ["UPDATE {table} SET customer_id = customer_id", "DELETE FROM {table}"])
def test_history_stands_against_the_role_of_the_doors(engines: dict[str, Engine], table: str, act: str) -> None:
    with engines["app"].connect() as connection:
        assert refused(connection, act.format(table=table)) == "42501"


def test_the_owned_functions_are_the_only_ones_and_belong_to_the_reader(server: Connection, ground: Ground) -> None:
    rows = server.execute(
        text(
            "SELECT n.nspname || '.' || p.proname, p.proowner::regrole::text, p.prosecdef FROM pg_proc p "
            "JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
        )
    ).all()
    assert sorted(tuple(row) for row in rows) == sorted((name, f"{ground.prefix}_reader", True) for name in FUNCTIONS)


def test_the_reader_owns_no_tables_and_reads_only_what_its_functions_do(server: Connection, ground: Ground) -> None:
    owned = server.scalars(text(f"SELECT relname FROM pg_class WHERE relowner = '{ground.prefix}_reader'::regrole")).all()
    bodies = " ".join(server.scalars(text(f"SELECT prosrc FROM pg_proc WHERE proowner = '{ground.prefix}_reader'::regrole")))
    assert owned == []
    assert {name for name in TABLES if modelled(name, "reader")} == {name for name in TABLES if f" {name} " in bodies}


@pytest.mark.parametrize("role", ["app", "directory", "worker", "backoffice"])
def test_only_the_doors_may_call_owned_functions(server: Connection, ground: Ground, role: str) -> None:
    functions = server.scalars(text(f"SELECT oid FROM pg_proc WHERE proowner = '{ground.prefix}_reader'::regrole")).all()
    may = "SELECT has_function_privilege(:name, CAST(:function AS oid), 'EXECUTE')"
    answers = {server.scalar(text(may), {"name": f"{ground.prefix}_{role}", "function": function}) for function in functions}
    assert answers == {role == "app"}


def test_the_start_up_check_can_read_the_revision(engines: dict[str, Engine]) -> None:
    for role in ("app", "directory", "worker", "backoffice"):
        with engines[role].connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM ops.alembic_version"))
            assert refused(connection, "UPDATE ops.alembic_version SET version_num = 'x'") == "42501"
