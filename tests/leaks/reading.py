"""Tries to read rows of another customer by statements of SQLAlchemy."""

from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Column,
    MetaData,
    String,
    Table,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    lateral,
    literal,
    not_,
    or_,
    select,
    table,
    true,
    tuple_,
    union_all,
    values,
)
from sqlalchemy.orm import aliased, make_transient_to_detached

from app.catalog.models import Product
from app.content.models import Post, Publication, Tag
from app.tenancy.models import Customer, Site
from tests.db.planting import ACME, GLOBEX
from tests.leaks.barriers import Try, counted, leak, seen, told_apart

READING = "Reading"
OURS = Post.customer_id == ACME
POSTS = Post.__table__


def ask(on: Try, statement: Any) -> str:
    """Execute, and look for Globex in every value."""
    return seen(on.session.execute(statement).all())


def looks_like(name: str, part: str, statement: Any) -> None:
    """Register a statement that shows Globex's rows unless something stops it."""
    leak(name, part)(lambda on: ask(on, statement() if callable(statement) else statement))


looks_like("a query without a condition", READING, lambda: select(Post.customer_id, Post.title))
looks_like("a query of a table instead of a class", READING, lambda: select(POSTS.c.customer_id))
looks_like("a table known by its name only", READING, lambda: select(table("posts", column("customer_id"), schema="content")))
looks_like(
    "the same table of another MetaData",
    READING,
    lambda: select(Table("posts", MetaData(schema="content"), Column("customer_id", Uuid)).c.customer_id),
)
looks_like("all customers", READING, lambda: select(Customer.id))
looks_like("OR instead of AND", READING, lambda: select(Post.customer_id).where(or_(OURS, Post.state == "draft")))
looks_like("NOT", READING, lambda: select(Post.customer_id).where(not_(Post.customer_id == Post.id)))
looks_like("a condition inside CASE", READING, lambda: select(Post.customer_id).where(case((OURS, True), else_=True)))
looks_like("a column compared with itself", READING, lambda: select(Post.customer_id).where(Post.customer_id == Post.customer_id))
looks_like(
    "a condition in HAVING only",
    READING,
    lambda: select(Post.customer_id).group_by(Post.customer_id).having(or_(Post.customer_id == ACME, func.count() > 0)),
)
looks_like("the right form with another customer's value", READING, lambda: select(Post.customer_id).where(Post.customer_id == GLOBEX))
looks_like("one of two customers", READING, lambda: select(Post.customer_id).where(Post.customer_id.in_([ACME, GLOBEX])))
looks_like(
    "one tuple of many", READING,
    lambda: select(Post.customer_id).where(tuple_(Post.customer_id, Post.state).in_([(ACME, "draft"), (GLOBEX, "draft")])),
)  # fmt: skip
looks_like(
    "a join by the id alone",
    READING,
    lambda: select(Site.customer_id).join(Post, Post.site_id == Site.id).where(OURS),
)
looks_like(
    "an alias that is not pinned",
    READING,
    lambda: select((other := aliased(Post)).customer_id).join(Post, Post.lang == other.lang).where(OURS),
)
looks_like(
    "an outer join whose condition pins only its other side",
    READING,
    lambda: select(Post.customer_id).outerjoin(Site, and_(Site.customer_id == ACME, OURS)),
)
looks_like("a scalar subquery", READING, lambda: select(select(func.max(cast(POSTS.c.customer_id, String))).scalar_subquery()))
looks_like(
    "a scalar subquery of another table", READING,
    lambda: select(Site.id, select(POSTS.c.customer_id).order_by(POSTS.c.customer_id.desc()).limit(1).scalar_subquery())
    .where(Site.customer_id == ACME),
)  # fmt: skip
looks_like("a common table expression", READING, lambda: select(select(POSTS.c.customer_id).cte().c.customer_id))
looks_like(
    "LATERAL",
    READING,
    lambda: (
        select((near := lateral(select(POSTS.c.customer_id).where(POSTS.c.site_id == Tag.site_id))).c.customer_id)
        .select_from(Tag)
        .join(near, true())
        .where(Tag.customer_id == ACME)
    ),
)
looks_like("an arm of a UNION", READING, lambda: union_all(select(Post.customer_id).where(OURS), select(Tag.customer_id)))
looks_like(
    "an arm of a UNION that only claims to be pinned", READING,
    lambda: select((both := union_all(
        select(POSTS.c.customer_id, POSTS.c.id).where(POSTS.c.customer_id == ACME),
        select(literal(ACME).label("customer_id"), POSTS.c.customer_id),
    ).subquery()).c.id).where(both.c.customer_id == ACME),
)  # fmt: skip
looks_like("a window function", READING, lambda: select(func.count().over(partition_by=Post.lang), Post.customer_id))


