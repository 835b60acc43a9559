"""Tries to change what belongs to another customer, to give him something, or to learn from a clash with him."""

from typing import Any
from uuid import uuid4

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from app.content.models import Post, PostTag, Tag
from app.db.base import Base
from app.db.record.tables import CacheTag, Event
from app.tenancy.models import Domain, Site
from tests.db.planting import ACME, GLOBEX, a_row
from tests.leaks.barriers import LEAKS, NOTHING, OWN, Try, counted, leak, seen, told_apart

WRITING = "Writing"
OURS = Post.customer_id == ACME
BUMPS, TAGS = CacheTag.__table__, Tag.__table__
QUIET = {"synchronize_session": False}


def changed(on: Try, statement: Any, own: int) -> str:
    """Execute a write and compare the number of its rows with Acme's own."""
    return counted(on.session.execute(statement, execution_options=QUIET).rowcount, own)


def a_tag(on: Try, **changes: Any) -> dict[str, Any]:
    """A new row of a tag."""
    return a_row(TAGS, ACME, on.ours, salt=uuid4().hex[:6]) | {"id": uuid4(), "customer_id": ACME} | changes


@leak("UPDATE without a condition", WRITING)
def update_all(on: Try) -> str:
    return changed(on, update(Tag).values(label="x"), 1)


@leak("UPDATE by the id alone", WRITING)
def update_by_id(on: Try) -> str:
    return changed(on, update(Tag).where(Tag.id == on.theirs["content.tags"]["id"]).values(label="x"), 1)


@leak("UPDATE of many by primary key", WRITING)
def update_many(on: Try) -> str:
    on.session.execute(update(Tag), [{"customer_id": GLOBEX, "id": on.theirs["content.tags"]["id"], "version": 1, "label": "x"}])
    return LEAKS


@leak("UPDATE … FROM a table that is not pinned", WRITING)
def update_from(on: Try) -> str:
    return changed(on, update(Tag).where(Tag.slug == Post.slug, OURS).values(label="x"), 1)


@leak("DELETE without a condition", WRITING)
def delete_all(on: Try) -> str:
    return changed(on, delete(PostTag), 1)


@leak("DELETE … USING a table that is not pinned", WRITING)
def delete_using(on: Try) -> str:
    return changed(on, delete(PostTag).where(PostTag.post_id == Post.id, OURS), 1)


@leak("DELETE within a common table expression", WRITING)
def delete_in_cte(on: Try) -> str:
    gone = delete(PostTag.__table__).returning(PostTag.__table__.c.customer_id).cte()
    return counted(len(on.session.execute(select(gone.c.customer_id)).all()), 1)


@leak("a row for another customer", WRITING)
def insert_foreign(on: Try) -> str:
    on.session.execute(insert(TAGS).values(a_tag(on, customer_id=GLOBEX)))
    return LEAKS


@leak("a row object for another customer", WRITING)
def add_foreign(on: Try) -> str:
    on.session.add(Tag(**a_tag(on, customer_id=GLOBEX)))
    on.session.flush()
    return LEAKS


@leak("many rows, one of them for another customer", WRITING)
def insert_mixed(on: Try) -> str:
    on.session.execute(insert(TAGS), [a_tag(on), a_tag(on, customer_id=GLOBEX)])
    return LEAKS


@leak("INSERT … SELECT over everybody's rows", WRITING)
def insert_select(on: Try) -> str:
    columns = [column for column in TAGS.c if column.name not in ("id", "slug")]
    picked = select(*columns, func.gen_random_uuid(), TAGS.c.slug.concat("-copied"))
    statement = insert(TAGS).from_select([*(column.name for column in columns), "id", "slug"], picked)
    return seen(on.session.execute(statement.returning(TAGS.c.customer_id)).all())


@leak("moving an own row to another customer", WRITING)
def move(on: Try) -> str:
    row = a_tag(on)
    on.session.execute(insert(TAGS).values(row))
    on.session.execute(update(Tag).where(Tag.customer_id == ACME, Tag.id == row["id"]).values(customer_id=GLOBEX), execution_options=QUIET)
    return LEAKS


