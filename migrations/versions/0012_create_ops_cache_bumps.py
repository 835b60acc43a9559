"""Create ops.cache_bumps."""

from app.db.schema import create_table

revision = "0012"
down_revision = "0011"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.cache_bumps (
        customer_id UUID NOT NULL,
        tag VARCHAR(200) NOT NULL,
        id UUID NOT NULL,
        shard SMALLINT NOT NULL,
        at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT pk_cache_bumps PRIMARY KEY (customer_id, tag, id)
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_cache_bumps_recent ON ops.cache_bumps (shard, at)",
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT, DELETE", "backoffice": "SELECT, INSERT, DELETE", "directory": "SELECT"}


def upgrade() -> None:
    """A tag whose cached pages are out of date since `at`, by the database's clock."""
    create_table("ops.cache_bumps", STATEMENTS, GRANTS, tenant="customer_id")
