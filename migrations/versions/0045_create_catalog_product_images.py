"""Create catalog.product_images."""

from app.db.schema import create_table

revision = "0045"
down_revision = "0044"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.product_images (
        customer_id UUID NOT NULL,
        product_id UUID NOT NULL,
        media_id UUID NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_product_images PRIMARY KEY (customer_id, product_id, media_id),
        CONSTRAINT fk_product_images_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_product_images_customer_id_media_id
                FOREIGN KEY (customer_id, media_id)
                REFERENCES content.media (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_product_images_media ON catalog.product_images (customer_id, media_id)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A picture of a product, in order; part of the product."""
    create_table("catalog.product_images", STATEMENTS, GRANTS, tenant="customer_id")
