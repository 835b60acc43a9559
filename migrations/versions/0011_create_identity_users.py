"""Create identity.users."""

from app.db.schema import create_table

revision = "0011"
down_revision = "0010"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS identity.users (
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        email VARCHAR(254) NOT NULL,
        name TEXT NOT NULL,
        password_hash TEXT,
        state TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_users PRIMARY KEY (id),
        CONSTRAINT ck_users_email_lower CHECK (email = lower(email)),
        CONSTRAINT ck_users_state CHECK (state IN ('active', 'closed'))
    )
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_users_email ON identity.users (email)",
)
GRANTS = {"app": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "directory": "SELECT, INSERT, UPDATE"}


def upgrade() -> None:
    """A person who signs in; belongs to no customer. The role `app` sees no row, but foreign keys can be checked."""
    create_table("identity.users", STATEMENTS, GRANTS, tenant="")
