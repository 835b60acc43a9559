"""Create identity.person_events."""

from app.db.schema import create_table

revision = "0009"
down_revision = "0008"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS identity.person_events (
        user_id UUID NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        id UUID NOT NULL,
        verb TEXT NOT NULL,
        details JSONB NOT NULL,
        CONSTRAINT pk_person_events PRIMARY KEY (user_id, at, id)
    )
    """,
)
GRANTS = {"backoffice": "SELECT, INSERT", "directory": "SELECT, INSERT"}


def upgrade() -> None:
    """What happened to a person's access (password, link, session): never changed afterwards."""
    create_table("identity.person_events", STATEMENTS, GRANTS, tenant=None)
