"""Create ops.import_items."""

from app.db.schema import create_table

revision = "0019"
down_revision = "0018"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.import_items (
        customer_id UUID NOT NULL,
        source VARCHAR(200) NOT NULL,
        thing_type VARCHAR(63) NOT NULL,
        source_id VARCHAR(500) NOT NULL,
        thing_id UUID NOT NULL,
        import_id UUID NOT NULL,
        CONSTRAINT pk_import_items PRIMARY KEY (customer_id, source, thing_type, source_id)
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_import_items_import ON ops.import_items (customer_id, import_id)",
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """What an item of a source became here, so that a second run makes nothing twice."""
    create_table("ops.import_items", STATEMENTS, GRANTS, tenant="customer_id")