@leak("a recursive query that steps over the border", READING)
def recursion(on: Try) -> str:
    base = select(POSTS.c.customer_id, POSTS.c.lang).where(POSTS.c.customer_id == ACME).cte("tree", recursive=True)
    tree = base.union(select(POSTS.c.customer_id, POSTS.c.lang).where(POSTS.c.lang == base.c.lang))
    return ask(on, select(tree.c.customer_id))


@leak("VALUES that bring the other customer along", READING)
def brought_along(on: Try) -> str:
    wanted = values(column("customer_id", Uuid), name="wanted").data([(ACME,), (GLOBEX,)])
    return ask(on, select(Post.customer_id).join(wanted, wanted.c.customer_id == Post.customer_id))


@leak("a count", READING)
def count(on: Try) -> str:
    return counted(on.session.scalar(select(func.count()).select_from(Publication)) or 0, 1)


@leak("EXISTS as a question about others", READING)
def existence(on: Try) -> str:
    def asked(post_id: object) -> object:
        return on.session.scalar(select(exists().where(POSTS.c.id == post_id)))

    return told_apart(lambda: asked(on.theirs["only theirs"]["id"]), lambda: asked(uuid4()))


@leak("IN (SELECT …) as a question about others", READING)
def membership(on: Try) -> str:
    def asked(post_id: object) -> object:
        inner = select(POSTS.c.site_id).where(POSTS.c.id == post_id)
        return on.session.scalars(select(Site.id).where(Site.customer_id == ACME, Site.id.in_(inner))).all()

    return told_apart(lambda: asked(on.theirs["only theirs"]["id"]), lambda: asked(uuid4()))


@leak("a row by another customer's key", READING)
def by_key(on: Try) -> str:
    row = on.session.get(Post, (GLOBEX, on.theirs["content.posts"]["id"]))
    return seen([(row.customer_id,)] if row else [])


@leak("a value that is bound late", READING)
def late(on: Try) -> str:
    statement = select(Post.customer_id).where(Post.customer_id == bindparam("whose", type_=Uuid))
    on.session.execute(statement, {"whose": ACME})
    # The second execution meets the caches of statements that the first one has filled.
    return seen(on.session.execute(statement, {"whose": GLOBEX}).all())


def detached(on: Try) -> Post:
    """A post of Globex as another session may have left it."""
    post = Post(customer_id=GLOBEX, id=on.theirs["content.posts"]["id"])
    make_transient_to_detached(post)
    return post


@leak("reading on from a row of another session", READING)
def refreshed(on: Try) -> str:
    post = detached(on)
    on.session.add(post)
    return seen([(post.title, post.customer_id)])


@leak("merging a row of another session", READING)
def merged(on: Try) -> str:
    row = on.session.merge(Post(customer_id=GLOBEX, id=on.theirs["content.posts"]["id"]), load=True)
    return seen([(row.customer_id, row.title)]) if row.title else seen([])


@leak("a page of products by a list of ids", READING)
def by_ids(on: Try) -> str:
    return ask(on, select(Product.customer_id).where(Product.id.in_([on.theirs["catalog.products"]["id"]])))
