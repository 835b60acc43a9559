"""Create tenancy.site_languages."""

from app.db.schema import create_table

revision = "0042"
down_revision = "0041"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS tenancy.site_languages (
        customer_id UUID NOT NULL,
        site_id UUID NOT NULL,
        lang VARCHAR(35) NOT NULL,
        position BIGINT NOT NULL,
        texts JSONB NOT NULL,
        CONSTRAINT pk_site_languages PRIMARY KEY (customer_id, site_id, lang),
        CONSTRAINT fk_site_languages_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70)
    """,
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A language of a site with its own tagline and notes; part of the site."""
    create_table("tenancy.site_languages", STATEMENTS, GRANTS, tenant="customer_id")
