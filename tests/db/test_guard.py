"""What the guard lets pass: the ordinary statements of an application, on both dialects, each with a value left to compare."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    extract,
    func,
    insert,
    lambda_stmt,
    literal,
    literal_column,
    null,
    or_,
    select,
    tablesample,
    true,
    tuple_,
    union,
    union_all,
    update,
    values,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import aggregate_order_by, array, array_agg
from sqlalchemy.orm import aliased, contains_eager, joinedload, load_only, selectinload, with_loader_criteria

from app.db.guard import GuardRules, canaries, compile_guarded, prove
from tests.db.guard_schema import ACME, DIALECTS, RULES, Comment, Country, Customer, Post, Site

POSTS, SITES, COMMENTS = Post.__table__, Site.__table__, Comment.__table__
OURS = Post.customer_id == ACME
OTHER = aliased(Post, name="other")
WITH_SITE = and_(Site.customer_id == Post.customer_id, Site.id == Post.site_id)
ROW = {"customer_id": ACME, "id": ACME, "title": "one", "number": 1, "extra": {}, "version": 1}


def pinned(name: str = "pinned") -> Any:
    return select(Post.customer_id, Post.id, Post.title, Post.site_id).where(OURS).cte(name)


def tree() -> Any:
    first = select(Post.customer_id, Post.id, literal(0).label("depth")).where(OURS, Post.parent_id.is_(None)).cte("tree", recursive=True)
    below = select(POSTS.c.customer_id, POSTS.c.id, first.c.depth + 1)
    return first.union_all(below.where(POSTS.c.customer_id == first.c.customer_id, POSTS.c.parent_id == first.c.id))


def two_arms() -> Any:
    both = union_all(select(Post.customer_id, Post.id).where(OURS), select(Site.customer_id, Site.id).where(Site.customer_id == ACME))
    arms = both.subquery()
    return select(Comment.text).join(arms, and_(arms.c.customer_id == Comment.customer_id, arms.c.id == Comment.post_id))


def due_rows() -> Any:
    due = select(Post.customer_id, Post.id).where(OURS, Post.number < 3).limit(10).with_for_update(skip_locked=True).cte("due")
    return update(Post).where(Post.customer_id == due.c.customer_id, Post.id == due.c.id).values(number=3).returning(Post.id)


def moved_rows() -> Any:
    gone = delete(Comment).where(Comment.customer_id == ACME).returning(Comment.customer_id, Comment.id, Comment.text).cte("gone")
    return insert(Site).from_select(["customer_id", "id", "name"], select(gone.c.customer_id, gone.c.id, gone.c.text))


def newest(size: int = 10) -> Any:
    return (
        func.pen.newest_posts(cast(literal(size), Integer)).table_valued(column("id", Uuid), column("customer_id", Uuid)).render_derived()
    )


def upsert(**options: Any) -> Any:
    row = postgresql.insert(Post).values(ROW)
    return row.on_conflict_do_update(index_elements=["customer_id", "id"], set_={"title": row.excluded.title}, **options)


def given_rows() -> Any:
    listed = values(column("id", Uuid), column("rank", Integer), name="listed").data([(ACME, 1), (ACME, 2)])
    return select(Post.title, listed.c.rank).join(listed, listed.c.id == Post.id).where(OURS)


def unfolded_ids() -> Any:
    wanted = func.unnest(bindparam("ids", type_=postgresql.ARRAY(Uuid))).table_valued("id", name="wanted")
    return delete(Post).where(OURS, Post.id == wanted.c.id)


def lateral_count() -> Any:
    counted = select(func.count().label("n")).where(Comment.customer_id == Post.customer_id, Comment.post_id == Post.id).lateral("counted")
    return select(Post.title, counted.c.n).outerjoin(counted, true()).where(OURS)


def scalar_count() -> Any:
    counted = select(func.count(Comment.id)).where(Comment.customer_id == Post.customer_id, Comment.post_id == Post.id)
    return select(Post.title, counted.scalar_subquery().label("n")).where(OURS).order_by("n")


def numbered() -> Any:
    rank = func.row_number().over(partition_by=Post.site_id, order_by=Post.number.desc()).label("rank")
    inner = select(Post.customer_id, Post.id, rank).where(OURS).subquery()
    return select(inner.c.id).where(inner.c.rank <= 3)


def nested_joins() -> Any:
    right = SITES.join(COMMENTS, and_(SITES.c.customer_id == COMMENTS.c.customer_id, SITES.c.id == COMMENTS.c.id))
    on = and_(SITES.c.customer_id == POSTS.c.customer_id, SITES.c.id == POSTS.c.site_id)
    return select(POSTS.c.id, COMMENTS.c.text).select_from(POSTS.outerjoin(right, on)).where(POSTS.c.customer_id == ACME)


ACCEPTED: dict[str, Callable[[], Any]] = {
    "one entity": lambda: select(Post).where(OURS),
    "value first": lambda: select(Post).where(literal(ACME) == Post.customer_id),
    "columns": lambda: select(Post.id, Post.title).where(OURS, Post.title == "x"),
    "core table": lambda: select(POSTS).where(POSTS.c.customer_id == ACME),
    "other key column": lambda: select(Customer).where(Customer.id == ACME),
    "open table": lambda: select(Country),
    "open table joined": lambda: select(Post, Country.name).join(Country, Country.code == Post.title).where(OURS),
    "no table": lambda: select(func.now(), literal(1)),
    "chained where": lambda: select(Post).where(Post.number > 1).where(or_(Post.title == "a", Post.title == "b")).where(OURS),
    "nested and": lambda: select(Post).where(and_(Post.number > 1, and_(OURS, Post.id == ACME))),
    "filter_by": lambda: select(Post).filter_by(customer_id=ACME, title="x"),
    "late bind": lambda: select(Post).where(Post.customer_id == bindparam("whose")),
    "count": lambda: select(func.count()).select_from(Post).where(OURS),
    "count distinct": lambda: select(func.count(Post.site_id.distinct())).where(OURS),
    "distinct on": lambda: select(Post.title).where(OURS).distinct(Post.site_id).order_by(Post.site_id, Post.number),
    "group and having": lambda: select(Post.site_id, func.max(Post.number)).where(OURS).group_by(Post.site_id).having(func.count() > 1),
    "window": numbered,
    "filter and within group": lambda: select(
        func.count().filter(Post.number > 1), func.percentile_cont(0.5).within_group(Post.number)
    ).where(OURS),
    "array_agg": lambda: select(array_agg(aggregate_order_by(Post.title, Post.number.desc()))).where(OURS),
    "case in columns": lambda: select(case((Post.number > 1, "many"), else_="few")).where(OURS),
    "extract and cast": lambda: select(extract("year", func.now()), cast(Post.number, Text)).where(OURS),
    "coalesce": lambda: select(func.coalesce(Post.title, "none"), null()).where(OURS),
    "like and friends": lambda: select(Post).where(OURS, Post.title.startswith("a_", autoescape=True), Post.title.icontains("b")),
    "text search": lambda: select(Post).where(OURS, Post.title.op("@@")(func.websearch_to_tsquery("simple", "x"))),
    "json": lambda: select(Post.extra["a"].astext, Post.extra["a"]["b"].as_integer()).where(OURS, Post.extra.contains({"a": 1})),
    "json path": lambda: select(Post).where(OURS, Post.extra.has_key("a"), Post.extra.op("?|")(array(["a", "b"]))),
    "in literal list": lambda: select(Post).where(OURS, Post.title.in_(["a", "b"]), Post.number.not_in([1])),
    "in of the tenant": lambda: select(Post).where(Post.customer_id.in_([ACME])),
    "tuples": lambda: select(Post).where(tuple_(Post.customer_id, Post.id).in_([(ACME, ACME)])),
    "tuples elsewhere": lambda: select(Post).where(tuple_(Post.id, Post.customer_id).in_([(ACME, ACME), (GONE, ACME)])),
    "keyset": lambda: select(Post).where(OURS, tuple_(Post.number, Post.id) > tuple_(literal(3), literal(ACME))).order_by(Post.number),
    "page": lambda: select(Post).where(OURS).order_by(Post.number.desc().nulls_last()).limit(10).offset(20),
    "fetch": lambda: select(Post).where(OURS).order_by(Post.number).fetch(5, with_ties=True),
    "for update": lambda: select(Post).where(OURS).with_for_update(of=Post, skip_locked=True),
    "join": lambda: select(Post, Site).join(Site, WITH_SITE).where(OURS),
    "join by relationship": lambda: select(Post, Site).join(Post.site).where(OURS),
    "join proven from the other side": lambda: select(Post).join(Site, WITH_SITE).where(Site.customer_id == ACME),
    "implicit join": lambda: select(Post, Site).where(WITH_SITE, OURS),
    "chain of joins": lambda: select(Comment).join(Comment.post).join(Post.site).where(Comment.customer_id == ACME),
    "left join": lambda: select(Post, Site).outerjoin(Site, WITH_SITE).where(OURS),
    "left join with value in ON": lambda: select(Post).outerjoin(Site, and_(Site.customer_id == ACME, Site.id == Post.site_id)).where(OURS),
    "inner join with value in ON": lambda: select(Post.id).join(Site, and_(OURS, WITH_SITE)),
    "full join, both in WHERE": lambda: select(Post).join(Site, WITH_SITE, full=True).where(OURS, Site.customer_id == ACME),
    "parenthesised join": nested_joins,
    "self join": lambda: (
        select(Post, OTHER).join(OTHER, and_(OTHER.customer_id == Post.customer_id, OTHER.id == Post.parent_id)).where(OURS)
    ),
    "anonymous alias": lambda: select(aliased(Post)).where(OURS).with_only_columns(Post.id),
    "core alias": lambda: (lambda p: select(p.c.id).where(p.c.customer_id == ACME))(POSTS.alias()),
    "subquery": lambda: (lambda s: select(s.c.title).where(s.c.title != ""))(select(Post).where(OURS).subquery()),
    "join through subquery": lambda: (
        lambda s: select(Comment).join(s, and_(s.c.customer_id == Comment.customer_id, s.c.id == Comment.post_id))
    )(select(Post).where(OURS).subquery()),
    "entity of subquery": lambda: select(aliased(Post, select(Post).where(OURS).subquery())),
    "cte": lambda: (lambda c: select(Site, c.c.title).join(c, and_(c.c.customer_id == Site.customer_id, c.c.site_id == Site.id)))(pinned()),
    "cte twice": lambda: (lambda c, d: select(c.c.id, d.c.id).where(c.c.customer_id == d.c.customer_id, c.c.id != d.c.id))(
        pinned(), pinned("more")
    ),
    "cte under two aliases": lambda: (lambda c: (lambda d: select(c.c.id, d.c.id))(c.alias("twin")))(pinned()),
    "recursive cte": lambda: (lambda t: select(Post, t.c.depth).join(t, and_(t.c.customer_id == Post.customer_id, t.c.id == Post.id)))(
        tree()
    ),
    "union": lambda: union(select(Post.id).where(OURS), select(Site.id).where(Site.customer_id == ACME)).order_by("id").limit(3),
    "union as source": two_arms,
    "except": lambda: select(Post.id).where(OURS).except_(select(Site.id).where(Site.customer_id == ACME)),
    "scalar subquery": scalar_count,
    "lateral": lateral_count,
    "values": given_rows,
    "tablesample": lambda: (lambda s: select(s.c.id).where(s.c.customer_id == ACME))(tablesample(POSTS, 10, name="s")),
    "owned function": lambda: (lambda f: select(Post).join(f, Post.id == f.c.id).where(OURS))(newest()),
    "unnest": lambda: (lambda n: select(n.c.value))(func.unnest(array(["a", "b"])).table_valued("value")),
    "eager joined": lambda: select(Post).where(OURS).options(joinedload(Post.comments), joinedload(Post.site)),
    "eager joined below a limit": lambda: select(Post).where(OURS).options(joinedload(Post.comments)).limit(3),
    "contains eager": lambda: select(Post).join(Post.site).where(OURS).options(contains_eager(Post.site), load_only(Post.title)),
    "loader criteria": lambda: select(Post).options(with_loader_criteria(Post, Post.customer_id == ACME)),
    "insert": lambda: insert(Post).values(ROW),
    "insert core with parameters to come": lambda: insert(POSTS),
    "insert many": lambda: insert(POSTS).values([ROW, ROW | {"id": GONE}]),
    "insert returning": lambda: insert(Post).values(ROW).returning(Post.id, Post.version),
    "insert from select": lambda: insert(Site).from_select(
        ["id", "customer_id", "name"], select(Post.id, Post.customer_id, Post.title).where(OURS)
    ),
    "insert from select with a value": lambda: insert(Site).from_select(
        ["id", "customer_id", "name"], select(Post.id, literal(ACME), Post.title).where(OURS)
    ),
    "upsert": upsert,
    "upsert with where": lambda: upsert(where=Post.version < 3),
    "insert or nothing": lambda: postgresql.insert(Post).values(ROW).on_conflict_do_nothing(index_elements=[Post.customer_id, Post.id]),
    "update": lambda: update(Post).where(OURS, Post.id == ACME).values(title="x", version=Post.version + 1),
    "update json": lambda: update(Post).where(OURS).values({Post.extra["a"]: 1}),
    "update from cte": due_rows,
    "update from table": lambda: update(Post).where(OURS, WITH_SITE, Site.name == "x").values(title=Site.name),
    "delete": lambda: delete(Post).where(OURS),
    "delete using": lambda: delete(Post).where(OURS, WITH_SITE).returning(Post.id),
    "delete using unnest": unfolded_ids,
    "delete feeding insert": moved_rows,
}
GONE = UUID(int=7)
WITHOUT_TENANT = {"open table", "no table", "unnest"}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
@pytest.mark.parametrize("name", ACCEPTED)
def test_an_ordinary_statement_is_accepted(name: str, dialect: Any) -> None:
    proof = prove(ACCEPTED[name](), dialect, RULES)
    assert not proof.findings
    assert bool(proof.binds) is (name not in WITHOUT_TENANT)


@pytest.mark.parametrize("name", sorted(set(ACCEPTED) - WITHOUT_TENANT))
def test_the_same_statement_about_a_table_of_another_schema_is_refused(name: str) -> None:
    elsewhere = GuardRules(tenant_tables=frozenset({"other.posts"}), functions=RULES.functions)
    assert not prove(ACCEPTED[name](), DIALECTS["postgresql"], elsewhere).ok


def test_every_bound_tenant_is_named() -> None:
    proof = prove(due_rows(), DIALECTS["postgresql"], RULES)
    assert [bind.name for bind in proof.binds] == ["customer_id_1"]
    proof = prove(ACCEPTED["tuples elsewhere"](), DIALECTS["postgresql"], RULES)
    assert [(bind.expanding, bind.position, bind.width) for bind in proof.binds] == [(True, 1, 2)]


def test_the_compiled_text_is_not_changed_by_the_guard() -> None:
    for build in ACCEPTED.values():
        statement = build()
        plain, watched = statement.compile(dialect=DIALECTS["postgresql"]), compile_guarded(statement, DIALECTS["postgresql"], RULES)
        assert str(plain) == str(watched)


def test_select_in_loading_is_accepted_by_its_options() -> None:
    assert prove(select(Post).where(OURS).options(selectinload(Post.comments)), DIALECTS["postgresql"], RULES).ok


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_all_canaries_are_caught(dialect: Any) -> None:
    assert canaries(dialect, RULES) == []


def test_a_lambda_statement_is_refused_although_it_would_be_sound() -> None:
    whose = uuid4()
    statement = lambda_stmt(lambda: select(Post).where(Post.customer_id == whose))
    assert not prove(statement, DIALECTS["postgresql"], RULES).ok


def test_a_star_and_a_number_may_be_literal() -> None:
    assert prove(select(func.count(literal_column("*")), literal_column("1")).where(OURS), DIALECTS["postgresql"], RULES).ok
