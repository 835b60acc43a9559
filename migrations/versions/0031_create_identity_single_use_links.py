"""Create identity.single_use_links."""

from app.db.schema import create_table

revision = "0031"
down_revision = "0030"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS identity.single_use_links (
        token_hash BYTEA NOT NULL,
        user_id UUID NOT NULL,
        purpose TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        used_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_single_use_links PRIMARY KEY (token_hash),
        CONSTRAINT fk_single_use_links_user_id
                FOREIGN KEY (user_id)
                REFERENCES identity.users (id) ON DELETE CASCADE,
        CONSTRAINT ck_single_use_links_purpose CHECK (purpose IN ('first_password', 'reset'))
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_single_use_links_user ON identity.single_use_links (user_id)",
)
GRANTS = {"worker": "SELECT, DELETE", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "directory": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A link that sets a password once. Only the hash of its token is stored."""
    create_table("identity.single_use_links", STATEMENTS, GRANTS, tenant=None)
