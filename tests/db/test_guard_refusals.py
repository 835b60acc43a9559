"""The right predicate, missing or in a place where it does not count: every way of leaking that we know of."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    Column,
    MetaData,
    Table,
    Text,
    TypeDecorator,
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
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import aliased, joinedload

from app.db.guard import prove
from tests.db.guard_schema import ACME, DIALECTS, GLOBEX, RULES, Comment, Customer, Post, Site

POSTS, SITES, COMMENTS = Post.__table__, Site.__table__, Comment.__table__
OURS = Post.customer_id == ACME
SITE = Site.id == Post.site_id
WITH_SITE = and_(Site.customer_id == Post.customer_id, SITE)
OTHER = aliased(Post, name="other")
SHADOW = table("posts", column("customer_id", Uuid), column("id", Uuid), column("title", Text), schema="pen")


class Swap(TypeDecorator[UUID]):
    impl = Uuid
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return GLOBEX


def joined_to(source: Any) -> Any:
    """All comments for which something that claims to be the tenant's rows vouches."""
    return select(COMMENTS).join(source, source.c.customer_id == COMMENTS.c.customer_id)


def arm(*columns: Any) -> Any:
    return select(*columns).select_from(SITES).where(SITES.c.customer_id == ACME)


def first(*columns: Any) -> Any:
    return select(*(columns or (POSTS.c.customer_id, POSTS.c.id))).where(POSTS.c.customer_id == ACME)


def shadowed_subquery() -> Any:
    """The inner `p` is meant as the outer one, and is compared with itself."""
    outer, inner = POSTS.alias("p"), POSTS.alias("p")
    counted = select(func.count()).select_from(inner).where(inner.c.customer_id == outer.c.customer_id).correlate(outer)
    return select(counted.scalar_subquery()).select_from(outer).where(outer.c.customer_id == ACME)


def shadowed_by_alias() -> Any:
    """An alias takes the bare name of a table around it."""
    inner = COMMENTS.alias("posts")
    counted = select(func.count()).select_from(inner).where(inner.c.customer_id == ACME)
    return select(counted.scalar_subquery(), POSTS.c.id).where(POSTS.c.customer_id == ACME)


def circle() -> Any:
    """Two tables that vouch for each other."""
    return select(Post, Site).where(Post.customer_id == Site.customer_id, Site.customer_id == Post.customer_id)


def nested_cte() -> Any:
    """An inner WITH hides the outer of the same name."""
    outer = first(POSTS.c.customer_id).cte("c")
    inner = arm(SITES.c.id.label("customer_id")).cte("c", nesting=True)
    return joined_to(select(inner.c.customer_id).subquery()).join(outer, outer.c.customer_id == COMMENTS.c.customer_id)


def correlated_value() -> Any:
    """The outer table's predicate stands in a subquery, where it limits nothing."""
    counted = select(func.count(COMMENTS.c.id)).where(COMMENTS.c.customer_id == ACME, POSTS.c.customer_id == ACME).correlate(POSTS)
    return select(POSTS.c.id, counted.scalar_subquery())


def full_join() -> Any:
    return select(Post).join(Site, and_(WITH_SITE, OURS), full=True)


def join_kept(inside: Any) -> Any:
    """A condition that stands in the ON of an outer join, on the side that keeps its rows."""
    return select(POSTS.c.id).select_from(inside)


def keyed_column() -> Any:
    """A column whose key in Python is the tenant's, but not its name in the database."""
    rows = Table("posts", MetaData(schema="pen"), Column("customer_id", Uuid, key="tenant"), Column("id", Uuid, key="customer_id"))
    return rows


