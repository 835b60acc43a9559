"""Mutants of barrier 3: every right that a role has not, given; every right that it has, taken; every attribute turned round."""

from collections.abc import Iterator

from sqlalchemy.dialects import postgresql

from app.db.base import SCHEMAS, Base
from app.db.roles import BYPASSING, LOGINS, USAGE, WITHOUT_LOGIN
from tests.mutants.stage import Mutant, Probe, denied, gives, not_denied

ROLES = ("app", "directory", "worker", "backoffice", "reader")
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
EVERYONE = (*LOGINS, *WITHOUT_LOGIN)
# Beside the tables of the models: the revision of the schema, which every role at work reads at its start.
REVISION = "ops.alembic_version"
TABLES = (*sorted(Base.metadata.tables), REVISION)
MEMBERS = {("migrator", "owner"), ("migrator", "reader"), ("owner", "reader")}
CREATING = {("reader", schema) for schema in USAGE["reader"]}
DIALECT = postgresql.dialect()


def given(table: str, role: str) -> set[str]:
    """The rights of a role on a table, as the models say."""
    if table == REVISION:
        return {"SELECT"} if role != "reader" else set()
    return set(Base.metadata.tables[table].info["grants"].get(role, "").split(", ")) - {""}


def key_of(table: str) -> list[tuple[str, str]]:
    """Names and types of the columns of the primary key."""
    if table == REVISION:
        return [("version_num", "VARCHAR(32)")]
    return [(column.name, column.type.compile(DIALECT)) for column in Base.metadata.tables[table].primary_key]


def deed(right: str, table: str) -> str:
    """Use a right without touching a row."""
    columns = key_of(table)
    first, names = columns[0][0], ", ".join(name for name, _ in columns)
    return {
        "SELECT": f"SELECT count(*) FROM {table} WHERE false",
        "INSERT": f"INSERT INTO {table} ({first}) SELECT NULL WHERE false",
        "UPDATE": f"UPDATE {table} SET {first} = NULL WHERE false",
        "DELETE": f"DELETE FROM {table} WHERE false",
        "TRUNCATE": f"TRUNCATE {table}",
        "REFERENCES": f"CREATE TABLE public.tried ({', '.join(map(' '.join, columns))}, FOREIGN KEY ({names}) REFERENCES {table})",
        "TRIGGER": f"CREATE TRIGGER tried BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "MAINTAIN": f"CLUSTER {table}",
    }[right]


def grants_of(table: str) -> Iterator[Mutant]:
    """Each right of each role on one table, and of everybody. The role may use the schema, so that the table's own barrier is asked."""
    schema = table.split(".")[0]
    for right in RIGHTS:
        for role in ROLES:
            has, name = right in given(table, role), f"{role} {right} {table}"
            open_schema = f"GRANT USAGE ON SCHEMA {schema} TO {{{role}}}; GRANT USAGE, CREATE ON SCHEMA public TO {{{role}}}"
            passes, change = (not_denied, f"REVOKE {right} ON {table} FROM") if has else (denied, f"GRANT {right} ON {table} TO")
            probe = Probe(f"{name} is {'allowed' if has else 'denied'}", deed(right, table), passes, role, open_schema)
            yield Mutant(f"{'no ' if has else ''}{name}", f"{change} {{{role}}}", probe)
            if not has and role == next(other for other in ROLES if right not in given(table, other)):
                yield Mutant(f"everybody {right} {table}", f"GRANT {right} ON {table} TO PUBLIC", probe)


def rights_on_schemas() -> Iterator[Mutant]:
    """USAGE and CREATE of each role on each schema; tables may be read, so that the schema's own barrier is asked."""
    for schema in (*SCHEMAS, "public"):
        table = next((name for name in TABLES if name.startswith(f"{schema}.")), "public.tried")
        for role in ROLES:
            readable = f"GRANT SELECT ON {table} TO {{{role}}}" if schema != "public" else ""
            if schema != "public":
                yield right_on_schema(role, schema, "USAGE", schema in USAGE[role], deed("SELECT", table), readable)
            yield right_on_schema(role, schema, "CREATE", (role, schema) in CREATING, f"CREATE TABLE {schema}.tried (x int)", "")


