"""Create tenancy.domains."""

from app.db.schema import create_table

revision = "0041"
down_revision = "0040"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS tenancy.domains (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        host VARCHAR(253) NOT NULL,
        is_primary BOOLEAN NOT NULL,
        is_built_in BOOLEAN NOT NULL,
        state TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_domains PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_domains_host_lower CHECK (host = lower(host)),
        CONSTRAINT ck_domains_state CHECK (state IN ('claimed', 'dns_seen', 'proven', 'certified', 'live', 'failing', 'released')),
        CONSTRAINT fk_domains_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_domains_site ON tenancy.domains (customer_id, site_id)",
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_domains_host ON tenancy.domains (host)",
)
GRANTS = {
    "app": "SELECT, INSERT, UPDATE, DELETE",
    "worker": "SELECT",
    "backoffice": "SELECT, INSERT, UPDATE, DELETE",
    "directory": "SELECT",
}


def upgrade() -> None:
    """A host name of a site. Host names are unique over all customers: they say whose request it is."""
    create_table("tenancy.domains", STATEMENTS, GRANTS, tenant="customer_id")
