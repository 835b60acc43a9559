"""Create content.post_versions."""

from app.db.schema import create_table

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS content.post_versions (
        customer_id UUID NOT NULL,
        thing_id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        change_set_id UUID NOT NULL,
        actor_kind TEXT NOT NULL,
        actor_id UUID,
        actor_name TEXT NOT NULL,
        door TEXT NOT NULL,
        payload JSONB NOT NULL,
        CONSTRAINT pk_post_versions PRIMARY KEY (customer_id, thing_id, version)
    )
    """,
    """
    CREATE INDEX IF NOT EXISTS ix_post_versions_recent
        ON content.post_versions (customer_id, site_id, at DESC, thing_id DESC, version DESC)
    """,
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT", "backoffice": "SELECT, INSERT, DELETE, UPDATE", "reader": "SELECT"}


def upgrade() -> None:
    """Every save of a post, whole. "Recently edited" is its index on `at`, so that no index on `posts` changes by saving."""
    create_table("content.post_versions", STATEMENTS, GRANTS, tenant="customer_id")