def right_on_schema(role: str, schema: str, right: str, has: bool, act: str, setup: str) -> Mutant:
    """One right of one role on one schema, turned round."""
    probe = Probe(f"{role} {right} on {schema} is {'allowed' if has else 'denied'}", act, not_denied if has else denied, role, setup)
    change = f"REVOKE {right} ON SCHEMA {schema} FROM {{{role}}}" if has else f"GRANT {right} ON SCHEMA {schema} TO {{{role}}}"
    return Mutant(f"{'no ' if has else ''}{role} {right} on schema {schema}", change, probe)


def rights_on_the_database(database: str) -> Iterator[Mutant]:
    """Nobody at work may create schemas or temporary tables, and a stranger's role may not even connect."""
    acts = {"CREATE": "CREATE SCHEMA tried", "TEMPORARY": "CREATE TEMPORARY TABLE tried (x int)"}
    for right, act in acts.items():
        for role in ROLES:
            probe = Probe(f"{role} {right} on the database is denied", act, denied, role)
            for grantee in (f"{{{role}}}", "PUBLIC"):
                yield Mutant(f"{grantee} {right} on the database", f'GRANT {right} ON DATABASE "{database}" TO {grantee}', probe)
    asked = "SELECT has_database_privilege('{app}_stranger', current_database(), 'CONNECT')"
    stranger = Probe("a stranger may not connect", asked, gives(False), setup="CREATE ROLE {app}_stranger")
    yield Mutant("everybody may connect", f'GRANT CONNECT ON DATABASE "{database}" TO PUBLIC', stranger)


POWERS = {
    "SUPERUSER": "SELECT pg_read_file('postgresql.conf', 0, 1)",
    "CREATEROLE": "CREATE ROLE {app}_stranger",
    "REPLICATION": "SELECT pg_drop_replication_slot('there is none')",
}
# What cannot be tried inside a transaction is read from the catalogue.
LISTED = {"CREATEDB": ("rolcreatedb", ()), "LOGIN": ("rolcanlogin", LOGINS)}


def attributes_of_roles() -> Iterator[Mutant]:
    """Each attribute of each role turned round, and each membership that there is not."""
    for role in EVERYONE:
        for word, act in POWERS.items():
            yield Mutant(f"{role} {word}", f"ALTER ROLE {{{role}}} {word}", Probe(f"{role} has no power of {word}", act, denied, role))
        for word, (column, having) in LISTED.items():
            asked = f"SELECT {column} FROM pg_roles WHERE rolname = '{{{role}}}'"
            turned = f"NO{word}" if role in having else word
            probe = Probe(f"{role} {word} is {role in having}", asked, gives(role in having))
            yield Mutant(f"{role} {turned}", f"ALTER ROLE {{{role}}} {turned}", probe)
        yield bypassing(role)
        for other in EVERYONE:
            if other != role and (role, other) not in MEMBERS and (other, role) not in MEMBERS:
                probe = Probe(f"{role} cannot become {other}", f"SET LOCAL ROLE {{{other}}}", denied, role)
                yield Mutant(f"{role} is a {other}", f"GRANT {{{other}}} TO {{{role}}}", probe)
            elif (role, other) in MEMBERS:
                probe = Probe(f"{role} can become {other}", f"SET LOCAL ROLE {{{other}}}", not_denied, role)
                # The migrator is a reader twice: by itself and as the owner.
                others = "; REVOKE {reader} FROM {owner}; REVOKE {owner} FROM {migrator}" if (role, other) == ("migrator", "reader") else ""
                yield Mutant(f"{role} is no {other}", f"REVOKE {{{other}}} FROM {{{role}}}{others}", probe)


def bypassing(role: str) -> Mutant:
    """Row-level security binds every role but those that are named; the rights on the table are given, so that it alone is asked."""
    count, bypasses = "SELECT count(*) FROM catalog.movements", role in BYPASSING
    setup = f"GRANT USAGE ON SCHEMA catalog TO {{{role}}}; GRANT SELECT ON catalog.movements TO {{{role}}}"
    probe = Probe(f"{role} sees {'all' if bypasses else 'no'} rows without a tenant", count, gives(2 if bypasses else 0), role, setup)
    word = "NOBYPASSRLS" if bypasses else "BYPASSRLS"
    return Mutant(f"{role} {word}", f"ALTER ROLE {{{role}}} {word}", probe)
