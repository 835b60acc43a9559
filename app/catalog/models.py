"""Tables of the room catalog: products with variants, prices and stock, their history and their publications."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import EVERYTHING, HISTORY, WORKING, Base, Tenant, Thing, info, tenant_key, unique
from app.db.record.tables import Version

PRICE_KINDS = ("retail", "wholesale", "sale")
AVAILABILITIES = ("in_stock", "out_of_stock", "backorder", "preorder")
FIELDED = ("post", "product")
LARGEST_AMOUNT = 2**53 - 1


class Category(Thing, Base):
    """A shelf of the catalogue. `slug` is the whole path, such as coffee/filter."""

    __tablename__ = "categories"
    slug: Mapped[str] = mapped_column(String(200))
    label: Mapped[str]
    labels: Mapped[dict[str, Any]]
    summary: Mapped[str]
    position: Mapped[int]
    __table_args__ = (
        ForeignKeyConstraint(["customer_id"], ["tenancy.customers.id"], ondelete="RESTRICT"),
        unique("ux_categories_slug", "customer_id", "slug"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class Product(Thing, Base):
    """The working copy of a product. `text_version` is the version of its last change that was not only price or stock."""

    __tablename__ = "products"
    lang: Mapped[str] = mapped_column(String(35))
    translation_key: Mapped[UUID | None]
    slug: Mapped[str] = mapped_column(String(200))
    title: Mapped[str]
    summary: Mapped[str]
    body_source: Mapped[str]
    body_format: Mapped[str]
    brand: Mapped[str]
    category_id: Mapped[UUID | None]
    tags: Mapped[list[Any]]
    fields: Mapped[dict[str, Any]]
    tax_rate_percent: Mapped[int] = mapped_column(default=0)
    is_featured: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="draft")
    text_version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("body_format IN ('html', 'markdown')", name="body_format"),
        CheckConstraint("state IN ('draft', 'active', 'archived')", name="state"),
        ForeignKeyConstraint(["customer_id"], ["tenancy.customers.id"], ondelete="RESTRICT"),
        tenant_key("catalog.categories", "category_id"),
        unique("ux_products_address", "customer_id", "lang", "slug"),
        Index("ix_products_category", "customer_id", "category_id"),
        Index("ix_products_translation", "customer_id", "translation_key"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING, reader="SELECT"),
    )


class ProductSite(Tenant, Base):
    """A site that may show a product; part of the product."""

    __tablename__ = "product_sites"
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    __table_args__ = (
        tenant_key("catalog.products", "product_id", ondelete="CASCADE"),
        tenant_key("tenancy.sites", "site_id"),
        Index("ix_product_sites_site", "customer_id", "site_id"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class ProductImage(Tenant, Base):
    """A picture of a product, in order; part of the product."""

    __tablename__ = "product_images"
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    media_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    __table_args__ = (
        tenant_key("catalog.products", "product_id", ondelete="CASCADE"),
        tenant_key("content.media", "media_id"),
        Index("ix_product_images_media", "customer_id", "media_id"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class Option(Tenant, Base):
    """What variants of a product differ in, such as colour or bag size; part of the product."""

    __tablename__ = "options"
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(63), primary_key=True)
    label: Mapped[str]
    choices: Mapped[list[Any]]
    position: Mapped[int]
    __table_args__ = (
        tenant_key("catalog.products", "product_id", ondelete="CASCADE"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class Variant(Tenant, Base):
    """One thing that can be bought; part of the product. SKUs are unique within the customer, whatever their case."""

    __tablename__ = "variants"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    product_id: Mapped[UUID]
    sku: Mapped[str] = mapped_column(String(100))
    sku_norm: Mapped[str] = mapped_column(String(100))
    gtin: Mapped[str | None] = mapped_column(String(14))
    option_values: Mapped[dict[str, Any]]
    unit_measure: Mapped[dict[str, Any] | None]
    weight_g: Mapped[int | None]
    images: Mapped[list[Any]]
    position: Mapped[int]
    __table_args__ = (
        tenant_key("catalog.products", "product_id", ondelete="CASCADE"),
        unique("ux_variants_sku", "customer_id", "sku_norm"),
        Index("ix_variants_product", "customer_id", "product_id", "position"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class Price(Tenant, Base):
    """The present price of a variant, one row a kind, in minor units; part of the product. Wholesale is a row of its own."""

    __tablename__ = "prices"
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(f"kind IN {PRICE_KINDS}", name="kind"),
        CheckConstraint(f"amount >= 0 AND amount <= {LARGEST_AMOUNT}", name="amount"),
        tenant_key("catalog.variants", "variant_id", ondelete="CASCADE"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class PriceHistory(Tenant, Base):
    """What a variant has cost since when; amount None means that the price of this kind ended."""

    __tablename__ = "price_history"
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    change_set_id: Mapped[UUID] = mapped_column(primary_key=True)
    amount: Mapped[int | None]
    currency: Mapped[str] = mapped_column(String(3))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint(f"kind IN {PRICE_KINDS}", name="kind"),
        info("catalog", app=HISTORY, worker="SELECT", backoffice="SELECT, INSERT, DELETE"),
    )


class Stock(Tenant, Base):
    """How many of a variant there are and what is said of it; part of the product."""

    __tablename__ = "stock"
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    on_hand: Mapped[int | None]
    availability: Mapped[str]
    available_from: Mapped[date | None]
    __table_args__ = (
        CheckConstraint(f"availability IN {AVAILABILITIES}", name="availability"),
        tenant_key("catalog.variants", "variant_id", ondelete="CASCADE"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class Movement(Tenant, Base):
    """A change of stock: how many came or went, and what was left."""

    __tablename__ = "movements"
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    delta: Mapped[int]
    on_hand: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime]
    change_set_id: Mapped[UUID]
    __table_args__ = (
        Index("ix_movements_at", "customer_id", "variant_id", sql("at DESC")),
        info("catalog", app=HISTORY, worker="SELECT", backoffice="SELECT, INSERT, DELETE"),
    )


class ProductPost(Tenant, Base):
    """A post that belongs to a product's page; part of the product."""

    __tablename__ = "product_posts"
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int]
    __table_args__ = (
        tenant_key("catalog.products", "product_id", ondelete="CASCADE"),
        Index("ix_product_posts_post", "customer_id", "post_id"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class ProductVersion(Version, Base):
    """Every save of a product, whole, with its variants, prices and stock."""

    __tablename__ = "product_versions"
    title: Mapped[str]
    __table_args__ = (
        Index("ix_product_versions_recent", "customer_id", sql("at DESC"), sql("thing_id DESC"), sql("version DESC")),
        info("catalog", app="SELECT, INSERT", worker="SELECT", backoffice="SELECT, INSERT, DELETE, UPDATE", reader="SELECT"),
    )


class ProductPublication(Tenant, Base):
    """What visitors and feeds see of a product on one site: texts pinned by Publish, offers rewritten by every price act."""

    __tablename__ = "product_publications"
    site_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    lang: Mapped[str] = mapped_column(String(35))
    translation_key: Mapped[UUID | None]
    slug: Mapped[str] = mapped_column(String(200))
    title: Mapped[str]
    category: Mapped[str]
    text_version: Mapped[int]
    offer_version: Mapped[int]
    render_version: Mapped[int]
    published_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    text: Mapped[dict[str, Any]]
    offer: Mapped[dict[str, Any]]
    __table_args__ = (
        tenant_key("tenancy.sites", "site_id"),
        tenant_key("catalog.products", "product_id"),
        unique("ux_product_publications_address", "customer_id", "site_id", "lang", "slug"),
        Index("ix_product_publications_newest", "customer_id", "site_id", "lang", sql("published_at DESC"), sql("product_id DESC")),
        Index("ix_product_publications_product", "customer_id", "product_id"),
        Index("ix_product_publications_translation", "customer_id", "translation_key"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING, reader="SELECT"),
    )


class FieldDefinition(Thing, Base):
    """A custom field of posts or products: its label per language and whether lists can be narrowed by it."""

    __tablename__ = "field_definitions"
    thing_type: Mapped[str]
    code: Mapped[str] = mapped_column(String(63))
    label: Mapped[str]
    labels: Mapped[dict[str, Any]]
    is_facet: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]
    __table_args__ = (
        CheckConstraint(f"thing_type IN {FIELDED}", name="thing_type"),
        ForeignKeyConstraint(["customer_id"], ["tenancy.customers.id"], ondelete="RESTRICT"),
        unique("ux_field_definitions_code", "customer_id", "thing_type", "code"),
        info("catalog", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )
