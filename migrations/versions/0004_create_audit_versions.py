"""Create audit.versions."""

from app.db.schema import create_table

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS audit.versions (
        customer_id UUID NOT NULL,
        thing_id UUID NOT NULL,
        version BIGINT NOT NULL,
        thing_type TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        change_set_id UUID NOT NULL,
        actor_kind TEXT NOT NULL,
        actor_id UUID,
        actor_name TEXT NOT NULL,
        door TEXT NOT NULL,
        payload JSONB NOT NULL,
        CONSTRAINT pk_versions PRIMARY KEY (customer_id, thing_id, version)
    )
    """,
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """The history of everything but posts and products, which have tables of their own."""
    create_table("audit.versions", STATEMENTS, GRANTS, tenant="customer_id")
