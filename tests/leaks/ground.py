"""Two customers of whom one has more: what only Globex has can be asked for by Acme."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import Table, create_engine, insert, text

from app.content.models import Post, Tag
from app.tenancy.models import Site
from tests.db.planting import GLOBEX, Ground, Row, a_row, plant
from tests.installations import administrator_of, installation

ONLY_THEIRS = {"only their site": Site, "only theirs": Post, "only their tag": Tag}
EVERYBODYS_POSTS = """
    CREATE FUNCTION content.everybodys_posts() RETURNS TABLE (customer_id uuid) LANGUAGE sql SECURITY DEFINER
    AS 'SELECT customer_id FROM content.posts'
"""
MADE_BY_SOMEBODY = (
    "CREATE VIEW content.posts_of_all AS SELECT customer_id FROM content.posts",
    "CREATE MATERIALIZED VIEW content.posts_kept AS SELECT customer_id FROM content.posts",
    EVERYBODYS_POSTS,
    "GRANT SELECT ON content.posts_of_all, content.posts_kept TO {app}, {backoffice}",
    "GRANT EXECUTE ON FUNCTION content.everybodys_posts() TO {app}, {backoffice}",
    "ANALYZE content.tags",
)


@contextmanager
def leaky_ground(admin_url: str) -> Iterator[Ground]:
    """An installation with rows of both, with objects in it that the schema's validator would never let stand."""
    with installation(admin_url) as addresses:
        admin = administrator_of(admin_url, addresses)
        rows = plant(admin)
        ground = Ground(addresses, admin, rows)
        add_theirs(admin, rows)
        roles = {role: f"{ground.prefix}_{role}" for role in ("app", "backoffice")}
        engine = create_engine(admin, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in MADE_BY_SOMEBODY:
                connection.execute(text(statement.format(**roles)))
        engine.dispose()
        yield ground


def add_theirs(admin: str, rows: dict[UUID, dict[str, Row]]) -> None:
    """Further rows of Globex, with ids and addresses that nobody else has."""
    engine = create_engine(admin)
    with engine.begin() as connection:
        for name, model in ONLY_THEIRS.items():
            table: Any = model.__table__
            assert isinstance(table, Table)
            row = a_row(table, GLOBEX, rows[GLOBEX], salt="theirs")
            connection.execute(insert(table).values(row))
            rows[GLOBEX][name] = row
    engine.dispose()
