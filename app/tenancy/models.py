"""Tables of the room tenancy: customers, their sites, languages, theme settings and domains."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import EVERYTHING, WORKING, Base, Tenant, Thing, info, tenant_key, unique

CUSTOMER_STATES = ("active", "read_only", "suspended", "archived")
DOMAIN_STATES = ("claimed", "dns_seen", "proven", "certified", "live", "failing", "released")


class Customer(Base):
    """A tenant. The row is cold: everything that changes often lives elsewhere, because every child reads its parent."""

    __tablename__ = "customers"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    version: Mapped[int] = mapped_column(default=1)
    slug: Mapped[str] = mapped_column(String(63))
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False, "eager_defaults": False}
    __table_args__ = (
        CheckConstraint(f"state IN {CUSTOMER_STATES}", name="state"),
        unique("ux_customers_slug", "slug"),
        info("tenancy", directory="SELECT", app="SELECT", worker="SELECT", backoffice=EVERYTHING),
    )


class Site(Thing, Base):
    """A public site of a customer. `settings` holds what themes and feeds say about it, `lang` is its first language."""

    __tablename__ = "sites"
    slug: Mapped[str] = mapped_column(String(63))
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="active")
    lang: Mapped[str] = mapped_column(String(35))
    timezone: Mapped[str]
    currency: Mapped[str] = mapped_column(String(3))
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(f"state IN {CUSTOMER_STATES}", name="state"),
        ForeignKeyConstraint(["customer_id"], ["tenancy.customers.id"], ondelete="RESTRICT"),
        unique("ux_sites_slug", "customer_id", "slug"),
        info("tenancy", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class SiteLanguage(Tenant, Base):
    """A language of a site with its own tagline and notes; part of the site."""

    __tablename__ = "site_languages"
    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(String(35), primary_key=True)
    position: Mapped[int]
    texts: Mapped[dict[str, Any]]
    __table_args__ = (
        tenant_key("tenancy.sites", "site_id", ondelete="CASCADE"),
        info("tenancy", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class ThemeSettings(Thing, Base):
    """How one site looks: the name of its theme and what the owner chose."""

    __tablename__ = "theme_settings"
    site_id: Mapped[UUID]
    theme: Mapped[str]
    settings: Mapped[dict[str, Any]]
    __table_args__ = (
        tenant_key("tenancy.sites", "site_id", ondelete="CASCADE"),
        unique("ux_theme_settings_site", "customer_id", "site_id"),
        info("tenancy", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class Domain(Thing, Base):
    """A host name of a site. Host names are unique over all customers: they say whose request it is."""

    __tablename__ = "domains"
    site_id: Mapped[UUID]
    host: Mapped[str] = mapped_column(String(253))
    is_primary: Mapped[bool] = mapped_column(default=False)
    is_built_in: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="live")
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("host = lower(host)", name="host_lower"),
        CheckConstraint(f"state IN {DOMAIN_STATES}", name="state"),
        tenant_key("tenancy.sites", "site_id"),
        unique("ux_domains_host", "host"),
        Index("ix_domains_site", "customer_id", "site_id"),
        info("tenancy", directory="SELECT", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )
