"""Create ops.outbox_shards."""

from app.db.schema import create_table

revision = "0022"
down_revision = "0021"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.outbox_shards (
        shard SMALLINT NOT NULL,
        owner UUID,
        lease_until TIMESTAMP WITH TIME ZONE NOT NULL,
        fence BIGINT NOT NULL,
        CONSTRAINT pk_outbox_shards PRIMARY KEY (shard)
    )
    """,
)
GRANTS = {"worker": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """Who works on a shard of the outbox, until when, and a number that rises with every new owner."""
    create_table("ops.outbox_shards", STATEMENTS, GRANTS, tenant=None)
