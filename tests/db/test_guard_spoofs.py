"""Statements written by hand to look proven, and writes that would leave or leave behind another customer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import (
    Column,
    MetaData,
    String,
    Table,
    TypeDecorator,
    Uuid,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    text,
    type_coerce,
    union_all,
    update,
    values,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from app.db.guard import prove
from tests.db.guard_schema import ACME, DIALECTS, GLOBEX, RULES, Comment, Post, Site

POSTS, SITES, COMMENTS = Post.__table__, Site.__table__, Comment.__table__
OURS = Post.customer_id == ACME
SITE = Site.id == Post.site_id
ROW = {"customer_id": ACME, "id": ACME, "title": "one", "number": 1, "extra": {}, "version": 1}


class Swap(TypeDecorator[UUID]):
    impl = Uuid
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return GLOBEX


class Everything(ColumnElement[bool]):
    inherit_cache = True


@compiles(Everything)
def everything(element: Any, compiler: Any, **kw: Any) -> str:
    return "1=1 OR true"


def joined_to(source: Any) -> Any:
    """All comments for which something that claims to be the tenant's rows vouches."""
    return select(COMMENTS).join(source, source.c.customer_id == COMMENTS.c.customer_id)


def arm(*columns: Any) -> Any:
    return select(*columns).select_from(SITES).where(SITES.c.customer_id == ACME)


def first(*columns: Any) -> Any:
    return select(*(columns or (POSTS.c.customer_id, POSTS.c.id))).where(POSTS.c.customer_id == ACME)


def recursion(base: Any, below: Callable[[Any], Any]) -> Any:
    tree = base.cte("tree", recursive=True)
    return joined_to(tree.union_all(below(tree)))


def renamed_cte() -> Any:
    """The names listed behind WITH RECURSIVE override those of the body."""
    body = select(POSTS.c.site_id.label("customer_id"), POSTS.c.customer_id.label("id")).where(POSTS.c.customer_id == ACME)
    return joined_to(body.cte("renamed", recursive=True))


def wrong_index() -> Any:
    return insert(SITES).from_select(["customer_id", "id", "name"], first(POSTS.c.id, POSTS.c.customer_id, POSTS.c.title))


def conflict(**options: Any) -> Any:
    return postgresql.insert(POSTS).values(ROW).on_conflict_do_update(**({"set_": {"title": "x"}} | options))


def executed_default() -> Any:
    peek = select(func.max(SITES.c.id)).scalar_subquery()
    rows = Table(
        "posts",
        MetaData(schema="pen"),
        Column("customer_id", Uuid, primary_key=True),
        Column("id", Uuid, primary_key=True, default=peek),
        implicit_returning=False,
    )
    return insert(rows).values(customer_id=ACME)


