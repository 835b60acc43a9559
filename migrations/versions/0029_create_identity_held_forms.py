"""Create identity.held_forms."""

from app.db.schema import create_table

revision = "0029"
down_revision = "0028"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS identity.held_forms (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        user_id UUID NOT NULL,
        address TEXT NOT NULL,
        fields JSONB NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_held_forms PRIMARY KEY (customer_id, id),
        CONSTRAINT fk_held_forms_user_id
                FOREIGN KEY (user_id)
                REFERENCES identity.users (id) ON DELETE CASCADE
    )
    """,
    "CREATE INDEX IF NOT EXISTS ix_held_forms_user ON identity.held_forms (customer_id, user_id)",
)
GRANTS = {"app": "SELECT, INSERT, DELETE", "worker": "SELECT, DELETE", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """The fields of a form whose session had expired, kept for the same person for a day."""
    create_table("identity.held_forms", STATEMENTS, GRANTS, tenant="customer_id")
