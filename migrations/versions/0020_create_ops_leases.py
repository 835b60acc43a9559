"""Create ops.leases."""

from app.db.schema import create_table

revision = "0020"
down_revision = "0019"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS ops.leases (
        name VARCHAR(63) NOT NULL,
        owner UUID,
        lease_until TIMESTAMP WITH TIME ZONE NOT NULL,
        fence BIGINT NOT NULL,
        CONSTRAINT pk_leases PRIMARY KEY (name)
    )
    """,
)
GRANTS = {"worker": "SELECT, INSERT, UPDATE, DELETE", "migrator": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A role that only one process may have, such as sequencer or migrator."""
    create_table("ops.leases", STATEMENTS, GRANTS, tenant=None)
