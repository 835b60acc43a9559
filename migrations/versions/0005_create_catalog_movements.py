"""Create catalog.movements."""

from app.db.schema import create_table

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.movements (
        customer_id UUID NOT NULL,
        variant_id UUID NOT NULL,
        id UUID NOT NULL,
        delta BIGINT NOT NULL,
        on_hand BIGINT NOT NULL,
        reason TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        change_set_id UUID NOT NULL,
        CONSTRAINT pk_movements PRIMARY KEY (customer_id, variant_id, id)
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_movements_at ON catalog.movements (customer_id, variant_id, at DESC)",
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT", "backoffice": "SELECT, INSERT, DELETE"}


def upgrade() -> None:
    """A change of stock: how many came or went, and what was left."""
    create_table("catalog.movements", STATEMENTS, GRANTS, tenant="customer_id")
