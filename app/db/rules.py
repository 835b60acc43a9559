"""What the guard is told of this product's tables, read from the models: which are tenants', and what each role may touch."""

from sqlalchemy import MetaData

from app.db.functions import FUNCTIONS
from app.db.guard import GuardRules


def tenant_rules(metadata: MetaData) -> GuardRules:
    """The rules of the roles `app` and `backoffice`: every tenant table must be pinned, everything else is refused."""
    tenant = {table.fullname for table in metadata.tables.values() if "customer_id" in table.c}
    return GuardRules(
        tenant_tables=frozenset(tenant | {"tenancy.customers"}),
        tenant_keys={"tenancy.customers": "id"},
        open_tables=frozenset(),
        functions=FUNCTIONS,
    )


def shared_rules(metadata: MetaData, role: str) -> GuardRules:
    """The rules of a role that is bound to no tenant: the tables that it is granted, and nothing else."""
    granted = {table.fullname for table in metadata.tables.values() if role in table.info["grants"]}
    return GuardRules(tenant_tables=frozenset(), tenant_keys={}, open_tables=frozenset(granted), functions={})
