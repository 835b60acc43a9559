"""A small schema of its own for the guard's tests: composite keys, composite foreign keys, and one owned function."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKeyConstraint, Integer, MetaData, Text, and_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, foreign, mapped_column, relationship, remote
from sqlalchemy_cockroachdb.psycopg import CockroachDBDialect_psycopg

from app.db.guard import GuardRules

ACME, GLOBEX = UUID(int=0xACE), UUID(int=0x610BE)
DIALECTS: dict[str, Dialect] = {"postgresql": PGDialect_psycopg(), "cockroachdb": CockroachDBDialect_psycopg()}


class Base(DeclarativeBase):
    metadata = MetaData(schema="pen")
    type_annotation_map = {str: Text(), int: BigInteger(), dict[str, Any]: JSONB()}


class Thing:
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)


def key(target: str, column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["customer_id", column], [f"pen.{target}.customer_id", f"pen.{target}.id"])


class Customer(Base):
    __tablename__ = "customers"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]


class Country(Base):
    __tablename__ = "countries"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Site(Thing, Base):
    __tablename__ = "sites"
    name: Mapped[str]
    posts: Mapped[list["Post"]] = relationship(
        primaryjoin=lambda: and_(Site.customer_id == Post.customer_id, Site.id == foreign(Post.site_id)), back_populates="site"
    )


class Post(Thing, Base):
    __tablename__ = "posts"
    __table_args__ = (key("sites", "site_id"),)
    site_id: Mapped[UUID | None]
    parent_id: Mapped[UUID | None]
    title: Mapped[str]
    number: Mapped[int] = mapped_column(Integer, default=0)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    site: Mapped[Site | None] = relationship(
        primaryjoin=lambda: and_(Site.customer_id == Post.customer_id, Site.id == foreign(Post.site_id)), back_populates="posts"
    )
    comments: Mapped[list["Comment"]] = relationship(
        primaryjoin=lambda: and_(Post.customer_id == Comment.customer_id, Post.id == foreign(Comment.post_id)),
        back_populates="post",
        cascade="all, delete-orphan",
    )
    children: Mapped[list["Post"]] = relationship(
        primaryjoin=lambda: and_(Post.customer_id == remote(Post.customer_id), Post.id == remote(foreign(Post.parent_id))),
        viewonly=True,
    )
    __mapper_args__ = {"version_id_col": version}


class Comment(Thing, Base):
    __tablename__ = "comments"
    __table_args__ = (key("posts", "post_id"),)
    post_id: Mapped[UUID]
    text: Mapped[str]
    post: Mapped[Post] = relationship(
        primaryjoin=lambda: and_(Post.customer_id == Comment.customer_id, Post.id == foreign(Comment.post_id)), back_populates="comments"
    )


RULES = GuardRules(
    tenant_tables=frozenset({"pen.sites", "pen.posts", "pen.comments", "pen.customers"}),
    tenant_keys={"pen.customers": "id"},
    open_tables=frozenset({"pen.countries"}),
    functions={"pen.newest_posts": 1},
)
