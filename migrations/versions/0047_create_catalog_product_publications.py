"""Create catalog.product_publications."""

from app.db.schema import create_table

revision = "0047"
down_revision = "0046"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.product_publications (
        customer_id UUID NOT NULL,
        site_id UUID NOT NULL,
        product_id UUID NOT NULL,
        lang VARCHAR(35) NOT NULL,
        translation_key UUID,
        slug VARCHAR(200) NOT NULL,
        title TEXT NOT NULL,
        category TEXT NOT NULL,
        text_version BIGINT NOT NULL,
        offer_version BIGINT NOT NULL,
        render_version BIGINT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        text JSONB NOT NULL,
        offer JSONB NOT NULL,
        CONSTRAINT pk_product_publications PRIMARY KEY (customer_id, site_id, product_id),
        CONSTRAINT fk_product_publications_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT,
        CONSTRAINT fk_product_publications_customer_id_product_id
                FOREIGN KEY (customer_id, product_id)
                REFERENCES catalog.products (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    """
    CREATE INDEX IF NOT EXISTS ix_product_publications_newest
        ON catalog.product_publications (customer_id, site_id, lang, published_at DESC, product_id DESC)
    """,
    "CREATE INDEX IF NOT EXISTS ix_product_publications_product ON catalog.product_publications (customer_id, product_id)",
    "CREATE INDEX IF NOT EXISTS ix_product_publications_translation ON catalog.product_publications (customer_id, translation_key)",
    """
    CREATE UNIQUE INDEX IF NOT EXISTS ux_product_publications_address
        ON catalog.product_publications (customer_id, site_id, lang, slug)
    """,
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "reader": "SELECT"}


def upgrade() -> None:
    """What visitors and feeds see of a product on one site: texts pinned by Publish, offers rewritten by every price act."""
    create_table("catalog.product_publications", STATEMENTS, GRANTS, tenant="customer_id")
