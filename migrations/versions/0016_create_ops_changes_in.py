"""Create ops.changes_in."""

from app.db.schema import create_table

revision = "0016"
down_revision = "0015"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.changes_in (
        shard SMALLINT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        customer_id UUID NOT NULL,
        thing_id UUID NOT NULL,
        version BIGINT NOT NULL,
        thing_type TEXT NOT NULL,
        is_deleted BOOLEAN NOT NULL,
        CONSTRAINT pk_changes_in PRIMARY KEY (shard, at, customer_id, thing_id, version)
    )
    """,
)
GRANTS = {"app": "INSERT", "worker": "SELECT, INSERT, UPDATE, DELETE", "backoffice": "SELECT, INSERT, DELETE"}


def upgrade() -> None:
    """The inbox of the sequencer: a version that has no number yet."""
    create_table("ops.changes_in", STATEMENTS, GRANTS, tenant="customer_id")
