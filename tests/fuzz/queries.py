"""Queries made at random over three tables, with right, wrong and missing predicates: the same seed makes the same queries."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, lateral, literal, or_, select, true, tuple_, union_all

from tests.db.guard_schema import ACME, GLOBEX, Comment, Post, Site

POSTS, SITES, COMMENTS = Post.__table__, Site.__table__, Comment.__table__
TABLES = (POSTS, SITES, COMMENTS)
LINKS = {("posts", "sites"): ("site_id", "id"), ("comments", "posts"): ("post_id", "id"), ("posts", "posts"): ("parent_id", "id")}
POSTS_ID = UUID(int=202)


class Queries:
    """Makes one query after another from a seed."""

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
            make = self.random.choice([self.subquery, self.cte, self.union, self.recursion, self.ranked])
            return make(depth - 1)
        table = self.random.choice(TABLES)
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

    def recursion(self, depth: int) -> Any:
        """A query that steps from rows to further rows; its steps are pinned as any other, or not."""
        base = self.plain(0).cte(self.name(), recursive=True)
        table = self.random.choice(TABLES).alias(self.name())
        step = select(table.c.customer_id, table.c.id).where(self.link(table, base), *self.conditions([table], 0.4))
        return base.union(step)

    def ranked(self, depth: int) -> Any:
        """A window over one relation."""
        source = self.source(depth)
        rank = func.row_number().over(partition_by=source.c.customer_id, order_by=source.c.id).label("rank")
        return select(source.c.customer_id, source.c.id, rank).where(*self.conditions([source], 0.8)).subquery(self.name())

    def beside(self, outer: Any) -> Any:
        """A LATERAL that looks at the relation beside it."""
        inner = self.source(1)
        return lateral(select(inner.c.customer_id, inner.c.id).where(self.link(inner, outer), *self.conditions([inner], 0.6)), self.name())

    def is_there(self, outer: Any) -> Any:
        """EXISTS or IN over another relation."""
        inner = self.source(0)
        where = (self.link(inner, outer), *self.conditions([inner], 0.7))
        return exists().where(*where) if self.chance(0.5) else outer.c.id.in_(select(inner.c.id).where(*where))

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
        """One query, or several as one."""
        if self.chance(0.12):
            one, other = self.plain(1), self.plain(1)
            return getattr(one, self.random.choice(["union", "union_all", "intersect", "except_"]))(other)
        if self.chance(0.1):
            return self.grouped()
        return self.of_many()

    def grouped(self) -> Any:
        """Counts, with conditions before or behind the grouping."""
        source = self.source(1)
        query = select(source.c.customer_id, func.count()).where(*self.conditions([source], 0.7)).group_by(source.c.customer_id)
        return query.having(self.pin(source)) if self.chance(0.3) else query

    def of_many(self) -> Any:
        """Columns of one to four relations that are joined somehow."""
        sources = [self.source(2) for _ in range(self.random.choice([1, 2, 2, 3]))]
        if len({id(source) for source in sources}) < len(sources):
            sources = [source.alias(self.name()) for source in sources]
        columns = [column for source in sources for column in (source.c.customer_id, source.c.id)]
        if self.chance(0.25):
            columns.append(self.scalar(sources[0]))
        joined = self.joined(sources)
        if self.chance(0.1):
            near = self.beside(sources[0])
            joined, columns = [joined[0].join(near, true(), isouter=self.chance(0.3)), *joined[1:]], [*columns, near.c.customer_id]
        query = select(*columns).select_from(*joined).where(*self.conditions(sources, 0.6))
        query = query.where(self.is_there(sources[0])) if self.chance(0.08) else query
        return query.order_by(*columns).limit(self.random.choice([1, 5])) if self.chance(0.1) else query

    def scalar(self, outer: Any) -> Any:
        """A query that stands for one value."""
        inner = self.source(1)
        return select(func.count()).select_from(inner).where(self.link(inner, outer), *self.conditions([inner], 0.4)).label("n")
