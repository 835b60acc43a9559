"""Forms of SQL that are refused wherever they stand, because nobody can say what they do."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import (
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    delete,
    extract,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
    true,
    update,
    values,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateTable, Sequence
from sqlalchemy.sql.elements import ColumnElement, UnaryExpression, quoted_name
from sqlalchemy.sql.operators import custom_op
from sqlalchemy.types import UserDefinedType

from app.db.guard import prove
from tests.db.guard_schema import ACME, DIALECTS, GLOBEX, RULES, Comment, Post, Site

POSTS, SITES, COMMENTS = Post.__table__, Site.__table__, Comment.__table__
OURS = Post.customer_id == ACME
SITE = Site.id == Post.site_id
ROW = {"customer_id": ACME, "id": ACME, "title": "one", "number": 1, "extra": {}, "version": 1}


class Shout(UserDefinedType[str]):
    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: Any) -> str:
        return "uuid) OR (1=1"


class Everything(ColumnElement[bool]):
    inherit_cache = True


@compiles(Everything)
def everything(element: Any, compiler: Any, **kw: Any) -> str:
    return "1=1 OR true"


UPSERT = {"index_elements": ["customer_id", "id"], "set_": {"title": "x"}}
SELF_COMPILING: dict[str, Callable[[], Any]] = {
    "where": lambda: select(Post).where(OURS, Everything()),
    "columns": lambda: select(Everything()).where(OURS),
    "on": lambda: select(Post.id).join(Site, and_(Post.customer_id == Site.customer_id, Everything())).where(OURS),
    "order by": lambda: first().order_by(Everything()),
    "limit": lambda: first().limit(Everything()),
    "argument": lambda: first(func.count(Everything())),
    "order of a union": lambda: first(POSTS.c.id).union(first(POSTS.c.id)).order_by(Everything()),
    "values": lambda: select(values(column("x"), name="v").data([(Everything(),)]).c.x),
    "insert": lambda: insert(POSTS).values(ROW | {"title": Everything()}),
    "insert many": lambda: insert(POSTS).values([ROW | {"title": Everything()}] * 2),
    "upsert": lambda: postgresql.insert(POSTS).values(ROW).on_conflict_do_update(**(UPSERT | {"set_": {"title": Everything()}})),
    "where of an upsert": lambda: postgresql.insert(POSTS).values(ROW).on_conflict_do_update(**UPSERT, where=Everything()),
    "update": lambda: update(POSTS).where(POSTS.c.customer_id == ACME).values(title=Everything()),
    "delete": lambda: delete(POSTS).where(POSTS.c.customer_id == ACME, Everything()),
    "returning": lambda: delete(POSTS).where(POSTS.c.customer_id == ACME).returning(Everything()),
    "cte": lambda: (lambda c: select(c.c[0]))(select(Everything()).cte()),
}


def joined_to(source: Any) -> Any:
    """All comments for which something that claims to be the tenant's rows vouches."""
    return select(COMMENTS).join(source, source.c.customer_id == COMMENTS.c.customer_id)


def first(*columns: Any) -> Any:
    return select(*(columns or (POSTS.c.customer_id, POSTS.c.id))).where(POSTS.c.customer_id == ACME)


def quoted_union() -> Any:
    p = POSTS.alias(quoted_name("p, pen.comments", quote=False))
    return select(p.c.id).where(p.c.customer_id == ACME)


