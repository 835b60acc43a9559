"""Create content.posts."""

from app.db.schema import create_table

revision = "0050"
down_revision = "0049"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS content.posts (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        site_id UUID NOT NULL,
        kind TEXT NOT NULL,
        lang VARCHAR(35) NOT NULL,
        translation_key UUID,
        slug VARCHAR(200) NOT NULL,
        title TEXT NOT NULL,
        summary TEXT NOT NULL,
        body_source TEXT NOT NULL,
        body_format TEXT NOT NULL,
        state TEXT NOT NULL,
        author_id UUID,
        cover_id UUID,
        seo_title TEXT NOT NULL,
        fields JSONB NOT NULL,
        is_featured BOOLEAN NOT NULL,
        position BIGINT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE,
        created_by UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_posts PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_posts_kind CHECK (kind IN ('post', 'page')),
        CONSTRAINT ck_posts_body_format CHECK (body_format IN ('html', 'markdown')),
        CONSTRAINT ck_posts_state CHECK (state IN ('draft', 'trashed')),
        CONSTRAINT fk_posts_customer_id_site_id
                FOREIGN KEY (customer_id, site_id)
                REFERENCES tenancy.sites (customer_id, id) ON DELETE RESTRICT,
        CONSTRAINT fk_posts_customer_id_author_id
                FOREIGN KEY (customer_id, author_id)
                REFERENCES content.authors (customer_id, id) ON DELETE RESTRICT,
        CONSTRAINT fk_posts_customer_id_cover_id
                FOREIGN KEY (customer_id, cover_id)
                REFERENCES content.media (customer_id, id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE INDEX IF NOT EXISTS ix_posts_author ON content.posts (customer_id, author_id)",
    "CREATE INDEX IF NOT EXISTS ix_posts_cover ON content.posts (customer_id, cover_id)",
    "CREATE INDEX IF NOT EXISTS ix_posts_translation ON content.posts (customer_id, translation_key)",
    "CREATE INDEX IF NOT EXISTS ix_posts_trashed ON content.posts (customer_id, id) WHERE state = 'trashed'",
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_posts_address ON content.posts (customer_id, site_id, lang, kind, slug) WHERE state = 'draft'",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "reader": "SELECT"}


def upgrade() -> None:
    """The working copy of a post or page. Visitors never see it: they see its publication."""
    create_table("content.posts", STATEMENTS, GRANTS, tenant="customer_id")
