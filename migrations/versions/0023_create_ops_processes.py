"""Create ops.processes."""

from app.db.schema import create_table

revision = "0023"
down_revision = "0022"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.processes (
        id UUID NOT NULL,
        kind TEXT NOT NULL,
        host TEXT NOT NULL,
        pid BIGINT NOT NULL,
        seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
        figures JSONB NOT NULL,
        CONSTRAINT pk_processes PRIMARY KEY (id)
    )
    """,
)
GRANTS = {"worker": "SELECT, INSERT, UPDATE, DELETE", "directory": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A living process of this installation and its figures."""
    create_table("ops.processes", STATEMENTS, GRANTS, tenant=None)
