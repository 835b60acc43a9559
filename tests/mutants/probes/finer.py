"""Statements on which single decisions of the guard turn; those of tests/db cover the coarser ones."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    bindparam,
    column,
    func,
    insert,
    literal,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement, UnaryExpression
from sqlalchemy.sql.operators import custom_op

from app.db.guard.forms import REACHING
from tests.db.guard_schema import ACME, GLOBEX, Comment, Country, Post, Site
from tests.mutants.registered import alternatives

POSTS, SITES, COUNTRIES = Post.__table__, Site.__table__, Country.__table__
OURS = Post.customer_id == ACME
SITE = {"customer_id": ACME, "id": ACME, "name": "x"}


class Swap(TypeDecorator[UUID]):
    """A type that puts another value in the place of the one that was given."""

    impl = Uuid
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return GLOBEX


class Wrapped(TypeDecorator[UUID]):
    """A type that reads something else than the column."""

    impl = Uuid
    cache_ok = True

    def column_expression(self, column: Any) -> Any:
        return func.gen_random_uuid()


class Rogue(ColumnElement[bool]):
    """An element that renders itself, without being registered with SQLAlchemy."""

    inherit_cache = True

    def _compiler_dispatch(self, visitor: Any, **kw: Any) -> str:
        return "true OR true"


def table_with(*columns: Column[Any]) -> Table:
    """The posts, told to SQLAlchemy in another way."""
    return Table("posts", MetaData(schema="pen"), *columns)


def renamed() -> Table:
    """The tenant's column goes by another name in Python."""
    return table_with(Column("customer_id", Uuid, key="tenant"), Column("title", Text))


def swapping() -> Table:
    """The tenant's column has a type that changes what is bound."""
    return table_with(Column("customer_id", Swap), Column("id", Uuid), Column("title", Text))


def moving(**options: Any) -> Any:
    """Every UPDATE of this table also sets the tenant."""
    rows = table_with(Column("customer_id", Uuid, **options), Column("title", Text))
    return update(rows).where(rows.c.customer_id == ACME).values(title="x")


def below_an_insert(**values: Any) -> Any:
    """An INSERT in a CTE, beside one whose value bears the name that this one's would bear by itself."""
    below = insert(SITES).values(id=ACME, name="x", **values).returning(SITES.c.id).cte()
    return insert(SITES).values(SITE).add_cte(below)


def named_like_another() -> Any:
    """A value elsewhere in the statement bears the name under which SQLAlchemy would have bound the tenant of the second row."""
    spoofed = {"customer_id": func.gen_random_uuid(), "id": bindparam("customer_id_m1", ACME), "name": "x"}
    return insert(SITES).values([SITE, spoofed])


def conflict(*elements: Any) -> Any:
    return postgresql.insert(SITES).values(SITE).on_conflict_do_update(index_elements=list(elements), set_={"name": "x"})


def union_met_before() -> Any:
    """The predicate reads a CTE that was compiled outside it."""
    both = union(select(Post.id).where(OURS), select(Site.id).where(Site.customer_id == ACME)).cte("both")
    return select(Post, both.c.id).where(OURS, Post.site_id.in_(select(both.c.id)))


def counted() -> Any:
    """A recursion over numbers, used as a predicate."""
    numbers = select(literal(1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < 3))
    return select(Post).where(OURS, Post.number.in_(select(numbers.c.n)))


def wrapped_column() -> Any:
    """A subquery gives another value under the name of the tenant's column."""
    rows = table_with(Column("customer_id", Wrapped), Column("id", Uuid))
    listed = select(rows.c.customer_id).where(rows.c.customer_id == literal(ACME, Uuid)).subquery()
    return select(Comment).join(listed, listed.c.customer_id == Comment.customer_id)


def number_of_comments() -> Any:
    """How many comments the post of the statement around has."""
    counted = select(func.count(Comment.id)).where(Comment.customer_id == Post.customer_id, Comment.post_id == Post.id)
    return counted.correlate(Post).scalar_subquery()


def below_a_cte_met_twice() -> Any:
    """A correlated subquery after a CTE that has been compiled already."""
    pinned = select(Post.customer_id, Post.id).where(OURS).cte("pinned")
    twin = pinned.alias("twin")
    joined = select(Post.id).join(pinned, pinned.c.id == Post.id).join(twin, twin.c.id == Post.id)
    return joined.where(OURS, Post.number == number_of_comments())


