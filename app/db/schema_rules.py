"""What every schema of this product must be, checked in the catalogue of a live database, whichever of the two it is.

Only such parts of pg_catalog are read as both servers fill. A finding names what is wrong; nothing here repairs anything.
"""

import re
from collections.abc import Callable, Iterator

from sqlalchemy import Connection

from app.db.failures import told_to_the_operator
from app.db.functions import FUNCTIONS
from app.db.migrate import connected
from app.db.schema_catalogue import Catalogue, older_keys, prefix_of, read_catalogue
from app.db.selfcheck import Finding

# Keys and indexes of tenant tables that do not begin with the customer: what is asked before he is known, and inboxes by shard.
WITHOUT_CUSTOMER_FIRST = {
    "ux_domains_host", "ix_memberships_of_user", "pk_key_hashes", "pk_changes_in", "ix_cache_bumps_recent", "pk_outbox", "ix_outbox_ready",
}  # fmt: skip
# Columns that every save gives a new value: an index on them would make strangers start over.
CHANGING = {"version", "updated_at", "text_version", "offer_version", "render_version"}
TYPES = re.compile(
    r"uuid|text|(character varying|varchar)\(\d+\)|bigint|smallint|boolean|bytea|jsonb|date|timestamp with time zone|timestamptz"
)
ROLES = ("app", "directory", "worker", "backoffice")
ALEMBIC = "ops.alembic_version"
REMEDY = "Undo what was changed by hand, then run: agoat doctor"
REMEDIES = {"newest keys": "Run: agoat migrate"}

Found = Iterator[str]


def places(catalogue: Catalogue) -> Found:
    """No table and nothing else lies outside the six schemas."""
    yield from (f"{name} lies outside the schemas of the product" for name in catalogue.strangers)


def kinds(catalogue: Catalogue) -> Found:
    """There are tables and indexes, but no views, sequences, types or triggers."""
    yield from (f"{name} is a {kind}" for name, kind in catalogue.others)


def owners(catalogue: Catalogue) -> Found:
    """Every table belongs to the role that nobody signs in as."""
    for table in catalogue.tables:
        if table.owner != catalogue.role("owner"):
            yield f"{table.name} belongs to {table.owner}, not to {catalogue.role('owner')}"


def tenant_keys(catalogue: Catalogue) -> Found:
    """The column that says whose a row is holds a UUID and is never empty."""
    for table in catalogue.tables:
        if table.tenant is not None and table.columns[table.tenant] != ("uuid", True):
            yield f"{table.name}.{table.tenant} is no UUID that must be there"


def tables_without_tenant(catalogue: Catalogue) -> Found:
    """A table without a customer that the role of the doors may read shows every customer what is in it; these are all of them."""
    for table in catalogue.tables:
        if table.tenant is None and table.name not in SHARED and table.name != ALEMBIC:
            yield f"{table.name} has no customer_id"


def row_security(catalogue: Catalogue) -> Found:
    """Row-level security is enabled and forced on tenant tables, and wherever there is a policy."""
    for table in catalogue.tables:
        if (table.tenant is not None or table.policies) and not (table.is_secured and table.is_forced):
            yield f"row-level security is not enabled and forced on {table.name}"


def policies(catalogue: Catalogue) -> Found:
    """A bound role that has rights on a tenant table has its one policy there, and no policy is wider than that."""
    for table in catalogue.tables:
        wanted = {f"{name} {role}" for name, role in (("tenant", "app"), ("directory", "directory")) if table.is_granted(role)}
        found = {policy.name for policy in table.policies}
        if table.tenant is not None:
            yield from (f"{table.name} lacks the policy {each.split()[0]}" for each in sorted(wanted) if each.split()[0] not in found)
        for policy in table.policies:
            if policy.roles != [catalogue.role({"tenant": "app"}.get(policy.name, policy.name))]:
                yield f"the policy {policy.name} of {table.name} is for {', '.join(policy.roles)}"
            if policy.name == "tenant" and not policy.is_pinned_to(table.tenant):
                yield f"the policy {policy.name} of {table.name} does not compare {table.tenant} with the customer of the transaction"


def grants(catalogue: Catalogue) -> Found:
    """Every table is of use to a role of the product, and nothing is granted to everybody."""
    for table in catalogue.tables:
        if not any(table.is_granted(role) for role in ROLES):
            yield f"{table.name} is granted to no role"
        if table.is_granted("public"):
            yield f"{table.name} is granted to everybody"


