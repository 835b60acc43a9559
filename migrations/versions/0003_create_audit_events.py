"""Create audit.events."""

from app.db.schema import create_table

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS audit.events (
        customer_id UUID NOT NULL,
        change_set_id UUID NOT NULL,
        thing_id UUID NOT NULL,
        to_version BIGINT NOT NULL,
        thing_type TEXT NOT NULL,
        from_version BIGINT NOT NULL,
        kind TEXT NOT NULL,
        fields JSONB NOT NULL,
        label TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_events PRIMARY KEY (customer_id, change_set_id, thing_id, to_version)
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_events_thing ON audit.events (customer_id, thing_id, to_version)",
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """What one change set did to one thing."""
    create_table("audit.events", STATEMENTS, GRANTS, tenant="customer_id")
