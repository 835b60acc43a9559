"""Create audit.change_sets."""

from app.db.schema import create_table

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS audit.change_sets (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        verb TEXT NOT NULL,
        reason TEXT,
        actor_kind TEXT NOT NULL,
        actor_id UUID,
        actor_name TEXT NOT NULL,
        door TEXT NOT NULL,
        session_id UUID,
        request_id TEXT,
        CONSTRAINT pk_change_sets PRIMARY KEY (customer_id, id)
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_change_sets_recent ON audit.change_sets (customer_id, at DESC, id DESC)",
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "reader": "SELECT"}


def upgrade() -> None:
    """One act of one actor, whatever it touched."""
    create_table("audit.change_sets", STATEMENTS, GRANTS, tenant="customer_id")