SPOOFS: dict[str, tuple[str, Callable[[], Any]]] = {
    # Spoofs of the traced column.
    "union arm": ("unproven", lambda: first(POSTS.c.id).union(select(SITES.c.id))),
    "union arm with a literal column": (
        "unproven",
        lambda: joined_to(union_all(first(), arm(literal_column("'1'").label("customer_id"), SITES.c.id)).subquery()),
    ),
    "union arm with another column": ("unproven", lambda: joined_to(union_all(first(), arm(SITES.c.id, SITES.c.customer_id)).subquery())),
    "union arm with a function": (
        "unproven",
        lambda: joined_to(union_all(first(), arm(func.gen_random_uuid().label("customer_id"), SITES.c.id)).subquery()),
    ),
    "first arm spoofed": (
        "unproven",
        lambda: joined_to(union_all(arm(SITES.c.id.label("customer_id"), SITES.c.id.label("id")), first()).subquery()),
    ),
    "nested union": (
        "unproven",
        lambda: joined_to(union_all(first(), union_all(first(), arm(SITES.c.id, SITES.c.id.label("b"))).subquery().select()).subquery()),
    ),
    "label of another column": ("unproven", lambda: joined_to(first(POSTS.c.site_id.label("customer_id")).subquery())),
    "label of an expression": ("unproven", lambda: joined_to(first(func.max(POSTS.c.customer_id).label("customer_id")).subquery())),
    "typed expression": ("unproven", lambda: joined_to(first(type_coerce(POSTS.c.customer_id, Swap).label("customer_id")).subquery())),
    "values": (
        "unproven",
        lambda: joined_to(values(column("customer_id", Uuid), name="v").data([(GLOBEX,)])),
    ),
    "unnest": ("unproven", lambda: joined_to(func.unnest(literal([GLOBEX], postgresql.ARRAY(Uuid))).table_valued("customer_id"))),
    "recursion that leaves": (
        "unproven",
        lambda: recursion(first(), lambda tree: select(POSTS.c.customer_id, POSTS.c.id).where(POSTS.c.parent_id == tree.c.id)),
    ),
    "recursion on another column": (
        "unproven",
        lambda: recursion(first(), lambda tree: select(POSTS.c.id, POSTS.c.customer_id).where(POSTS.c.customer_id == tree.c.customer_id)),
    ),
    "recursion without a base": (
        "unproven",
        lambda: recursion(
            select(POSTS.c.customer_id, POSTS.c.id),
            lambda tree: select(POSTS.c.customer_id, POSTS.c.id).where(POSTS.c.customer_id == tree.c.customer_id),
        ),
    ),
    "renamed by a column list": ("unproven", renamed_cte),
    # Writing.
    "insert without the tenant": ("unproven", lambda: insert(SITES).values(id=ACME, name="x")),
    "insert an expression": ("unproven", lambda: insert(SITES).values(customer_id=func.gen_random_uuid(), id=ACME)),
    "insert text": ("text", lambda: insert(SITES).values(customer_id=text("gen_random_uuid()"), id=ACME)),
    "insert rendered value": ("unproven", lambda: insert(SITES).values(customer_id=bindparam("c", ACME, literal_execute=True), id=ACME)),
    "insert changed value": ("unproven", lambda: insert(SITES).values(customer_id=bindparam("c", ACME, type_=Swap), id=ACME)),
    "insert default values": ("unproven", lambda: insert(Table("sites", MetaData(schema="pen"), Column("name", String)))),
    "insert many, one an expression": (
        "unproven",
        lambda: insert(SITES).values([{"customer_id": ACME, "id": ACME}, {"customer_id": func.gen_random_uuid(), "id": GLOBEX}]),
    ),
    "insert into an unknown table": ("relation", lambda: insert(table("secrets", column("id"), schema="pen")).values(id=1)),
    "insert from unproven select": (
        "unproven",
        lambda: insert(SITES).from_select(["customer_id", "id"], select(POSTS.c.customer_id, POSTS.c.id)),
    ),
    "insert from select, wrong place": ("unproven", wrong_index),
    "insert from select without the tenant": (
        "unproven",
        lambda: insert(SITES).from_select(["id", "name"], first(POSTS.c.id, POSTS.c.title)),
    ),
    "insert from union": (
        "unproven",
        lambda: insert(SITES).from_select(["customer_id", "id"], first().union_all(arm(SITES.c.id, SITES.c.id.label("b")))),
    ),
    "executed default": ("default", executed_default),
    "conflict without the tenant": ("conflict", lambda: conflict(index_elements=["id"])),
    "conflict on a constraint": ("conflict", lambda: conflict(constraint="pk_posts")),
    "conflict on anything": ("conflict", lambda: postgresql.insert(POSTS).values(ROW).on_conflict_do_nothing()),
    "conflict on an expression": ("conflict", lambda: conflict(index_elements=[func.lower(POSTS.c.customer_id)])),
    "conflict moves the row": ("upsert", lambda: conflict(index_elements=["customer_id", "id"], set_={"customer_id": GLOBEX})),
    "conflict moves the row by column": (
        "upsert",
        lambda: conflict(index_elements=["customer_id", "id"], set_={POSTS.c.customer_id: GLOBEX}),
    ),
    "update": ("unproven", lambda: update(Post).values(title="x")),
    "update by id": ("unproven", lambda: update(Post).where(Post.id == ACME).values(title="x")),
    "update moves the row": ("set", lambda: update(Post).where(OURS).values(customer_id=GLOBEX)),
    "update moves the row, ordered": ("set", lambda: update(Post).where(OURS).ordered_values((Post.customer_id, GLOBEX))),
    "update sets everything": ("set", lambda: update(POSTS).where(POSTS.c.customer_id == ACME)),
    "update from an unproven table": ("unproven", lambda: update(Post).where(OURS, SITE).values(title=Site.name)),
    "update of an alias": ("unproven", lambda: (lambda a: update(a).where(OURS).values(title="x"))(aliased(Post))),
    "update in a cte": (
        "unproven",
        lambda: (lambda c: select(c.c.id))(update(POSTS).values(title="x").returning(POSTS.c.id).cte()),
    ),
    "delete": ("unproven", lambda: delete(Post)),
    "delete using": ("unproven", lambda: delete(Post).where(SITE, Site.customer_id == ACME)),
    "delete in a cte": ("unproven", lambda: select(Site.id).where(Site.customer_id == ACME).add_cte(delete(POSTS).cte())),
    "returning": (
        "unproven",
        lambda: delete(Post).where(OURS).returning(select(func.max(Comment.text)).scalar_subquery()),
    ),
}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
@pytest.mark.parametrize("name", SPOOFS)
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_it_is_refused(name: str, dialect: Any) -> None:
    rule, build = SPOOFS[name]
    assert rule in {finding.rule for finding in prove(build(), dialect, RULES).findings}
