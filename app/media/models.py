"""Tables of the room media: files of a customer and the renditions made of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import EVERYTHING, WORKING, Base, Tenant, Thing, info, tenant_key, unique

PURPOSES = ("original", "rendition", "sharing", "icon")


class Media(Thing, Base):
    """A picture of a customer, referred to by its name. `alt` holds its description per language, '' for any."""

    __tablename__ = "media"
    name: Mapped[str] = mapped_column(String(120))
    content_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    alt: Mapped[dict[str, Any]]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["customer_id"], ["tenancy.customers.id"], ondelete="RESTRICT"),
        unique("ux_media_name", "customer_id", "name"),
        info("content", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class Rendition(Tenant, Base):
    """One stored size of a picture; part of it. `hash` is the SHA-256 of the bytes in hexadecimal and their address."""

    __tablename__ = "media_renditions"
    media_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    height: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str]
    content_type: Mapped[str]
    bytes: Mapped[int]
    __table_args__ = (
        CheckConstraint(f"purpose IN {PURPOSES}", name="purpose"),
        tenant_key("content.media", "media_id", ondelete="CASCADE"),
        Index("ix_media_renditions_hash", "customer_id", "hash"),
        info("content", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )
