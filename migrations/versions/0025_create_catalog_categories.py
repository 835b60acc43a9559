"""Create catalog.categories."""

from app.db.schema import create_table

revision = "0025"
down_revision = "0024"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.categories (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        slug VARCHAR(200) NOT NULL,
        label TEXT NOT NULL,
        labels JSONB NOT NULL,
        summary TEXT NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_categories PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_categories_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_categories_slug ON catalog.categories (customer_id, slug)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A shelf of the catalogue. `slug` is the whole path, such as `coffee/filter`."""
    create_table("catalog.categories", STATEMENTS, GRANTS, tenant="customer_id")
