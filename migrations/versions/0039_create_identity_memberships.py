"""Create identity.memberships."""

from app.db.schema import create_table

revision = "0039"
down_revision = "0038"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS identity.memberships (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        user_id UUID NOT NULL,
        role TEXT NOT NULL,
        site_id UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_memberships PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_memberships_role CHECK (role IN ('reader', 'author', 'editor', 'owner')),
        CONSTRAINT fk_memberships_user_id
                FOREIGN KEY (user_id)
                REFERENCES identity.users (id) ON DELETE RESTRICT,
        CONSTRAINT fk_memberships_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT,
        CONSTRAINT fk_memberships_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_memberships_of_user ON identity.memberships (user_id, customer_id)",
    "CREATE INDEX IF NOT EXISTS ix_memberships_site ON identity.memberships (customer_id, site_id)",
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_memberships_user ON identity.memberships (customer_id, user_id)",
)
GRANTS = {
    "app": "SELECT, INSERT, UPDATE, DELETE",
    "worker": "SELECT",
    "backoffice": "SELECT, INSERT, UPDATE, DELETE",
    "directory": "SELECT",
}


def upgrade() -> None:
    """What a person may do for a customer, or for one site of it."""
    create_table("identity.memberships", STATEMENTS, GRANTS, tenant="customer_id")
