"""Create content.media."""

from app.db.schema import create_table

revision = "0027"
down_revision = "0026"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS content.media (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        name VARCHAR(120) NOT NULL,
        content_type TEXT NOT NULL,
        width BIGINT NOT NULL,
        height BIGINT NOT NULL,
        alt JSONB NOT NULL,
        created_by UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_media PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_media_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_media_name ON content.media (customer_id, name)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A picture of a customer, referred to by its name. `alt` holds its description per language, '' for any."""
    create_table("content.media", STATEMENTS, GRANTS, tenant="customer_id")
