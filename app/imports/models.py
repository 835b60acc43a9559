"""Tables of the room imports: which files were imported and what each of their items became."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import EVERYTHING, HISTORY, WORKING, Base, Tenant, Thing, info, tenant_key


class Import(Thing, Base):
    """One run of an importer over one file, with what it counted."""

    __tablename__ = "imports"
    site_id: Mapped[UUID | None]
    source: Mapped[str]
    file_name: Mapped[str]
    state: Mapped[str]
    counts: Mapped[dict[str, Any]]
    change_set_id: Mapped[UUID]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'failed')", name="state"),
        tenant_key("tenancy.sites", "site_id"),
        Index("ix_imports_site", "customer_id", "site_id"),
        info("ops", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class ImportItem(Tenant, Base):
    """What an item of a source became here, so that a second run makes nothing twice."""

    __tablename__ = "import_items"
    source: Mapped[str] = mapped_column(String(200), primary_key=True)
    thing_type: Mapped[str] = mapped_column(String(63), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(500), primary_key=True)
    thing_id: Mapped[UUID]
    import_id: Mapped[UUID]
    __table_args__ = (
        Index("ix_import_items_import", "customer_id", "import_id"),
        info("ops", app=HISTORY, worker="SELECT", backoffice=EVERYTHING),
    )
