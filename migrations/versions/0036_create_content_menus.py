"""Create content.menus."""

from app.db.schema import create_table

revision = "0036"
down_revision = "0035"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS content.menus (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        lang VARCHAR(35) NOT NULL,
        name VARCHAR(63) NOT NULL,
        items JSONB NOT NULL,
        CONSTRAINT pk_menus PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_menus_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_menus_name ON content.menus (customer_id, site_id, lang, name)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A menu of a site in one language: a tree of labels and addresses."""
    create_table("content.menus", STATEMENTS, GRANTS, tenant="customer_id")
