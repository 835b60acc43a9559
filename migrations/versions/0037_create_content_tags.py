"""Create content.tags."""

from app.db.schema import create_table

revision = "0037"
down_revision = "0036"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS content.tags (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        slug VARCHAR(120) NOT NULL,
        label TEXT NOT NULL,
        labels JSONB NOT NULL,
        summary TEXT NOT NULL,
        CONSTRAINT pk_tags PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_tags_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_tags_slug ON content.tags (customer_id, site_id, slug)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A subject of posts on one site, with its label per language."""
    create_table("content.tags", STATEMENTS, GRANTS, tenant="customer_id")
