"""Statements made at random: what the guard accepts must give exactly the rows that a database of that one customer gives.

Hand-written spoofs stand in test_guard_refusals.py, because chance does not find them.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, and_, create_engine, delete, func, literal, or_, select, true, tuple_, union_all, update
from sqlalchemy.exc import CompileError, DBAPIError, InvalidRequestError

from app.db.guard import INTERNAL, TenantMismatch, TenantUnscoped, install
from tests.db.guard_schema import ACME, GLOBEX, RULES, Comment, Post, Site, pen_database

POSTS, SITES, COMMENTS = Post.__table__, Site.__table__, Comment.__table__
LINKS = {("posts", "sites"): ("site_id", "id"), ("comments", "posts"): ("post_id", "id"), ("posts", "posts"): ("parent_id", "id")}
SEED, STATEMENTS = 20261121, 600
POSTS_ID = UUID(int=202)
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


class Maker:
    """Makes one statement after another from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.names = 0

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def name(self) -> str:
        self.names += 1
        return f"r{self.names}"

    def source(self, depth: int) -> Any:
        """A table, an alias, or something derived from tables."""
        if depth > 0 and self.chance(0.35):
            make = self.random.choice([self.subquery, self.cte, self.union])
            return make(depth - 1)
        table = self.random.choice([POSTS, SITES, COMMENTS])
        return table.alias(self.name()) if self.chance(0.8) else table

    def plain(self, depth: int) -> Any:
        source = self.source(depth)
        return select(source.c.customer_id, source.c.id).where(*self.conditions([source], 0.8))

    def subquery(self, depth: int) -> Any:
        return self.plain(depth).subquery(self.name())

    def cte(self, depth: int) -> Any:
        return self.plain(depth).cte(self.name())

    def union(self, depth: int) -> Any:
        return union_all(self.plain(depth), self.plain(depth)).subquery(self.name())

    def pin(self, source: Any) -> Any:
        column = source.c.customer_id
        whose = GLOBEX if self.chance(0.03) else ACME
        forms: list[Callable[[], Any]] = [
            lambda: column == whose,
            lambda: literal(whose) == column,
            lambda: column.in_([whose]),
            lambda: tuple_(source.c.id, column).in_([(row, whose) for row in (POSTS_ID, POSTS_ID)]),
            lambda: and_(column == whose, true()),
            lambda: or_(column == whose, source.c.id == POSTS_ID),
            lambda: ~(column != whose),
        ]
        return self.random.choices(forms, weights=[8, 2, 2, 1, 2, 1, 1])[0]()

    def link(self, left: Any, right: Any) -> Any:
        """A condition between two relations: by tenant, by id, or both, or neither."""
        parts = []
        if self.chance(0.75):
            parts.append(left.c.customer_id == right.c.customer_id)
        if self.chance(0.75):
            parts.append(left.c.id == right.c.id if self.chance(0.5) else self.by_key(left, right))
        if self.chance(0.15):
            parts.append(self.pin(self.random.choice([left, right])))
        return and_(true(), *parts)

    def by_key(self, left: Any, right: Any) -> Any:
        for one, other in ((left, right), (right, left)):
            for here, there in LINKS.values():
                if here in one.c and there in other.c:
                    return one.c[here] == other.c[there]
        return left.c.id != right.c.id

    def conditions(self, sources: list[Any], share: float) -> list[Any]:
        pins = [self.pin(source) for source in sources if self.chance(share)]
        links = [self.link(*self.random.sample(sources, 2)) for _ in range(1) if len(sources) > 1 and self.chance(0.3)]
        return pins + links

    def joined(self, sources: list[Any]) -> list[Any]:
        """One FROM of these relations: joined in all ways, in parentheses, or side by side."""
        if self.chance(0.2) or len(sources) == 1:
            return sources
        tree, rest = sources[0], sources[1:]
        if len(rest) == 2 and self.chance(0.4):
            inside = rest[0].join(rest[1], self.link(*rest), isouter=self.chance(0.3))
            return [tree.join(inside, self.link(tree, self.random.choice(rest)), isouter=self.chance(0.5))]
        for index, right in enumerate(rest):
            kind = self.random.choice([{}, {}, {"isouter": True}, {"full": True}])
            tree = tree.join(right, self.link(self.random.choice(sources[: index + 1]), right), **kind)
        return [tree]

    def query(self) -> Any:
        sources = [self.source(2) for _ in range(self.random.choice([1, 2, 2, 3]))]
        if len({id(source) for source in sources}) < len(sources):
            sources = [source.alias(self.name()) for source in sources]
        columns = [column for source in sources for column in (source.c.customer_id, source.c.id)]
        if self.chance(0.25):
            inner = self.source(1)
            columns.append(
                select(func.count()).select_from(inner).where(self.link(inner, sources[0]), *self.conditions([inner], 0.4)).label("n")
            )
        return select(*columns).select_from(*self.joined(sources)).where(*self.conditions(sources, 0.6))

    def write(self) -> Any:
        other = self.source(1)
        where = self.conditions([COMMENTS], 0.7) + (
            [self.link(COMMENTS, other), *self.conditions([other], 0.5)] if self.chance(0.6) else []
        )
        statement: Any = update(COMMENTS).values(text="x") if self.chance(0.5) else delete(COMMENTS)
        return statement.where(*where).returning(COMMENTS.c.customer_id, COMMENTS.c.id)

    def statement(self) -> Any:
        return self.write() if self.chance(0.2) else self.query()


@pytest.fixture(scope="module")
def engines(admin_url: str) -> Iterator[tuple[Engine, Engine]]:
    """One database with the rows of two customers, under guard; one with Acme's alone."""
    with pen_database(admin_url, ACME, GLOBEX) as both, pen_database(admin_url, ACME) as alone:
        guarded, oracle = create_engine(both), create_engine(alone)
        install(guarded, RULES)
        yield guarded, oracle
        guarded.dispose()
        oracle.dispose()


def rows(connection: Connection, statement: Any, **options: Any) -> Counter[Any] | None:
    """The rows of a statement, whose writes are taken back; None when the database cannot run it."""
    try:
        with connection.begin_nested() as savepoint:
            found = Counter(tuple(row) for row in connection.execute(statement, execution_options=options))
            savepoint.rollback()
            return found
    except (DBAPIError, CompileError, InvalidRequestError):
        return None


def test_what_is_accepted_gives_the_rows_of_one_customer(engines: tuple[Engine, Engine]) -> None:
    guarded, oracle = engines
    maker, tally = Maker(SEED), Counter[str]()
    with guarded.execution_options(customer_id=ACME).connect() as connection, oracle.connect() as alone:
        for _ in range(STATEMENTS):
            statement = maker.statement()
            expected = rows(alone, statement)
            try:
                found = rows(connection, statement)
            except (TenantUnscoped, TenantMismatch):
                leaks = rows(connection, statement, guard_bypass=INTERNAL) != expected
                tally["refused, would leak" if leaks else "refused, would not leak"] += 1
                continue
            assert found == expected, str(statement)
            tally["accepted, with rows" if found else "accepted, empty"] += 1
    assert tally["accepted, with rows"] > STATEMENTS / 10
    assert tally["refused, would leak"] > STATEMENTS / 10
    print(tally)
