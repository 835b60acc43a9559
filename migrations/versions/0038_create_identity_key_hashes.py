"""Create identity.key_hashes."""

from app.db.schema import create_table

revision = "0038"
down_revision = "0037"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS identity.key_hashes (
        hash BYTEA NOT NULL,
        customer_id UUID NOT NULL,
        key_id UUID NOT NULL,
        CONSTRAINT pk_key_hashes PRIMARY KEY (hash),
        CONSTRAINT fk_key_hashes_customer_id_key_id
                FOREIGN KEY (customer_id, key_id)
                REFERENCES identity.api_keys (customer_id, id) ON DELETE CASCADE
    )
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_key_hashes_key ON identity.key_hashes (customer_id, key_id)",
)
GRANTS = {"app": "SELECT, INSERT, DELETE", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "directory": "SELECT"}


def upgrade() -> None:
    """From the hash of a secret to the customer and key: asked before the customer is known."""
    create_table("identity.key_hashes", STATEMENTS, GRANTS, tenant="customer_id")
