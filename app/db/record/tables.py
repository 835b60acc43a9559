"""Tables of what every write leaves behind (schemas audit and ops) and of the machinery that folds it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, SmallInteger, String, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import EVERYTHING, HISTORY, Base, Tenant, info

SHARDS = 16
ERASURE = "SELECT, INSERT, UPDATE, DELETE"


class Version(Tenant):
    """The columns of every table of versions: the thing, the number of its version, who and how, and the whole thing."""

    thing_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True, sort_order=-10)
    kind: Mapped[str]
    at: Mapped[datetime]
    change_set_id: Mapped[UUID]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    door: Mapped[str]
    payload: Mapped[dict[str, Any]]


class ThingVersion(Version, Base):
    """The history of everything but posts and products, which have tables of their own."""

    __tablename__ = "versions"
    thing_type: Mapped[str]
    __table_args__ = (info("audit", app=HISTORY, worker="SELECT", backoffice=ERASURE),)


class ChangeSet(Tenant, Base):
    """One act of one actor, whatever it touched."""

    __tablename__ = "change_sets"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    verb: Mapped[str]
    reason: Mapped[str | None]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    door: Mapped[str]
    session_id: Mapped[UUID | None]
    request_id: Mapped[str | None]
    __table_args__ = (
        Index("ix_change_sets_recent", "customer_id", text("at DESC"), text("id DESC")),
        info("audit", app=HISTORY, worker="SELECT", backoffice=ERASURE, reader="SELECT"),
    )


class ChangeSetMark(Tenant, Base):
    """What became of a change set that spans transactions: completed, interrupted or undone."""

    __tablename__ = "change_set_marks"
    change_set_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    mark: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("mark IN ('completed', 'interrupted', 'undone')", name="mark"),
        info("audit", app=HISTORY, worker="SELECT", backoffice=ERASURE),
    )


class Event(Tenant, Base):
    """What one change set did to one thing."""

    __tablename__ = "events"
    change_set_id: Mapped[UUID] = mapped_column(primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    to_version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    thing_type: Mapped[str]
    from_version: Mapped[int]
    kind: Mapped[str]
    fields: Mapped[list[Any]]
    label: Mapped[str]
    at: Mapped[datetime]
    __table_args__ = (
        Index("ix_events_thing", "customer_id", "thing_id", "to_version"),
        info("audit", app=HISTORY, worker="SELECT", backoffice=ERASURE),
    )


class ChangeIn(Base):
    """The inbox of the sequencer: a version that has no number yet."""

    __tablename__ = "changes_in"
    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True, server_default=func.now())
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    thing_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    thing_type: Mapped[str]
    is_deleted: Mapped[bool]
    __table_args__ = (info("ops", app="INSERT", worker=EVERYTHING, backoffice="SELECT, INSERT, DELETE"),)


class Change(Tenant, Base):
    """A numbered change. Numbers of a customer have no gaps and never change."""

    __tablename__ = "changes"
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    thing_type: Mapped[str]
    thing_id: Mapped[UUID]
    version: Mapped[int]
    is_deleted: Mapped[bool]
    at: Mapped[datetime]
    __table_args__ = (
        Index("ix_changes_deleted", "customer_id", "number", postgresql_where=text("is_deleted IS true")),
        info("ops", app="SELECT", worker=EVERYTHING, backoffice="SELECT, DELETE"),
    )


class ChangeHead(Base):
    """The newest number of a customer, and the oldest that is still retained."""

    __tablename__ = "change_heads"
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    oldest: Mapped[int] = mapped_column(default=1)
    __table_args__ = (info("ops", app="SELECT", worker=EVERYTHING, backoffice="SELECT, DELETE"),)


class Seal(Tenant, Base):
    """One link of a customer's chain over its history: the changes from `first_number` to `last_number`, by their digests.

    `entries` and `marks` hold digests in a fixed width (app/db/record/digests.py), `previous` and `hash` chain the links.
    `salts` is under no hash: an erasure puts its own id in the place of a salt, so that the digest of what is gone
    cannot be guessed. `at` is the database's time.
    """

    __tablename__ = "seals"
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    first_number: Mapped[int]
    last_number: Mapped[int]
    at: Mapped[datetime]
    previous: Mapped[bytes]
    hash: Mapped[bytes]
    entries: Mapped[bytes]
    marks: Mapped[bytes]
    salts: Mapped[bytes]
    __table_args__ = (info("audit", app="SELECT", worker="SELECT, INSERT", backoffice="SELECT, UPDATE, DELETE"),)


class SealHead(Base):
    """Where the chain of a customer ends: a seal missing at the end is seen, and idle customers cost nothing."""

    __tablename__ = "seal_heads"
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    last_number: Mapped[int]
    marks: Mapped[int]
    hash: Mapped[bytes]
    at: Mapped[datetime]
    __table_args__ = (info("audit", app="SELECT", worker="SELECT, INSERT, UPDATE", backoffice="SELECT, DELETE"),)


class Usage(Base):
    """The figures of a customer for the operator's lists, as they were when the change `number` was the newest; folded by the worker."""

    __tablename__ = "usage"
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    sites: Mapped[int]
    posts: Mapped[int]
    products: Mapped[int]
    pictures: Mapped[int]
    storage_bytes: Mapped[int]
    active_at: Mapped[datetime | None]
    at: Mapped[datetime]
    __table_args__ = (info("ops", app="SELECT", worker=EVERYTHING, backoffice="SELECT, DELETE"),)


