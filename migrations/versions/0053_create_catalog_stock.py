"""Create catalog.stock."""

from app.db.schema import create_table

revision = "0053"
down_revision = "0052"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.stock (
        customer_id UUID NOT NULL,
        variant_id UUID NOT NULL,
        on_hand BIGINT,
        availability TEXT NOT NULL,
        available_from DATE,
        CONSTRAINT pk_stock PRIMARY KEY (customer_id, variant_id),
        CONSTRAINT ck_stock_availability CHECK (availability IN ('in_stock', 'out_of_stock', 'backorder', 'preorder')),
        CONSTRAINT fk_stock_customer_id_variant_id
                FOREIGN KEY (customer_id, variant_id)
                REFERENCES catalog.variants (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70)
    """,
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """How many of a variant there are and what is said of it; part of the product."""
    create_table("catalog.stock", STATEMENTS, GRANTS, tenant="customer_id")
