"""Create tenancy.customers."""

from app.db.schema import create_table

revision = "0024"
down_revision = "0023"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS tenancy.customers (
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        slug VARCHAR(63) NOT NULL,
        name TEXT NOT NULL,
        state TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_customers PRIMARY KEY (id),
        CONSTRAINT ck_customers_state CHECK (state IN ('active', 'read_only', 'suspended', 'archived'))
    )
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_customers_slug ON tenancy.customers (slug)",
)
GRANTS = {"app": "SELECT", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "directory": "SELECT"}


def upgrade() -> None:
    """A tenant. The row is cold: everything that changes often lives elsewhere, because every child reads its parent."""
    create_table("tenancy.customers", STATEMENTS, GRANTS, tenant="id")