FINER_REFUSED: dict[str, Callable[[], Any]] = {
    "an element that renders itself": lambda: select(Post).where(OURS, Rogue()),
    "a renamed tenant that is moved": lambda: (lambda t: update(t).where(t.c.tenant == ACME).values(tenant=GLOBEX))(renamed()),
    "a tenant that is moved beside others": lambda: update(Post).where(OURS).values(title="x", customer_id=GLOBEX),
    "a tenant that is set by a default": lambda: moving(onupdate=lambda: GLOBEX),
    "a tenant that is set by the server": lambda: moving(server_onupdate=func.gen_random_uuid()),
    "an insert below another, with another value": lambda: below_an_insert(customer_id=func.gen_random_uuid()),
    "an insert below another, without the tenant": below_an_insert,
    "an insert of a changing type": lambda: insert(swapping()).values(customer_id=ACME, id=ACME),
    "many inserts of a changing type": lambda: insert(swapping()).values([{"customer_id": ACME, "id": ACME}] * 2),
    "a value named like another": named_like_another,
    "a conflict on a function named like the tenant": lambda: conflict(func.customer_id(SITES.c.id), "id"),
    "a list of a changing type": lambda: (lambda t: select(t.c.id).where(t.c.customer_id.in_([ACME])))(swapping()),
    "tuples of a changing type": lambda: select(Post.id).where(
        tuple_(Post.customer_id, Post.id).in_(
            bindparam("keys", [(ACME, ACME)], expanding=True, type_=tuple_(literal(ACME, Swap), literal(ACME)).type)
        )
    ),
    "a list that is rendered": lambda: select(Post).where(
        Post.customer_id.in_(bindparam("c", [ACME], expanding=True, literal_execute=True))
    ),
    "a predicate on a union met before": union_met_before,
    "a custom operator before a value": lambda: select(Post.id).where(OURS, UnaryExpression(Post.number, operator=custom_op("true OR "))),
    "a custom operator behind a value": lambda: select(Post.id).where(OURS, UnaryExpression(Post.number, modifier=custom_op("OR true"))),
    "equal to all of a select": lambda: select(Post).where(
        OURS, Post.site_id == select(Site.id).where(Site.customer_id == ACME).scalar_subquery().all_()
    ),
    "two relations of one name": lambda: (lambda p, q: select(p.c.id, q.c.id).where(p.c.customer_id == ACME))(
        POSTS.alias("p"), Comment.__table__.alias("p")
    ),
    "a column whose type changes what is read": wrapped_column,
}
FINER_REFUSED |= {
    f"the function {name}": lambda name=name: select(getattr(func, name)(1))
    for name in (alternative.replace(".*", "anything") for alternative in alternatives(REACHING.pattern))
    if name.isidentifier()
}
FINER_ACCEPTED: dict[str, Callable[[], Any]] = {
    "an insert into an open table": lambda: insert(COUNTRIES).values(code="fr", name="France"),
    "an update of an open table": lambda: update(COUNTRIES).where(COUNTRIES.c.code == "fr").values(name="x"),
    "an update of an open table with values to come": lambda: update(COUNTRIES),
    "a conflict of an open table": lambda: postgresql.insert(COUNTRIES).values(code="fr", name="x").on_conflict_do_nothing(),
    "a column without its table": lambda: select(Post).where(OURS, column("title") == "x"),
    "a function as a condition": lambda: select(Post).where(OURS, func.starts_with(Post.title, "a")),
    "a predicate on values": lambda: select(Post).where(OURS, Post.number.in_(select(literal(1)))),
    "a predicate on a union of values": lambda: select(Post).where(OURS, Post.number.in_(select(literal(1)).union(select(literal(2))))),
    "a predicate on a subquery of values": lambda: select(Post).where(
        OURS, Post.number.in_(select(select(literal(1).label("n")).subquery().c.n))
    ),
    "a predicate on a recursion of numbers": counted,
    "a subquery inside a cte": lambda: (lambda c: select(c.c.n))(
        select(number_of_comments().label("n")).select_from(Post).where(OURS).cte()
    ),
    "a subquery after a cte": below_a_cte_met_twice,
    "a subquery after a list": lambda: select(Post.id).where(OURS, Post.number.in_([1]), Post.number == number_of_comments()),
    "an insert from a union": lambda: insert(SITES).from_select(
        ["customer_id", "id"],
        select(Post.customer_id, Post.id).where(OURS).union_all(select(Site.customer_id, Site.id).where(Site.customer_id == ACME)),
    ),
    "the same table told twice": lambda: (
        lambda copy: select(Site.name, select(func.count(copy.c.id)).where(copy.c.customer_id == ACME).scalar_subquery()).where(
            Site.customer_id == ACME
        )
    )(SITES.to_metadata(MetaData())),
    "symbols behind a value": lambda: select(UnaryExpression(Post.number, modifier=custom_op("!"))).where(OURS),
    "a second value for the tenant": lambda: select(Post).where(OURS, Post.customer_id == literal(GLOBEX)),
}
BINDS = {name: 0 for name in FINER_ACCEPTED if "open table" in name} | {"a second value for the tenant": 2}
