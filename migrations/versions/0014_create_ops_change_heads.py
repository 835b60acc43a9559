"""Create ops.change_heads."""

from app.db.schema import create_table

revision = "0014"
down_revision = "0013"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.change_heads (
        customer_id UUID NOT NULL,
        number BIGINT NOT NULL,
        oldest BIGINT NOT NULL,
        CONSTRAINT pk_change_heads PRIMARY KEY (customer_id)
    )
    """,
)
GRANTS = {"app": "SELECT", "worker": "SELECT, INSERT, UPDATE, DELETE", "backoffice": "SELECT, DELETE"}


def upgrade() -> None:
    """The newest number of a customer, and the oldest that is still retained."""
    create_table("ops.change_heads", STATEMENTS, GRANTS, tenant="customer_id")
