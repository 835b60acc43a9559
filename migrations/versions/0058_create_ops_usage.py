"""Create ops.usage."""

from app.db.schema import create_table

revision = "0058"
down_revision = "0057"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.usage (
        customer_id UUID NOT NULL,
        number BIGINT NOT NULL,
        sites BIGINT NOT NULL,
        posts BIGINT NOT NULL,
        products BIGINT NOT NULL,
        pictures BIGINT NOT NULL,
        storage_bytes BIGINT NOT NULL,
        active_at TIMESTAMP WITH TIME ZONE,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_usage PRIMARY KEY (customer_id)
    )
    """,
)
GRANTS = {"app": "SELECT", "worker": "SELECT, INSERT, UPDATE, DELETE", "backoffice": "SELECT, DELETE"}


def upgrade() -> None:
    """The figures of each customer for the operator's lists."""
    create_table("ops.usage", STATEMENTS, GRANTS, tenant="customer_id")
