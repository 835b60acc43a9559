"""Create catalog.product_posts."""

from app.db.schema import create_table

revision = "0046"
down_revision = "0045"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.product_posts (
        customer_id UUID NOT NULL,
        product_id UUID NOT NULL,
        post_id UUID NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_product_posts PRIMARY KEY (customer_id, product_id, post_id),
        CONSTRAINT fk_product_posts_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_product_posts_post ON catalog.product_posts (customer_id, post_id)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A post that belongs to a product's page; part of the product."""
    create_table("catalog.product_posts", STATEMENTS, GRANTS, tenant="customer_id")
