"""Create content.media_renditions."""

from app.db.schema import create_table

revision = "0035"
down_revision = "0034"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS content.media_renditions (
        customer_id UUID NOT NULL,
        media_id UUID NOT NULL,
        purpose TEXT NOT NULL,
        width BIGINT NOT NULL,
        height BIGINT NOT NULL,
        hash VARCHAR(64) NOT NULL,
        name TEXT NOT NULL,
        content_type TEXT NOT NULL,
        bytes BIGINT NOT NULL,
        CONSTRAINT pk_media_renditions PRIMARY KEY (customer_id, media_id, purpose, width),
        CONSTRAINT ck_media_renditions_purpose CHECK (purpose IN ('original', 'rendition', 'sharing', 'icon')),
        CONSTRAINT fk_media_renditions_customer_id_media_id
                FOREIGN KEY (customer_id, media_id)
                REFERENCES content.media (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_media_renditions_hash ON content.media_renditions (customer_id, hash)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """One stored size of a picture; part of it. `hash` is the SHA-256 of the bytes in hexadecimal and their address."""
    create_table("content.media_renditions", STATEMENTS, GRANTS, tenant="customer_id")
