"""Writes made at random: single, many at once, from queries, on conflict, by sessions; for the right customer, the wrong one, or none."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session, joinedload, selectinload, subqueryload

from tests.db.guard_schema import ACME, GLOBEX, Comment, Post, Site
from tests.fuzz.queries import COMMENTS, POSTS, POSTS_ID, SITES, Queries

Found = Counter[Any]
# What is executed on a connection, with execution options, and gives rows.
Act = Callable[[Connection, dict[str, Any]], Found]
QUIET = {"synchronize_session": False}


def executed(statement: Any, values: Any = None) -> Act:
    """A statement as an act."""
    return lambda connection, options: Counter(tuple(row) for row in connection.execute(statement, values, execution_options=options))


def in_session(work: Callable[[Session], list[Any]]) -> Act:
    """Work of a session as an act; the session lives in the connection's transaction."""

    def act(connection: Connection, options: dict[str, Any]) -> Found:
        # Options of a connection stay on it, so they are taken back.
        connection.execution_options(**options)
        try:
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                return Counter(work(session))
        finally:
            connection.execution_options(**dict.fromkeys(options))

    return act


class Acts(Queries):
    """Makes one act after another from a seed."""

    def act(self) -> tuple[object, Act]:
        """An act, and what tells about it as text when it goes wrong."""
        make = self.random.choices(
            [self.query, self.change, self.new_rows, self.copied, self.upsert, self.by_session, self.many_by_key], [60, 12, 6, 4, 5, 10, 3]
        )[0]
        made = make()
        return made if isinstance(made, tuple) else (made, executed(made))

    def whose(self) -> UUID:
        """Mostly Acme."""
        return GLOBEX if self.chance(0.12) else ACME

    def change(self) -> Any:
        """UPDATE or DELETE, alone or beside another relation."""
        other = self.source(1)
        beside = [self.link(COMMENTS, other), *self.conditions([other], 0.5)] if self.chance(0.5) else []
        where = [*self.conditions([COMMENTS], 0.7), *beside]
        statement: Any = update(COMMENTS).values(text="x") if self.chance(0.5) else delete(COMMENTS)
        if isinstance(statement, type(update(COMMENTS))) and self.chance(0.1):
            statement = statement.values(customer_id=self.whose())
        return statement.where(*where).returning(COMMENTS.c.customer_id, COMMENTS.c.id)

    def row(self, number: int) -> dict[str, Any]:
        """A new comment."""
        return {"customer_id": self.whose(), "id": UUID(int=900 + number), "post_id": POSTS_ID, "text": "new"}

    def new_rows(self) -> Any:
        """One row or several, in one statement or in many executions."""
        rows = [self.row(number) for number in range(self.random.choice([1, 1, 2, 3]))]
        if self.chance(0.1):
            del rows[0]["customer_id"]
        if self.chance(0.4):
            return f"insert of {rows}", executed(insert(COMMENTS).returning(COMMENTS.c.customer_id, COMMENTS.c.id), rows)
        return insert(COMMENTS).values(rows if self.chance(0.7) else rows[0]).returning(COMMENTS.c.customer_id, COMMENTS.c.id)

    def copied(self) -> Any:
        """INSERT … SELECT, with the columns in their places or not."""
        names = ["customer_id", "id", "name"] if self.chance(0.85) else ["id", "customer_id", "name"]
        source = POSTS.alias(self.name())
        picked = select(source.c.customer_id, source.c.id, source.c.title).where(*self.conditions([source], 0.8))
        return insert(SITES).from_select(names, picked).returning(SITES.c.customer_id, SITES.c.id)

    def upsert(self) -> Any:
        """ON CONFLICT on the key, or on what is none."""
        values = {"customer_id": self.whose(), "id": UUID(int=100), "name": "again"}
        target = ["customer_id", "id"] if self.chance(0.8) else ["id"]
        statement = postgresql.insert(SITES).values(values)
        if self.chance(0.5):
            return statement.on_conflict_do_nothing(index_elements=target).returning(SITES.c.customer_id, SITES.c.id)
        changed = {"name": "changed"} | ({"customer_id": self.whose()} if self.chance(0.1) else {})
        return statement.on_conflict_do_update(index_elements=target, set_=changed).returning(SITES.c.customer_id, SITES.c.id)

    def many_by_key(self) -> tuple[str, Act]:
        """UPDATE of many by primary key, through the ORM."""
        rows = [{"customer_id": self.whose(), "id": UUID(int=100 + number), "name": "x"} for number in range(2)]

        def work(session: Session) -> list[Any]:
            session.execute(update(Site), rows)
            query = select(Site.customer_id, Site.id, Site.name).where(Site.customer_id == ACME)
            return [tuple(row) for row in session.execute(query)]

        return f"bulk update of {rows}", in_session(work)

    def by_session(self) -> tuple[str, Act]:
        """Rows by their key, with what belongs to them loaded in all ways."""
        whose, load = self.whose(), self.random.choice([selectinload, joinedload, subqueryload])
        way = self.random.choice(["get", "select", "lazy"])
        pins = [Post.customer_id == whose] if self.chance(0.8) else [Post.number >= 0]

        def work(session: Session) -> list[Any]:
            if way == "get":
                row = session.get(Post, (whose, POSTS_ID), options=[load(Post.comments)])
                posts = [row] if row else []
            else:
                options = [load(Post.comments), load(Post.site)] if way == "select" else []
                posts = list(session.scalars(select(Post).where(*pins).options(*options)).unique())
            return [
                (post.customer_id, post.id, *((comment.customer_id, comment.id) for comment in sorted_comments(post))) for post in posts
            ]

        return f"{way} of posts of {whose} with {load.__name__}", in_session(work)


def sorted_comments(post: Post) -> list[Comment]:
    """Comments in an order that both databases give."""
    return sorted(post.comments, key=lambda comment: (comment.customer_id, comment.id))
