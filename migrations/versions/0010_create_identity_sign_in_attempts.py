"""Create identity.sign_in_attempts."""

from app.db.schema import create_table

revision = "0010"
down_revision = "0009"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS identity.sign_in_attempts (
        subject BYTEA NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        id UUID NOT NULL,
        CONSTRAINT pk_sign_in_attempts PRIMARY KEY (subject, at, id)
    )
    """,
)
GRANTS = {"worker": "SELECT, DELETE", "backoffice": "SELECT, INSERT, UPDATE, DELETE", "directory": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A failed sign-in, counted per account and per client address; `subject` is a keyed hash of either."""
    create_table("identity.sign_in_attempts", STATEMENTS, GRANTS, tenant=None)
