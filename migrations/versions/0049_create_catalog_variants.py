"""Create catalog.variants."""

from app.db.schema import create_table

revision = "0049"
down_revision = "0048"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.variants (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        product_id UUID NOT NULL,
        sku VARCHAR(100) NOT NULL,
        sku_norm VARCHAR(100) NOT NULL,
        gtin VARCHAR(14),
        option_values JSONB NOT NULL,
        unit_measure JSONB,
        weight_g BIGINT,
        images JSONB NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_variants PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_variants_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_variants_product ON catalog.variants (customer_id, product_id, position)",
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_variants_sku ON catalog.variants (customer_id, sku_norm)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """One thing that can be bought; part of the product. SKUs are unique within the customer, whatever their case."""
    create_table("catalog.variants", STATEMENTS, GRANTS, tenant="customer_id")
