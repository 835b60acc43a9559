"""Create ops.outbox."""

from app.db.schema import create_table

revision = "0021"
down_revision = "0020"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.outbox (
        shard SMALLINT NOT NULL,
        id UUID NOT NULL,
        customer_id UUID NOT NULL,
        name TEXT NOT NULL,
        payload JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        available_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        attempts SMALLINT NOT NULL,
        done_at TIMESTAMP WITH TIME ZONE,
        dead_at TIMESTAMP WITH TIME ZONE,
        error TEXT,
        CONSTRAINT pk_outbox PRIMARY KEY (shard, id)
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_outbox_ready ON ops.outbox (shard, available_at, id) WHERE done_at IS NULL AND dead_at IS NULL",
)
GRANTS = {"app": "INSERT", "worker": "SELECT, INSERT, UPDATE, DELETE", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """Work promised inside a transaction and done afterwards by the worker."""
    create_table("ops.outbox", STATEMENTS, GRANTS, tenant="customer_id")
