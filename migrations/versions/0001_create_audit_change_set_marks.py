"""Create audit.change_set_marks."""

from app.db.schema import create_table

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS audit.change_set_marks (
        customer_id UUID NOT NULL,
        change_set_id UUID NOT NULL,
        id UUID NOT NULL,
        mark TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_change_set_marks PRIMARY KEY (customer_id, change_set_id, id),
        CONSTRAINT ck_change_set_marks_mark CHECK (mark IN ('completed', 'interrupted', 'undone'))
    )
    """,
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """What became of a change set that spans transactions: completed, interrupted or undone."""
    create_table("audit.change_set_marks", STATEMENTS, GRANTS, tenant="customer_id")
