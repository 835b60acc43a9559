"""Create catalog.product_versions."""

from app.db.schema import create_table

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.product_versions (
        customer_id UUID NOT NULL,
        thing_id UUID NOT NULL,
        version BIGINT NOT NULL,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        change_set_id UUID NOT NULL,
        actor_kind TEXT NOT NULL,
        actor_id UUID,
        actor_name TEXT NOT NULL,
        door TEXT NOT NULL,
        payload JSONB NOT NULL,
        CONSTRAINT pk_product_versions PRIMARY KEY (customer_id, thing_id, version)
    )
    """,
    """
    CREATE INDEX IF NOT EXISTS ix_product_versions_recent
        ON catalog.product_versions (customer_id, at DESC, thing_id DESC, version DESC)
    """,
)
GRANTS = {"app": "SELECT, INSERT", "worker": "SELECT", "backoffice": "SELECT, INSERT, DELETE, UPDATE", "reader": "SELECT"}


def upgrade() -> None:
    """Every save of a product, whole, with its variants, prices and stock."""
    create_table("catalog.product_versions", STATEMENTS, GRANTS, tenant="customer_id")
