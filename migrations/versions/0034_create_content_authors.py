"""Create content.authors."""

from app.db.schema import create_table

revision = "0034"
down_revision = "0033"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS content.authors (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        slug VARCHAR(120) NOT NULL,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        bio TEXT NOT NULL,
        image_id UUID,
        texts JSONB NOT NULL,
        user_id UUID,
        CONSTRAINT pk_authors PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_authors_customer_id_image_id
                FOREIGN KEY (customer_id, image_id)
                REFERENCES content.media (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_authors_image ON content.authors (customer_id, image_id)",
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_authors_slug ON content.authors (customer_id, slug)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A byline. It need not be a person who signs in."""
    create_table("content.authors", STATEMENTS, GRANTS, tenant="customer_id")
