"""Tables of the room identity: people, what they may do for which customer, sessions, single-use links and API keys."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import EVERYTHING, HISTORY, WORKING, Base, Tenant, Thing, info, tenant_key, unique

ROLES = ("reader", "author", "editor", "owner")


class User(Base):
    """A person who signs in; belongs to no customer. The role `app` sees no row, but foreign keys can be checked."""

    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    version: Mapped[int] = mapped_column(default=1)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str]
    password_hash: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="active")
    created_at: Mapped[datetime]
    __mapper_args__ = {"version_id_col": version, "version_id_generator": False, "eager_defaults": False}
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("state IN ('active', 'closed')", name="state"),
        unique("ux_users_email", "email"),
        info("identity", directory="SELECT, INSERT, UPDATE", app="SELECT", backoffice=EVERYTHING),
    )


class Session(Base):
    """A signed-in browser. Only the hash of its token is stored; client address and agent stand here and nowhere else."""

    __tablename__ = "sessions"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    id: Mapped[UUID] = mapped_column(default=uuid4)
    user_id: Mapped[UUID]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str]
    agent: Mapped[str]
    __table_args__ = (
        ForeignKeyConstraint(["user_id"], ["identity.users.id"], ondelete="CASCADE"),
        Index("ix_sessions_user", "user_id"),
        info("identity", everyone=True, directory=EVERYTHING, worker="SELECT, DELETE", backoffice=EVERYTHING),
    )


class SignInAttempt(Base):
    """A failed sign-in, counted per account and per client address; `subject` is a keyed hash of either."""

    __tablename__ = "sign_in_attempts"
    subject: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    __table_args__ = (info("identity", everyone=True, directory=EVERYTHING, worker="SELECT, DELETE", backoffice=EVERYTHING),)


class SingleUseLink(Base):
    """A link that sets a password once. Only the hash of its token is stored."""

    __tablename__ = "single_use_links"
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[UUID]
    purpose: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["user_id"], ["identity.users.id"], ondelete="CASCADE"),
        CheckConstraint("purpose IN ('first_password', 'reset')", name="purpose"),
        Index("ix_single_use_links_user", "user_id"),
        info("identity", everyone=True, directory=EVERYTHING, worker="SELECT, DELETE", backoffice=EVERYTHING),
    )


class PersonEvent(Base):
    """What happened to a person's access (password, link, session): never changed afterwards."""

    __tablename__ = "person_events"
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    verb: Mapped[str]
    details: Mapped[dict[str, Any]]
    __table_args__ = (info("identity", everyone=True, directory=HISTORY, backoffice=HISTORY),)


class Membership(Thing, Base):
    """What a person may do for a customer, or for one site of it."""

    __tablename__ = "memberships"
    user_id: Mapped[UUID]
    role: Mapped[str]
    site_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(f"role IN {ROLES}", name="role"),
        ForeignKeyConstraint(["user_id"], ["identity.users.id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(["customer_id"], ["tenancy.customers.id"], ondelete="RESTRICT"),
        tenant_key("tenancy.sites", "site_id"),
        unique("ux_memberships_user", "customer_id", "user_id"),
        Index("ix_memberships_site", "customer_id", "site_id"),
        Index("ix_memberships_of_user", "user_id", "customer_id"),
        info("identity", directory="SELECT", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class ApiKey(Thing, Base):
    """A key for programs. The secret is shown once; its hash lies in `key_hashes`."""

    __tablename__ = "api_keys"
    name: Mapped[str]
    prefix: Mapped[str]
    last_four: Mapped[str]
    scopes: Mapped[list[Any]]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["customer_id"], ["tenancy.customers.id"], ondelete="RESTRICT"),
        info("identity", app=WORKING, worker="SELECT", backoffice=EVERYTHING),
    )


class KeyHash(Base):
    """From the hash of a secret to the customer and key: asked before the customer is known."""

    __tablename__ = "key_hashes"
    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    customer_id: Mapped[UUID] = mapped_column()
    key_id: Mapped[UUID]
    # The mapper's key carries the customer, so that removing a row is pinned to him like everything else.
    __mapper_args__ = {"primary_key": [hash, customer_id], "eager_defaults": False}
    __table_args__ = (
        tenant_key("identity.api_keys", "key_id", ondelete="CASCADE"),
        unique("ux_key_hashes_key", "customer_id", "key_id"),
        info("identity", directory="SELECT", app="SELECT, INSERT, DELETE", backoffice=EVERYTHING),
    )


class HeldForm(Tenant, Base):
    """The fields of a form whose session had expired, kept for the same person for a day."""

    __tablename__ = "held_forms"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID]
    address: Mapped[str]
    fields: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["user_id"], ["identity.users.id"], ondelete="CASCADE"),
        Index("ix_held_forms_user", "customer_id", "user_id"),
        info("identity", app="SELECT, INSERT, DELETE", worker="SELECT, DELETE", backoffice=EVERYTHING),
    )
