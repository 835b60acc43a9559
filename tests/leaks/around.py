"""Tries to go around the statements: text, operators of one's own, the driver, the catalogue, and objects that somebody has made."""

from typing import Any

from sqlalchemy import column, func, literal_column, select, table, text

from app.content.models import Post, Tag
from app.db.functions import NO_ID
from tests.db.planting import ACME, GLOBEX
from tests.leaks.barriers import LEAKS, NOTHING, Try, leak, seen

AROUND, MADE = "Around the statements", "Objects that should not exist"
OURS = Post.customer_id == ACME
EVERYBODY = "SELECT customer_id FROM content.posts"


def ask(on: Try, statement: Any) -> str:
    """Execute, and look for Globex in every value."""
    return seen(on.session.execute(statement).all())


@leak("SQL as text", AROUND)
def plain(on: Try) -> str:
    return ask(on, text(EVERYBODY))


@leak("SQL as text through a class", AROUND)
def from_text(on: Try) -> str:
    rows = on.session.scalars(select(Post).from_statement(text("SELECT * FROM content.posts"))).all()
    return seen([(row.customer_id,) for row in rows])


@leak("SQL as text on the connection", AROUND)
def on_connection(on: Try) -> str:
    return seen(on.session.connection().exec_driver_sql(EVERYBODY).all())


@leak("a fragment of text after the right condition", AROUND)
def fragment(on: Try) -> str:
    return ask(on, select(Post.customer_id).where(OURS, text("true OR true")))


@leak("a literal column that is a subquery", AROUND)
def literal(on: Try) -> str:
    other = literal_column("(SELECT max(customer_id::text) FROM content.posts)")
    return ask(on, select(other).select_from(Tag).where(Tag.customer_id == ACME))


@leak("an operator of one's own", AROUND)
def operator(on: Try) -> str:
    return ask(on, select(Post.customer_id).where(Post.customer_id.op("IS NOT NULL OR id =", precedence=100)(ACME)))


@leak("a suffix", AROUND)
def suffix(on: Try) -> str:
    return ask(on, select(Post.customer_id).where(OURS).suffix_with(f"UNION ALL {EVERYBODY}"))


@leak("a prefix", AROUND)
def prefix(on: Try) -> str:
    return ask(on, select(Post.customer_id).prefix_with("customer_id FROM content.posts UNION ALL SELECT").where(OURS))


@leak("the plan of a query, with counts of rows", AROUND)
def explained(on: Try) -> str:
    cursor = on.session.execute(
        text("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT 1 FROM content.posts WHERE lang = 'none'")
    )
    said = " ".join(row[0] for row in cursor)
    return LEAKS if "Rows Removed by Filter: 3" in said or "Rows Removed by Filter: 4" in said else NOTHING


@leak("the server's statistics", AROUND)
def statistics(on: Try) -> str:
    rows = on.session.execute(select(table("pg_class", column("relname"), column("reltuples"), schema="pg_catalog"))).all()
    return LEAKS if {row[0]: row[1] for row in rows}.get("tags", 0) > 1 else NOTHING


@leak("TRUNCATE", AROUND)
def truncate(on: Try) -> str:
    on.session.execute(text("TRUNCATE content.tags CASCADE"))
    return LEAKS


@leak("another customer set for the connection", AROUND)
def other_customer(on: Try) -> str:
    with on.engine.execution_options(customer_id=ACME).connect() as first:
        return seen(first.execution_options(customer_id=GLOBEX).execute(select(Post.customer_id).where(Post.customer_id == GLOBEX)).all())


@leak("no customer set", AROUND)
def no_customer(on: Try) -> str:
    with on.engine.connect() as connection:
        return seen(connection.execute(select(Post.customer_id).where(Post.customer_id == GLOBEX)).all())


@leak("a setting left on a pooled connection", AROUND)
def left_behind(on: Try) -> str:
    with on.engine.execution_options(customer_id=ACME).connect() as first:
        first.connection.driver_connection.execute(f"SELECT set_config('app.customer_id', '{GLOBEX}', false)")
    with on.engine.connect() as second:
        try:
            return seen(second.execute(select(Post.customer_id).where(Post.customer_id == GLOBEX)).all())
        finally:
            second.connection.driver_connection.execute("SELECT set_config('app.customer_id', '', false)")


@leak("the driver's connection: a query", AROUND)
def driver_query(on: Try) -> str:
    return seen(on.driver.execute(EVERYBODY).fetchall())


@leak("the driver's connection: COPY", AROUND)
def driver_copy(on: Try) -> str:
    with on.driver.cursor().copy(f"COPY ({EVERYBODY}) TO STDOUT") as copied:
        return seen([(bytes(part).decode(),) for part in copied])


@leak("the driver's connection: another customer set", AROUND)
def driver_setting(on: Try) -> str:
    on.driver.execute(f"SELECT set_config('app.customer_id', '{GLOBEX}', true)")
    return seen(on.driver.execute(EVERYBODY).fetchall())


@leak("an owned function", AROUND)
def owned_function(on: Try) -> str:
    """It reads past row-level security, and names the customer in its body."""
    listed = func.catalog.products_page(NO_ID, 10).table_valued("id")
    found = on.session.execute(select(listed.c.id)).all()
    return LEAKS if len(found) > 1 or [row[0] for row in found] != [on.ours["catalog.products"]["id"]] else NOTHING


@leak("a function that nobody has reviewed", MADE)
def unknown_function(on: Try) -> str:
    return ask(on, select(func.content.everybodys_posts().table_valued("customer_id").c.customer_id))


@leak("a view of an administrator", MADE)
def view(on: Try) -> str:
    return ask(on, select(table("posts_of_all", column("customer_id"), schema="content")))


@leak("a materialised view", MADE)
def materialised(on: Try) -> str:
    return ask(on, select(table("posts_kept", column("customer_id"), schema="content")))
