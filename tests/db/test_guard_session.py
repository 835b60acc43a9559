"""Rows of other customers in a session: refused when they enter, and again when they would reach the database."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import Session, make_transient_to_detached, sessionmaker

from app.db.guard import (
    INTERNAL,
    TenantMismatch,
    TenantMissing,
    TenantUnscoped,
    install,
    refuse_foreign,
)
from tests.db.guard_schema import ACME, GLOBEX, RULES, Comment, Country, Customer, Post, Site, pen_database

POSTS, SITES = Post.__table__, Site.__table__
BYPASS = {"guard_bypass": INTERNAL}


@pytest.fixture(scope="module")
def url(admin_url: str) -> Iterator[str]:
    """A database of this module's own, with rows of two customers."""
    with pen_database(admin_url, ACME, GLOBEX) as address:
        yield address


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    made = create_engine(url)
    install(made, RULES)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
async def async_engine(url: str) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(url)
    install(made.sync_engine, RULES)
    yield made
    await made.dispose()


@pytest.fixture
def acme(engine: Engine) -> Iterator[Session]:
    with Session(engine.execution_options(customer_id=ACME)) as session:
        yield session
        session.rollback()


@pytest.fixture(scope="module")
def foreign(url: str) -> Post:
    """A detached post of Globex, with nothing loaded but its columns."""
    plain = create_engine(url)
    with Session(plain) as session:
        post = session.scalars(select(Post).where(Post.customer_id == GLOBEX, Post.parent_id.is_(None)).limit(1)).one()
        session.expunge(post)
    plain.dispose()
    return post


def ours(session: Session) -> Post:
    return session.scalars(select(Post).where(Post.customer_id == ACME).order_by(Post.number).limit(1)).one()


def test_loading_by_a_foreign_key_is_refused(acme: Session, foreign: Post) -> None:
    with pytest.raises(TenantMismatch):
        acme.get(Post, (GLOBEX, foreign.id))


def detached(foreign: Post) -> Post:
    """As if unpickled from a cache: known by its key alone."""
    post = Post(customer_id=foreign.customer_id, id=foreign.id, title=foreign.title, extra={}, version=1)
    make_transient_to_detached(post)
    return post


OBJECT_ACTS: dict[str, Callable[[Session, Post], Any]] = {
    "lazy load": lambda s, p: (s.add(p), p.comments),
    "refresh": lambda s, p: (s.add(p), s.refresh(p)),
    "change": lambda s, p: (s.add(p), setattr(p, "title", "x"), s.flush()),
    "delete": lambda s, p: (s.delete(p), s.flush()),
    "merge": lambda s, p: s.merge(p),
    "new row": lambda s, p: (s.add(Site(customer_id=GLOBEX, name="x")), s.flush()),
    "new row among ours": lambda s, p: (s.add_all([Site(customer_id=ACME, name="x"), Site(customer_id=GLOBEX, name="y")]), s.flush()),
    "moved row": lambda s, p: (setattr(ours(s), "customer_id", GLOBEX), s.flush()),
    "bulk insert": lambda s, p: s.execute(insert(Site), [{"customer_id": ACME, "name": "x"}, {"customer_id": GLOBEX, "name": "y"}]),
    "bulk update": lambda s, p: s.execute(update(Post), [{"customer_id": GLOBEX, "id": p.id, "title": "x", "version": 1}]),
    "old bulk insert": lambda s, p: s.bulk_save_objects([Site(customer_id=GLOBEX, name="x")]),
}


@pytest.mark.parametrize("name", OBJECT_ACTS)
def test_an_object_of_another_customer_gets_nowhere(acme: Session, foreign: Post, name: str) -> None:
    with pytest.raises((TenantMismatch, TenantUnscoped)):
        OBJECT_ACTS[name](acme, detached(foreign))


def test_nothing_of_globex_was_changed(url: str) -> None:
    plain = create_engine(url)
    with plain.connect() as connection:
        titles = connection.scalars(select(POSTS.c.title).where(POSTS.c.customer_id == GLOBEX)).all()
        assert sorted(titles) == [f"post {n}" for n in range(6)]
        assert connection.scalar(select(func.count()).where(SITES.c.customer_id == GLOBEX)) == 2
    plain.dispose()


@pytest.fixture
def watching(engine: Engine) -> Iterator[Session]:
    factory = sessionmaker(engine.execution_options(customer_id=ACME))
    refuse_foreign(factory, RULES)
    with factory() as session:
        yield session
        session.rollback()


def test_new_rows_get_the_sessions_customer(watching: Session) -> None:
    post = Post(title="x", comments=[Comment(text="y")])
    watching.add(post)
    watching.flush()
    assert (post.customer_id, post.comments[0].customer_id) == (ACME, ACME)
    watching.expire_all()
    assert post.comments[0].text == "y"


@pytest.mark.parametrize("make", [detached, lambda _: Site(customer_id=GLOBEX, name="x"), lambda _: Customer(id=GLOBEX, name="x")])
def test_a_foreign_object_cannot_enter_a_session(watching: Session, foreign: Post, make: Callable[[Post], Any]) -> None:
    with pytest.raises(TenantMismatch):
        watching.add(make(foreign))
    assert not watching.new
    assert not list(watching)


def test_a_foreign_object_cannot_enter_by_a_relationship(watching: Session) -> None:
    post = Post(title="x", comments=[Comment(customer_id=GLOBEX, text="y")])
    with pytest.raises(TenantMismatch):
        watching.add(post)


def test_an_expired_foreign_object_is_known_by_its_key(watching: Session, foreign: Post, url: str) -> None:
    plain = create_engine(url)
    with Session(plain) as session:
        post = session.get_one(Post, (GLOBEX, foreign.id))
        session.expire(post)
        session.expunge(post)
    plain.dispose()
    with pytest.raises(TenantMismatch):
        watching.add(post)


def test_rows_without_a_tenant_may_enter(watching: Session) -> None:
    watching.add(Country(code="fr", name="France"))
    assert len(watching.new) == 1


def test_a_session_without_a_customer_takes_no_tenant_rows(engine: Engine) -> None:
    factory = sessionmaker(engine)
    refuse_foreign(factory)
    with factory() as session, pytest.raises(TenantMissing):
        session.add(Site(name="x"))