LEAKS: dict[str, tuple[str, Callable[[], Any]]] = {
    # Reading without a predicate.
    "entity": ("unproven", lambda: select(Post)),
    "columns": ("unproven", lambda: select(Post.title)),
    "count": ("unproven", lambda: select(func.count()).select_from(Post)),
    "core table": ("unproven", lambda: select(POSTS)),
    "shadow table": ("unproven", lambda: select(SHADOW)),
    "other metadata": ("unproven", lambda: select(POSTS.to_metadata(MetaData()))),
    "table without schema": ("relation", lambda: select(table("posts", column("customer_id"))).where(column("customer_id") == ACME)),
    "dotted name": ("relation", lambda: select(table("pen.posts", column("id")))),
    "unknown table": ("relation", lambda: select(table("secrets", column("id"), schema="pen"))),
    "catalog": ("relation", lambda: select(table("pg_class", column("reltuples"), schema="pg_catalog"))),
    "view of it": ("relation", lambda: select(table("posts_view", column("id"), schema="pen"))),
    "customers by another column": ("unproven", lambda: select(Customer).where(Customer.name == "acme")),
    # The right predicate in a place where it does not count.
    "or": ("unproven", lambda: select(Post).where(or_(OURS, Post.number == 1))),
    "or around and": ("unproven", lambda: select(Post).where(or_(and_(OURS, Post.number == 1), Post.number == 2))),
    "not": ("unproven", lambda: select(Post).where(not_(OURS))),
    "not in": ("unproven", lambda: select(Post).where(Post.customer_id.not_in([ACME]))),
    "not equal": ("unproven", lambda: select(Post).where(Post.customer_id != ACME)),
    "case": ("unproven", lambda: select(Post).where(case((OURS, True), else_=True))),
    "is true": ("unproven", lambda: select(Post).where(OURS.is_(True))),
    "coalesce": ("unproven", lambda: select(Post).where(func.coalesce(Post.customer_id, ACME) == ACME)),
    "is not distinct from": ("unproven", lambda: select(Post).where(Post.customer_id.is_not_distinct_from(ACME))),
    "having": ("unproven", lambda: select(Post.customer_id).group_by(Post.customer_id).having(OURS)),
    "columns clause": ("unproven", lambda: select(Post.id, OURS)),
    "filter of an aggregate": ("unproven", lambda: select(func.count().filter(OURS))),
    "order by": ("unproven", lambda: select(Post.id).order_by(OURS)),
    "itself": ("unproven", lambda: select(Post).where(Post.customer_id == Post.customer_id)),
    "circle": ("unproven", circle),
    "two values": ("unproven", lambda: select(Post).where(literal(ACME) == literal(ACME))),
    "null": ("unproven", lambda: select(Post).where(Post.customer_id.is_(None))),
    "greater": ("unproven", lambda: select(Post).where(Post.customer_id >= ACME)),
    "between": ("unproven", lambda: select(Post).where(Post.customer_id.between(ACME, GLOBEX))),
    "wrong column": ("unproven", lambda: select(Post).where(Post.id == ACME)),
    "cast of the column": ("unproven", lambda: select(Post).where(cast(Post.customer_id, Text) == str(ACME))),
    "function of the value": ("unproven", lambda: select(Post).where(Post.customer_id == func.gen_random_uuid())),
    "value of a type that changes it": ("unproven", lambda: select(Post).where(Post.customer_id == bindparam("c", ACME, type_=Swap))),
    "column of a type that changes it": ("unproven", lambda: select(Post).where(type_coerce(Post.customer_id, Swap) == ACME)),
    "rendered value": ("unproven", lambda: select(Post).where(Post.customer_id == bindparam("c", ACME, literal_execute=True))),
    "custom equals": ("unproven", lambda: select(Post).where(Post.customer_id.op("=")(ACME))),
    "row equality": ("unproven", lambda: select(Post).where(tuple_(Post.customer_id, Post.id) == tuple_(literal(ACME), literal(ACME)))),
    "tuples without the tenant": ("unproven", lambda: select(Post).where(tuple_(Post.id, Post.site_id).in_([(ACME, ACME)]))),
    "any of an array": ("unproven", lambda: select(Post).where(Post.customer_id == func.any(literal([ACME], postgresql.ARRAY(Uuid))))),
    "unqualified column": ("unproven", lambda: select(Post).where(column("customer_id") == ACME)),
    "column of nowhere": ("unproven", lambda: select(POSTS.c.id).where(COMMENTS.c.customer_id == ACME)),
    "key is not the name": ("unproven", lambda: (lambda t: select(t.c.tenant).where(t.c.customer_id == ACME))(keyed_column())),
    # Joins.
    "alias unproven": ("unproven", lambda: select(Post, OTHER).where(OURS)),
    "self join by id": ("unproven", lambda: select(Post, OTHER).join(OTHER, OTHER.id == Post.parent_id).where(OURS)),
    "join by id": ("unproven", lambda: select(Post, Site).join(Site, SITE).where(OURS)),
    "left join by id": ("unproven", lambda: select(Post, Site).outerjoin(Site, SITE).where(OURS)),
    "left join proves the wrong side": ("unproven", lambda: select(Post).outerjoin(Site, and_(OURS, WITH_SITE))),
    "full join": ("unproven", full_join),
    "full join, one side in WHERE": ("unproven", lambda: select(Site.name).join(Post, WITH_SITE, full=True).where(OURS)),
    "comma join": ("unproven", lambda: select(Post.id, Comment.text).where(OURS)),
    "parenthesised join, outer": (
        "unproven",
        lambda: join_kept(POSTS.outerjoin(SITES.join(COMMENTS, SITES.c.id == COMMENTS.c.id), POSTS.c.customer_id == ACME)),
    ),
    "parenthesised join, inside": (
        "unproven",
        lambda: join_kept(POSTS.join(SITES.join(COMMENTS, SITES.c.id == COMMENTS.c.id), SITES.c.id == POSTS.c.site_id)).where(
            POSTS.c.customer_id == ACME, SITES.c.customer_id == ACME
        ),
    ),
    "right side of a left join vouches for the left": (
        "unproven",
        lambda: join_kept(POSTS.outerjoin(SITES, and_(SITES.c.customer_id == ACME, SITES.c.customer_id == POSTS.c.customer_id))),
    ),
    "joined load of an unpinned relationship": ("unproven", lambda: select(Post).options(joinedload(Post.comments))),
    # Subqueries and CTEs.
    "scalar subquery": ("unproven", lambda: select(Post, select(func.max(Comment.text)).scalar_subquery()).where(OURS)),
    "predicate inside a subquery": ("unproven", correlated_value),
    "predicate outside a cte": ("unproven", lambda: (lambda c: select(c).where(c.c.customer_id == ACME))(select(POSTS).cte())),
    "predicate outside a subquery": ("unproven", lambda: (lambda s: select(s).where(s.c.customer_id == ACME))(select(POSTS).subquery())),
    "unused cte": ("unproven", lambda: select(Post.id).where(OURS).add_cte(select(Comment.text).cte("other"))),
    "lateral": ("unproven", lambda: select(Post.id, lateral(select(Comment.text)).c.text).where(OURS)),
    "tablesample": ("unproven", lambda: select(POSTS.tablesample(10, name="s").c.id)),
    "exists": ("predicate", lambda: select(Post).where(OURS, exists().where(WITH_SITE).correlate(Post))),
    "not exists": ("predicate", lambda: select(Post).where(OURS, ~exists().where(WITH_SITE).correlate(Post))),
    "exists as a column": ("predicate", lambda: select(Post.id, exists().where(WITH_SITE).correlate(Post)).where(OURS)),
    "any()": ("predicate", lambda: select(Post).where(OURS, Post.comments.any(Comment.text == "x"))),
    "has()": ("predicate", lambda: select(Post).where(OURS, Post.site.has(Site.name == "x"))),
    "in select": ("predicate", lambda: select(Post).where(OURS, Post.site_id.in_(select(Site.id).where(Site.customer_id == ACME)))),
    "in select of a cte": (
        "predicate",
        lambda: (lambda c: select(Post, c.c.id).where(OURS, Post.site_id.in_(select(c.c.id))))(arm(SITES.c.id).cte("sites_of")),
    ),
    "not in union": ("predicate", lambda: select(Post).where(OURS, Post.id.not_in(first(POSTS.c.id).union(arm(SITES.c.id))))),
    "equals any select": (
        "predicate",
        lambda: select(Post).where(OURS, Post.site_id == select(Site.id).where(Site.customer_id == ACME).scalar_subquery().any_()),
    ),
    "tenant in select": ("unproven", lambda: select(Post).where(Post.customer_id.in_(select(literal(ACME))))),
    "shadowed subquery": ("unproven", shadowed_subquery),
    "shadowed by an alias": ("shadow", shadowed_by_alias),
    "nested cte": ("nesting", nested_cte),
}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
@pytest.mark.parametrize("name", LEAKS)
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_it_is_refused(name: str, dialect: Any) -> None:
    rule, build = LEAKS[name]
    assert rule in {finding.rule for finding in prove(build(), dialect, RULES).findings}


def test_the_message_names_the_table_and_no_value() -> None:
    proof = prove(select(Post).where(Post.id == GLOBEX), DIALECTS["postgresql"], RULES)
    assert [str(finding) for finding in proof.findings] == ["unproven: pen.posts is not limited to one customer"]
