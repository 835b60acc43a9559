"""Create audit.seals and audit.seal_heads."""

from app.db.schema import create_table

revision = "0057"
down_revision = "0056"

SEALS = (
    """
    CREATE TABLE IF NOT EXISTS audit.seals (
        customer_id UUID NOT NULL,
        number BIGINT NOT NULL,
        first_number BIGINT NOT NULL,
        last_number BIGINT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        previous BYTEA NOT NULL,
        hash BYTEA NOT NULL,
        entries BYTEA NOT NULL,
        marks BYTEA NOT NULL,
        salts BYTEA NOT NULL,
        CONSTRAINT pk_seals PRIMARY KEY (customer_id, number)
    )
    """,
)
HEADS = (
    """
    CREATE TABLE IF NOT EXISTS audit.seal_heads (
        customer_id UUID NOT NULL,
        number BIGINT NOT NULL,
        last_number BIGINT NOT NULL,
        marks BIGINT NOT NULL,
        hash BYTEA NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_seal_heads PRIMARY KEY (customer_id)
    )
    """,
)
GRANTS_OF_SEALS = {"app": "SELECT", "worker": "SELECT, INSERT", "backoffice": "SELECT, UPDATE, DELETE"}
GRANTS_OF_HEADS = {"app": "SELECT", "worker": "SELECT, INSERT, UPDATE", "backoffice": "SELECT, DELETE"}


def upgrade() -> None:
    """The chain of each customer's history, and its newest link."""
    create_table("audit.seals", SEALS, GRANTS_OF_SEALS, tenant="customer_id")
    create_table("audit.seal_heads", HEADS, GRANTS_OF_HEADS, tenant="customer_id")
