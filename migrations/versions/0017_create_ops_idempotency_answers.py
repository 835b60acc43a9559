"""Create ops.idempotency_answers."""

from app.db.schema import create_table

revision = "0017"
down_revision = "0016"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.idempotency_answers (
        customer_id UUID NOT NULL,
        claim BYTEA NOT NULL,
        status SMALLINT NOT NULL,
        headers JSONB NOT NULL,
        body BYTEA NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_idempotency_answers PRIMARY KEY (customer_id, claim)
    )
    """,
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT, DELETE", "backoffice": "SELECT, DELETE"}


def upgrade() -> None:
    """What was answered to a request that must happen once."""
    create_table("ops.idempotency_answers", STATEMENTS, GRANTS, tenant="customer_id")
