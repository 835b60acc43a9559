"""Create content.publication_tags."""

from app.db.schema import create_table

revision = "0051"
down_revision = "0050"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS content.publication_tags (
        customer_id UUID NOT NULL,
        post_id UUID NOT NULL,
        tag_id UUID NOT NULL,
        lang VARCHAR(35) NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_publication_tags PRIMARY KEY (customer_id, post_id, tag_id),
        CONSTRAINT fk_publication_tags_customer_id_tag_id
                FOREIGN KEY (customer_id, tag_id)
                REFERENCES content.tags (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    """
    CREATE INDEX IF NOT EXISTS ix_publication_tags_newest
        ON content.publication_tags (customer_id, tag_id, lang, published_at DESC, post_id DESC)
    """,
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "reader": "SELECT"}


def upgrade() -> None:
    """Which live posts a tag has, in the order of its page; part of the publication."""
    create_table("content.publication_tags", STATEMENTS, GRANTS, tenant="customer_id")
