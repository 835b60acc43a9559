"""Create catalog.price_history."""

from app.db.schema import create_table

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.price_history (
        customer_id UUID NOT NULL,
        variant_id UUID NOT NULL,
        kind TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        change_set_id UUID NOT NULL,
        amount BIGINT,
        currency VARCHAR(3) NOT NULL,
        starts_at TIMESTAMP WITH TIME ZONE,
        ends_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_price_history PRIMARY KEY (customer_id, variant_id, kind, at, change_set_id),
        CONSTRAINT ck_price_history_kind CHECK (kind IN ('retail', 'wholesale', 'sale'))
    )
    """,
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT", "backoffice": "SELECT, INSERT, DELETE"}


def upgrade() -> None:
    """What a variant has cost since when; amount None means that the price of this kind ended."""
    create_table("catalog.price_history", STATEMENTS, GRANTS, tenant="customer_id")
