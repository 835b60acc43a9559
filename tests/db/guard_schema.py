"""A small schema of its own for the guard's tests: composite keys, composite foreign keys, and one owned function."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKeyConstraint, Integer, MetaData, Text, and_, create_engine, make_url, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, foreign, mapped_column, relationship, remote
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


@contextmanager
def pen_database(admin_url: str, *customers: UUID) -> Iterator[str]:
    """The address of a new database with rows of these customers, for an administrator; it is dropped afterwards."""
    name = f"guard_{secrets.token_hex(4)}"
    admin = create_engine(admin_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    address = make_url(admin_url).set(database=name).render_as_string(hide_password=False)
    fill(address, customers)
    yield address
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} {'CASCADE' if admin.dialect.name == 'cockroachdb' else 'WITH (FORCE)'}"))
    admin.dispose()


def fill(address: str, customers: tuple[UUID, ...]) -> None:
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA pen"))
        Base.metadata.create_all(connection)
        connection.execute(
            text(
                "CREATE FUNCTION pen.newest_posts(n bigint) RETURNS TABLE (id uuid, customer_id uuid) LANGUAGE SQL STABLE AS"
                f" $$ SELECT id, customer_id FROM pen.posts WHERE customer_id = '{ACME}' ORDER BY number DESC LIMIT n $$"
            )
        )
    with Session(engine) as session:
        for customer_id in customers:
            session.add_all(rows_of(customer_id))
        session.add(Country(code="de", name="Germany"))
        session.commit()
    engine.dispose()


def rows_of(customer_id: UUID) -> list[Any]:
    """Rows whose ids are the same for every customer, so that a join by id alone crosses over."""
    owner = Customer(id=customer_id, name=str(customer_id))
    sites = [Site(customer_id=customer_id, id=UUID(int=100 + n), name=f"site {n} {customer_id}") for n in range(2)]
    posts = [Post(customer_id=customer_id, id=UUID(int=200 + n), title=f"post {n}", number=n, site=sites[n % 2]) for n in range(6)]
    for n, post in enumerate(posts):
        post.parent_id = posts[0].id if n else None
        post.comments = [Comment(customer_id=customer_id, id=UUID(int=300 + 2 * n + m), text=f"{n} {customer_id}") for m in range(2)]
    return [owner, *sites, *posts]
