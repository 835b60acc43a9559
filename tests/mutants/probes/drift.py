"""Probes of the rules that stand against an SQLAlchemy that compiles in another way than the guard knows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.sql.compiler import SQLCompiler

from app.db.guard import compiler as guard_compiler
from app.db.guard import relations
from app.db.guard.compiler import GuardCompiler
from tests.db.guard_schema import ACME, Post, Site
from tests.mutants.probes.statements import refused, watched


@contextmanager
def replaced(holder: Any, name: str, value: Any) -> Iterator[None]:
    """Another value under a name, for as long as the block runs."""
    before = getattr(holder, name)
    setattr(holder, name, value)
    try:
        yield
    finally:
        setattr(holder, name, before)


def a_hook_that_is_not_called() -> bool:
    """A SELECT whose body was not seen is refused."""
    with replaced(GuardCompiler, "_compose_select_body", SQLCompiler._compose_select_body):
        return refused(lambda: select(literal(1)))(watched())


def a_join_that_is_read_by_half() -> bool:
    """A table that was rendered and not judged is refused."""
    read = relations.read_from
    by_half = lambda compiler, scope, item: read(compiler, scope, getattr(item, "left", item))  # noqa: E731
    joined = select(Post.id).join(Site, Site.id == Post.site_id).where(Post.customer_id == ACME)
    with replaced(guard_compiler, "read_from", by_half):
        return refused(lambda: joined)(watched())


DRIFTED: dict[str, Callable[[], bool]] = {"unread": a_hook_that_is_not_called, "stray": a_join_that_is_read_by_half}