class CacheBump(Tenant, Base):
    """A tag whose cached pages are out of date since `at`, by the database's clock."""

    __tablename__ = "cache_bumps"
    tag: Mapped[str] = mapped_column(String(200), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    shard: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    __table_args__ = (
        Index("ix_cache_bumps_recent", "shard", "at"),
        info("ops", directory="SELECT", app="SELECT, INSERT", worker="SELECT, DELETE", backoffice="SELECT, INSERT, DELETE"),
    )


class CacheTag(Tenant, Base):
    """The folded part of a tag's version."""

    __tablename__ = "cache_tags"
    tag: Mapped[str] = mapped_column(String(200), primary_key=True)
    base: Mapped[int]
    __table_args__ = (info("ops", app="SELECT", worker=EVERYTHING, backoffice="SELECT, DELETE"),)


class OutboxRow(Base):
    """Work promised inside a transaction and done afterwards by the worker."""

    __tablename__ = "outbox"
    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    customer_id: Mapped[UUID]
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    available_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    done_at: Mapped[datetime | None]
    dead_at: Mapped[datetime | None]
    error: Mapped[str | None]
    __table_args__ = (
        Index("ix_outbox_ready", "shard", "available_at", "id", postgresql_where=text("done_at IS NULL AND dead_at IS NULL")),
        info("ops", app="INSERT", worker=EVERYTHING, backoffice=EVERYTHING),
    )


class OutboxShard(Base):
    """Who works on a shard of the outbox, until when, and a number that rises with every new owner."""

    __tablename__ = "outbox_shards"
    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    owner: Mapped[UUID | None]
    lease_until: Mapped[datetime]
    fence: Mapped[int]
    __table_args__ = (info("ops", everyone=True, worker=EVERYTHING),)


class Lease(Base):
    """A role that only one process may have, such as sequencer or migrator."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(String(63), primary_key=True)
    owner: Mapped[UUID | None]
    lease_until: Mapped[datetime]
    fence: Mapped[int]
    __table_args__ = (info("ops", everyone=True, worker=EVERYTHING, migrator=EVERYTHING),)


class Process(Base):
    """A living process of this installation and its figures."""

    __tablename__ = "processes"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str]
    host: Mapped[str]
    pid: Mapped[int]
    seen_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]]
    __table_args__ = (info("ops", everyone=True, directory=EVERYTHING, worker=EVERYTHING),)


class IdempotencyKey(Tenant, Base):
    """The claim of a request that must happen once. `claim` hashes key, credential, method and path."""

    __tablename__ = "idempotency_keys"
    claim: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    fingerprint: Mapped[bytes]
    created_at: Mapped[datetime]
    __table_args__ = (info("ops", app=HISTORY, worker="SELECT, DELETE", backoffice="SELECT, DELETE"),)


class IdempotencyAnswer(Tenant, Base):
    """What was answered to a request that must happen once."""

    __tablename__ = "idempotency_answers"
    claim: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    status: Mapped[int] = mapped_column(SmallInteger)
    headers: Mapped[dict[str, Any]]
    body: Mapped[bytes]
    created_at: Mapped[datetime]
    __table_args__ = (info("ops", app=HISTORY, worker="SELECT, DELETE", backoffice="SELECT, DELETE"),)
