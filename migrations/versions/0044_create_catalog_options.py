"""Create catalog.options."""

from app.db.schema import create_table

revision = "0044"
down_revision = "0043"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.options (
        customer_id UUID NOT NULL,
        product_id UUID NOT NULL,
        code VARCHAR(63) NOT NULL,
        label TEXT NOT NULL,
        choices JSONB NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_options PRIMARY KEY (customer_id, product_id, code),
        CONSTRAINT fk_options_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70)
    """,
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """What variants of a product differ in, such as colour or bag size; part of the product."""
    create_table("catalog.options", STATEMENTS, GRANTS, tenant="customer_id")
