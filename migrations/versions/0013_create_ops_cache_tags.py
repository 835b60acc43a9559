"""Create ops.cache_tags."""

from app.db.schema import create_table

revision = "0013"
down_revision = "0012"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.cache_tags (
        customer_id UUID NOT NULL,
        tag VARCHAR(200) NOT NULL,
        base BIGINT NOT NULL,
        CONSTRAINT pk_cache_tags PRIMARY KEY (customer_id, tag)
    )
    """,
)
GRANTS = {"app": "SELECT", "worker": "SELECT, INSERT, UPDATE, DELETE", "backoffice": "SELECT, DELETE"}


def upgrade() -> None:
    """The folded part of a tag's version."""
    create_table("ops.cache_tags", STATEMENTS, GRANTS, tenant="customer_id")
