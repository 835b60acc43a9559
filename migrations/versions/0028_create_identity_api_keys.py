"""Create identity.api_keys."""

from app.db.schema import create_table

revision = "0028"
down_revision = "0027"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS identity.api_keys (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        name TEXT NOT NULL,
        prefix TEXT NOT NULL,
        last_four TEXT NOT NULL,
        scopes JSONB NOT NULL,
        created_by UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE,
        revoked_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_api_keys PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_api_keys_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A key for programs. The secret is shown once; its hash lies in `key_hashes`."""
    create_table("identity.api_keys", STATEMENTS, GRANTS, tenant="customer_id")
