"""Create catalog.prices."""

from app.db.schema import create_table

revision = "0052"
down_revision = "0051"

STATEMENTS = (
    """
    CREATE TABLE IF NOT EXISTS catalog.prices (
        customer_id UUID NOT NULL,
        variant_id UUID NOT NULL,
        kind TEXT NOT NULL,
        amount BIGINT NOT NULL,
        currency VARCHAR(3) NOT NULL,
        starts_at TIMESTAMP WITH TIME ZONE,
        ends_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_prices PRIMARY KEY (customer_id, variant_id, kind),
        CONSTRAINT ck_prices_kind CHECK (kind IN ('retail', 'wholesale', 'sale')),
        CONSTRAINT ck_prices_amount CHECK (amount >= 0 AND amount <= 9007199254740991),
        CONSTRAINT fk_prices_customer_id_variant_id
                FOREIGN KEY (customer_id, variant_id)
                REFERENCES catalog.variants (customer_id, id) ON DELETE CASCADE
    ) WITH (fillfactor = 70)
    """,
)
GRANTS = {"app": "SELECT, INSERT, UPDATE, DELETE", "worker": "SELECT", "backoffice": "SELECT, INSERT, UPDATE, DELETE"}


def upgrade() -> None:
    """The present price of a variant, one row a kind, in minor units; part of the product. Wholesale is a row of its own."""
    create_table("catalog.prices", STATEMENTS, GRANTS, tenant="customer_id")