FORMS: dict[str, tuple[str, Callable[[], Any]]] = {
    # Text.
    "text": ("text", lambda: text("SELECT * FROM pen.posts")),
    "text as entities": ("text", lambda: select(Post).from_statement(text("SELECT * FROM pen.posts"))),
    "text as columns": ("text", lambda: text("SELECT id FROM pen.posts").columns(column("id")).subquery().select()),
    "text fragment after the predicate": ("text", lambda: select(Post).where(OURS, text("1=1 OR true"))),
    "text in ORDER BY": ("text", lambda: select(Post).where(OURS).order_by(text("(SELECT 1)"))),
    "text in columns": ("text", lambda: select(text("(SELECT max(title) FROM pen.posts)"))),
    "text as table": ("text", lambda: first(POSTS.c.id).select_from(text("pen.comments"))),
    "literal column": ("literal", lambda: select(literal_column("(SELECT max(title) FROM pen.posts)"))),
    "literal column in WHERE": ("literal", lambda: select(Post).where(OURS, literal_column("true or true"))),
    "literal with quote": ("literal", lambda: select(literal_column("'x' || (SELECT 'y')"))),
    "prefix": ("text", lambda: select(Post.id).prefix_with("* FROM pen.posts UNION SELECT").where(OURS)),
    "suffix": ("text", lambda: select(Post.id).where(OURS).suffix_with("UNION SELECT id FROM pen.posts")),
    "statement hint": ("hint", lambda: select(Post.id).where(OURS).with_statement_hint("UNION SELECT id FROM pen.posts")),
    "table hint": ("hint", lambda: select(Post.id).where(OURS).with_hint(POSTS, "ONLY")),
    "insert prefix": ("text", lambda: insert(POSTS).values(ROW).prefix_with("INTO pen.sites SELECT")),
    "custom operator": ("operator", lambda: select(Post).where(OURS, Post.title.op("= 'x' OR", precedence=100)("y"))),
    "custom operator that comments": ("operator", lambda: select(Post).where(OURS, Post.number.op("--")(1))),
    "boolean word as operator": ("operator", lambda: select(Post).where(OURS, Post.title.bool_op("IS DISTINCT FROM")("y"))),
    "custom operator behind a value": (
        "operator",
        lambda: select(Post).where(OURS, UnaryExpression(Post.number, modifier=custom_op("IS NULL OR true"))),
    ),
    "extract field": ("extract", lambda: select(extract("epoch FROM now()) , (SELECT 1", func.now()))),
    "user-defined type": ("type", lambda: select(Post).where(OURS, cast(Post.id, Shout()) == "x")),
    "unquoted name": ("identifier", quoted_union),
    "self-compiling construct": ("foreign", lambda: select(Post).where(OURS, Everything())),
    "self-compiling column": ("foreign", lambda: select(Everything()).where(OURS)),
    "ddl": ("raw", lambda: CreateTable(POSTS)),
    "sequence": ("unknown", lambda: select(Sequence("s").next_value())),
    # Functions.
    "unknown function": ("relation", lambda: select(func.everybody().table_valued("id"))),
    "unknown schema": ("relation", lambda: select(func.public.newest_posts(1).table_valued("id"))),
    "dotted function": ("relation", lambda: select(getattr(func, "pen.newest_posts")(1).table_valued("id"))),
    "owned function, other arguments": ("relation", lambda: select(func.pen.newest_posts(1, GLOBEX).table_valued("id"))),
    "owned function vouches for others": (
        "unproven",
        lambda: joined_to(func.pen.newest_posts(1).table_valued(column("customer_id", Uuid)).render_derived()),
    ),
    "unowned function of a schema": ("reach", lambda: select(func.pen.everybodys_secret())),
    "internal function": ("reach", lambda: select(func.crdb_internal.node_id())),
    "bound value of a user-defined type": ("bind type", lambda: select(bindparam("x", 1, type_=Shout()))),
    "collation in a cast": ("type", lambda: select(cast(literal("x"), String(collation='C") , (SELECT 1) || ("')))),
    "function itself in FROM": ("relation", lambda: select(literal(1)).select_from(func.everybody())),
    "set_config": ("reach", lambda: select(func.set_config("app.customer_id", str(GLOBEX), true()))),
    "query_to_xml": ("reach", lambda: select(func.query_to_xml("SELECT * FROM pen.posts", true(), true(), ""))),
    "quoted set_config": ("reach", lambda: select(func.pg_catalog.SET_CONFIG("app.customer_id", str(GLOBEX), true()))),
}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
@pytest.mark.parametrize("name", FORMS)
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_it_is_refused(name: str, dialect: Any) -> None:
    rule, build = FORMS[name]
    assert rule in {finding.rule for finding in prove(build(), dialect, RULES).findings}


@pytest.mark.parametrize("name", SELF_COMPILING)
def test_a_construct_that_compiles_itself_is_found_everywhere(name: str) -> None:
    proof = prove(SELF_COMPILING[name](), DIALECTS["postgresql"], RULES)
    assert {finding.rule for finding in proof.findings} == {"foreign"}