def indexes(catalogue: Catalogue) -> Found:
    """Every key and index of a tenant table begins with the customer, but for a closed list."""
    for table in catalogue.tables:
        for index in table.indexes:
            if table.tenant == "customer_id" and index.columns[:1] != ["customer_id"] and index.name not in WITHOUT_CUSTOMER_FIRST:
                yield f"{index.name} of {table.name} begins with {(index.columns or ['an expression'])[0]}, not with customer_id"


def changing_indexes(catalogue: Catalogue) -> Found:
    """No index of a working table has a column that every save changes."""
    for table in catalogue.tables:
        for index in table.indexes:
            if table.is_working:
                yield from (
                    f"{index.name} of {table.name} has {column}, which every save changes" for column in index.columns if column in CHANGING
                )


def valid_indexes(catalogue: Catalogue) -> Found:
    """No index is left half made."""
    yield from (f"{index.name} is not valid" for table in catalogue.tables for index in table.indexes if not index.is_valid)


def newest_keys(catalogue: Catalogue) -> Found:
    """On PostgreSQL the primary key is the newest index of its table: of several that cost the same the newest is taken."""
    yield from (f"{key} of {table} is older than {newest} and passed over" for table, key, newest in older_keys(catalogue))


def foreign_keys(catalogue: Catalogue) -> Found:
    """A foreign key between tenant tables carries the customer, empties no column and does not wait."""
    tenants = {table.name for table in catalogue.tables if table.tenant == "customer_id"}
    for table in catalogue.tables:
        for key in table.foreign_keys:
            if table.name in tenants and key.target in tenants and (key.columns[:1], key.targets[:1]) != (["customer_id"], ["customer_id"]):
                yield f"{key.name} of {table.name} does not carry the customer"
            if key.on_delete not in ("r", "c") or key.waits:
                yield f"{key.name} of {table.name} empties columns or waits for the end of the transaction"


def types(catalogue: Catalogue) -> Found:
    """Columns have the types that both databases know alike, and no value that the database counts up."""
    for table in catalogue.tables:
        for column, (kind, _) in table.columns.items():
            if not TYPES.fullmatch(kind):
                yield f"{table.name}.{column} is of type {kind}"
        yield from (f"{table.name}.{column} is made by the database" for column in table.generated)


def functions(catalogue: Catalogue) -> Found:
    """There are the owned functions and no others; they belong to the reader and are for the role of the doors alone."""
    for function in catalogue.functions:
        if function.name not in FUNCTIONS:
            yield f"the function {function.name} is not one of the product"
        elif function.owner != catalogue.role("reader") or not function.is_definer or function.is_public:
            yield f"the function {function.name} must belong to {catalogue.role('reader')}, run with its rights, and not be for everybody"
    yield from (f"the function {name} is missing" for name in sorted(FUNCTIONS.keys() - {each.name for each in catalogue.functions}))


# Tables in which no row belongs to a customer, or which say whose it is in a column of another name.
SHARED = {
    "tenancy.customers", "identity.users", "identity.sessions", "identity.sign_in_attempts", "identity.single_use_links",
    "identity.person_events", "ops.outbox_shards", "ops.leases", "ops.processes",
}  # fmt: skip
RULES: dict[str, Callable[[Catalogue], Found]] = {
    "schemas": places, "kinds of things": kinds, "owners": owners, "customers in keys": tenant_keys,
    "tables of customers": tables_without_tenant,
    "row-level security of tables": row_security, "policies": policies, "grants": grants, "indexes": indexes,
    "indexes on what changes": changing_indexes, "valid indexes": valid_indexes, "newest keys": newest_keys,
    "foreign keys": foreign_keys, "column types": types,
    "functions": functions,
}  # fmt: skip


def check_schema(connection: Connection) -> list[Finding]:
    """One finding for each rule, about a migrated database; any role may ask. Takes about 0.1 s."""
    prefix = prefix_of(connection)
    if prefix is None:
        return [Finding("schema: schemas", "The schemas of the product are not there. Run: agoat init")]
    catalogue = read_catalogue(connection, prefix)
    found = {name: list(rule(catalogue)) for name, rule in RULES.items()}
    return [Finding(f"schema: {name}", said(problems, REMEDIES.get(name, REMEDY))) for name, problems in found.items()]


def said(problems: list[str], remedy: str) -> str | None:
    """The first problems of a rule in one sentence, None when there is none."""
    if not problems:
        return None
    more = f", and {len(problems) - 5} more" if len(problems) > 5 else ""
    return f"{'; '.join(problems[:5])}{more}. {remedy}"


@told_to_the_operator()
def schema_findings(url: str) -> list[Finding]:
    """What `check_schema` finds at an address. Raises Unavailable, Conflict."""
    with connected(url) as connection:
        return check_schema(connection)
