"""Create catalog.products."""

from app.db.schema import create_table

revision = "0033"
down_revision = "0032"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.products (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        lang VARCHAR(35) NOT NULL,
        translation_key UUID,
        slug VARCHAR(200) NOT NULL,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        body_source TEXT NOT NULL,
        body_format TEXT NOT NULL,
        brand TEXT NOT NULL,
        category_id UUID,
        tags JSONB NOT NULL,
        fields JSONB NOT NULL,
        tax_rate_percent BIGINT NOT NULL,
        is_featured BOOLEAN NOT NULL,
        state TEXT NOT NULL,
        text_version BIGINT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE,
        created_by UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_products PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_products_body_format CHECK (body_format IN ('html', 'markdown')),
        CONSTRAINT ck_products_state CHECK (state IN ('draft', 'active', 'archived')),
        CONSTRAINT fk_products_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT,
        CONSTRAINT fk_products_customer_id_category_id
                FOREIGN KEY (customer_id, category_id)
                REFERENCES catalog.categories (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_products_category ON catalog.products (customer_id, category_id)",
    "CREATE INDEX IF NOT EXISTS ix_products_translation ON catalog.products (customer_id, translation_key)",
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_products_address ON catalog.products (customer_id, lang, slug)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "reader": "SELECT"}


def upgrade() -> None:
    """The working copy of a product. `text_version` is the version of its last change that was not only price or stock."""
    create_table("catalog.products", STATEMENTS, GRANTS, tenant="customer_id")
