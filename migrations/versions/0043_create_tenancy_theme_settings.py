"""Create tenancy.theme_settings."""

from app.db.schema import create_table

revision = "0043"
down_revision = "0042"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS tenancy.theme_settings (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        theme TEXT NOT NULL,
        settings JSONB NOT NULL,
        CONSTRAINT pk_theme_settings PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_theme_settings_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70)
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_theme_settings_site ON tenancy.theme_settings (customer_id, site_id)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """How one site looks: the name of its theme and what the owner chose."""
    create_table("tenancy.theme_settings", STATEMENTS, GRANTS, tenant="customer_id")