@leak("moving a row object to another customer", WRITING)
def move_object(on: Try) -> str:
    row = Tag(**a_tag(on))
    on.session.add(row)
    on.session.flush()
    row.customer_id = GLOBEX
    on.session.flush()
    return LEAKS


@leak("ON CONFLICT DO UPDATE on a key without the customer", WRITING)
def upsert(on: Try) -> str:
    row = a_row(Domain.__table__, ACME, on.ours) | {"id": uuid4(), "host": on.theirs["tenancy.domains"]["host"]}
    statement = postgresql.insert(Domain).values(row).on_conflict_do_update(index_elements=["host"], set_={"is_primary": False})
    on.session.execute(statement)
    return LEAKS


@leak("ON CONFLICT DO NOTHING as a question about others", WRITING)
def conflict_oracle(on: Try) -> str:
    def tried(tag_id: object) -> object:
        row = a_tag(on, id=tag_id)
        return on.session.execute(postgresql.insert(TAGS).values(row).on_conflict_do_nothing(index_elements=["customer_id", "id"])).rowcount

    return told_apart(lambda: tried(on.theirs["only their tag"]["id"]), lambda: tried(uuid4()))


@leak("a foreign key that points to another customer's row", WRITING)
def foreign_key(on: Try) -> str:
    on.session.execute(update(Post).where(OURS).values(site_id=on.theirs["only their site"]["id"]), execution_options=QUIET)
    return LEAKS


@leak("removing a row takes along what points to it", WRITING)
def cascade(on: Try) -> str:
    """Globex's rows have the same ids as Acme's, so a key without the customer would take them along."""
    before = told(on, "content.post_tags")
    for table in reversed(Base.metadata.sorted_tables):
        points = {key.referred_table.fullname for key in table.foreign_key_constraints if key.ondelete != "CASCADE"}
        if "content.posts" in points:
            on.session.execute(delete(table).where(table.c.customer_id == ACME))
    on.session.execute(delete(Post).where(OURS), execution_options=QUIET)
    return LEAKS if told(on, "content.post_tags") != before else OWN


def told(on: Try, name: str) -> int:
    """How many rows Globex has, asked by the driver as Globex."""
    cursor = on.driver.execute(f"SELECT set_config('app.customer_id', '{GLOBEX}', true)")
    cursor = on.driver.execute(f"SELECT count(*) FROM {name} WHERE customer_id = '{GLOBEX}'")
    found = int(cursor.fetchone()[0])
    on.driver.execute(f"SELECT set_config('app.customer_id', '{ACME}', true)")
    return found


@leak("rewriting history", WRITING)
def history(on: Try) -> str:
    return changed(on, update(Event).where(Event.customer_id == GLOBEX).values(label="x"), 0)


@leak("a clash on an address of a site", WRITING)
def clash(on: Try) -> str:
    """The same slug as Globex has is free for Acme, so that no error can tell of it."""
    on.session.execute(insert(TAGS).values(a_tag(on, slug=on.theirs["only their tag"]["slug"])))
    return NOTHING


@leak("a clash on a host name, which the whole world shares", WRITING)
def host_clash(on: Try) -> str:
    def tried(host: str) -> object:
        row = a_row(Domain.__table__, ACME, on.ours) | {"id": uuid4(), "host": host}
        point = on.session.begin_nested()
        try:
            on.session.execute(insert(Domain).values(row))
        except DBAPIError:
            point.rollback()
            return "taken"
        return "free"

    return told_apart(lambda: tried(str(on.theirs["tenancy.domains"]["host"])), lambda: tried(f"{uuid4().hex}.example"))


@leak("a site under another customer's id", WRITING)
def insert_site(on: Try) -> str:
    row = a_row(Site.__table__, GLOBEX, on.theirs, salt="new") | {"id": uuid4(), "slug": uuid4().hex[:8]}
    on.session.execute(insert(Site).values(row))
    return LEAKS
