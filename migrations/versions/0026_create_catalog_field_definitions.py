"""Create catalog.field_definitions."""

from app.db.schema import create_table

revision = "0026"
down_revision = "0025"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.field_definitions (
        customer_id UUID NOT NULL,
        id UUID NOT NULL,
        version BIGINT NOT NULL,
        thing_type TEXT NOT NULL,
        code VARCHAR(63) NOT NULL,
        label TEXT NOT NULL,
        labels JSONB NOT NULL,
        is_facet BOOLEAN NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_field_definitions PRIMARY KEY (customer_id, id),
        CONSTRAINT ck_field_definitions_thing_type CHECK (thing_type IN ('post', 'product')),
        CONSTRAINT fk_field_definitions_customer_id
                FOREIGN KEY (customer_id)
                REFERENCES tenancy.customers (id) ON DELETE RESTRICT
    ) WITH (fillfactor = 70)
    """,
    "CREATE UNIQUE INDEX IF NOT EXISTS ux_field_definitions_code ON catalog.field_definitions (customer_id, thing_type, code)",
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """A custom field of posts or products: its label per language and whether lists can be narrowed by it."""
    create_table("catalog.field_definitions", STATEMENTS, GRANTS, tenant="customer_id")
