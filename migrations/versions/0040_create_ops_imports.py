"""Create ops.imports."""

from app.db.schema import create_table

revision = "0040"
down_revision = "0039"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.imports (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID,
        source TEXT NOT NULL,
        file_name TEXT NOT NULL,
        state TEXT NOT NULL,
        counts JSONB NOT NULL,
        change_set_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        finished_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_imports PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_imports_state CHECK (state IN ('running', 'done', 'failed')),
        CONSTRAINT fk_imports_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_imports_site ON ops.imports (customer_id, site_id)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """One run of an importer over one file, with what it counted."""
    create_table("ops.imports", STATEMENTS, GRANTS, tenant="customer_id")
