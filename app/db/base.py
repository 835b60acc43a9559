"""The declarative base: names of constraints, column types that both databases know, and the shape of tenant tables.

Every table states in `info` which role may do what with it (`grants`), so that models, migrations, the start-up
self-check and docs/database.md all speak of one list.
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Boolean, Date, DateTime, ForeignKeyConstraint, Index, LargeBinary, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

SCHEMAS = ("tenancy", "identity", "content", "catalog", "audit", "ops")

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}

# What the role `app` may do with the two kinds of tenant tables; history is never changed or removed by it.
WORKING = "SELECT, INSERT, UPDATE, DELETE"
HISTORY = "SELECT, INSERT"
EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"


class Base(DeclarativeBase):
    """The root of every mapped table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Uuid(as_uuid=True),
        str: Text(),
        int: BigInteger(),
        bool: Boolean(),
        bytes: LargeBinary(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
        date: Date(),
        list[Any]: JSONB(),
    }
    __mapper_args__ = {"eager_defaults": False}


class Tenant:
    """A row that belongs to one customer: the key begins with the customer, and every index too."""

    customer_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-30)


class Thing(Tenant):
    """A working row with an id of its own, made by the application, and a version for compare-and-set."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4, sort_order=-20)
    version: Mapped[int] = mapped_column(BigInteger, default=1, sort_order=-10)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """A flush updates a row only while its version is the one that was read; the repository gives the next number."""
        return {"version_id_col": cls.__table__.c.version, "version_id_generator": False, "eager_defaults": False}  # type: ignore[attr-defined]


def info(schema: str, *, directory: str | None = None, everyone: bool = False, **grants: str) -> dict[str, Any]:
    """Table arguments: the schema, the grants by role and what the role `directory` may see (under a policy `true`).

    Roles not named get nothing. `everyone` marks tables without a customer, which carry no row-level security.
    """
    if directory:
        grants["directory"] = directory
    return {"schema": schema, "info": {"grants": grants, "tenant": not everyone}}


def tenant_key(target: str, *columns: str, ondelete: str = "RESTRICT") -> ForeignKeyConstraint:
    """A composite foreign key that carries the customer: `tenant_key("tenancy.sites", "site_id")`."""
    names = ("customer_id", *columns)
    return ForeignKeyConstraint(names, [f"{target}.customer_id", f"{target}.id"], ondelete=ondelete)


def unique(name: str, *columns: Any, **options: Any) -> Index:
    """A unique index; indexes are dropped alike on both databases, unique constraints are not."""
    return Index(name, *columns, unique=True, **options)
