"""Create tenancy.sites."""

from app.db.schema import create_table

revision = "0032"
down_revision = "0031"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS tenancy.sites (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        slug VARCHAR(63) NOT NULL,
        name TEXT NOT NULL,
        state TEXT NOT NULL,
        lang VARCHAR(35) NOT NULL,
        timezone TEXT NOT NULL,
        currency VARCHAR(3) NOT NULL,
        settings JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_sites PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_sites_state CHECK (state IN ('active', 'read_only', 'suspended', 'archived')),
        CONSTRAINT fk_sites_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_sites_slug ON tenancy.sites (customer_id, slug)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A public site of a customer. `settings` holds what themes and feeds say about it, `lang` is its first language."""
    create_table("tenancy.sites", STATEMENTS, GRANTS, tenant="customer_id")
