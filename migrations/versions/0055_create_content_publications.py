"""Create content.publications."""

from app.db.schema import create_table

revision = "0055"
down_revision = "0054"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS content.publications (
        customer_id UUID NOT NULL,
        post_id UUID NOT NULL,
        site_id UUID NOT NULL,
        kind TEXT NOT NULL,
        lang VARCHAR(35) NOT NULL,
        translation_key UUID,
        slug VARCHAR(200) NOT NULL,
        version BIGINT NOT NULL,
        render_version BIGINT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        title TEXT NOT NULL,
        snapshot JSONB NOT NULL,
        CONSTRAINT pk_publications PRIMARY KEY (customer_id, post_id),
        CONSTRAINT ck_publications_kind CHECK (kind IN ('post', 'page')),
        CONSTRAINT fk_publications_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT,
        CONSTRAINT fk_publications_customer_id_post_id
                FOREIGN KEY (customer_id, post_id)
                REFERENCES content.posts (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    """
    CREATE INDEX IF NOT EXISTS ix_publications_newest
        ON content.publications (customer_id, site_id, kind, lang, published_at DESC, post_id DESC)
    """,
    "CREATE INDEX IF NOT EXISTS ix_publications_translation ON content.publications (customer_id, translation_key)",
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_publications_address ON content.publications (customer_id, site_id, lang, kind, slug)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "reader": "SELECT"}


def upgrade() -> None:
    """What visitors see of one post or page: a finished snapshot, pinned to a version."""
    create_table("content.publications", STATEMENTS, GRANTS, tenant="customer_id")
