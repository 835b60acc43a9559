"""Ordinary queries of every room, as people write them with SQLAlchemy, are accepted; what is refused though harmless is known.

The statements that the product itself sends are proven where they are registered.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    and_,
    asc,
    between,
    case,
    cast,
    delete,
    desc,
    distinct,
    extract,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import aliased, load_only
from sqlalchemy.types import BigInteger, String

from app.catalog.models import Category, Product
from app.content.models import Author, Menu, Post, Tag
from app.db.base import Base
from app.db.functions import LATEST, NO_ID, owned
from app.db.guard import prove
from app.db.record.tables import ChangeSet, Event
from app.db.rules import tenant_rules
from app.media.models import Media
from app.tenancy.models import Site
from tests.db.guard_schema import DIALECTS

RULES = tenant_rules(Base.metadata)
US = UUID(int=7)
MODELS = (Post, Tag, Author, Menu, Product, Category, Media, Site)
SITED = (Post, Tag, Menu)


def ours(model: Any) -> Any:
    return model.customer_id == US


def other_columns(model: Any) -> list[Any]:
    """Columns of a model beside its key."""
    return [column for column in model.__table__.c if not column.primary_key]


def text_column(model: Any) -> Any:
    return next(getattr(model, column.key) for column in other_columns(model) if isinstance(column.type, String))


SHAPES: dict[str, Callable[[Any], Any]] = {
    "everything of the customer": lambda m: select(m).where(ours(m)),
    "a table instead of a class": lambda m: select(m.__table__).where(m.__table__.c.customer_id == US),
    "one row by its key": lambda m: select(m).where(ours(m), m.id == uuid4()),
    "the value first": lambda m: select(m).where(literal(US) == m.customer_id),
    "several rows by ids": lambda m: select(m).where(ours(m), m.id.in_([uuid4(), uuid4()])),
    "rows by tuples": lambda m: select(m).where(tuple_(m.customer_id, m.id).in_([(US, uuid4())])),
    "an empty list": lambda m: select(m).where(ours(m), m.id.in_([])),
    "not among ids": lambda m: select(m).where(ours(m), m.id.not_in([uuid4()])),
    "some columns": lambda m: select(m.id, text_column(m)).where(ours(m)),
    "a labelled column": lambda m: select(text_column(m).label("said")).where(ours(m)),
    "only some columns loaded": lambda m: select(m).options(load_only(m.id)).where(ours(m)),
    "a keyset page": lambda m: select(m).where(ours(m), tuple_(m.id) > tuple_(uuid4())).order_by(m.id).limit(20),
    "newest first": lambda m: select(m).where(ours(m)).order_by(desc(m.id)).limit(5),
    "an order by two columns": lambda m: select(m).where(ours(m)).order_by(asc(text_column(m)), m.id.desc()),
    "a count": lambda m: select(func.count()).select_from(m).where(ours(m)),
    "counts in groups": lambda m: select(text_column(m), func.count()).where(ours(m)).group_by(text_column(m)),
    "groups with a condition": lambda m: select(text_column(m)).where(ours(m)).group_by(text_column(m)).having(func.count() > 1),
    "distinct": lambda m: select(distinct(text_column(m))).where(ours(m)),
    "a greatest value": lambda m: select(func.max(text_column(m))).where(ours(m)),
    "or inside": lambda m: select(m).where(ours(m), or_(m.id == uuid4(), text_column(m) == "a")),
    "and inside": lambda m: select(m).where(and_(ours(m), and_(text_column(m) == "a", m.id != uuid4()))),
    "null": lambda m: select(m).where(ours(m), text_column(m).is_not(None)),
    "a range": lambda m: select(m).where(ours(m), between(text_column(m), "a", "b")),
    "a prefix": lambda m: select(m).where(ours(m), text_column(m) >= "a", text_column(m) < "b"),
    "like": lambda m: select(m).where(ours(m), text_column(m).like("a%")),
    "lower case": lambda m: select(m).where(ours(m), func.lower(text_column(m)) == "a"),
    "a choice among results": lambda m: select(case((text_column(m) == "a", 1), else_=0)).where(ours(m)),
    "a default for null": lambda m: select(func.coalesce(text_column(m), "none")).where(ours(m)),
    "concatenation": lambda m: select(text_column(m) + "!").where(ours(m)),
    "a cast": lambda m: select(cast(m.id, String)).where(ours(m)),
    "a row number": lambda m: select(m.id, func.row_number().over(order_by=m.id)).where(ours(m)),
    "an alias": lambda m: (lambda a: select(a).where(a.customer_id == US))(aliased(m)),
    "a subquery": lambda m: (lambda s: select(s.c.id))(select(m.id, m.customer_id).where(ours(m)).subquery()),
    "a common table expression": lambda m: (lambda s: select(s.c.id).order_by(s.c.id))(select(m.id).where(ours(m)).cte("some")),
    "a union": lambda m: union_all(select(m.id).where(ours(m)), select(m.id).where(ours(m), text_column(m) == "a")),
    "two aliases of one table": lambda m: (
        lambda a, b: select(a.id, b.id).join(b, and_(b.customer_id == a.customer_id, b.id > a.id)).where(a.customer_id == US)
    )(aliased(m), aliased(m)),
    "an outer join to itself": lambda m: (
        lambda a: select(m.id, a.id).outerjoin(a, and_(a.customer_id == m.customer_id, a.id > m.id)).where(ours(m))
    )(aliased(m)),
    "for update": lambda m: select(m).where(ours(m), m.id == uuid4()).with_for_update(),
    "an update": lambda m: update(m).where(ours(m), m.id == uuid4()).values({text_column(m).key: "x"}),
    "an update that returns": lambda m: update(m).where(ours(m)).values({text_column(m).key: "x"}).returning(m.id),
    "a delete": lambda m: delete(m).where(ours(m), m.id == uuid4()),
    "a delete that returns": lambda m: delete(m).where(ours(m)).returning(m.id),
    "one new row": lambda m: insert(m).values(customer_id=US, id=uuid4()),
    "several new rows": lambda m: insert(m).values([{"customer_id": US, "id": uuid4()} for _ in range(3)]),
    "a row unless it is there": lambda m: (
        postgresql.insert(m).values(customer_id=US, id=uuid4()).on_conflict_do_nothing(index_elements=["customer_id", "id"])
    ),
    "an upsert": lambda m: (
        postgresql.insert(m)
        .values(customer_id=US, id=uuid4())
        .on_conflict_do_update(index_elements=["customer_id", "id"], set_={text_column(m).key: "x"})
    ),
    "rows from a query": lambda m: insert(m).from_select(["customer_id", "id"], select(m.customer_id, m.id).where(ours(m))),
}
JOINS: dict[str, Callable[[Any], Any]] = {
    "a join on both columns": lambda m: (
        select(m.id, Site.name).join(Site, and_(Site.customer_id == m.customer_id, Site.id == m.site_id)).where(ours(m))
    ),
    "a join pinned on both sides": lambda m: select(m.id).join(Site, Site.id == m.site_id).where(ours(m), ours(Site)),
    "an outer join": lambda m: (
        select(Site.name, m.id).outerjoin(m, and_(m.customer_id == Site.customer_id, m.site_id == Site.id)).where(ours(Site))
    ),
    "side by side": lambda m: select(m.id, Site.id).where(ours(m), Site.customer_id == m.customer_id, Site.id == m.site_id),
    "three tables": lambda m: (
        select(m.id)
        .join(Site, and_(Site.customer_id == m.customer_id, Site.id == m.site_id))
        .join(ChangeSet, and_(ChangeSet.customer_id == Site.customer_id, ChangeSet.id == m.id))
        .where(ours(m))
    ),
    "a join to a grouped query": lambda m: (
        lambda c: select(Site.name, c.c.n).join(c, and_(c.c.customer_id == Site.customer_id, c.c.site_id == Site.id)).where(ours(Site))
    )(select(m.customer_id, m.site_id, func.count().label("n")).where(ours(m)).group_by(m.customer_id, m.site_id).subquery()),
    "an update from another table": lambda m: (
        update(m).where(ours(m), Site.customer_id == m.customer_id, Site.id == m.site_id).values({text_column(m).key: Site.name})
    ),
    "a delete using another table": lambda m: delete(m).where(ours(m), Site.customer_id == m.customer_id, Site.id == m.site_id),
}
SPECIAL: dict[str, Callable[[], Any]] = {
    "no table": lambda: select(literal(1), func.now(), null(), true()),
    "an owned function alone": lambda: select(owned("audit.recent_change_sets", *LATEST, 10).c.id),
    "an owned function with its rows": lambda: (
        lambda f: select(Product).join(f, f.c.id == Product.id).where(ours(Product)).order_by(f.c.at.desc())
    )(owned("catalog.products_page", NO_ID, 10)),
    "a year": lambda: select(extract("year", Event.at)).where(ours(Event)),
    "numbers": lambda: select(cast(func.trunc(func.count() / 2), BigInteger)).select_from(Event).where(ours(Event)),
    "an aggregate as JSON": lambda: select(func.jsonb_agg(postgresql.aggregate_order_by(Tag.slug, Tag.slug))).where(ours(Tag)),
    "a key of JSON": lambda: select(Post.fields["colour"].astext).where(ours(Post), Post.fields["colour"].astext == "red"),
    "JSON that contains": lambda: select(Post.id).where(ours(Post), Post.fields.contains({"colour": "red"})),
}
ALL = (
    [(f"{name}: {model.__name__}", build, (model,)) for name, build in SHAPES.items() for model in MODELS]
    + [(f"{name}: {model.__name__}", build, (model,)) for name, build in JOINS.items() for model in SITED]
    + [(name, build, ()) for name, build in SPECIAL.items()]
)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_ordinary_queries_are_accepted(dialect: Any) -> None:
    refused = {
        name: [f"{finding.rule}: {finding.detail}" for finding in found]
        for name, build, arguments in ALL
        if (found := prove(build(*arguments), dialect, RULES).findings)
    }
    assert refused == {}


def test_there_are_three_hundred_of_them() -> None:
    assert len(ALL) >= 300


# Harmless, and refused nevertheless: docs/tenancy.md says so and how to write them instead.
FALSELY_REFUSED: dict[str, Callable[[], Any]] = {
    "CASE as proof": lambda: select(Post.id).where(case((ours(Post), True), else_=False)),
    "IS NOT DISTINCT FROM as proof": lambda: select(Post.id).where(Post.customer_id.is_not_distinct_from(US)),
    "a comparison of whole rows as proof": lambda: select(Post.id).where(tuple_(Post.customer_id, Post.id) == tuple_(US, NO_ID)),
    "a query in a condition": lambda: select(Post.id).where(ours(Post), Post.site_id.in_(select(Site.id).where(ours(Site)))),
    "EXISTS": lambda: select(Post.id).where(ours(Post), select(Site.id).where(ours(Site), Site.id == Post.site_id).exists()),
}


@pytest.mark.parametrize("name", FALSELY_REFUSED)
def test_what_is_refused_though_harmless_is_known(name: str) -> None:
    assert prove(FALSELY_REFUSED[name](), DIALECTS["postgresql"], RULES).findings
