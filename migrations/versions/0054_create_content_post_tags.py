"""Create content.post_tags."""

from app.db.schema import create_table

revision = "0054"
down_revision = "0053"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS content.post_tags (
        customer_id UUID NOT NULL,
        post_id UUID NOT NULL,
        tag_id UUID NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_post_tags PRIMARY KEY (customer_id, post_id, tag_id),
        CONSTRAINT fk_post_tags_customer_id_post_id
                FOREIGN KEY (customer_id, post_id)
                REFERENCES content.posts (customer_id, id) ON DELETE CASCADE,
        CONSTRAINT fk_post_tags_customer_id_tag_id
                FOREIGN KEY (customer_id, tag_id)
                REFERENCES content.tags (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_post_tags_tag ON content.post_tags (customer_id, tag_id)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "reader": "SELECT"}


def upgrade() -> None:
    """A tag of the working copy of a post; part of the post."""
    create_table("content.post_tags", STATEMENTS, GRANTS, tenant="customer_id")
