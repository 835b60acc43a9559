"""Create ops.idempotency_keys."""

from app.db.schema import create_table

revision = "0018"
down_revision = "0017"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.idempotency_keys (
        customer_id UUID NOT NULL,
        claim BYTEA NOT NULL,
        fingerprint BYTEA NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_idempotency_keys PRIMARY KEY (customer_id, claim)
    )
    """,
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT, DELETE", "backoffice": "SELECT, DELETE"}


def upgrade() -> None:
    """The claim of a request that must happen once. `claim` hashes key, credential, method and path."""
    create_table("ops.idempotency_keys", STATEMENTS, GRANTS, tenant="customer_id")
