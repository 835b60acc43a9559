"""Create identity.sessions."""

from app.db.schema import create_table

revision = "0030"
down_revision = "0029"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS identity.sessions (
        token_hash BYTEA NOT NULL,
        id UUID NOT NULL,
        user_id UUID NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        revoked_at TIMESTAMP WITH TIME ZONE,
        address TEXT NOT NULL,
        agent TEXT NOT NULL,
        CONSTRAINT pk_sessions PRIMARY KEY (token_hash),
        CONSTRAINT fk_sessions_user_id
                FOREIGN KEY (user_id)
                REFERENCES identity.users (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_sessions_user ON identity.sessions (user_id)",
)
GRANTS = {"worker": "SELECT, DELETE", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "directory": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A signed-in browser. Only the hash of its token is stored; client address and agent stand here and nowhere else."""
    create_table("identity.sessions", STATEMENTS, GRANTS, tenant=None)
