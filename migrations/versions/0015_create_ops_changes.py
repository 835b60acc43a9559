"""Create ops.changes."""

from app.db.schema import create_table

revision = "0015"
down_revision = "0014"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.changes (
        customer_id UUID NOT NULL,
        number BIGINT NOT NULL,
        thing_type TEXT NOT NULL,
        thing_id UUID NOT NULL,
        version BIGINT NOT NULL,
        is_deleted BOOLEAN NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_changes PRIMARY KEY (customer_id, number)
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_changes_deleted ON ops.changes (customer_id, number) WHERE is_deleted IS true",
)
GRANTS = {"app": "SELECT", "worker": "SELECT, INSERT, UPDATE, DELETE", "backoffice": "SELECT, DELETE"}


def upgrade() -> None:
    """A numbered change. Numbers of a customer have no gaps and never change."""
    create_table("ops.changes", STATEMENTS, GRANTS, tenant="customer_id")
