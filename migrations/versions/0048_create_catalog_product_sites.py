"""Create catalog.product_sites."""

from app.db.schema import create_table

revision = "0048"
down_revision = "0047"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.product_sites (
        customer_id UUID NOT NULL,
        product_id UUID NOT NULL,
        site_id UUID NOT NULL,
        CONSTRAINT pk_product_sites PRIMARY KEY (customer_id, product_id, site_id),
        CONSTRAINT fk_product_sites_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_product_sites_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_product_sites_site ON catalog.product_sites (customer_id, site_id)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A site that may show a product; part of the product."""
    create_table("catalog.product_sites", STATEMENTS, GRANTS, tenant="customer_id")
